import type { Content } from '../../src/core/channel';
import { assign } from '../../src/core/assignment';
import { ConversationsError, failure } from '../../src/core/failure';
import { settleLeftBehind } from '../../src/core/left-behind';
import { send, type Sent } from '../../src/core/outbox';
import { StoreError } from '../../src/core/store';
import { addAgent, draft, eventTypes, testDesk, write, type TestDesk } from './desk';

let desk: TestDesk;
let contactId: string;
beforeEach(async () => {
	desk = await testDesk();
	({ contactId } = await write(desk, 'Hello'));
});
afterEach(() => desk.dispose());

const codeOf = (sent: Sent) => (sent.ok ? 'sent' : sent.failure.code);
const outgoing = async () => await desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 500, offset: 0 });

test('A2, A22: goes to the channel of the last interaction and is kept as sent', async () => {
	const sent = await send(desk, draft(contactId, 'Hi'));
	expect(sent).toMatchObject({ ok: true, message: { status: 'sent', text: 'Hi', channel: 'webchat', direction: 'out' } });
	expect(await eventTypes(desk)).toContain('message.sent');
});

test('A3: goes to the channel that was chosen', async () => {
	expect(codeOf(await send(desk, draft(contactId, 'Hi', { channel: 'webchat' })))).toBe('sent');
});

test('A25: a contact without a channel fails with the reason', async () => {
	await desk.store.records.contacts.insert({
		id: 'no-channel', name: null, firstName: null, lastName: null, phone: null, email: null, language: null,
		tags: [], fields: {}, assigneeId: null, createdAt: 0, updatedAt: 0,
	});
	expect(codeOf(await send(desk, draft('no-channel', 'Hi')))).toBe('no_channel');
});

test('an unknown contact and an empty one fail with a sentence that says what to use', async () => {
	const unknown = await send(desk, draft('nobody', 'Hi'));
	const empty = await send(desk, draft('', 'Hi'));
	expect(unknown).toMatchObject({ failure: { code: 'no_channel', reason: expect.stringContaining("'nobody'") } });
	expect(empty).toMatchObject({ failure: { reason: expect.stringContaining("'Contact' is empty") } });
});

test('a channel that is not connected on the node fails without a call', async () => {
	let calls = 0;
	desk.sendWith(() => Promise.resolve([String((calls += 1))]));
	expect(codeOf(await send(desk, draft(contactId, 'Hi', { connections: {} })))).toBe('channel_not_connected');
	expect(codeOf(await send(desk, draft(contactId, 'Hi', { connections: {}, channel: 'webchat' })))).toBe('channel_not_connected');
	expect(calls).toBe(0);
});

describe('A10: at most 2,000 characters', () => {
	test.each([
		['2,000 letters', 'a'.repeat(2000), 'sent'],
		['2,001 letters', 'a'.repeat(2001), 'content_unsupported'],
		['2,000 emojis', '🤖'.repeat(2000), 'sent'],
		['2,001 emojis', '🤖'.repeat(2001), 'content_unsupported'],
	])('%s', async (_name, text, code) => {
		expect(codeOf(await send(desk, draft(contactId, text)))).toBe(code);
	});

	test('the refusal says how long it is, how long it may be, and is kept with the conversation', async () => {
		const sent = await send(desk, draft(contactId, 'a'.repeat(2001)));
		expect(sent).toMatchObject({ failure: { reason: expect.stringMatching(/2001 characters.*2000/) } });
		expect(await outgoing()).toMatchObject([{ status: 'failed', failure: { code: 'content_unsupported' } }]);
	});
});

test('an empty text, no choices, too many choices and no file are refused with a sentence', async () => {
	const choices = (count: number): Content => ({
		kind: 'choices',
		text: 'Pick',
		options: Array.from({ length: count }, (_, index) => ({ id: `${index}`, label: `Choice ${index}` })),
	});
	for (const content of [' ', choices(0), choices(11), { kind: 'media', attachments: [], text: null } as Content]) {
		expect(codeOf(await send(desk, draft(contactId, content)))).toBe('content_unsupported');
	}
	expect(codeOf(await send(desk, draft(contactId, choices(10))))).toBe('sent');
});

