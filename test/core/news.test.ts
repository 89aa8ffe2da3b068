import type { ChannelEvent } from '../../src/core/channel';
import { ConversationsError, failure } from '../../src/core/failure';
import { receive } from '../../src/core/inbox';
import { send } from '../../src/core/outbox';
import type { Message } from '../../src/core/records';
import { draft, eventTypes, START, testDesk, write, type TestDesk } from './desk';

/** What comes in besides messages: receipts of any order and form, echoes, edits, consent, other ids of one person. */

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
const hears = (...facts: Fact[]) => receive(desk, facts.map((fact) => ({ ...about, key: `key-${(keys += 1)}`, ...fact })));

const stored = async (id: string): Promise<Message> => {
	const message = await desk.store.records.messages.get(id);
	if (!message) throw new Error('gone');
	return message;
};

async function sends(text = 'Hi', ids: string[] = ['mid-1']): Promise<Message> {
	desk.sendWith(() => Promise.resolve(ids));
	const sent = await send(desk, draft(contactId, text));
	if (!sent.message) throw new Error('not sent');
	return sent.message;
}

const outgoing = () => desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 50, offset: 0 });

describe('receipts', () => {
	test('of a message in two parts: delivered when both are, failed when one is', async () => {
		const { id } = await sends('Hi', ['a', 'b']);
		await hears({ kind: 'receipt', externalId: 'b', state: 'read' });
		expect((await stored(id)).status).toBe('sent');
		await hears({ kind: 'receipt', externalId: 'a', state: 'delivered' });
		expect((await stored(id)).status).toBe('delivered');
		const other = await sends('Again', ['c', 'd']);
		await hears({ kind: 'receipt', externalId: 'd', state: 'failed', failure: failure('not_delivered', 'No.') });
		expect(await stored(other.id)).toMatchObject({ status: 'failed', failure: { code: 'not_delivered' } });
	});

	test('that is faster than the answer to our call counts once the id is known (P6)', async () => {
		desk.sendWith(async () => {
			await hears({ kind: 'receipt', externalId: 'mid-9', state: 'delivered' });
			return ['mid-9'];
		});
		const sent = await send(desk, draft(contactId, 'Hi'));
		expect(sent).toMatchObject({ ok: true, message: { status: 'delivered', providerId: 'mid-9' } });
	});

	test('that names our own id settles a message of which we never learned the id', async () => {
		desk.sendWith(() => Promise.reject(new Error('socket hang up')));
		const { message } = await send(desk, draft(contactId, 'Hi'));
		expect(message?.status).toBe('unconfirmed');
		await hears({ kind: 'receipt', externalId: 'mid-7', messageId: message?.id ?? '', state: 'sent' });
		expect(await stored(message?.id ?? '')).toMatchObject({ status: 'sent', providerId: 'mid-7', failure: null });
	});

	test('a read mark covers what was sent before it, not after', async () => {
		const first = await sends('one', ['1']);
		desk.pass(1000);
		const second = await sends('two', ['2']);
		await hears({ kind: 'watermark', to: ANN, state: 'read', before: START + 500 });
		expect([(await stored(first.id)).status, (await stored(second.id)).status]).toEqual(['read', 'sent']);
	});
});

describe('echoes', () => {
	const echo = (more: Partial<Extract<ChannelEvent, { kind: 'echo' }>> = {}): Fact =>
		({ kind: 'echo', to: ANN, content: { kind: 'text', text: 'From the app' }, externalId: 'echo-1', ...more });

	test('what a person wrote in the provider\'s app is an outgoing message by an agent, never one of the contact', async () => {
		await hears(echo());
		expect(await outgoing()).toMatchObject([{ direction: 'out', source: 'agent', text: 'From the app', status: 'sent', providerId: 'echo-1' }]);
	});

	test('it opens no conversation', async () => {
		const stranger = { ...ANN, user: 'psid-2' };
		await hears(echo({ to: stranger, externalId: 'echo-2' }));
		const address = await desk.store.records.addresses.find(stranger);
		expect(await desk.store.records.conversations.openOf(address?.contactId ?? '')).toBeUndefined();
	});

	test('of our own message, after the answer to our call: nothing new', async () => {
		await sends('Hi', ['mid-1']);
		await hears(echo({ externalId: 'mid-1', content: { kind: 'text', text: 'Hi' } }));
		expect(await outgoing()).toHaveLength(1);
	});

	test('of our own message, before the answer to our call, with and without our id in it: still one message', async () => {
		for (const named of [true, false]) {
			const text = named ? 'with' : 'without';
			desk.sendWith(async (_content, _to, _ports, { messageId }) => {
				await hears(echo({ externalId: `fast-${text}`, content: { kind: 'text', text }, ...(named && { messageId }) }));
				return [`fast-${text}`];
			});
			expect(await send(desk, draft(contactId, text))).toMatchObject({ ok: true, message: { status: 'sent', source: 'workflow' } });
		}
		expect(await outgoing()).toHaveLength(2);
		expect((await eventTypes(desk)).filter((type) => type === 'message.sent')).toHaveLength(2);
	});

	test('of a message with no clear answer: it went', async () => {
		desk.sendWith(() => Promise.reject(new Error('reset')));
		const { message } = await send(desk, draft(contactId, 'Did it go?'));
		await hears(echo({ externalId: 'late', content: { kind: 'text', text: 'Did it go?' } }));
		expect(await stored(message?.id ?? '')).toMatchObject({ status: 'sent', providerId: 'late' });
		expect(await outgoing()).toHaveLength(1);
	});
});

