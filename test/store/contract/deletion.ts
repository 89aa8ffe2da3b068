import type { Records } from '../../../src/core/store';
import { aFetch, anEarlyReceipt, aPart, aReceiver, aTestListener } from './channel-rows';
import { attachmentOf } from './files';
import { eachWithStore, type StoreEngine } from './harness';
import {
	aContact,
	aConversation,
	aDelivery,
	aFile,
	aMessage,
	anAddress,
	anEvent,
	anOutgoing,
	aSubscription,
} from './rows';

/** A contact with something in every table that can hold something of a contact. */
async function aLife(records: Records, shared: { fileId: string; subscriptionId: string }, user: string): Promise<string> {
	const contact = aContact({ name: `Name of ${user}`, tags: ['one', 'two'], phone: `+${user}` });
	await records.contacts.insert(contact);
	const address = anAddress(contact.id, { user });
	await records.addresses.insert(address);
	await records.addresses.addAliases(address.id, [`${user}-alias`]);
	const conversation = aConversation(contact.id);
	await records.conversations.insertOpen(conversation);
	const place = { conversationId: conversation.id, addressId: address.id };
	const inbound = aMessage(contact.id, place);
	const outbound = anOutgoing(contact.id, place);
	for (const message of [inbound, outbound]) await records.messages.insert(message);
	const sent = aFile({ owner: null });
	const received = aFile({ owner: `webchat/page/${user}` });
	const offered = aFile({ owner: `webchat/page/${user}` });
	const offeredBefore = aFile({ owner: `webchat/page/${user}-alias` });
	for (const file of [sent, received, offered, offeredBefore]) await records.files.insert(file, new Uint8Array(2 * 1024 * 1024));
	await records.files.attach(inbound.id, [attachmentOf(received)]);
	await records.files.attach(outbound.id, [attachmentOf(sent), attachmentOf(aFile({ id: shared.fileId }))]);
	await records.messages.insertParts([aPart(outbound, 0), aPart(outbound, 1)]);
	await records.fetches.insert(aFetch(contact.id, { messageId: inbound.id }));
	await records.fetches.insert(aFetch(contact.id, { kind: 'profile' }));
	const event = anEvent(contact.id, { conversationId: conversation.id, messageId: inbound.id });
	await records.events.append(event);
	await records.subscriptions.enrol(shared.subscriptionId, contact.id, 1);
	await records.deliveries.insert(aDelivery(contact.id, shared.subscriptionId, { eventId: event.id }));
	return contact.id;
}

export function deletionContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);

	test('deleting a contact leaves every table as if there never was one', async () => {
		const { store } = opened();
		const shared = aFile();
		await store.records.files.insert(shared, new Uint8Array([1]));
		const subscription = aSubscription();
		await store.records.subscriptions.upsert(subscription);
		await store.records.receivers.upsert(aReceiver('key'));
		await store.records.testListeners.put(aTestListener());
		await store.records.earlyReceipts.keep(anEarlyReceipt());
		await store.records.quotas.reserve('webchat', 'page', '2026-11', 9);
		const both = { fileId: shared.id, subscriptionId: subscription.id };
		await store.atomically((records) => aLife(records, both, '1'));
		const before = await opened().rows();

		const contactId = await store.atomically((records) => aLife(records, both, '2'));
		const between = await opened().rows();
		const grown = Object.keys(between).filter((table) => between[table]?.length !== before[table]?.length);
		expect(grown.sort()).toEqual([
			'address_aliases',
			'addresses',
			'contact_tags',
			'contacts',
			'conversations',
			'deliveries',
			'enrolments',
			'events',
			'fetches',
			'file_chunks',
			'files',
			'message_files',
			'message_parts',
			'messages',
		]);

		expect(await store.records.contacts.delete(contactId)).toBe(true);
		expect(await opened().rows()).toEqual(before);
		expect(await store.records.contacts.delete(contactId)).toBe(false);
	});

	test('deleting a message takes its parts, files and fetches, and nothing else', async () => {
		const { store } = opened();
		const both = { fileId: 'shared', subscriptionId: 's' };
		await store.records.files.insert(aFile({ id: 'shared' }), new Uint8Array([1]));
		const contactId = await store.atomically((records) => aLife(records, both, '1'));
		const before = await opened().rows();
		const message = aMessage(contactId);
		const file = aFile();
		await store.atomically(async (records) => {
			await records.messages.insert(message);
			await records.files.insert(file, new Uint8Array([1, 2]));
			await records.files.attach(message.id, [attachmentOf(file), attachmentOf(aFile({ id: 'shared' }))]);
			await records.messages.insertParts([aPart(message, 0)]);
			await records.fetches.insert(aFetch(contactId, { messageId: message.id }));
		});
		await store.records.messages.delete(message.id);
		expect(await opened().rows()).toEqual(before);
		await store.records.messages.delete(message.id);
		expect(await opened().rows()).toEqual(before);
	});

	test('a deletion that is rolled back takes nothing away', async () => {
		const { store } = opened();
		const both = { fileId: 'shared', subscriptionId: 's' };
		await store.records.files.insert(aFile({ id: 'shared' }), new Uint8Array([1]));
		const contactId = await store.atomically((records) => aLife(records, both, '1'));
		const before = await opened().rows();
		const stopped = store.atomically(async (records) => {
			await records.contacts.delete(contactId);
			throw new Error('stopped');
		});
		await expect(stopped).rejects.toThrow('stopped');
		expect(await opened().rows()).toEqual(before);
	});
}
