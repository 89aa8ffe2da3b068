import { assign } from '../../src/core/assignment';
import { close } from '../../src/core/conversation';
import {
	deleteAgent,
	deleteCategory,
	deleteTeam,
	saveAgent,
	saveCategory,
	saveTeam,
	setAgentStatus,
} from '../../src/core/directory';
import { requireAgent, requireCategory, requireTeam } from '../../src/core/lookup';
import { InputError } from '../../src/core/failure';
import { testDesk, write, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const PAGE = { limit: 10, offset: 0 };

async function parameterOf(work: Promise<unknown>): Promise<string> {
	const thrown: unknown = await work.then(
		() => null,
		(error: unknown) => error,
	);
	if (thrown instanceof InputError) return thrown.parameter;
	throw new Error('It was not refused.', { cause: thrown });
}

describe('agents', () => {
	test('are known by their email, whatever its case, and are online at first', async () => {
		const made = await saveAgent(desk, { email: 'Bo@Example.com', name: ' Bo ' });
		expect(made).toMatchObject({ name: 'Bo', email: 'bo@example.com', status: 'online' });
		const renamed = await saveAgent(desk, { email: 'BO@example.com', name: 'Bob', status: 'offline' });
		expect(renamed).toEqual({ ...made, name: 'Bob', status: 'offline' });
		expect(await saveAgent(desk, { email: 'bo@example.com' })).toEqual(renamed);
		expect(await requireAgent(desk.store.records, 'Bo@example.com')).toEqual(renamed);
		expect(await setAgentStatus(desk, made.id, 'online')).toMatchObject({ status: 'online' });
	});

	test('are given another email by their id', async () => {
		const bo = await saveAgent(desk, { email: 'bo@example.com', name: 'Bo' });
		await saveAgent(desk, { email: 'ada@example.com', name: 'Ada' });
		expect(await saveAgent(desk, { id: bo.id, email: 'bob@example.com' })).toMatchObject({ id: bo.id, name: 'Bo' });
		expect(await parameterOf(saveAgent(desk, { id: bo.id, email: 'ada@example.com' }))).toBe('Email');
		expect(await parameterOf(saveAgent(desk, { id: 'nobody', name: 'X' }))).toBe('Agent ID');
		expect(await parameterOf(saveAgent(desk, { email: 'new@example.com' }))).toBe('Name');
		expect(await parameterOf(saveAgent(desk, { email: 'bo@example', name: 'X' }))).toBe('Email');
		expect(await parameterOf(saveAgent(desk, { name: 'X' }))).toBe('Email');
		expect(await desk.store.records.agents.list({}, PAGE)).toHaveLength(2);
	});

	test('that are deleted leave teams, conversations and contacts', async () => {
		const bo = await saveAgent(desk, { email: 'bo@example.com', name: 'Bo' });
		await saveTeam(desk, { name: 'Support', members: [bo.id] });
		const { contactId } = await write(desk, 'Hi');
		await assign(desk, { contactId, to: { kind: 'agent', agent: bo.id }, source: 'agent' });
		await deleteAgent(desk, 'bo@example.com');
		const { records } = desk.store;
		expect(await records.conversations.openOf(contactId)).toMatchObject({ assigneeId: null });
		expect(await records.contacts.get(contactId)).toMatchObject({ assigneeId: null });
		expect(await requireTeam(records, 'support')).toMatchObject({ memberIds: [] });
		expect(await parameterOf(deleteAgent(desk, bo.id))).toBe('Agent');
	});
});

describe('teams', () => {
	test('have members by id or email, each once', async () => {
		const bo = await saveAgent(desk, { email: 'bo@example.com', name: 'Bo' });
		const ada = await saveAgent(desk, { email: 'ada@example.com', name: 'Ada' });
		const made = await saveTeam(desk, { name: 'Support', members: ['BO@example.com', bo.id, ada.id] });
		expect(made.memberIds.toSorted()).toEqual([bo.id, ada.id].toSorted());
		expect((await saveTeam(desk, { name: 'SUPPORT' })).memberIds).toHaveLength(2);
		expect((await saveTeam(desk, { name: 'support', members: [ada.id] })).memberIds).toEqual([ada.id]);
		expect(await requireTeam(desk.store.records, made.id)).toMatchObject({ memberIds: [ada.id] });
		expect(await parameterOf(saveTeam(desk, { name: 'Support', members: ['who@example.com'] }))).toBe('Members');
	});

	test('are renamed by id, but not to the name of another', async () => {
		const support = await saveTeam(desk, { name: 'Support' });
		await saveTeam(desk, { name: 'Sales' });
		expect(await saveTeam(desk, { id: support.id, name: 'Help' })).toMatchObject({ id: support.id, name: 'Help' });
		expect(await parameterOf(saveTeam(desk, { id: support.id, name: 'sales' }))).toBe('Name');
		expect(await parameterOf(saveTeam(desk, { id: 'none', name: 'X' }))).toBe('Team ID');
		expect(await parameterOf(saveTeam(desk, { name: '  ' }))).toBe('Name');
		await deleteTeam(desk, 'help');
		expect(await parameterOf(deleteTeam(desk, support.id))).toBe('Team');
	});
});

describe('closing note categories', () => {
	test('are known by name and renamed by id', async () => {
		const solved = await saveCategory(desk, { name: 'Solved', description: 'All good' });
		expect(await saveCategory(desk, { name: 'solved' })).toMatchObject({ id: solved.id, description: 'All good' });
		expect(await saveCategory(desk, { name: 'solved', description: null })).toMatchObject({ description: null });
		await saveCategory(desk, { name: 'Spam' });
		expect(await saveCategory(desk, { id: solved.id, name: 'Done' })).toMatchObject({ id: solved.id, name: 'Done' });
		expect(await parameterOf(saveCategory(desk, { id: solved.id, name: 'spam' }))).toBe('Name');
		expect(await parameterOf(saveCategory(desk, {}))).toBe('Name');
	});

	test('that are deleted stay on what was closed with them', async () => {
		await saveCategory(desk, { name: 'Solved' });
		const { contactId } = await write(desk, 'Hi');
		await close(desk, { contactId, category: 'solved', summary: null, unassign: true, source: 'agent' });
		await deleteCategory(desk, 'Solved');
		expect(await desk.store.records.conversations.latestOf(contactId)).toMatchObject({ closingCategory: 'Solved' });
		expect(await parameterOf(requireCategory(desk.store.records, 'Solved'))).toBe('Category');
	});
});

test('nothing chosen is said as such', async () => {
	const { records } = desk.store;
	await expect(requireAgent(records, ' ')).rejects.toThrow("'Agent' is empty");
	await expect(requireTeam(records, '')).rejects.toThrow("'Team' is empty");
	await expect(requireCategory(records, '')).rejects.toThrow("'Category' is empty");
});
