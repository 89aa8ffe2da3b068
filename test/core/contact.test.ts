import {
	addTags,
	deleteContact,
	parseEmail,
	parsePhone,
	removeTags,
	requireContactBy,
	saveContact,
	type ContactChanges,
} from '../../src/core/contact';
import { InputError } from '../../src/core/failure';
import { draft, eventTypes, testDesk, VISITOR, write, type TestDesk } from './desk';
import { send } from '../../src/core/outbox';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const byEmail = (email: string, changes: ContactChanges = {}) => saveContact(desk, { by: 'email', email }, changes, 'api');

describe('phone numbers and emails', () => {
	test.each([
		['+447900000000', '+447900000000'],
		[' +44 (7900) 000-000 ', '+447900000000'],
		['+1.212.555.0100', '+12125550100'],
	])('%s', (given, phone) => {
		expect(parsePhone('Phone', given)).toBe(phone);
	});

	test.each(['', '07900000000', '+0790', '+44790000000000000', '+44 79 oops', '00447900000000'])('no phone: %s', (given) => {
		expect(() => parsePhone('Phone', given)).toThrow(InputError);
	});

	test.each([' Ann@Example.COM ', 'ann@example.com'])('%s', (given) => {
		expect(parseEmail('Email', given)).toBe('ann@example.com');
	});

	test.each(['', 'ann', 'ann@', '@example.com', 'ann@example', 'a b@example.com', 'ann@example.com, bob@example.com', '<ann@example.com>'])(
		'no email: %s',
		(given) => {
			expect(() => parseEmail('Email', given)).toThrow(InputError);
		},
	);
});

describe('names', () => {
	test.each<[ContactChanges, (string | null)[]]>([
		[{ name: 'Ann Mary Lee' }, ['Ann Mary Lee', 'Ann', 'Mary Lee']],
		[{ name: ' Ann ' }, ['Ann', 'Ann', null]],
		[{ firstName: 'Ann', lastName: 'Lee' }, ['Ann Lee', 'Ann', 'Lee']],
		[{ lastName: 'Lee' }, ['Lee', null, 'Lee']],
		[{ name: 'Dr. A. Lee', firstName: 'Ann', lastName: 'Lee' }, ['Dr. A. Lee', 'Ann', 'Lee']],
		[{ name: null }, [null, null, null]],
		[{}, [null, null, null]],
	])('%j', async (changes, [name, firstName, lastName]) => {
		expect((await byEmail('ann@example.com', changes)).contact).toMatchObject({ name, firstName, lastName });
	});

	test('a new first name changes the whole name and leaves the last', async () => {
		await byEmail('ann@example.com', { name: 'Ann Lee' });
		expect((await byEmail('ann@example.com', { firstName: 'Anna' })).contact).toMatchObject({ name: 'Anna Lee', lastName: 'Lee' });
	});
});

