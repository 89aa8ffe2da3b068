import type { Desk } from '../../src/core/desk';
import { storeFile } from '../../src/n8n/files/stored-files';
import { PNG } from './channel-contacts';
import { asks } from './waiting';
import { closeWorkspace, opens, openWorkspace, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

test('files of the reply come with the item, beside its own', async () => {
	const ann = await opens(desk, 'ann');
	const own = { data: { data: 'aGk=', mimeType: 'text/plain', fileName: 'hi.txt' } };
	const { posted } = await asks(desk, {}, { item: { ...ann.item, binary: own } });
	const { fileId, mime, kind, name, sizeBytes } = await storeFile(desk, { name: 'cat.png', bytes: PNG, declaredMime: 'image/png', owner: null });
	await writes(desk, 'ann', { kind: 'media', text: 'Look', attachments: [{ fileId, mime, kind, name, sizeBytes }] });
	const [[item] = []] = (await posted()).workflowData ?? [];
	expect(item?.json['message']).toMatchObject({ type: 'media', text: 'Look', attachments: [{ name: 'cat.png' }] });
	expect(item?.binary).toMatchObject({ data: own.data, reply: { fileName: 'cat.png', mimeType: 'image/png', data: PNG.toString('base64') } });
});

test('files that are still being fetched are waited for a little', async () => {
	const { contactId, posted, parked } = await asks(desk, {});
	const coming = { fileId: null, kind: 'image' as const, name: 'cat.png', mime: 'image/png', sizeBytes: 0 };
	const reply = await writes(desk, 'ann', { kind: 'media', text: null, attachments: [coming] });
	expect(await posted()).toEqual({ noWebhookResponse: true, status: 503 });
	const { fileId, ...here } = await storeFile(desk, { name: 'cat.png', bytes: PNG, declaredMime: 'image/png', owner: null });
	await desk.store.records.messages.update(reply.id, { attachments: [{ ...coming, ...here, fileId }] });
	const [[item] = []] = (await posted()).workflowData ?? [];
	expect(item?.binary).toMatchObject({ reply: { fileName: 'cat.png' } });
	expect(contactId).toBe(reply.contactId);
	expect(parked.status).toBe('waiting');
});

test('files that do not come hold up nothing for long', async () => {
	const { posted } = await asks(desk, {});
	await writes(desk, 'ann', { kind: 'media', text: null, attachments: [{ fileId: null, kind: 'image', name: 'cat.png', mime: 'image/png', sizeBytes: 0 }] });
	const { waits } = desk.store.records;
	const id = (await waits.find('17', 'id-Ask'))?.id;
	for (let posts = 0; posts < 6; posts += 1) {
		await waits.retryAt(id ?? '', 0);
		await waits.claimDue(desk.now(), 0, 10);
	}
	const [[item] = []] = (await posted()).workflowData ?? [];
	expect(item?.json['message']).toMatchObject({ attachments: [{ id: null, name: 'cat.png' }] });
	expect(item).not.toHaveProperty('binary');
});
