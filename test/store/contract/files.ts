import { randomBytes } from 'node:crypto';
import type { Attachment } from '../../../src/core/channel';
import type { StoredFile } from '../../../src/core/records';
import { eachWithStore, type StoreEngine } from './harness';
import { aContact, aFile, aMessage, NOW } from './rows';

const MIB = 1024 * 1024;

export function attachmentOf({ id, name, mime, sizeBytes }: StoredFile): Attachment {
	return { fileId: id, kind: 'image', name, mime, sizeBytes };
}

export function filesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const insert = async (sizeBytes: number, given: Partial<StoredFile> = {}) => {
		const file = aFile({ sizeBytes, ...given });
		const bytes = new Uint8Array(randomBytes(sizeBytes));
		await records().files.insert(file, bytes);
		return { file, bytes };
	};

	test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17])('a file of %i bytes comes back', async (sizeBytes) => {
		const { file, bytes } = await insert(sizeBytes, { name: 'ü.bin', owner: 'webchat/page/visitor' });
		expect(await records().files.get(file.id)).toEqual(file);
		const back = await records().files.bytes(file.id);
		expect(back?.byteLength).toBe(sizeBytes);
		expect(back && Buffer.compare(back, bytes)).toBe(0);
		expect((await opened().rows())['file_chunks']).toHaveLength(Math.ceil(sizeBytes / MIB));
	});

	test('no file, no bytes', async () => {
		expect(await records().files.get('nothing')).toBeUndefined();
		expect(await records().files.bytes('nothing')).toBeUndefined();
	});

	test('what no message uses is removed when it is old, in batches, with its bytes', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const message = aMessage(contact.id);
		await records().messages.insert(message);
		const used = await insert(10, { owner: 'o', createdAt: NOW - 5 });
		const old = await insert(MIB + 1, { owner: 'o', createdAt: NOW - 4 });
		const older = await insert(20, { owner: 'o', createdAt: NOW - 9 });
		const fresh = await insert(40, { owner: 'o', createdAt: NOW });
		await insert(80, { owner: 'somebody else', createdAt: NOW });
		await records().files.attach(message.id, [attachmentOf(used.file), attachmentOf(used.file)]);
		await records().files.attach(message.id, [attachmentOf(used.file)]);
		await records().files.attach(message.id, []);
		// Still to be fetched.
		await records().files.attach(message.id, [{ ...attachmentOf(used.file), fileId: null }]);

		expect(await records().files.unusedBytesOf('o')).toBe(MIB + 1 + 20 + 40);
		expect(await records().files.unusedBytesOf('nobody')).toBe(0);
		expect(await records().files.deleteUnused(NOW, 1)).toBe(1);
		expect(await records().files.get(older.file.id)).toBeUndefined();
		expect(await records().files.deleteUnused(NOW, 10)).toBe(1);
		expect(await records().files.bytes(old.file.id)).toBeUndefined();
		expect(await records().files.deleteUnused(NOW, 10)).toBe(0);
		expect(await records().files.get(used.file.id)).toEqual(used.file);
		expect(await records().files.get(fresh.file.id)).toEqual(fresh.file);
		expect((await opened().rows())['file_chunks']).toHaveLength(3);
	});

	test('a message cannot use a file that is not there', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const message = aMessage(contact.id);
		await records().messages.insert(message);
		await expect(records().files.attach(message.id, [attachmentOf(aFile())])).rejects.toMatchObject({
			kind: 'missing',
		});
	});

	test('files go with what used them, but for those that another message uses', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const [first, second] = [aMessage(contact.id), aMessage(contact.id)];
		for (const message of [first, second]) await records().messages.insert(message);
		const [own, shared, others] = [await insert(10), await insert(MIB + 1), await insert(30)];
		await records().files.attach(first.id, [attachmentOf(own.file), attachmentOf(shared.file)]);
		await records().files.attach(second.id, [attachmentOf(shared.file), attachmentOf(others.file)]);
		const left = async () => (await opened().rows())['files']?.map(({ id }) => id);

		await records().files.detach('nothing');
		await records().files.detach(first.id);
		expect(await left()).toEqual([shared.file.id, others.file.id]);
		expect(await records().messages.get(first.id)).toEqual(first);
		await records().files.attach(first.id, [attachmentOf(others.file)]);
		await records().messages.delete(second.id);
		expect(await left()).toEqual([others.file.id]);
		await records().messages.delete(first.id);
		expect(await left()).toEqual([]);
		expect((await opened().rows())['file_chunks']).toEqual([]);
	});

	test('a secret is made once, whoever asks at once', async () => {
		const other = await opened().reopen();
		const asked = await Promise.all(
			Array.from({ length: 8 }, (_, index) =>
				(index % 2 === 0 ? records() : other.records).keys.secret('session', () => new Uint8Array(randomBytes(32))),
			),
		);
		const [first] = asked;
		expect(first?.byteLength).toBe(32);
		for (const secret of asked) expect(secret).toEqual(first);
		const again = await opened().reopen();
		expect(
			await again.records.keys.secret('session', () => {
				throw new Error('made again');
			}),
		).toEqual(first);
		expect(await again.records.keys.secret('other', () => new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
	});
}
