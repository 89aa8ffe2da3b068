import type { ChannelEvent } from '../../src/core/channel';
import { ConversationsError, failure } from '../../src/core/failure';
import { settleLeftBehind } from '../../src/core/left-behind';
import { receive } from '../../src/core/inbox';
import { send } from '../../src/core/outbox';
import type { Message } from '../../src/core/records';
import { CONNECTED, draft, eventTypes, says, START, testDesk, write, type TestDesk } from './desk';

/** What is heard of a message while the answer to our call is out: every order gives the same row and the same events. */

const ANN = { channel: 'messenger', account: 'page-1', user: 'psid-1' } as const;
const about = { channel: 'messenger', account: 'page-1', at: START } as const;

let desk: TestDesk;
let contactId: string;
let keys = 0;

beforeEach(async () => {
	desk = await testDesk();
	contactId = (await write(desk, 'Hello', ANN)).contactId;
});

afterEach(() => desk.dispose());

type Fact = ChannelEvent extends infer E ? (E extends ChannelEvent ? Omit<E, 'key' | 'channel' | 'account' | 'at'> & { at?: number } : never) : never;
const hears = (...facts: Fact[]) => receive(desk, facts.map((fact) => ({ ...about, key: `under-way-${(keys += 1)}`, ...fact })));
const outgoing = () => desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 50, offset: 0 });
const stored = async (id: string | undefined): Promise<Message | undefined> => desk.store.records.messages.get(id ?? '');
const types = async () => (await desk.store.records.events.list({ contactId }, { limit: 2_000, offset: 0 })).map(({ type }) => type).reverse();
const news = async () => (await types()).filter((type) => /^message\.(sent|delivered|read|failed)$/.test(type));

const PHOTO = { fileId: null, kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 1 } as const;

/** All orders of a list. */
function orders<T>(list: readonly T[]): T[][] {
	if (list.length < 2) return [[...list]];
	return list.flatMap((first, index) => orders(list.toSpliced(index, 1)).map((rest) => [first, ...rest]));
}

test.each([[1, true], [1, false], [2, true], [2, false]])('%d part(s), our id in the news: %j: every order of echo, delivery and answer', async (parts, named) => {
	const photo = { kind: 'media', text: 'Look', attachments: [PHOTO] } as const;
	const names = ['first', 'second'].slice(0, parts);
	for (const [index, order] of orders([...names.flatMap((name) => [`echo ${name}`, `receipt ${name}`]), 'answer']).entries()) {
		const happen = async (step: string, messageId: string) => {
			const [what, name = ''] = step.split(' ');
			const externalId = `${name}-${index}`;
			const ours = named ? { messageId } : {};
			if (what === 'receipt') return await hears({ kind: 'receipt', externalId, state: 'delivered', ...ours });
			const text = { kind: 'text', text: 'Look' } as const;
			return await hears({ kind: 'echo', to: ANN, externalId, ...ours, content: name === 'first' ? text : { ...photo, text: null, attachments: [PHOTO] } });
		};
		const answer = order.indexOf('answer');
		desk.sendWith(async (_content, _to, _ports, { messageId }) => {
			for (const step of order.slice(0, answer)) await happen(step, messageId);
			return names.map((name) => `${name}-${index}`);
		});
		const told = (await news()).length;
		const { message } = await send(desk, draft(contactId, parts === 1 ? 'Look' : { ...photo, attachments: [PHOTO] }));
		for (const step of order.slice(answer + 1)) await happen(step, message?.id ?? '');
		const { status, providerId, source } = (await stored(message?.id)) ?? {};
		expect({ order, status, providerId, source }).toEqual({ order, status: 'delivered', providerId: `first-${index}`, source: 'workflow' });
		expect((await news()).slice(told)).toEqual(['message.sent', 'message.delivered']);
		await desk.store.records.messages.delete(message?.id ?? '');
		expect(await outgoing()).toEqual([]);
	}
});

