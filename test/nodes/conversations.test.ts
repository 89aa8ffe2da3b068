import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ChannelId } from '../../src/core/channel';
import { close } from '../../src/core/conversation';
import type { Desk } from '../../src/core/desk';
import { closeWorkspace, endedBy, openWorkspace, opens, run, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const ONE: INodeExecutionData[] = [{ json: { order: 7 } }];

async function does(resource: string, operation: string, parameters: IDataObject = {}, input = ONE) {
	const ran = await run('conversations', { resource, operation, ...parameters }, input);
	if (ran.status !== 'success') throw new Error(endedBy(ran).message);
	return ran.out();
}

async function refused(resource: string, operation: string, parameters: IDataObject = {}) {
	return endedBy(await run('conversations', { resource, operation, ...parameters }, ONE)).message;
}

const contactOf = (rows: IDataObject[]) => rows[0]?.['contact'] as IDataObject & { id: string };

describe('contacts', () => {
	test('are created once and updated after that', async () => {
		const fields = { name: 'Ann Lee', phone: '+44 7900 000000', tags: 'vip, News ,VIP', language: 'PT-br' };
		const customFields = { values: [{ name: 'plan', value: 'premium' }, { name: 'seats', value: '3' }] };
		const made = await does('contact', 'createOrUpdate', { email: 'Ann@Example.com', contactFields: { ...fields, customFields } });
		expect(made).toMatchObject([
			{
				order: 7,
				created: true,
				conversation: null,
				contact: {
					name: 'Ann Lee',
					firstName: 'Ann',
					lastName: 'Lee',
					phone: '+447900000000',
					email: 'ann@example.com',
					language: 'pt-BR',
					tags: ['vip', 'News'],
					fields: { plan: 'premium', seats: '3' },
					channels: [],
				},
			},
		]);
		const changed = await does('contact', 'createOrUpdate', {
			matchBy: 'phone',
			phone: '+447900000000',
			contactFields: { firstName: 'Anna', email: '', tags: 'gold', customFields: { values: [{ name: 'plan', value: '' }] } },
		});
		expect(changed).toMatchObject([
			{
				created: false,
				contact: { id: contactOf(made).id, name: 'Anna Lee', email: 'ann@example.com', tags: ['gold'], fields: { seats: '3' } },
			},
		]);
		expect((changed[0]?.['contact'] as IDataObject)['fields']).toEqual({ seats: '3' });
		const cleared = await does('contact', 'createOrUpdate', {
			matchBy: 'id',
			contactId: contactOf(made).id,
			contactFields: { phone: '={{ null }}' },
		});
		expect(cleared).toMatchObject([{ contact: { phone: null, email: 'ann@example.com' } }]);
	});

	test('by who they are on a channel', async () => {
		const { contactId } = await opens(desk, 'ann');
		const address = { matchBy: 'address', channel: 'webchat', account: 'page-1', user: 'ann' };
		expect(contactOf(await does('contact', 'createOrUpdate', { ...address, contactFields: { name: 'Ann' } })).id).toBe(contactId);
		const made = await does('contact', 'createOrUpdate', { ...address, user: 'new' });
		expect(made).toMatchObject([{ created: true, contact: { channels: [{ channel: 'webchat', account: 'page-1', user: 'new', lastInboundAt: null }] } }]);
	});

	test('whose phone or email belongs to another are refused, naming the other', async () => {
		const other = contactOf(await does('contact', 'createOrUpdate', { email: 'a@example.com', contactFields: { phone: '+447900000001' } }));
		expect(await refused('contact', 'createOrUpdate', { email: 'b@example.com', contactFields: { phone: '+447900000001' } })).toContain(other.id);
		const second = contactOf(await does('contact', 'createOrUpdate', { email: 'b@example.com' }));
		expect(await refused('contact', 'createOrUpdate', { matchBy: 'id', contactId: second.id, contactFields: { email: 'A@example.com' } })).toContain(other.id);
		expect(await does('contact', 'getMany')).toHaveLength(2);
	});

	test.each([
		['Phone', { matchBy: 'phone', phone: '0790 000000' }],
		['Email', { email: 'not an email' }],
		['Language', { email: 'a@example.com', contactFields: { language: 'no language!' } }],
		['Contact', { matchBy: 'id', contactId: 'nobody' }],
		['Field Name', { email: 'a@example.com', contactFields: { customFields: { values: [{ name: '', value: 'x' }] } } }],
	])('with a bad %s are refused by its name', async (parameter, parameters) => {
		expect(await refused('contact', 'createOrUpdate', parameters)).toMatch(new RegExp(`'${parameter}'.*\\[item 0\\]$`));
		expect(await does('contact', 'getMany')).toEqual([]);
	});

	test('are found by what is known of them', async () => {
		const ann = await opens(desk, 'ann', 'Hi', 'Ann Lee');
		const bob = await opens(desk, 'bob', 'Hi', 'Bob Stone');
		await close(desk, { contactId: bob.contactId, category: null, summary: null, unassign: true, source: 'agent' });
		await does('contact', 'addTags', { contact: ann.contactId, tags: 'vip' });
		await does('contact', 'createOrUpdate', { email: 'cy@example.com' });
		const found = async (filters: IDataObject) =>
			(await does('contact', 'getMany', { filters })).map((row) => contactOf([row]).name ?? null).toSorted();
		expect(await found({})).toEqual(['Ann Lee', 'Bob Stone', null].toSorted());
		expect(await found({ search: 'ston' })).toEqual(['Bob Stone']);
		expect(await found({ search: 'CY@example.com' })).toEqual([null]);
		expect(await found({ status: 'open' })).toEqual(['Ann Lee']);
		expect(await found({ status: 'closed' })).toEqual(['Bob Stone']);
		expect(await found({ status: 'none' })).toEqual([null]);
		expect(await found({ tag: 'vip' })).toEqual(['Ann Lee']);
		expect(await found({ channel: 'webchat' })).toEqual(['Ann Lee', 'Bob Stone']);
		expect(await does('contact', 'getMany', { limit: 1 })).toHaveLength(1);
		expect(await does('contact', 'getMany', { returnAll: true }, [...ONE, ...ONE])).toHaveLength(6);
	});

	test('get, tag, untag and delete one', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const run1 = async (operation: string, more = {}) => await does('contact', operation, more, [item]);
		expect(await run1('get')).toMatchObject([{ event: {}, conversation: { status: 'open' }, contact: { id: contactId } }]);
		expect(await run1('addTags', { tags: 'vip, New' })).toMatchObject([{ contact: { tags: ['vip', 'New'] } }]);
		expect(await run1('removeTags', { tags: 'VIP' })).toMatchObject([{ contact: { tags: ['New'] } }]);
		expect(await refused('contact', 'addTags', { contact: contactId, tags: ' , ' })).toContain("'Tags'");
		expect(await run1('delete')).toEqual([{ deleted: true }]);
		expect(await refused('contact', 'get', { contact: contactId })).toContain("'Contact'");
		expect(await refused('contact', 'delete', { contact: contactId })).toContain("'Contact'");
	});
});

