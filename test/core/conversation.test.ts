import { assign } from '../../src/core/assignment';
import { close, open } from '../../src/core/conversation';
import { addAgent, eventTypes, testDesk, write, type TestDesk } from './desk';

let desk: TestDesk;
let contactId: string;
beforeEach(async () => {
	desk = await testDesk();
	({ contactId } = await write(desk, 'Hello'));
	await desk.store.records.categories.insert({ id: 'cat-1', name: 'Solved', description: null, createdAt: 0 });
});
afterEach(() => desk.dispose());

const request = { category: null, summary: null, unassign: true, source: 'workflow' } as const;

test('B24, B26: closing keeps the note and unassigns', async () => {
	const ann = await addAgent(desk, 'Ann');
	await assign(desk, { contactId, to: { kind: 'agent', agent: ann }, source: 'workflow' });
	desk.pass(90_000);
	const closed = await close(desk, { ...request, contactId, category: 'solved', summary: 'All good' });
	expect(closed).toMatchObject({
		closed: true,
		contact: { assigneeId: null },
		conversation: {
			status: 'closed', assigneeId: null, handledById: ann,
			closingCategory: 'Solved', closingSummary: 'All good', closedAt: desk.now(),
		},
	});
	const [event] = await desk.store.records.events.list({ type: 'conversation.closed' }, { limit: 1, offset: 0 });
	expect(event).toMatchObject({ source: 'workflow', data: { category: 'Solved', assigneeId: ann, durationMs: 90_000 } });
});

test('C29: with Unassign off the agent keeps the contact, and the next conversation', async () => {
	const ann = await addAgent(desk, 'Ann');
	await assign(desk, { contactId, to: { kind: 'agent', agent: ann }, source: 'workflow' });
	await close(desk, { ...request, contactId, unassign: false });
	const { conversationId } = await write(desk, 'Me again');
	expect(await desk.store.records.conversations.get(conversationId ?? '')).toMatchObject({ status: 'open', assigneeId: ann });
});

test('B22, B25: a closed conversation leaves the open list and the contact is still found', async () => {
	await close(desk, { ...request, contactId });
	expect(await desk.store.records.conversations.list({ status: 'open' }, { limit: 10, offset: 0 })).toEqual([]);
	expect(await desk.store.records.contacts.list({ status: 'closed' }, { limit: 10, offset: 0 })).toMatchObject([{ id: contactId }]);
});

test('closing what is not open changes nothing and says so', async () => {
	await close(desk, { ...request, contactId });
	const before = await eventTypes(desk);
	expect(await close(desk, { ...request, contactId })).toMatchObject({ closed: false, conversation: { status: 'closed' } });
	expect(await eventTypes(desk)).toEqual(before);
});

test('two closes at once close once', async () => {
	const both = await Promise.all([close(desk, { ...request, contactId }), close(desk, { ...request, contactId })]);
	expect(both.filter(({ closed }) => closed)).toHaveLength(1);
	expect((await eventTypes(desk)).filter((type) => type === 'conversation.closed')).toHaveLength(1);
});

test('an unknown category changes nothing and is named', async () => {
	await expect(close(desk, { ...request, contactId, category: 'Nope' })).rejects.toMatchObject({ parameter: 'Category' });
	expect(await desk.store.records.conversations.openOf(contactId)).toBeDefined();
});

test('opening without a message: one open conversation, whoever asks', async () => {
	expect((await open(desk, contactId, 'api')).isNew).toBe(false);
	await close(desk, { ...request, contactId });
	const opened = await Promise.all([open(desk, contactId, 'api'), open(desk, contactId, 'agent')]);
	expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
});