describe('corrections', () => {
	test('an edit changes the text, a deletion takes text and files away, neither opens anything', async () => {
		const [received] = await hears({ kind: 'message', from: ANN, externalId: 'in-1', content: { kind: 'text', text: 'Helo' } });
		const id = received?.kind === 'message' ? received.message.id : '';
		await hears({ kind: 'edit', from: ANN, externalId: 'in-1', text: 'Hello' });
		expect(await stored(id)).toMatchObject({ text: 'Hello', details: { editedAt: START } });
		await hears({ kind: 'deletion', externalId: 'in-1' });
		expect(await stored(id)).toMatchObject({ text: null, attachments: [], details: { deletedAt: START } });
		expect(await eventTypes(desk)).toEqual(expect.arrayContaining(['message.edited', 'message.deleted']));
		expect((await eventTypes(desk)).filter((type) => type === 'conversation.opened')).toHaveLength(1);
	});

	test('a reaction is an event on the message', async () => {
		const { id } = await sends('Hi', ['mid-3']);
		await hears({ kind: 'reaction', from: ANN, externalId: 'mid-3', emoji: '❤️' });
		const [event] = await desk.store.records.events.list({ contactId, type: 'message.reacted' }, { limit: 1, offset: 0 });
		expect(event).toMatchObject({ messageId: id, source: 'contact', data: { emoji: '❤️' } });
	});
});

describe('consent', () => {
	test('whoever blocked us gets nothing, without a call, until they write again', async () => {
		let calls = 0;
		desk.sendWith(() => Promise.resolve([`id-${(calls += 1)}`]));
		await hears({ kind: 'consent', from: ANN, allowed: false });
		expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: false, failure: { code: 'recipient_unreachable' } });
		expect(calls).toBe(0);
		await write(desk, 'I am back', ANN);
		expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: true });
		expect(await eventTypes(desk)).toContain('contact.blocked');
	});

	test('unblocking counts as well, and of a stranger nothing is kept', async () => {
		await hears({ kind: 'consent', from: ANN, allowed: false }, { kind: 'consent', from: ANN, allowed: true });
		expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: true });
		expect(await hears({ kind: 'consent', from: { ...ANN, user: 'stranger' }, allowed: false })).toEqual([{ kind: 'ignored' }]);
	});
});

describe('one person, several ids', () => {
	const wa = (user: string) => ({ channel: 'whatsapp', account: '106', user }) as const;
	const says = (user: string, aliases: string[]): Fact => ({
		kind: 'message',
		channel: 'whatsapp',
		account: '106',
		from: wa(user),
		aliases,
		externalId: `wamid-${(keys += 1)}`,
		content: { kind: 'text', text: 'Hi' },
	} as unknown as Fact);
	const contactOf = async (fact: Fact) => {
		const [received] = await hears(fact);
		return received?.kind === 'message' ? received.message.contactId : '';
	};

	test('with the number, with both and with the business-scoped id alone: one contact', async () => {
		const first = await contactOf(says('447900', []));
		expect(await contactOf(says('447900', ['GB.1']))).toBe(first);
		expect(await contactOf(says('GB.1', []))).toBe(first);
	});

	test('a changed number keeps the contact, under its new number', async () => {
		const first = await contactOf(says('447900', ['GB.1']));
		await hears({ kind: 'identity', channel: 'whatsapp', account: '106', before: wa('447900'), after: wa('447901'), aliases: ['GB.2'] } as unknown as Fact);
		expect(await contactOf(says('447901', ['GB.2']))).toBe(first);
		expect(await desk.store.records.addresses.ofContact(first)).toMatchObject([{ user: '447901' }]);
	});
});