describe('promise 4: never twice', () => {
	test('the same key is one message, also when both come at once', async () => {
		let calls = 0;
		desk.sendWith(async (_content, _to, _ports, { messageId: id }) => {
			calls += 1;
			await new Promise((resolve) => setTimeout(resolve, 5));
			return [id];
		});
		const same = draft(contactId, 'Hi');
		await Promise.all([send(desk, same), send(desk, same), send(desk, same)]);
		const again = await send(desk, same);
		expect(again.ok).toBe(true);
		expect(calls).toBe(1);
		expect(await outgoing()).toHaveLength(1);
	});

	test('A28: a failure that surely did not send is tried again under the same row', async () => {
		const same = draft(contactId, 'Hi');
		desk.sendWith(() => Promise.reject(new ConversationsError(failure('provider_unavailable', 'Down.'))));
		expect(codeOf(await send(desk, same))).toBe('provider_unavailable');
		desk.sendWith((_content, _to, _ports, { messageId: id }) => Promise.resolve([id]));
		expect(codeOf(await send(desk, same))).toBe('sent');
		expect(await outgoing()).toMatchObject([{ status: 'sent', failure: null }]);
	});

	test('no clear answer is outcome_unknown and is never tried again', async () => {
		let calls = 0;
		desk.sendWith(() => {
			calls += 1;
			return Promise.reject(new Error('socket hang up'));
		});
		const same = draft(contactId, 'Hi');
		expect(codeOf(await send(desk, same))).toBe('outcome_unknown');
		expect(codeOf(await send(desk, same))).toBe('outcome_unknown');
		expect(calls).toBe(1);
		expect(await outgoing()).toMatchObject([{ status: 'unconfirmed' }]);
		// Nobody is told that it failed: it may have gone.
		expect(await eventTypes(desk)).not.toContain('message.failed');
	});

	test('a final failure is not tried again', async () => {
		let calls = 0;
		desk.sendWith(() => {
			calls += 1;
			return Promise.reject(new ConversationsError(failure('recipient_unreachable', 'Blocked.')));
		});
		const same = draft(contactId, 'Hi');
		await send(desk, same);
		expect(codeOf(await send(desk, same))).toBe('recipient_unreachable');
		expect(calls).toBe(1);
	});
});

test('what a dead process left: sending becomes unconfirmed, queued becomes failed and retryable', async () => {
	const sent = await send(desk, draft(contactId, 'one'));
	const other = await send(desk, draft(contactId, 'two'));
	await desk.store.records.messages.update(sent.message?.id ?? '', { status: 'sending', providerId: null });
	await desk.store.records.messages.update(other.message?.id ?? '', { status: 'queued' });
	desk.pass(1);
	expect(await settleLeftBehind(desk, desk.now(), 100)).toBe(2);
	expect(await outgoing()).toMatchObject([
		{ status: 'failed', failure: { code: 'provider_unavailable', retryable: true } },
		{ status: 'unconfirmed', failure: { code: 'outcome_unknown', retryable: false } },
	]);
});

test('what cannot be stored has not gone, and may be sent again', async () => {
	let calls = 0;
	desk.sendWith(() => Promise.resolve([`${(calls += 1)}`]));
	const full = { ...desk, store: { ...desk.store, atomically: () => Promise.reject(new StoreError('full', 'The disk is full. Make room.')) } };
	expect(await send(full, draft(contactId, 'Hi'))).toMatchObject({ failure: { code: 'provider_unavailable', retryable: true, reason: 'The message was not sent. The disk is full. Make room.' } });
	expect(calls).toBe(0);
});

test('C9, promise 6: the website chat has no window, however long the contact has been silent', async () => {
	desk.pass(90 * 24 * 60 * 60 * 1000);
	expect(codeOf(await send(desk, draft(contactId, 'Still there?')))).toBe('sent');
});

test('nothing is sent over an agent when that was asked', async () => {
	const agentId = await addAgent(desk, 'Ann');
	await assign(desk, { contactId, to: { kind: 'agent', agent: agentId }, source: 'agent' });
	const sent = await send(desk, draft(contactId, 'Hi', { skipWhenAssigned: true }));
	expect(sent).toMatchObject({ ok: false, failure: { code: 'human_active', reason: expect.stringContaining('Ann') } });
});

test('C26: a reply of the contact resets the count of messages sent since', async () => {
	await send(desk, draft(contactId, 'one'));
	await send(desk, draft(contactId, 'two'));
	const count = async () => (await desk.store.records.addresses.ofContact(contactId))[0]?.sentSinceInbound;
	expect(await count()).toBe(2);
	await write(desk, 'Thanks');
	expect(await count()).toBe(0);
});
