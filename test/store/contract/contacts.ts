import type { ContactFilter } from '../../../src/core/store';
import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aConversation, anAddress, NOW } from './rows';

export function contactsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;

	test('a contact comes back as it was given, and changes one key at a time', async () => {
		const contact = aContact({
			name: 'Ann Lee',
			firstName: 'Ann',
			lastName: 'Lee',
			phone: '+447911123456',
			email: 'Ann@Example.com',
			language: 'en-GB',
			tags: ['VIP', 'Späti'],
			fields: { plan: 'gold', seats: 3, nested: { ok: true } },
			assigneeId: 'agent',
		});
		await records().contacts.insert(contact);
		expect(await records().contacts.get(contact.id)).toEqual(contact);

		await records().contacts.update(contact.id, { phone: null, tags: ['new'], updatedAt: NOW + 5 });
		const changed = { ...contact, phone: null, tags: ['new'], updatedAt: NOW + 5 };
		expect(await records().contacts.get(contact.id)).toEqual(changed);
		await records().contacts.update(contact.id, {});
		expect(await records().contacts.get(contact.id)).toEqual(changed);
		expect(await records().contacts.get('nobody')).toBeUndefined();
	});

	test('phone and email are unique, the email whatever its case; a second one says so and leaves nothing', async () => {
		await records().contacts.insert(aContact({ phone: '+1555', email: 'Zoë@example.com' }));
		const samePhone = aContact({ phone: '+1555', tags: ['x'] });
		await expect(records().contacts.insert(samePhone)).rejects.toMatchObject({
			name: 'StoreError',
			kind: 'duplicate',
			message: expect.stringContaining('phone number'),
		});
		const sameEmail = aContact({ email: 'ZOË@EXAMPLE.COM' });
		await expect(records().contacts.insert(sameEmail)).rejects.toMatchObject({
			kind: 'duplicate',
			message: expect.stringContaining('email'),
		});
		expect(await records().contacts.list({}, ALL)).toHaveLength(1);
		expect((await records().contacts.byPhone('+1555'))?.email).toBe('Zoë@example.com');
		expect((await records().contacts.byEmail('zoë@EXAMPLE.com'))?.phone).toBe('+1555');
		expect(await records().contacts.byPhone('+1556')).toBeUndefined();
		// Many may have none.
		await records().contacts.insert(aContact());
		await records().contacts.insert(aContact());
	});

	test('search finds parts of names and phone, and the whole email only (R24)', async () => {
		const carlos = aContact({ firstName: 'Carlos', lastName: 'Núñez', phone: '+34911222333', updatedAt: NOW + 3 });
		const scarlet = aContact({ firstName: 'Scarlet', name: 'Scarlet O_Hara 100%', updatedAt: NOW + 2 });
		const oscar = aContact({ name: 'OSCAR Ødegård', email: 'Oscar.O@Example.com', updatedAt: NOW + 1 });
		for (const contact of [oscar, carlos, scarlet]) await records().contacts.insert(contact);
		const names = new Map([
			[carlos.id, 'carlos'],
			[scarlet.id, 'scarlet'],
			[oscar.id, 'oscar'],
		]);
		const found = async (search: string) =>
			idsOf(await records().contacts.list({ search }, ALL)).map((contactId) => names.get(contactId));

		expect(await found('car')).toEqual(['carlos', 'scarlet', 'oscar']);
		expect(await found('CARL')).toEqual(['carlos', 'scarlet']);
		expect(await found('carlos núñ')).toEqual(['carlos']);
		expect(await found('NÚÑEZ')).toEqual(['carlos']);
		// The same letters, written with separate accents.
		expect(await found('nu\u0301n\u0303ez')).toEqual(['carlos']);
		expect(await found('nunez')).toEqual([]);
		expect(await found('øDEGÅRD')).toEqual(['oscar']);
		expect(await found('911222')).toEqual(['carlos']);
		expect(await found('+34 911 222-333')).toEqual(['carlos']);
		expect(await found('oscar.o@example.COM')).toEqual(['oscar']);
		expect(await found('oscar.o@example')).toEqual([]);
		expect(await found('o_h')).toEqual(['scarlet']);
		expect(await found('oxh')).toEqual([]);
		expect(await found('0%')).toEqual(['scarlet']);
		expect(await found('\\')).toEqual([]);
		expect(await found('  ')).toEqual(['carlos', 'scarlet', 'oscar']);

		await records().contacts.update(carlos.id, { lastName: 'Ruiz' });
		expect(await found('núñez')).toEqual([]);
		expect(await found('carlos RUIZ')).toEqual(['carlos']);
	});

	test('filters: status, assignee, tag, channel, and several at once', async () => {
		const open = aContact({ tags: ['Ärger'], assigneeId: 'agent', updatedAt: NOW + 3 });
		const closed = aContact({ tags: ['Ärger', 'b'], updatedAt: NOW + 2 });
		const none = aContact({ assigneeId: 'agent', updatedAt: NOW + 1 });
		for (const contact of [open, closed, none]) await records().contacts.insert(contact);
		await records().addresses.insert(anAddress(open.id));
		await records().addresses.insert(anAddress(none.id));
		for (const { id } of [open, closed]) {
			const first = aConversation(id);
			await records().conversations.insertOpen(first);
			await records().conversations.close(first.id, {
				closedAt: NOW,
				closedBy: 'agent',
				closingCategory: null,
				closingSummary: null,
				handledById: null,
				assigneeId: null,
			});
		}
		await records().conversations.insertOpen(aConversation(open.id));
		const found = async (filter: ContactFilter) => idsOf(await records().contacts.list(filter, ALL));

		expect(await found({})).toEqual([open.id, closed.id, none.id]);
		expect(await found({ status: 'open' })).toEqual([open.id]);
		expect(await found({ status: 'closed' })).toEqual([closed.id]);
		expect(await found({ status: 'none' })).toEqual([none.id]);
		expect(await found({ assigneeId: 'agent' })).toEqual([open.id, none.id]);
		expect(await found({ assigneeId: null })).toEqual([closed.id]);
		expect(await found({ tag: 'äRGER' })).toEqual([open.id, closed.id]);
		expect(await found({ tag: 'ärg' })).toEqual([]);
		expect(await found({ channel: 'webchat' })).toEqual([open.id, none.id]);
		expect(await found({ tag: 'ärger', status: 'closed', assigneeId: null })).toEqual([closed.id]);
		await records().contacts.update(closed.id, { tags: ['b'] });
		expect(await found({ tag: 'ärger' })).toEqual([open.id]);
		expect(await found({ tag: 'b' })).toEqual([closed.id]);
	});

	test('tags and channels of most contacts are found too, newest first', async () => {
		const count = 5_002;
		const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;
		await opened().run(
			`${numbers} insert into contacts (id, tags, fields, created_at, updated_at) select 'c' || i, '["Most"]', '{}', 0, i from n`,
		);
		await opened().run(`insert into contact_tags (contact_id, tag_lower) select id, 'most' from contacts`);
		await opened().run(
			`insert into addresses (id, contact_id, channel, account, user_id, sent_since_inbound, last_interaction_at, created_at) select id, id, 'webchat', 'page', id, 0, 0, 0 from contacts`,
		);
		await records().contacts.insert(aContact({ id: 'other' }));
		const found = async (filter: ContactFilter, offset = 0) =>
			idsOf(await records().contacts.list(filter, { limit: 2, offset }));
		const newest = [`c${count}`, `c${count - 1}`];
		expect(await found({})).toEqual(['other', newest[0]]);
		expect(await found({ tag: 'MOST' })).toEqual(newest);
		expect(await found({ channel: 'webchat' })).toEqual(newest);
		expect(await found({ tag: 'most', channel: 'webchat', status: 'none' }, 1)).toEqual([`c${count - 1}`, `c${count - 2}`]);
		expect(await found({ tag: 'most' }, count - 1)).toEqual(['c1']);
	});

	test('a page holds at most 500, and goes on where the one before ended', async () => {
		const contacts = Array.from({ length: 503 }, (_, index) => aContact({ updatedAt: NOW - index }));
		await opened().store.atomically(async (inside) => {
			for (const contact of contacts) await inside.contacts.insert(contact);
		});
		const list = async (limit: number, offset: number) => idsOf(await records().contacts.list({}, { limit, offset }));
		const all = idsOf(contacts);
		expect(await list(1_000_000, 0)).toEqual(all.slice(0, 500));
		expect(await list(500, 500)).toEqual(all.slice(500));
		expect(await list(2, 1)).toEqual(all.slice(1, 3));
		expect(await list(2.9, -4)).toEqual(all.slice(0, 2));
		expect(await list(0, 0)).toEqual([]);
		expect(await list(-1, 0)).toEqual([]);
		expect(await list(10, 503)).toEqual([]);
	});

	test('an address belongs to one contact, whoever inserts it first', async () => {
		const [first, second] = [aContact(), aContact()];
		for (const contact of [first, second]) await records().contacts.insert(contact);
		const other = await opened().reopen();
		const address = anAddress(first.id, { user: 'Visitor', lastInboundAt: NOW - 7, sentSinceInbound: 2 });
		const won = await Promise.all([
			records().addresses.insert(address),
			other.records.addresses.insert(anAddress(second.id, { user: 'Visitor' })),
		]);
		expect([...won].sort()).toEqual([false, true]);
		const found = await records().addresses.find({ channel: 'webchat', account: 'page', user: 'Visitor' });
		expect(found?.contactId).toBe(won[0] ? first.id : second.id);
		if (won[0]) expect(await records().addresses.get(address.id)).toEqual(address);
		// Verbatim: another user id.
		expect(await records().addresses.find({ channel: 'webchat', account: 'page', user: 'visitor' })).toBeUndefined();
		expect(await records().addresses.insert(anAddress(first.id, { user: 'Visitor', account: 'other' }))).toBe(true);
	});

	test('a reply by the contact opens the window and resets the count; a late one does not (C26)', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const address = anAddress(contact.id, { lastInteractionAt: NOW });
		const later = anAddress(contact.id, { lastInteractionAt: NOW + 50 });
		await records().addresses.insert(address);
		await records().addresses.insert(later);
		const state = async () => {
			const found = await records().addresses.get(address.id);
			return [found?.lastInboundAt, found?.sentSinceInbound, found?.lastInteractionAt];
		};
		expect(idsOf(await records().addresses.ofContact(contact.id))).toEqual([later.id, address.id]);

		await records().addresses.touchOutbound(address.id, NOW + 10);
		await records().addresses.touchOutbound(address.id, NOW + 5);
		expect(await state()).toEqual([null, 2, NOW + 10]);
		await records().addresses.touchInbound(address.id, NOW + 100);
		expect(await state()).toEqual([NOW + 100, 0, NOW + 100]);
		expect(idsOf(await records().addresses.ofContact(contact.id))).toEqual([address.id, later.id]);
		await records().addresses.touchOutbound(address.id, NOW + 110);
		await records().addresses.touchInbound(address.id, NOW + 90);
		expect(await state()).toEqual([NOW + 100, 1, NOW + 110]);
		await records().addresses.touchInbound(address.id, NOW + 105);
		expect(await state()).toEqual([NOW + 105, 0, NOW + 110]);
	});

	test('what names a contact that is not there is refused', async () => {
		await expect(records().addresses.insert(anAddress('nobody'))).rejects.toMatchObject({
			name: 'StoreError',
			kind: 'missing',
		});
		expect((await opened().rows())['addresses']).toEqual([]);
	});
}