describe('a choice of which the channel tells only the id', () => {
	test('gets its label from the message that offered it', async () => {
		desk.sendWith(() => Promise.resolve(['menu']));
		await send(desk, draft(contactId, { kind: 'choices', text: 'Pick', options: [{ id: 'hours', label: 'Opening hours' }] }));
		const [received] = await hears({
			kind: 'message',
			from: ANN,
			externalId: 'press-1',
			content: { kind: 'choice', choice: { id: 'hours', label: null }, text: null },
		});
		expect(received).toMatchObject({ message: { type: 'choice', choice: { id: 'hours', label: 'Opening hours' }, text: 'Opening hours' } });
	});
});

describe('R8: what opens a conversation only when a trigger wants that', () => {
	test('a story reply and a follow make the contact and open nothing', async () => {
		const stranger = { ...ANN, user: 'psid-5' };
		const [received] = await hears({ kind: 'message', from: stranger, externalId: 'story-1', content: { kind: 'text', text: 'Nice' }, opens: false });
		expect(received).toMatchObject({ isNew: true, message: { conversationId: null } });
		await hears({ kind: 'activity', from: { ...ANN, user: 'psid-6' }, what: 'followed', name: 'Bo Ek' });
		const address = await desk.store.records.addresses.find({ ...ANN, user: 'psid-6' });
		expect(await desk.store.records.contacts.get(address?.contactId ?? '')).toMatchObject({ name: 'Bo Ek', firstName: 'Bo' });
		expect((await eventTypes(desk)).filter((type) => type === 'conversation.opened')).toHaveLength(1);
	});
});

describe('trying again within one step', () => {
	const refuses = (times: number, more: Partial<Parameters<typeof failure>[2]> = {}) => {
		let calls = 0;
		desk.sendWith(() => {
			calls += 1;
			if (calls <= times) return Promise.reject(new ConversationsError(failure('rate_limited', 'Slower.', more)));
			return Promise.resolve([`mid-${calls}`]);
		});
		return () => calls;
	};

	test('waits as long as the provider asks, and is one message', async () => {
		const calls = refuses(2, { retryAfterMs: 7_000 });
		expect(await send(desk, draft(contactId, 'Hi', { retries: 3 }))).toMatchObject({ ok: true });
		expect([calls(), desk.waits]).toEqual([3, [7_000, 7_000]]);
		expect(await outgoing()).toHaveLength(1);
		expect(await eventTypes(desk)).not.toContain('message.failed');
	});

	test('gives up at the node\'s limit', async () => {
		const calls = refuses(9);
		expect(await send(desk, draft(contactId, 'Hi', { retries: 2 }))).toMatchObject({ ok: false, failure: { code: 'rate_limited' } });
		expect([calls(), desk.waits]).toEqual([3, [1_000, 2_000]]);
	});

	test('a pause of more than a minute is left to the workflow', async () => {
		const calls = refuses(9, { retryAfterMs: 60_001 });
		expect(await send(desk, draft(contactId, 'Hi', { retries: 2 }))).toMatchObject({ failure: { retryAfterMs: 60_001 } });
		expect([calls(), desk.waits]).toEqual([1, []]);
	});

	test('what can only be put right by a person is tried again when a person asks for it', async () => {
		desk.sendWith(() => Promise.reject(new ConversationsError(failure('credential_invalid', 'The token has expired.'))));
		const same = draft(contactId, 'Hi');
		expect(await send(desk, same)).toMatchObject({ failure: { code: 'credential_invalid' } });
		desk.sendWith(() => Promise.resolve(['mid-5']));
		expect(await send(desk, same)).toMatchObject({ failure: { code: 'credential_invalid' } });
		expect(await send(desk, { ...same, tryAgain: true })).toMatchObject({ ok: true });
		expect(await send(desk, { ...same, tryAgain: true })).toMatchObject({ ok: true });
		expect(await outgoing()).toMatchObject([{ status: 'sent', providerId: 'mid-5' }]);
	});

	test('never after a part of it went, by nobody', async () => {
		let calls = 0;
		desk.sendWith(() => {
			calls += 1;
			return Promise.reject(new ConversationsError(failure('rate_limited', 'Slower.'), ['mid-1']));
		});
		const parts = draft(contactId, 'Hi', { retries: 3 });
		const sent = await send(desk, parts);
		expect(sent).toMatchObject({ ok: false, failure: { retryable: false, reason: 'The first part of the message went, the rest did not. Slower.' } });
		await send(desk, { ...parts, tryAgain: true });
		expect(calls).toBe(1);
	});
});
