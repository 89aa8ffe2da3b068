import type { MessageDetails } from '../../../src/core/channel';
import type { Message } from '../../../src/core/records';
import { aPart } from './channel-rows';
import { eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aMessage, anOutgoing, NOW } from './rows';

export function messagePartsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const messages = () => opened().store.records.messages;
	const newContact = async () => {
		const contact = aContact();
		await opened().store.records.contacts.insert(contact);
		return contact.id;
	};
	const inserted = async (...made: Message[]) => {
		for (const message of made) expect(await messages().insert(message)).toBe(true);
	};

	test('what else belongs to a message comes back as it was given', async () => {
		const details: MessageDetails = {
			location: { latitude: -33.86, longitude: 151.2, name: 'Café', address: null },
			people: [{ name: 'Zoë', phones: ['+1555'], emails: [] }],
			template: { name: 'order', language: 'de', parameters: { 'body.1': 'Ä' } },
			referral: { ref: 'r', source: 'ADS', adId: null, headline: null, url: null },
			story: { id: 's', url: null },
			replyTo: 'p',
			forwarded: true,
			notes: ['Went as a file.'],
		};
		const message = aMessage(await newContact(), { type: 'location', text: null, details });
		await inserted(message);
		expect(await messages().get(message.id)).toEqual(message);
		await messages().update(message.id, { details: { ...details, editedAt: NOW + 1 } });
		expect((await messages().get(message.id))?.details).toEqual({ ...details, editedAt: NOW + 1 });
		await messages().update(message.id, { details: null });
		expect(await messages().get(message.id)).toEqual({ ...message, details: null });
	});

	test('a message is found by the id of any of its parts', async () => {
		const contactId = await newContact();
		const [message, whole] = [anOutgoing(contactId, { providerId: 'whole' }), anOutgoing(contactId, { providerId: 'p' })];
		await inserted(message, whole);
		const [first, second] = [aPart(message, 0, { providerId: 'a' }), aPart(message, 1, { providerId: 'b' })];
		await messages().insertParts([second, first]);
		await messages().insertParts([]);
		expect(await messages().parts(message.id)).toEqual([first, second]);
		expect(await messages().parts(whole.id)).toEqual([]);
		for (const providerId of ['whole', 'a', 'b'])
			expect(await messages().byProviderId('webchat', 'page', providerId)).toEqual(message);
		expect(await messages().byProviderId('webchat', 'page', 'p')).toEqual(whole);
		expect(await messages().byProviderId('webchat', 'other', 'a')).toBeUndefined();

		// Told twice, or by another message: the part stays whose it is.
		await messages().insertParts([{ ...first, status: 'failed' }, aPart(whole, 0, { providerId: 'b' })]);
		expect(await messages().parts(message.id)).toEqual([first, second]);
		expect(await messages().parts(whole.id)).toEqual([]);
		await messages().insertParts([aPart(whole, 0, { providerId: 'b', account: 'other' })]);
		expect((await messages().byProviderId('webchat', 'other', 'b'))?.id).toBe(whole.id);
		await expect(messages().insertParts([aPart(aMessage(contactId), 0)])).rejects.toMatchObject({ kind: 'missing' });
	});

	test('a part moves on only from where it is said to be', async () => {
		const message = anOutgoing(await newContact());
		await inserted(message);
		const [first, second] = [aPart(message, 0), aPart(message, 1)];
		await messages().insertParts([first, second]);
		const other = await opened().reopen();
		const won = await Promise.all([
			messages().advancePart(first, ['sent'], 'delivered'),
			other.records.messages.advancePart(first, ['sent'], 'delivered'),
		]);
		expect([...won].sort()).toEqual([false, true]);
		expect(await messages().advancePart(first, ['sent', 'delivered'], 'read')).toBe(true);
		expect(await messages().advancePart(second, [], 'read')).toBe(false);
		expect(await messages().advancePart({ ...second, account: 'other' }, ['sent'], 'read')).toBe(false);
		expect(await messages().parts(message.id)).toEqual([{ ...first, status: 'read' }, second]);
	});

	test('what a read mark means: sent until then, or made when it is not sent yet', async () => {
		const contactId = await newContact();
		const to = { addressId: 'one' };
		const early = anOutgoing(contactId, { ...to, status: 'sent', at: NOW, sentAt: NOW + 1 });
		const slow = anOutgoing(contactId, { ...to, status: 'sent', at: NOW - 9, sentAt: NOW + 5 });
		const unsent = anOutgoing(contactId, { ...to, status: 'sending', at: NOW + 3 });
		const failed = anOutgoing(contactId, { ...to, status: 'failed', at: NOW, sentAt: NOW });
		const elsewhere = anOutgoing(contactId, { addressId: 'two', status: 'sent', at: NOW, sentAt: NOW });
		await inserted(early, slow, unsent, failed, elsewhere, aMessage(contactId, { ...to, at: NOW }));
		const until = async (before: number, limit = 10) =>
			idsOf(await messages().outgoing('one', ['sent', 'sending'], before, limit));
		expect(await until(NOW + 5)).toEqual([slow.id, unsent.id, early.id]);
		expect(await until(NOW + 4)).toEqual([unsent.id, early.id]);
		expect(await until(NOW + 1)).toEqual([early.id]);
		expect(await until(NOW)).toEqual([]);
		expect(await until(NOW + 5, 1)).toEqual([slow.id]);
		expect(await messages().outgoing('one', [], NOW + 5, 10)).toEqual([]);
	});

	test('the newest message that offered choices', async () => {
		const contactId = await newContact();
		const choices = [{ id: '1', label: 'Yes' }];
		const at = (offset: number, given: Partial<Message> = {}) =>
			anOutgoing(contactId, { addressId: 'one', at: NOW + offset, ...given });
		const newest = at(2, { choices, type: 'choices' });
		await inserted(at(3), newest, at(1, { choices, type: 'choices' }), at(9, { choices, addressId: 'two' }));
		expect(await messages().latestChoices('one')).toEqual(newest);
		expect(await messages().latestChoices('three')).toBeUndefined();
		await messages().update(newest.id, { choices: [] });
		expect((await messages().latestChoices('one'))?.at).toBe(NOW + 1);
	});
}
