import { receive } from '../../src/core/inbox';
import { assign } from '../../src/core/assignment';
import { close } from '../../src/core/conversation';
import { send } from '../../src/core/outbox';
import { addAgent, claim, draft, eventTypes, says, START, subscribe, testAccount, testDesk, VISITOR, write, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const closeNow = (contactId: string) =>
	close(desk, { contactId, category: null, summary: null, unassign: true, source: 'workflow' });

test('B3, B4: the first message makes an unassigned contact with one open conversation', async () => {
	const message = await write(desk, 'Hello');
	const contact = await desk.store.records.contacts.get(message.contactId);
	const conversation = await desk.store.records.conversations.openOf(message.contactId);
	expect(contact).toMatchObject({ assigneeId: null, name: null });
	expect(conversation).toMatchObject({ status: 'open', assigneeId: null, openedBy: 'contact', channel: 'webchat' });
	expect(await eventTypes(desk)).toEqual(['contact.created', 'conversation.opened', 'message.received']);
});

test('D1, D2, D7: a second message while open belongs to the same conversation and opens nothing', async () => {
	const first = await write(desk, 'Hello');
	const second = await write(desk, 'Anybody there?');
	expect(second.conversationId).toBe(first.conversationId);
	expect((await eventTypes(desk)).filter((type) => type === 'conversation.opened')).toHaveLength(1);
});

test('B23, D15: after a close the next message opens a new conversation', async () => {
	const first = await write(desk, 'Hello');
	await closeNow(first.contactId);
	const second = await write(desk, 'One more thing');
	expect(second.contactId).toBe(first.contactId);
	expect(second.conversationId).not.toBe(first.conversationId);
	expect((await eventTypes(desk)).filter((type) => type === 'conversation.opened')).toHaveLength(2);
});

test('promise 1: messages of one new contact at once open one conversation', async () => {
	await Promise.all(Array.from({ length: 20 }, (_, index) => write(desk, `message ${index}`)));
	const contacts = await desk.store.records.contacts.list({}, { limit: 500, offset: 0 });
	expect(contacts).toHaveLength(1);
	expect(await desk.store.records.conversations.countOf(contacts[0]?.id ?? '')).toBe(1);
});

test('ten identical posts at once are one message, and each is told the same id', async () => {
	const fact = says('Hello', { key: 'visitor-1:same', externalId: 'visitor-1:same' });
	const answers = await Promise.all(Array.from({ length: 10 }, () => receive(desk, [fact])));
	const ids = answers.map(([received]) => (received?.kind === 'message' ? received.message.id : 'none'));
	expect(new Set(ids).size).toBe(1);
	expect(answers.filter(([received]) => received?.kind === 'message' && received.isNew)).toHaveLength(1);
	const stored = await desk.store.records.messages.list({}, { limit: 500, offset: 0 });
	expect(stored).toHaveLength(1);
});

test('several facts of one request are stored in order', async () => {
	await receive(desk, [says('one'), says('two'), { ...says('x'), kind: 'ignored', why: 'a test' }]);
	const stored = await desk.store.records.messages.list({}, { limit: 500, offset: 0 });
	expect(stored.map(({ text }) => text)).toEqual(['two', 'one']);
});

test('a name given by the channel fills an empty name and never replaces one', async () => {
	const [first] = await receive(desk, [says('Hi', { name: 'Ann Lee' })]);
	await receive(desk, [says('Hi again', { name: 'Somebody Else' })]);
	const contactId = first?.kind === 'message' ? first.message.contactId : '';
	expect(await desk.store.records.contacts.get(contactId)).toMatchObject({
		name: 'Ann Lee',
		firstName: 'Ann',
		lastName: 'Lee',
	});
});

test('A7: emojis and other scripts are kept as they are', async () => {
	const text = '👋🏽 Привет, 世界 👨‍👩‍👧‍👦 é';
	const message = await write(desk, text);
	expect((await desk.store.records.messages.get(message.id))?.text).toBe(text);
});

describe('D4, D5, D6: what starts a workflow', () => {
	test('each opening makes one delivery; a second message makes none', async () => {
		await subscribe(desk);
		const { contactId } = await write(desk, 'Hello');
		await write(desk, 'Still me');
		expect(await claim(desk)).toHaveLength(1);
		await closeNow(contactId);
		await write(desk, 'Back again');
		desk.pass(61_000);
		expect(await claim(desk)).toHaveLength(1);
	});

	test('D14: after the workflow ended and an agent has it, what the contact writes starts nothing', async () => {
		await subscribe(desk);
		const { contactId } = await write(desk, 'Hello');
		const [first] = await claim(desk);
		await assign(desk, { contactId, to: { kind: 'agent', agent: await addAgent(desk, 'Ann') }, source: 'workflow' });
		await desk.store.records.deliveries.finish(first?.id ?? '', 'done');
		await write(desk, 'Thank you, Ann');
		expect(await claim(desk)).toEqual([]);
	});

	test('D6: the source is a condition', async () => {
		await subscribe(desk, { sources: ['agent'] });
		await write(desk, 'Hello');
		expect(await claim(desk)).toEqual([]);
	});

	test('D17: a conversation that a workflow opens has the source workflow', async () => {
		await subscribe(desk, { sources: ['workflow'] });
		const { contactId } = await write(desk, 'Hello');
		await closeNow(contactId);
		await send(desk, draft(contactId, 'News for you', { openConversation: true }));
		expect(await claim(desk)).toHaveLength(1);
	});

	test('a website chat belongs to its own trigger', async () => {
		await subscribe(desk, { accounts: { webchat: ['another-page'] } });
		await write(desk, 'Hello');
		expect(await claim(desk)).toEqual([]);
	});

	test('new and returning contacts are told apart', async () => {
		await subscribe(desk, { contactType: 'new' }, 'new');
		await subscribe(desk, { contactType: 'returning' }, 'returning');
		const { contactId } = await write(desk, 'Hello');
		expect(await claim(desk, 'new')).toHaveLength(1);
		expect(await claim(desk, 'returning')).toHaveLength(0);
		await closeNow(contactId);
		await write(desk, 'Back');
		expect(await claim(desk, 'new', 0)).toHaveLength(0);
		expect(await claim(desk, 'returning')).toHaveLength(1);
	});

	test('R3: once per contact counts what ran before it was switched on', async () => {
		await subscribe(desk);
		const { contactId } = await write(desk, 'Hello');
		expect(await claim(desk)).toHaveLength(1);
		await subscribe(desk, { oncePerContact: true });
		await closeNow(contactId);
		await write(desk, 'Back');
		desk.pass(120_000);
		expect(await claim(desk)).toEqual([]);
	});

	test('a burst is held until it pauses, and not for ever', async () => {
		await subscribe(desk, { groupMs: 5_000 });
		await write(desk, 'one');
		for (let second = 0; second < 20; second += 4) {
			expect(await claim(desk)).toEqual([]);
			desk.pass(4_000);
			await write(desk, 'and');
		}
		desk.pass(5_000);
		expect(await claim(desk)).toHaveLength(1);
	});

	test('promise 8: a test run meets no production trigger', async () => {
		await subscribe(desk, { accounts: undefined, channels: [] });
		await write(desk, 'Trying it out', { ...VISITOR, account: testAccount(VISITOR.account) });
		expect(await claim(desk)).toEqual([]);
	});
});

describe('receipts', () => {
	const receipt = (state: 'delivered' | 'read', externalId: string, user = VISITOR.user) =>
		receive(desk, [
			{ kind: 'receipt', channel: 'webchat', account: VISITOR.account, key: state, at: START, externalId, state, to: { ...VISITOR, user } },
		]);

	test('only move forward', async () => {
		const { contactId } = await write(desk, 'Hello');
		const sent = await send(desk, draft(contactId, 'Hi'));
		const id = sent.message?.id ?? '';
		expect(await receipt('read', id)).toEqual([{ kind: 'receipt', changed: true }]);
		expect(await receipt('delivered', id)).toEqual([{ kind: 'receipt', changed: false }]);
		expect((await desk.store.records.messages.get(id))?.status).toBe('read');
	});

	test('promise 7: of a message to somebody else change nothing', async () => {
		const { contactId } = await write(desk, 'Hello');
		const sent = await send(desk, draft(contactId, 'Hi'));
		await write(desk, 'I am another', { ...VISITOR, user: 'visitor-2' });
		expect(await receipt('read', sent.message?.id ?? '', 'visitor-2')).toEqual([{ kind: 'receipt', changed: false }]);
	});

	test('of what the contact wrote change nothing', async () => {
		const message = await write(desk, 'Hello');
		expect(await receipt('read', message.providerId ?? '')).toEqual([{ kind: 'receipt', changed: false }]);
	});
});