describe('conversations and messages', () => {
	test('get, list and open', async () => {
		const { contactId, item } = await opens(desk, 'ann', 'Hi', 'Ann');
		const first = item.json['conversation'] as { id: string };
		await close(desk, { contactId, category: null, summary: 'Done', unassign: true, source: 'agent' });
		const opened = await does('conversation', 'open', { contact: contactId });
		expect(opened).toMatchObject([{ opened: true, conversation: { status: 'open', openedBy: 'workflow' }, contact: { isNew: false } }]);
		expect(await does('conversation', 'open', { contact: contactId })).toMatchObject([{ opened: false }]);
		expect(await does('conversation', 'get', { contact: contactId })).toMatchObject([{ conversation: { status: 'open' } }]);
		expect(await does('conversation', 'get', { getBy: 'id', conversationId: first.id })).toMatchObject([
			{ conversation: { id: first.id, status: 'closed', closingNote: { category: null, summary: 'Done' } }, contact: { name: 'Ann' } },
		]);
		expect(await does('conversation', 'getMany', { filters: { status: 'closed' } })).toMatchObject([{ conversation: { id: first.id } }]);
		expect(await does('conversation', 'getMany', { filters: { contact: contactId } })).toHaveLength(2);
		expect(await does('conversation', 'getMany', { filters: { assignee: 'none', status: 'open' } })).toHaveLength(1);
		expect(await refused('conversation', 'get', { getBy: 'id', conversationId: 'none' })).toContain("'Conversation ID'");
		expect(await refused('conversation', 'getMany', { filters: { assignee: 'who@example.com' } })).toContain("'Assignee'");
	});

	test('B1: messages of all conversations, newest first, each with its contact', async () => {
		const ann = await opens(desk, 'ann', 'One');
		await writes(desk, 'ann', 'Two');
		await opens(desk, 'bob', 'Three');
		const all = await does('message', 'getMany');
		expect(all.map((row) => (row['message'] as IDataObject)['text'])).toEqual(['Three', 'Two', 'One']);
		const conversationId = (ann.item.json['conversation'] as { id: string }).id;
		expect(await does('message', 'getMany', { filters: { conversationId, direction: 'in' } })).toMatchObject([
			{ message: { text: 'Two', direction: 'in', status: 'received' }, contact: { id: ann.contactId }, conversation: { id: conversationId } },
			{ message: { text: 'One' } },
		]);
		expect(await does('message', 'getMany', { filters: { contact: ann.contactId, direction: 'out' } })).toEqual([]);
	});

	test('what was listed can be written to', async () => {
		await opens(desk, 'ann');
		await opens(desk, 'bob');
		const rows = await does('contact', 'getMany');
		const ran = await run('sendMessage', { text: 'News' }, rows.map((json) => ({ json })));
		expect(ran.out()).toHaveLength(2);
	});
});

