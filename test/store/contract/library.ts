import type { StoredFile } from '../../../src/core/records';
import { attachmentOf } from './files';
import { ALL, eachWithStore, type StoreEngine } from './harness';
import { aContact, aFile, aMessage, anAddress, NOW } from './rows';

export function libraryContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const files = () => records().files;
	const insert = async (given: Partial<StoredFile> = {}) => {
		const file = aFile({ sizeBytes: 3, createdAt: NOW - 100, ...given });
		await files().insert(file, new Uint8Array([1, 2, 3]));
		return file;
	};
	const shelved = async (libraryName: string, given: Partial<StoredFile> = {}) => {
		const file = await insert(given);
		await files().shelve(file.id, libraryName, NOW);
		return { ...file, libraryName };
	};
	/** A message of a new contact that uses the file. */
	const sentWith = async (file: StoredFile) => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const message = aMessage(contact.id);
		await records().messages.insert(message);
		await files().attach(message.id, [attachmentOf(file)]);
		return { contactId: contact.id, messageId: message.id };
	};
	const left = async () => (await opened().rows())['files']?.map(({ id }) => id);

	test('a file is found by its name in the library, whatever the case; others are not', async () => {
		const file = await shelved('Préisliste.pdf', { name: 'Prices 2026.pdf' });
		await insert({ name: 'other.pdf' });
		expect(await files().byLibraryName('PRÉISLISTE.PDF')).toEqual(file);
		expect(await files().byLibraryName('Pre\u0301isliste.pdf')).toEqual(file);
		expect(await files().byLibraryName('Prices 2026.pdf')).toBeUndefined();
		expect(await files().byLibraryName('other.pdf')).toBeUndefined();
		expect(await files().byLibraryName('')).toBeUndefined();
	});

	test('the list is in the order of names, searched by a part of them', async () => {
		await insert();
		const [b, a, c] = [await shelved('b 100%.pdf'), await shelved('A.png'), await shelved('c 1000.pdf')];
		expect(await files().library({}, ALL)).toEqual([a, b, c]);
		expect(await files().library({ search: ' 100% ' }, ALL)).toEqual([b]);
		expect(await files().library({ search: '' }, { limit: 1, offset: 1 })).toEqual([b]);
	});

	test('is kept when it is old and nobody uses it', async () => {
		const file = await shelved('a.png');
		const other = await insert();
		expect(await files().deleteUnused(NOW, 10)).toBe(1);
		expect(await left()).toEqual([file.id]);
		expect(await files().get(other.id)).toBeUndefined();
		expect(await files().bytes(file.id)).toEqual(new Uint8Array([1, 2, 3]));
	});

	test('is kept when messages, retries and contacts that used it are gone', async () => {
		const file = await shelved('a.png');
		// One after the other: each time this was the last that used it.
		await files().detach((await sentWith(file)).messageId);
		await records().messages.delete((await sentWith(file)).messageId);
		await records().contacts.delete((await sentWith(file)).contactId);
		expect(await files().deleteUnused(NOW, 10)).toBe(0);
		expect(await files().byLibraryName('a.png')).toEqual(file);
		expect(await files().bytes(file.id)).toEqual(new Uint8Array([1, 2, 3]));
	});

	test('one that a contact sent is kept when the contact is deleted', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		await records().addresses.insert(anAddress(contact.id, { user: 'ann' }));
		const file = await shelved('a.png', { owner: 'webchat/page/ann' });
		await insert({ owner: 'webchat/page/ann' });
		await records().contacts.delete(contact.id);
		expect(await left()).toEqual([file.id]);
	});

	test('taken out its name is free, and it is gone with its bytes as if it had come then', async () => {
		const file = await shelved('a.png');
		expect(await files().unshelve(file.id, NOW)).toBe(true);
		expect(await files().unshelve(file.id, NOW)).toBe(false);
		expect(await files().library({}, ALL)).toEqual([]);
		expect(await files().deleteUnused(NOW, 10)).toBe(0);
		expect(await left()).toEqual([file.id]);
		expect(await files().deleteUnused(NOW + 1, 10)).toBe(1);
		expect((await opened().rows())['file_chunks']).toEqual([]);
		const again = await shelved('A.PNG');
		expect(await files().library({}, ALL)).toEqual([again]);
	});

	test('taken out while a message is being written, it is kept for that', async () => {
		const file = await shelved('a.png');
		expect(await files().unshelve(file.id, NOW)).toBe(true);
		const { messageId } = await sentWith(file);
		expect(await files().deleteUnused(NOW + 1, 10)).toBe(0);
		await records().messages.delete(messageId);
		expect(await left()).toEqual([]);
	});

	test('what is not in the library cannot be taken out', async () => {
		const file = await insert();
		expect(await files().unshelve(file.id, NOW)).toBe(false);
		expect(await files().unshelve('nothing', NOW)).toBe(false);
		expect(await files().get(file.id)).toEqual(file);
	});

	test('taken out while messages use it, it stays as long as they do', async () => {
		const file = await shelved('a.png');
		const [first, second] = [await sentWith(file), await sentWith(file)];
		expect(await files().unshelve(file.id, NOW)).toBe(true);
		expect(await files().byLibraryName('a.png')).toBeUndefined();
		expect(await files().library({}, ALL)).toEqual([]);
		expect(await files().deleteUnused(NOW, 10)).toBe(0);
		await records().messages.delete(first.messageId);
		expect(await left()).toEqual([file.id]);
		await records().contacts.delete(second.contactId);
		expect(await left()).toEqual([]);
	});

	test('a new file of the same name takes its place; what messages use of the old one stays', async () => {
		const [unused, used] = [await shelved('a.png'), await shelved('b.png')];
		await sentWith(used);
		const [a, b] = [await shelved('A.png'), await shelved('B.png')];
		expect(await files().library({}, ALL)).toEqual([a, b]);
		expect(await files().deleteUnused(NOW + 1, 10)).toBe(1);
		expect(await files().get(unused.id)).toBeUndefined();
		const { libraryName: _name, ...stored } = used;
		expect(await files().get(used.id)).toEqual(stored);
	});

	test('a file is given another name, also one of other case', async () => {
		const file = await shelved('a.png');
		await files().shelve(file.id, 'A.PNG', NOW);
		await files().shelve(file.id, 'A.PNG', NOW);
		expect(await files().library({}, ALL)).toEqual([{ ...file, libraryName: 'A.PNG' }]);
		await files().shelve(file.id, 'b.png', NOW);
		expect(await files().byLibraryName('a.png')).toBeUndefined();
		expect(await files().library({}, ALL)).toEqual([{ ...file, libraryName: 'b.png' }]);
	});
}
