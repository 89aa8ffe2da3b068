import type { INode } from 'n8n-workflow';
import { saveContact } from '../../src/core/contact';
import { close } from '../../src/core/conversation';
import { saveAgent, saveTeam, setAgentStatus } from '../../src/core/directory';
import type { Desk } from '../../src/core/desk';
import { closeWorkspace, endedBy, openWorkspace, opens, run } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const agent = (name: string) => saveAgent(desk, { name, email: `${name}@example.com` });

async function contacts(count: number) {
	const items = [];
	for (let n = 0; n < count; n++) items.push((await opens(desk, `visitor-${n}`)).item);
	return items;
}

const names = (rows: Record<string, unknown>[]) =>
	rows.map((row) => (row['conversation'] as { assignee: { name: string } | null }).assignee?.name ?? null);

describe('Assign Conversation', () => {
	test('B3: a new contact is unassigned; B19, B21: an agent is named by id, email or from the list', async () => {
		const bo = await agent('Bo');
		const [item] = await contacts(1);
		expect(item?.json['conversation']).toMatchObject({ assignee: null });
		for (const locator of [
			{ __rl: true, mode: 'id', value: bo.id },
			{ __rl: true, mode: 'email', value: 'BO@example.com' },
			{ __rl: true, mode: 'list', value: bo.id, cachedResultName: 'Bo' },
		]) {
			const ran = await run('assignConversation', { assignTo: 'agent', agent: locator }, [item!]);
			expect(ran.out()).toMatchObject([
				{ event: {}, message: {}, conversation: { assignee: { id: bo.id, name: 'Bo', email: 'bo@example.com' } } },
			]);
			expect(ran.out(1)).toEqual([]);
		}
		const none = await run('assignConversation', { assignTo: 'unassign' }, [item!]);
		expect(none.out()).toMatchObject([{ conversation: { assignee: null } }]);
	});

	test('B18, B20, D13: round robin takes turns, in one run and across runs', async () => {
		for (const name of ['Ada', 'Bo', 'Cy']) await agent(name);
		const items = await contacts(7);
		const first = await run('assignConversation', { assignTo: 'anyone' }, items.slice(0, 4));
		const second = await run('assignConversation', { assignTo: 'anyone' }, items.slice(4));
		const turns = [...names(first.out()), ...names(second.out())];
		expect(turns.slice(0, 3).toSorted()).toEqual(['Ada', 'Bo', 'Cy']);
		expect(turns).toEqual(Array.from({ length: 7 }, (_, n) => turns[n % 3]));
	});

	test('D16: the strategy is a setting: who has the fewest, who is online, who has room', async () => {
		const [ada, bo] = [await agent('Ada'), await agent('Bo')];
		const items = await contacts(5);
		const to = (id: string) => ({ assignTo: 'agent', agent: { __rl: true, mode: 'id', value: id } });
		await run('assignConversation', to(ada.id), items.slice(0, 2));
		const least = await run('assignConversation', { assignTo: 'anyone', logic: 'leastOpen' }, [items[2]!]);
		expect(names(least.out())).toEqual(['Bo']);
		await setAgentStatus(desk, bo.id, 'offline');
		const online = await run('assignConversation', { assignTo: 'anyone', onlyOnline: true, logic: 'leastOpen' }, [items[3]!]);
		expect(names(online.out())).toEqual(['Ada']);
		const full = await run('assignConversation', { assignTo: 'anyone', onlyOnline: true, maxOpen: 3 }, [items[4]!]);
		expect(full.out()).toEqual([]);
		expect(full.reached(1)).toMatchObject([{ failure: { code: 'nobody_available' }, conversation: { assignee: null } }]);
	});

	test('D12: a team, by its name', async () => {
		await agent('Ada');
		await agent('Bo');
		await saveTeam(desk, { name: 'Support', members: ['bo@example.com'] });
		const items = await contacts(2);
		const ran = await run('assignConversation', { assignTo: 'team', team: { __rl: true, mode: 'name', value: 'support' } }, items);
		expect(names(ran.out())).toEqual(['Bo', 'Bo']);
	});

	test('nobody there, or nothing open: the other output, with files and pair', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const binary = { data: { data: 'aGk=', mimeType: 'text/plain' } };
		const ran = await run('assignConversation', { assignTo: 'anyone' }, [{ ...item, binary }]);
		expect(ran.items(1)).toMatchObject([{ binary, pairedItem: { item: 0 }, json: { failure: { code: 'nobody_available' } } }]);
		await agent('Ada');
		await close(desk, { contactId, category: null, summary: null, unassign: true, source: 'agent' });
		const late = await run('assignConversation', { assignTo: 'anyone' }, [item]);
		expect(late.out(1)).toMatchObject([{ failure: { code: 'conversation_closed' } }]);
	});
});

describe('what is unknown', () => {
	test.each([
		['Contact', 1, { contact: "={{ $itemIndex === 1 ? 'nobody' : $json.contact.id }}" }],
		['Agent', 0, { assignTo: 'agent', agent: { __rl: true, mode: 'email', value: 'who@example.com' } }],
		['Team', 0, { assignTo: 'team', team: { __rl: true, mode: 'name', value: 'Nobodies' } }],
	])('%s: a sentence that names it and the item, and nobody is assigned', async (parameter, index, parameters) => {
		await agent('Ada');
		const items = await contacts(2);
		const ran = await run('assignConversation', parameters, items);
		expect(ran.status).toBe('error');
		const { message, description } = endedBy(ran);
		expect(message).toContain(`'${parameter}'`);
		expect(message).toMatch(new RegExp(`\\[item ${index}\\]$`));
		expect(description).toContain('No item was dealt with.');
		expect(await desk.store.records.conversations.list({ assigneeId: null }, { limit: 10, offset: 0 })).toHaveLength(2);
	});

	test('an expression that n8n cannot work out leaves nobody on Assigned', async () => {
		await agent('Ada');
		const items = await contacts(1);
		const parameters = { assignTo: 'anyone', contact: "={{ $('Nowhere').first().json.id }}" };
		const stopped = await run('assignConversation', parameters, items);
		expect(endedBy(stopped).message).toMatch(/\[item 0\]$/);
		const ran = await run('assignConversation', parameters, items, { node: { onError: 'continueRegularOutput' } });
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid' } }]);
	});

	test.each<[INode['onError'], number]>([
		['continueRegularOutput', 1],
		['continueErrorOutput', 2],
	])('told to go on (%s), the rest is assigned', async (onError, output) => {
		await agent('Ada');
		const [item] = await contacts(1);
		const { contact } = await saveContact(desk, { by: 'email', email: 'x@example.com' }, {}, 'api');
		const ran = await run(
			'assignConversation',
			{ assignTo: 'anyone', contact: '={{ $json.who ?? $json.contact.id }}' },
			[{ json: { who: 'nobody', n: 1 } }, item!, { json: { who: contact.id } }],
			{ node: { onError } },
		);
		expect(names(ran.out())).toEqual(['Ada']);
		expect(ran.reached(output)).toContainEqual(
			expect.objectContaining(onError === 'continueErrorOutput' ? { n: 1, error: expect.any(String) } : { n: 1, failure: expect.objectContaining({ code: 'configuration_invalid' }) }),
		);
		expect(ran.out(1)).toContainEqual(
			expect.objectContaining({ who: contact.id, failure: expect.objectContaining({ code: 'conversation_closed' }) }),
		);
	});
});