describe('agents, teams and closing note categories', () => {
	test('agents', async () => {
		const made = await does('agent', 'createOrUpdate', { email: 'Bo@Example.com', name: 'Bo' });
		expect(made).toMatchObject([{ agent: { name: 'Bo', email: 'bo@example.com', status: 'online', openConversations: 0, lastAssignedAt: null } }]);
		const { id } = made[0]?.['agent'] as { id: string };
		const moved = { additionalFields: { agentId: id, status: 'offline' }, email: 'bob@example.com' };
		expect(await does('agent', 'createOrUpdate', moved)).toMatchObject([{ agent: { id, name: 'Bo', email: 'bob@example.com', status: 'offline' } }]);
		const agent = { __rl: true, mode: 'email', value: 'bob@example.com' };
		expect(await does('agent', 'setStatus', { agent, status: 'online' })).toMatchObject([{ agent: { id, status: 'online' } }]);
		const { item } = await opens(desk, 'ann');
		await run('assignConversation', { assignTo: 'agent', agent }, [item]);
		expect(await does('agent', 'get', { agent })).toMatchObject([{ agent: { openConversations: 1, lastAssignedAt: expect.stringMatching(/Z$/) } }]);
		await does('agent', 'createOrUpdate', { email: 'cy@example.com', name: 'Cy', additionalFields: { status: 'offline' } });
		expect(await does('agent', 'getMany', { filters: { status: 'offline' } })).toMatchObject([{ agent: { name: 'Cy' } }]);
		expect(await does('agent', 'getMany', { filters: { search: 'bo' } })).toMatchObject([{ agent: { name: 'Bo' } }]);
		expect(await refused('agent', 'createOrUpdate', { email: 'new@example.com' })).toContain("'Name'");
		expect(await refused('agent', 'createOrUpdate', { name: 'New' })).toContain("'Email'");
		expect(await refused('agent', 'createOrUpdate', { email: 'cy@example.com', additionalFields: { agentId: id } })).toContain('Cy');
		expect(await does('agent', 'delete', { agent })).toEqual([{ deleted: true }]);
		expect(await does('contact', 'get', { contact: (item.json['contact'] as { id: string }).id })).toMatchObject([{ conversation: { assignee: null } }]);
		expect(await refused('agent', 'delete', { agent })).toContain("'Agent'");
	});

	test('teams', async () => {
		for (const name of ['Ada', 'Bo']) await does('agent', 'createOrUpdate', { email: `${name}@example.com`, name });
		const made = await does('team', 'createOrUpdate', { name: 'Support', members: '={{ ["ada@example.com"] }}' });
		expect(made).toMatchObject([{ team: { name: 'Support', members: [{ name: 'Ada' }] } }]);
		const { id } = made[0]?.['team'] as { id: string };
		const renamed = await does('team', 'createOrUpdate', { name: 'Help', additionalFields: { teamId: id } });
		expect(renamed).toMatchObject([{ team: { id, name: 'Help', members: [{ name: 'Ada' }] } }]);
		const changed = await does('team', 'createOrUpdate', { name: 'HELP', members: '={{ ["bo@example.com"] }}' });
		expect(changed).toMatchObject([{ team: { id, members: [{ name: 'Bo' }] } }]);
		await does('team', 'createOrUpdate', { name: 'Sales' });
		expect(await does('team', 'getMany', { filters: { search: 'sal' } })).toMatchObject([{ team: { name: 'Sales', members: [] } }]);
		expect(await does('agent', 'getMany', { filters: { team: 'help' } })).toMatchObject([{ agent: { name: 'Bo' } }]);
		expect(await refused('team', 'createOrUpdate', { name: 'X', members: '={{ ["who@example.com"] }}' })).toContain("'Members'");
		expect(await refused('team', 'createOrUpdate', { name: 'sales', additionalFields: { teamId: id } })).toContain('Sales');
		expect(await does('team', 'delete', { team: { __rl: true, mode: 'id', value: id } })).toEqual([{ deleted: true }]);
		expect(await does('team', 'getMany')).toHaveLength(1);
	});

	test('closing note categories', async () => {
		const made = await does('closingNoteCategory', 'createOrUpdate', { name: 'Solved', additionalFields: { description: 'All good' } });
		expect(made).toMatchObject([{ closingNoteCategory: { name: 'Solved', description: 'All good' } }]);
		const { id } = made[0]?.['closingNoteCategory'] as { id: string };
		expect(await does('closingNoteCategory', 'createOrUpdate', { name: 'Done', additionalFields: { categoryId: id } })).toMatchObject([
			{ closingNoteCategory: { id, name: 'Done', description: 'All good' } },
		]);
		expect(await does('closingNoteCategory', 'getMany')).toHaveLength(1);
		expect(await refused('closingNoteCategory', 'createOrUpdate', {})).toContain("'Name'");
		const category = { __rl: true, mode: 'name', value: 'done' };
		expect(await does('closingNoteCategory', 'delete', { category })).toEqual([{ deleted: true }]);
		expect(await refused('closingNoteCategory', 'delete', { category })).toContain("'Category'");
	});
});

