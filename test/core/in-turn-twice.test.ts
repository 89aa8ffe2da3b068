import type { Address } from '../../src/core/channel';
import { failure } from '../../src/core/failure';
import { receive } from '../../src/core/inbox';
import { sendInTurn } from '../../src/core/in-turn';
import type { Plan } from '../../src/core/plan';
import { settleLeftBehind } from '../../src/core/left-behind';
import { CONNECTED, eventTypes, START, testDesk, write, type TestDesk } from './desk';
import { alsoOn, codeOf, plan, refused, tried } from './planned';

/** Promises 4 and 6 while a message goes from one channel to the next: several runs of one step, a crash, late news. */

const MESSENGER: Address = { channel: 'messenger', account: 'page-1', user: 'psid-1' };
const TELEGRAM: Address = { channel: 'telegram', account: 'bot-1', user: '42' };
const DAY_MS = 24 * 3_600_000;

let desk: TestDesk;
let contactId: string;
let calls: string[];

beforeEach(async () => {
	desk = await testDesk();
	({ contactId } = await write(desk, 'Hello', MESSENGER));
	await alsoOn(desk, contactId, TELEGRAM);
	calls = [];
});
afterEach(() => desk.dispose());

const onward = (more: Partial<Plan> = {}) => plan(contactId, { fallbackChannels: ['telegram'], ...more });
const outgoing = () => desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 9, offset: 0 });
const news = async () => (await eventTypes(desk)).filter((type) => /^message\.(sent|failed)$/.test(type));

/** The first channel refuses, the second takes it. */
function refusesFirst(meanwhile: (messageId: string) => Promise<unknown> = () => Promise.resolve()): void {
	desk.sendWith(async (_content, { channel }, _ports, { messageId }) => {
		calls.push(channel);
		if (channel !== 'messenger') return [`${channel}-${calls.length}`];
		await meanwhile(messageId);
		throw refused(channel, 'credential_invalid');
	});
}

/** The message is never written for the second channel; n8n starts again. */
async function diesBeforeTelegram(more: Partial<Plan>): Promise<void> {
	await new Promise<void>((resolve) => {
		const never = () => (resolve(), new Promise<never>(() => undefined));
		void sendInTurn(desk, onward({ ...more, write: (channel, form) => (channel === 'telegram' ? never() : onward().write(channel, form)) }));
	});
	desk.pass(1);
	await settleLeftBehind(desk, desk.now(), 10);
}

describe('two runs of one step at once', () => {
	test('promise 4: one message goes, whoever is where', async () => {
		refusesFirst(() => new Promise((resolve) => setTimeout(resolve, 3)));
		const same = onward();
		for (let round = 0; round < 3; round += 1) await Promise.all([sendInTurn(desk, same), sendInTurn(desk, same), sendInTurn(desk, same)]);
		expect(calls.filter((channel) => channel === 'telegram')).toHaveLength(1);
		expect(await outgoing()).toMatchObject([{ channel: 'telegram', status: 'sent' }]);
		expect(await news()).toEqual(['message.sent']);
	});

	test('one that comes late while the other is about to send on the next channel takes over, and the row says what went', async () => {
		refusesFirst();
		const same = onward();
		let held = false;
		desk.pace = async ({ channel }) => {
			if (channel !== 'telegram' || held) return;
			held = true;
			// The other run starts from the first channel; its row is that of the first again.
			desk.sendWith((_content, to) => {
				calls.push(to.channel);
				return Promise.resolve([`${to.channel}-late`]);
			});
			await sendInTurn(desk, same);
		};
		const sent = await sendInTurn(desk, same);
		expect([codeOf(sent), calls]).toEqual(['sent', ['messenger', 'messenger']]);
		expect(await outgoing()).toMatchObject([{ channel: 'messenger', providerId: 'messenger-late', text: 'Hi on messenger' }]);
	});
	test('one that is about to call finds its row on another channel: the other run has it', async () => {
		const same = onward();
		let held = false;
		desk.sendWith((_content, { channel }) => {
			calls.push(channel);
			return Promise.resolve([`${channel}-1`]);
		});
		desk.pace = async ({ channel }) => {
			if (held || channel !== 'messenger') return;
			held = true;
			// The other run has gone on to Telegram, and waits for its turn there.
			const [row] = await outgoing();
			const telegram = (await desk.store.records.addresses.ofContact(contactId)).find((address) => address.channel === 'telegram');
			await desk.store.records.messages.update(row?.id ?? '', { channel: 'telegram', account: 'bot-1', addressId: telegram?.id ?? '' });
		};
		expect([codeOf(await sendInTurn(desk, same)), calls]).toEqual(['outcome_unknown', []]);
		expect(await outgoing()).toMatchObject([{ channel: 'telegram', status: 'queued' }]);
	});
});

