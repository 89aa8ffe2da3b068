import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { aCategory, aContact, aConversation, anAgent, aTeam, NOW } from './rows';

export function staffContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;

	test('agents: by id, by email whatever its case, by name, by team, by status', async () => {
		const { agents, teams } = records();
		const zoe = anAgent({ name: 'zoë Öz', email: 'zoë@example.com', lastAssignedAt: NOW });
		const adam = anAgent({ name: 'Adam', email: 'adam@other.com', status: 'offline' });
		const bea = anAgent({ name: 'bea' });
		for (const agent of [zoe, adam, bea]) await agents.insert(agent);
		await teams.insert(aTeam({ id: 'sales', name: 'Sales', memberIds: [zoe.id, adam.id] }));

		expect(await agents.get(zoe.id)).toEqual(zoe);
		expect(await agents.byEmail('ZOË@Example.com')).toEqual(zoe);
		expect(await agents.byEmail('nobody@example.com')).toBeUndefined();
		expect(await agents.list({}, ALL)).toEqual([adam, bea, zoe]);
		expect(await agents.list({ teamId: 'sales' }, ALL)).toEqual([adam, zoe]);
		expect(await agents.list({ teamId: 'sales', status: 'online' }, ALL)).toEqual([zoe]);
		expect(await agents.list({ search: 'ZOË ö' }, ALL)).toEqual([zoe]);
		expect(await agents.list({ search: 'other.com' }, ALL)).toEqual([adam]);
		expect(await agents.list({}, { limit: 1, offset: 1 })).toEqual([bea]);
		await expect(agents.insert(anAgent({ email: 'ADAM@OTHER.com' }))).rejects.toMatchObject({ kind: 'duplicate' });

		await agents.update(bea.id, { name: 'Zz', email: 'zz@example.com', status: 'offline', lastAssignedAt: NOW + 1 });
		const changed = { ...bea, name: 'Zz', email: 'zz@example.com', status: 'offline', lastAssignedAt: NOW + 1 };
		expect(await agents.list({}, ALL)).toEqual([adam, zoe, changed]);
		expect(await agents.byEmail('ZZ@example.com')).toEqual(changed);
	});

	test('a deleted agent leaves teams, conversations and contacts', async () => {
		const { agents, teams, contacts, conversations } = records();
		const [gone, stays] = [anAgent(), anAgent()];
		for (const agent of [gone, stays]) await agents.insert(agent);
		const team = aTeam({ memberIds: [stays.id, gone.id] });
		await teams.insert(team);
		const contact = aContact({ assigneeId: gone.id });
		const other = aContact({ assigneeId: stays.id });
		for (const one of [contact, other]) await contacts.insert(one);
		const conversation = aConversation(contact.id, { assigneeId: gone.id });
		await conversations.insertOpen(conversation);

		expect(await agents.delete(gone.id)).toBe(true);
		expect(await agents.delete(gone.id)).toBe(false);
		expect(await agents.get(gone.id)).toBeUndefined();
		expect((await teams.get(team.id))?.memberIds).toEqual([stays.id]);
		expect((await contacts.get(contact.id))?.assigneeId).toBeNull();
		expect((await contacts.get(other.id))?.assigneeId).toBe(stays.id);
		expect((await conversations.get(conversation.id))?.assigneeId).toBeNull();
	});

	test('teams: names are unique whatever their case; members keep their order', async () => {
		const { agents, teams, contacts, conversations } = records();
		const [one, two, three] = [anAgent(), anAgent(), anAgent()];
		for (const agent of [one, two, three]) await agents.insert(agent);
		const sales = aTeam({ name: 'Straße', memberIds: [three.id, one.id, three.id] });
		const support = aTeam({ name: 'Équipe' });
		await teams.insert(sales);
		await teams.insert(support);
		expect(await teams.get(sales.id)).toEqual({ ...sales, memberIds: [three.id, one.id] });
		expect((await teams.byName('STRAßE'))?.id).toBe(sales.id);
		expect((await teams.byName('éQUIPE'))?.id).toBe(support.id);
		expect(await teams.byName('equipe')).toBeUndefined();
		await expect(teams.insert(aTeam({ name: 'ÉQUIPE' }))).rejects.toMatchObject({ kind: 'duplicate' });
		await expect(teams.update(support.id, { name: 'straße' })).rejects.toMatchObject({ kind: 'duplicate' });

		await teams.update(sales.id, { memberIds: [two.id, three.id] });
		expect((await teams.get(sales.id))?.memberIds).toEqual([two.id, three.id]);
		await teams.update(sales.id, { name: 'Zales' });
		expect(await teams.list({}, ALL)).toEqual([
			{ ...sales, name: 'Zales', memberIds: [two.id, three.id] },
			support,
		]);
		expect(idsOf(await teams.list({ search: 'ÉQ' }, ALL))).toEqual([support.id]);
		expect(idsOf(await teams.list({}, { limit: 1, offset: 1 }))).toEqual([support.id]);
		await expect(teams.update(sales.id, { memberIds: ['nobody'] })).rejects.toMatchObject({ kind: 'missing' });
		expect((await teams.get(sales.id))?.memberIds).toEqual([two.id, three.id]);

		const contact = aContact();
		await contacts.insert(contact);
		const conversation = aConversation(contact.id, { teamId: sales.id });
		await conversations.insertOpen(conversation);
		expect(await teams.delete(sales.id)).toBe(true);
		expect(await teams.delete(sales.id)).toBe(false);
		expect((await conversations.get(conversation.id))?.teamId).toBeNull();
		expect(await agents.get(two.id)).toEqual(two);
	});

	test('closing note categories', async () => {
		const { categories } = records();
		const spam = aCategory({ name: 'Spam' });
		const other = aCategory({ name: 'Ärger', description: 'Complaints' });
		for (const category of [spam, other]) await categories.insert(category);
		expect(await categories.get(other.id)).toEqual(other);
		expect(await categories.byName('äRGER')).toEqual(other);
		expect(await categories.byName('arger')).toBeUndefined();
		await expect(categories.insert(aCategory({ name: 'SPAM' }))).rejects.toMatchObject({ kind: 'duplicate' });
		await categories.update(spam.id, { name: 'Junk', description: 'x' });
		expect(await categories.byName('JUNK')).toEqual({ ...spam, name: 'Junk', description: 'x' });
		expect(idsOf(await categories.list({}, ALL))).toEqual([spam.id, other.id]);
		expect(idsOf(await categories.list({ search: 'unk' }, ALL))).toEqual([spam.id]);
		expect(await categories.delete(spam.id)).toBe(true);
		expect(await categories.delete(spam.id)).toBe(false);
		expect(idsOf(await categories.list({}, ALL))).toEqual([other.id]);
	});
}
