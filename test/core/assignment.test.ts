import { assign, type AssignTo, type Assigned } from '../../src/core/assignment';
import { close } from '../../src/core/conversation';
import { InputError } from '../../src/core/failure';
import { addAgent, eventTypes, testDesk, VISITOR, write, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const anyone = { kind: 'anyone', logic: 'roundRobin', onlyOnline: false, maxOpen: 0 } as const;
const newContact = async (user: string) => (await write(desk, 'Hello', { ...VISITOR, user })).contactId;
const give = (contactId: string, to: AssignTo) => assign(desk, { contactId, to, source: 'workflow' });
const who = (assigned: Assigned) => (assigned.ok ? (assigned.agent?.name ?? null) : assigned.failure.code);

test('B18, B19, B21: a named agent gets the conversation and the contact', async () => {
	const ann = await addAgent(desk, 'Ann');
	const contactId = await newContact('v');
	expect(who(await give(contactId, { kind: 'agent', agent: 'ANN@example.com' }))).toBe('Ann');
	expect(await desk.store.records.conversations.openOf(contactId)).toMatchObject({ assigneeId: ann });
	expect(await desk.store.records.contacts.get(contactId)).toMatchObject({ assigneeId: ann });
	expect(await eventTypes(desk)).toContain('conversation.assigned');
});

test('D13, R11: round robin takes turns', async () => {
	for (const name of ['Ann', 'Bob', 'Cid']) await addAgent(desk, name);
	const turns: unknown[] = [];
	for (let visitor = 0; visitor < 6; visitor += 1) turns.push(who(await give(await newContact(`v${visitor}`), anyone)));
	expect(turns).toEqual(['Ann', 'Bob', 'Cid', 'Ann', 'Bob', 'Cid']);
});

test('round robin is fair when twenty are assigned at once', async () => {
	for (const name of ['Ann', 'Bob', 'Cid', 'Dee']) await addAgent(desk, name);
	const contacts = await Promise.all(Array.from({ length: 20 }, (_, index) => newContact(`v${index}`)));
	const given = await Promise.all(contacts.map((contactId) => give(contactId, anyone)));
	const counts = new Map<unknown, number>();
	for (const assigned of given) counts.set(who(assigned), (counts.get(who(assigned)) ?? 0) + 1);
	expect([...counts.values()]).toEqual([5, 5, 5, 5]);
});

test('R11: least open conversations are counted live', async () => {
	await addAgent(desk, 'Ann');
	await addAgent(desk, 'Bob');
	const toAnn = await newContact('a1');
	await give(toAnn, { kind: 'agent', agent: 'ann@example.com' });
	expect(who(await give(await newContact('v1'), { ...anyone, logic: 'leastOpen' }))).toBe('Bob');
	await close(desk, { contactId: toAnn, category: null, summary: null, unassign: true, source: 'agent' });
	expect(who(await give(await newContact('v2'), { ...anyone, logic: 'leastOpen' }))).toBe('Ann');
});

test('R12: only online agents, and the way out is said', async () => {
	await addAgent(desk, 'Ann', 'offline');
	const assigned = await give(await newContact('v'), { ...anyone, onlyOnline: true });
	expect(assigned).toMatchObject({ ok: false, failure: { code: 'nobody_available', reason: expect.stringContaining('online') } });
});

test('R12: twenty at once never exceed the limit per agent', async () => {
	await addAgent(desk, 'Ann');
	await addAgent(desk, 'Bob');
	const contacts = await Promise.all(Array.from({ length: 20 }, (_, index) => newContact(`v${index}`)));
	const given = await Promise.all(contacts.map((contactId) => give(contactId, { ...anyone, maxOpen: 3 })));
	expect(given.filter(({ ok }) => ok)).toHaveLength(6);
	expect(given.filter((assigned) => who(assigned) === 'nobody_available')).toHaveLength(14);
});

test('D12: a team gives to its members only, by name or id', async () => {
	await addAgent(desk, 'Ann');
	const bob = await addAgent(desk, 'Bob');
	await desk.store.records.teams.insert({ id: 'team-1', name: 'Sales', memberIds: [bob], createdAt: 0 });
	expect(who(await give(await newContact('v'), { ...anyone, kind: 'team', team: 'sales' }))).toBe('Bob');
	expect(who(await give(await newContact('w'), { ...anyone, kind: 'team', team: 'team-1' }))).toBe('Bob');
});

test('unassign takes the conversation and the contact from the agent', async () => {
	await addAgent(desk, 'Ann');
	const contactId = await newContact('v');
	await give(contactId, { kind: 'agent', agent: 'ann@example.com' });
	expect(await give(contactId, { kind: 'unassign' })).toMatchObject({ ok: true, conversation: { assigneeId: null }, contact: { assigneeId: null } });
	expect(await eventTypes(desk)).toContain('conversation.unassigned');
});

test('a contact without an open conversation has nothing to assign', async () => {
	await addAgent(desk, 'Ann');
	const contactId = await newContact('v');
	await close(desk, { contactId, category: null, summary: null, unassign: true, source: 'agent' });
	expect(who(await give(contactId, anyone))).toBe('conversation_closed');
});

test.each([
	['Agent', { kind: 'agent', agent: 'nobody@example.com' }],
	['Team', { ...anyone, kind: 'team', team: 'Nowhere' }],
] as const)('an unknown %s is named', async (parameter, to) => {
	const contactId = await newContact('v');
	await expect(give(contactId, to)).rejects.toMatchObject({ name: 'InputError', parameter });
});

test('an unknown contact is named', async () => {
	await expect(give('nobody', anyone)).rejects.toThrow(InputError);
	await expect(give('nobody', anyone)).rejects.toMatchObject({ parameter: 'Contact' });
});