describe('creating and updating', () => {
	test('says what is new, once', async () => {
		const first = await byEmail('ann@example.com');
		const second = await byEmail('ANN@example.com', { phone: '+447900000000' });
		expect([first.isNew, second.isNew]).toEqual([true, false]);
		expect(second.contact.id).toBe(first.contact.id);
		expect(await desk.store.records.contacts.get(first.contact.id)).toEqual(second.contact);
		expect(await eventTypes(desk)).toEqual(['contact.created']);
	});

	test('many at once make one contact', async () => {
		const saved = await Promise.all(Array.from({ length: 8 }, () => byEmail('ann@example.com')));
		expect(new Set(saved.map(({ contact }) => contact.id)).size).toBe(1);
		expect(saved.filter(({ isNew }) => isNew)).toHaveLength(1);
	});

	test('a phone or email of somebody else is refused, and nothing has changed', async () => {
		const ann = (await byEmail('ann@example.com', { phone: '+447900000000' })).contact;
		const bob = (await byEmail('bob@example.com')).contact;
		for (const changes of [{ phone: '+447900000000' }, { email: 'ann@example.com' }]) {
			await expect(saveContact(desk, { by: 'id', id: bob.id }, { ...changes, name: 'Bob' }, 'api')).rejects.toThrow(ann.id);
		}
		expect(await desk.store.records.contacts.get(bob.id)).toEqual(bob);
	});

	test('by an address: the visitor who wrote, or a new one who can be written to', async () => {
		const { contactId } = await write(desk, 'Hi');
		const known = await saveContact(desk, { by: 'address', address: VISITOR }, { name: 'Ann' }, 'api');
		expect(known).toMatchObject({ isNew: false, contact: { id: contactId, name: 'Ann' } });
		const address = { ...VISITOR, user: 'visitor-2' };
		const fresh = await saveContact(desk, { by: 'address', address }, {}, 'api');
		expect(fresh.isNew).toBe(true);
		expect(await send(desk, draft(fresh.contact.id, 'Hi'))).toMatchObject({ ok: true });
		await expect(saveContact(desk, { by: 'address', address: { ...VISITOR, user: ' ' } }, {}, 'api')).rejects.toThrow("'User'");
	});

	test('fields are set one by one, and removed by null', async () => {
		await byEmail('ann@example.com', { fields: { plan: 'free', seats: 2 } });
		const { contact } = await byEmail('ann@example.com', { fields: { plan: null, city: 'Rome' } });
		expect(contact.fields).toEqual({ seats: 2, city: 'Rome' });
	});

	test('languages are written as the standard has them', async () => {
		expect((await byEmail('ann@example.com', { language: 'zh-hant' })).contact.language).toBe('zh-Hant');
		await expect(byEmail('ann@example.com', { language: 'english please' })).rejects.toThrow(InputError);
	});
});

describe('tags', () => {
	test('are added and removed whatever their case, and the first spelling stays', async () => {
		const { contact } = await byEmail('ann@example.com', { tags: ['VIP'] });
		expect((await addTags(desk, contact.id, ['vip', ' new ', 'New'])).tags).toEqual(['VIP', 'new']);
		expect((await removeTags(desk, contact.id, ['Vip', 'other'])).tags).toEqual(['new']);
		expect((await requireContactBy(desk.store.records, contact.id)).tags).toEqual(['new']);
		await expect(addTags(desk, contact.id, [' '])).rejects.toThrow("'Tags'");
		await expect(addTags(desk, 'nobody', ['x'])).rejects.toThrow(InputError);
	});

	test('at once are all kept', async () => {
		const { contact } = await byEmail('ann@example.com');
		await Promise.all(['a', 'b', 'c', 'd'].map((tag) => addTags(desk, contact.id, [tag])));
		expect((await requireContactBy(desk.store.records, contact.id)).tags.toSorted()).toEqual(['a', 'b', 'c', 'd']);
	});
});

test('a contact is named by id, phone or email', async () => {
	const { contact } = await byEmail('ann@example.com', { phone: '+447900000000' });
	for (const reference of [contact.id, ` ${contact.id} `, 'phone:+44 7900 000000', 'email:Ann@example.com']) {
		expect((await requireContactBy(desk.store.records, reference)).id).toBe(contact.id);
	}
	for (const reference of ['', 'nobody', 'phone:', 'phone:+447900000001', 'email:bob@example.com', 'email:bob']) {
		await expect(requireContactBy(desk.store.records, reference)).rejects.toThrow(InputError);
	}
});

test('deleting a contact takes its conversations and messages with it', async () => {
	const { contactId } = await write(desk, 'Hi');
	await deleteContact(desk, contactId);
	expect(await desk.store.records.messages.list({ contactId }, { limit: 1, offset: 0 })).toEqual([]);
	expect(await desk.store.records.addresses.find(VISITOR)).toBeUndefined();
	await expect(deleteContact(desk, contactId)).rejects.toThrow(InputError);
	expect((await write(desk, 'Me again')).contactId).not.toBe(contactId);
});