test('told to go on, an item with a mistake says what it is and the others are done', async () => {
	const { item } = await opens(desk, 'ann');
	const ran = await run(
		'conversations',
		{ resource: 'contact', operation: 'get', contact: '={{ $json.who ?? $json.contact.id }}' },
		[{ json: { who: 'nobody' } }, item],
		{ node: { onError: 'continueRegularOutput' } },
	);
	expect(ran.items()).toMatchObject([
		{ json: { who: 'nobody', error: expect.stringContaining("'Contact'") }, pairedItem: { item: 0 } },
		{ json: { contact: {} }, pairedItem: { item: 1 } },
	]);
});

describe('health', () => {
	const key = 'email/support@mail.test/inbox';
	const subscribe = async (channels: ChannelId[] = []) => {
		const at = desk.now();
		const filter = { contactType: 'any', oncePerContact: false, groupMs: 0, orderMs: 0 } as const;
		await desk.store.records.subscriptions.upsert({ id: 's1', instanceId: 'i', workflowId: 'w7', nodeId: 'n', filter: { ...filter, types: [], channels, sources: [] }, baseUrl: null, endedAt: null, seenAt: at, createdAt: at });
		const receiver = { key, subscriptionId: 's1', channel: 'email', account: 'support@shop.test', url: 'https://n8n.test/x', by: 'polling', owner: true, createdAt: at } as const;
		await desk.store.records.receivers.upsert({ ...receiver, owner: false });
		await desk.store.records.receivers.setOwner(key, 's1');
	};
	const mailbox = { channel: 'email', name: 'Email', account: 'support@shop.test', by: 'polling', workflowId: 'w7' };

	test('a mailbox that is read well, and one that is not, with what is wrong since when', async () => {
		await subscribe();
		const at = Date.parse('2026-11-21T10:00:00.000Z');
		await desk.store.records.receiverStates.worked(key, at);
		const well = { ...mailbox, lastOkAt: '2026-11-21T10:00:00.000Z', problem: null, problemSince: null };
		expect(await does('health', 'get')).toEqual([{ order: 7, health: { ok: true, receiving: [well] } }]);
		await desk.store.records.receiverStates.failed(key, 'The mail server does not take the password.', at + 60_000);
		await desk.store.records.receiverStates.failed(key, 'The mail server does not take the password.', at + 120_000);
		expect(await does('health', 'get')).toMatchObject([
			{ health: { ok: false, receiving: [{ ...mailbox, lastOkAt: '2026-11-21T10:00:00.000Z', problem: 'The mail server does not take the password.', problemSince: '2026-11-21T10:01:00.000Z' }] } },
		]);
	});

	test('a channel of a trigger that has no address yet is ill', async () => {
		await subscribe(['email', 'telegram', 'webchat']);
		await desk.store.records.receiverStates.worked(key, desk.now());
		expect(await does('health', 'get')).toMatchObject([
			{ health: { ok: false, receiving: [{ ...mailbox, problem: null }, { channel: 'telegram', name: 'Telegram', workflowId: 'w7', problem: expect.stringContaining('Publish the workflow again') as string }] } },
		]);
	});

	test('without an active trigger there is nothing to be ill', async () => {
		expect(await does('health', 'get')).toEqual([{ order: 7, health: { ok: true, receiving: [] } }]);
	});
});
