import type { IBinaryKeyData } from 'n8n-workflow';
import type { Desk } from '../../src/core/desk';
import { closeWorkspace, messagesTo, openWorkspace, opens, run } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const HTML = Buffer.from('<script>alert(1)</script>');

const BINARY: IBinaryKeyData = {
	picture: { data: PNG.toString('base64'), mimeType: 'application/x-whatever', fileName: 'dot.png' },
	page: { data: HTML.toString('base64'), mimeType: 'image/png', fileName: 'page.png' },
	note: { data: Buffer.from('see you').toString('base64'), mimeType: 'text/plain', fileName: 'note.txt' },
};

describe('A6, A11: media messages', () => {
	test('files of the item go out with their bytes, and their type is what they are', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const parameters = { messageType: 'media', text: 'Here 📎', attachments: 'picture, page,note' };
		const ran = await run('sendMessage', parameters, [{ ...item, binary: BINARY }]);
		const [sent] = await messagesTo(desk, contactId);
		expect(sent).toMatchObject({ type: 'media', text: 'Here 📎', status: 'sent' });
		expect(sent?.attachments).toMatchObject([
			{ name: 'dot.png', kind: 'image', mime: 'image/png', sizeBytes: PNG.length },
			{ name: 'page.png', kind: 'file', sizeBytes: HTML.length },
			{ name: 'note.txt', kind: 'file', mime: 'text/plain', sizeBytes: 7 },
		]);
		const bytes = await desk.store.records.files.bytes(sent?.attachments[0]?.fileId ?? '');
		expect(Buffer.from(bytes ?? []).equals(PNG)).toBe(true);
		expect(ran.out()).toMatchObject([{ message: { attachments: [{ id: sent?.attachments[0]?.fileId, name: 'dot.png' }, {}, {}] } }]);
		expect(ran.items()[0]?.binary).toEqual(BINARY);
	});

	test('a caption is optional', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		await run('sendMessage', { messageType: 'media', attachments: 'note' }, [{ ...item, binary: BINARY }]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ text: null, attachments: [{ name: 'note.txt' }] }]);
	});

	test('a response with files is sent instead of the default text', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const parameters = {
			text: 'Default',
			channelResponses: ['webchat'],
			webchatMessageType: 'media',
			webchatText: 'Look',
			webchatAttachments: 'picture',
		};
		await run('sendMessage', parameters, [{ ...item, binary: BINARY }]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ type: 'media', text: 'Look', attachments: [{ kind: 'image' }] }]);
	});

	test('only the files of the response that is sent are looked for', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		const parameters = {
			messageType: 'media',
			attachments: 'missing',
			channelResponses: ['webchat'],
			webchatText: 'No file needed',
		};
		const ran = await run('sendMessage', parameters, [item]);
		expect(ran.out(1)).toEqual([]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ text: 'No file needed' }]);
	});

	test.each([
		['a field without a file', { attachments: 'nothing' }, "'nothing'"],
		['no file at all', { attachments: '' }, "'Attachments'"],
		['too many files', { attachments: Array(11).fill('note').join(',') }, 'at most 10'],
		['an address inside the own network', { attachmentUrls: ['http://127.0.0.1:5678/rest/login'] }, "'Attachment URLs'"],
		['a name that leads inside', { attachmentUrls: ['http://localhost/'] }, "'Attachment URLs'"],
		['no address', { attachmentUrls: ['file:///etc/passwd'] }, "'Attachment URLs'"],
	])('%s: content_unsupported, and nothing is sent', async (_what, parameters, named) => {
		const { item, contactId } = await opens(desk, 'ann');
		const ran = await run('sendMessage', { messageType: 'media', ...parameters }, [{ ...item, binary: BINARY }]);
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', channel: 'webchat' } }]);
		expect(ran.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringContaining(named));
		expect((await messagesTo(desk, contactId)).filter(({ status }) => status === 'sent')).toEqual([]);
	});

	test('a file larger than the channel takes is refused', async () => {
		const { item } = await opens(desk, 'ann');
		const large = { data: Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64'), mimeType: 'video/mp4', fileName: 'film.mp4' };
		const parameters = { messageType: 'media', attachments: 'film' };
		const ran = await run('sendMessage', parameters, [{ ...item, binary: { film: large } }]);
		expect(ran.out(1)[0]?.['failure']).toMatchObject({ code: 'content_unsupported' });
		expect(ran.out(1)[0]?.['failure']).toHaveProperty('reason', expect.stringContaining("'film.mp4'"));
	});
});