describe('an answer that says nothing, or no', () => {
	const heard = (what: 'echo' | 'receipt', messageId: string) =>
		what === 'echo'
			? hears({ kind: 'echo', to: ANN, externalId: 'heard', messageId, content: { kind: 'text', text: 'Hi' } })
			: hears({ kind: 'receipt', externalId: 'heard', messageId, state: 'delivered' });

	test.each(['echo', 'receipt'] as const)('after an %s: it went, is told once and never called again', async (what) => {
		for (const error of [new Error('socket hang up'), new ConversationsError(failure('rate_limited', 'Slower.'))]) {
			let calls = 0;
			desk.sendWith(async (_content, _to, _ports, { messageId }) => {
				calls += 1;
				await heard(what, messageId);
				throw error;
			});
			const sent = await send(desk, draft(contactId, 'Hi', { retries: 3 }));
			expect([sent.ok, calls]).toEqual([true, 1]);
			const [latest] = await outgoing();
			expect(latest).toMatchObject({ status: what === 'echo' ? 'sent' : 'delivered', failure: null });
			await desk.store.records.messages.delete(latest?.id ?? '');
		}
		expect((await news()).filter((type) => type === 'message.sent')).toHaveLength(2);
		expect(await news()).not.toContain('message.failed');
	});

	test('never, because the process died: what the provider spoke of went', async () => {
		const one = await send(desk, draft(contactId, 'Hi'));
		await desk.store.records.messages.update(one.message?.id ?? '', { status: 'sending', providerId: null });
		await heard('receipt', one.message?.id ?? '');
		expect(await stored(one.message?.id)).toMatchObject({ status: 'sending' });
		desk.pass(1);
		await settleLeftBehind(desk, desk.now(), 10);
		expect(await stored(one.message?.id)).toMatchObject({ status: 'delivered', providerId: 'heard', failure: null });
	});
});

describe('of several parts', () => {
	const failsAfter = (ids: string[], cause = new Error('reset')) =>
		desk.sendWith(() => Promise.reject(new ConversationsError(failure(cause.message === 'reset' ? 'outcome_unknown' : 'rejected', 'No clear answer.'), ids)));

	test.each([[['a']], [['a', 'b']]])('after %j with no clear answer about the next, receipts of those do not settle the whole', async (ids) => {
		failsAfter(ids);
		const { message } = await send(desk, draft(contactId, 'Hi'));
		expect(message).toMatchObject({ status: 'unconfirmed', failure: { reason: expect.stringMatching(/went, and perhaps the next\. No clear/) } });
		for (const externalId of ids) await hears({ kind: 'receipt', externalId, state: 'delivered' });
		expect(await stored(message?.id)).toMatchObject({ status: 'unconfirmed' });
	});

	test('one that could not be delivered does not make the others go again', async () => {
		desk.sendWith(() => Promise.resolve(['a', 'b']));
		const same = draft(contactId, 'Hi');
		const { message } = await send(desk, same);
		await hears({ kind: 'receipt', externalId: 'a', state: 'delivered' });
		await hears({ kind: 'receipt', externalId: 'b', state: 'failed', failure: failure('rate_limited', 'Too fast.') });
		expect(await stored(message?.id)).toMatchObject({ status: 'failed', failure: { code: 'rate_limited', retryable: false } });
		expect(await send(desk, same)).toMatchObject({ ok: false });
		expect(await outgoing()).toHaveLength(1);
	});
});

describe('read marks', () => {
	test('a provider dates a message before it answers: its mark with that time covers it', async () => {
		let dated = 0;
		desk.sendWith(async () => {
			desk.pass(40);
			dated = desk.now();
			desk.pass(160);
			return ['m-1'];
		});
		const { message } = await send(desk, draft(contactId, 'Hi'));
		await hears({ kind: 'watermark', to: ANN, state: 'read', before: dated });
		expect(await stored(message?.id)).toMatchObject({ status: 'read' });
	});
});