describe('n8n dies between two channels', () => {
	async function dies(): Promise<void> {
		refusesFirst();
		await diesBeforeTelegram({ idempotencyKey: 'same' });
	}

	test('it is told that the message did not go, and it can be sent again', async () => {
		await dies();
		expect(await outgoing()).toMatchObject([{ status: 'failed', failure: { code: 'provider_unavailable', retryable: true } }]);
		expect(await news()).toEqual(['message.failed']);
	});

	test('a run after it sends it on the second channel, once', async () => {
		await dies();
		expect(codeOf(await sendInTurn(desk, onward({ idempotencyKey: 'same' })))).toBe('sent');
		expect(codeOf(await sendInTurn(desk, onward({ idempotencyKey: 'same', tryAgain: true })))).toBe('sent');
		expect(calls).toEqual(['messenger', 'messenger', 'telegram']);
		expect(await outgoing()).toMatchObject([{ status: 'sent', channel: 'telegram' }]);
	});
});

describe('late news of the channel before', () => {
	const echo = (messageId: string) =>
		receive(desk, [{ kind: 'echo', ...MESSENGER, key: 'e-1', externalId: 'm-1', at: desk.now(), to: MESSENGER, messageId, content: { kind: 'text', text: 'Hi on messenger' } }]);

	test('an echo that names the message while it is on its way elsewhere gives it no id of another channel, and is no person', async () => {
		desk.sendWith(async (_content, { channel }, _ports, { messageId }) => {
			calls.push(channel);
			if (channel === 'messenger') throw refused(channel, 'rejected');
			await echo(messageId);
			throw refused(channel, 'rejected');
		});
		const sent = await sendInTurn(desk, onward());
		expect([codeOf(sent), calls]).toEqual(['rejected', ['messenger', 'telegram']]);
		expect(await outgoing()).toMatchObject([{ channel: 'telegram', status: 'failed', providerId: null }]);
		expect(await desk.store.records.conversations.openOf(contactId)).toMatchObject({ takenOverAt: null });
	});

	test('promise 4: it went after all, says the first channel before the second is called', async () => {
		refusesFirst();
		const write: Plan['write'] = async (channel, form) => {
			const [row] = await outgoing();
			if (channel === 'telegram') await echo(row?.id ?? '');
			return await onward().write(channel, form);
		};
		const sent = await sendInTurn(desk, onward({ write }));
		expect([codeOf(sent), calls]).toEqual(['sent', ['messenger']]);
		expect(await outgoing()).toMatchObject([{ channel: 'messenger', status: 'sent', providerId: 'm-1', failure: null }]);
		expect(await news()).toEqual(['message.sent']);
	});

	test('promise 4: nor is it tried again, when the provider spoke of it after a failure that may be', async () => {
		desk.sendWith((_content, { channel }) => {
			calls.push(channel);
			return Promise.reject(refused(channel, 'provider_unavailable'));
		});
		const same = plan(contactId);
		const { message } = await sendInTurn(desk, same);
		await desk.store.records.messages.update(message?.id ?? '', { failure: failure('provider_unavailable', 'Down.'), status: 'failed' });
		await receive(desk, [{ kind: 'receipt', channel: 'messenger', account: 'page-1', key: 'r', externalId: 'm-1', at: START, state: 'delivered', messageId: message?.id ?? '' }]);
		await sendInTurn(desk, same);
		await sendInTurn(desk, { ...same, tryAgain: true });
		expect(calls).toEqual(['messenger']);
	});
});

describe('the quota of a channel that the message has left', () => {
	const VIBER: Address = { channel: 'viber', account: 'bot-1', user: 'v-1' };
	const used = () => desk.store.records.quotas.used('viber', 'bot-1', '2026-11');
	const counting = { ...plan("").connections, viber: { ...CONNECTED, monthlyQuota: 10 } };

	test('promise 6: is given back once, also when n8n dies then', async () => {
		await alsoOn(desk, contactId, VIBER, 2 * DAY_MS);
		await desk.store.records.quotas.reserve('viber', 'bot-1', '2026-11', 10);
		desk.sendWith((_content, { channel }) => (channel === 'viber' ? Promise.reject(refused(channel, 'rejected')) : Promise.resolve(['t-1'])));
		await diesBeforeTelegram({ channel: 'viber', connections: counting });
		expect(await used()).toBe(1);
		expect(await outgoing()).toMatchObject([{ status: 'failed', channel: 'viber' }]);
	});

	test('quota_used leads on without a call', async () => {
		await alsoOn(desk, contactId, VIBER, 2 * DAY_MS);
		const sent = await sendInTurn(desk, onward({ channel: 'viber', connections: { ...counting, viber: { ...CONNECTED, monthlyQuota: 0 } }, ifWindowClosed: 'nextChannel' }));
		expect([codeOf(sent), tried(sent), sent.message?.channel]).toEqual(['sent', ['viber quota_used'], 'telegram']);
	});
});