describe('a receipt', () => {
	test('that names the person by another of their ids counts: it names the message', async () => {
		desk.sendWith(() => Promise.resolve(['m-1']));
		const { message } = await send(desk, draft(contactId, 'Hi'));
		await hears({ kind: 'receipt', externalId: 'm-1', state: 'delivered', to: { ...ANN, user: 'other-id-of-ann' } });
		expect(await stored(message?.id)).toMatchObject({ status: 'delivered' });
	});
});

describe('the window', () => {
	const DAY = 24 * 3_600_000;
	const wroteAt = (at: number) => receive(desk, [{ ...says('Late', { from: ANN }), at }]);

	test('promise 6: counts from when the contact wrote, not from when we were told', async () => {
		let calls = 0;
		desk.sendWith(() => Promise.resolve([`m-${(calls += 1)}`]));
		desk.pass(3 * DAY);
		await wroteAt(desk.now() - DAY - 1);
		expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: false, failure: { code: 'window_closed' } });
		await wroteAt(desk.now() - DAY);
		expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: true });
		expect(calls).toBe(1);
	});

	test.each([DAY, -365 * DAY])('goes by our clock where the provider\'s is off by %d ms', async (off) => {
		await wroteAt(desk.now() + off);
		const address = await desk.store.records.addresses.find(ANN);
		expect(address?.lastInboundAt).toBe(desk.now());
	});
});

describe('one person, at once by number and by another id', () => {
	test.each([[['447900', 'GB.1']], [['GB.1', '447900']]])('%j: one contact, one conversation', async ([first = '', second = '']) => {
		const wa = (user: string, aliases: string[] = []) => says('Hi', { from: { channel: 'whatsapp', account: '106', user }, aliases });
		const received = (await Promise.all([receive(desk, [wa(first, [second])]), receive(desk, [wa(second)]), receive(desk, [wa(second, [first])])])).flat();
		expect(new Set(received.map((each) => (each.kind === 'message' ? each.message.conversationId : null))).size).toBe(1);
	});
});

describe('a message that comes twice', () => {
	test('under another key is stored and told once', async () => {
		const first = says('Once', { from: ANN, key: 'key-a', externalId: 'same' });
		await receive(desk, [first]);
		const before = (await eventTypes(desk)).length;
		const again = () => receive(desk, [{ ...first, key: 'key-b' }]);
		const all = (await Promise.all([again(), again(), receive(desk, [first])])).flat();
		expect(all).toMatchObject(Array.from({ length: 3 }, () => ({ kind: 'message', isNew: false })));
		expect(await eventTypes(desk)).toHaveLength(before);
	});
});

describe('the month\'s quota', () => {
	const BO = { channel: 'viber', account: 'bot-1', user: 'bo' } as const;
	const used = () => desk.store.records.quotas.used('viber', 'bot-1', '2026-11');

	test('two runs of one step at once count one message', async () => {
		const { contactId: bo } = await write(desk, 'Hello', BO);
		desk.pass(2 * 24 * 3_600_000);
		desk.sendWith(() => Promise.resolve(['v-1']));
		const same = draft(bo, 'Hi', { connections: { viber: { ...CONNECTED, monthlyQuota: 10 } } });
		await Promise.all([send(desk, same), send(desk, same), send(desk, same)]);
		expect(await used()).toBe(1);
	});

	test.each([
		['rejected', 0],
		['rate_limited', 0],
		['outcome_unknown', 1],
	] as const)('%s: %d used', async (code, count) => {
		const { contactId: bo } = await write(desk, 'Hello', BO);
		desk.pass(2 * 24 * 3_600_000);
		desk.sendWith(() => Promise.reject(new ConversationsError(failure(code, 'No.'))));
		await send(desk, draft(bo, 'Hi', { connections: { viber: { ...CONNECTED, monthlyQuota: 10 } } }));
		await send(desk, draft(bo, '', { connections: { viber: { ...CONNECTED, monthlyQuota: 10 } } }));
		expect(await used()).toBe(count);
	});
});
