import { chatServer, type ChatServer } from './server';
import { refusal, Visitor } from './visitor';

let server: ChatServer;
let visitor: Visitor;
beforeEach(async () => {
	server = await chatServer();
	visitor = await Visitor.enter(server.base());
});
afterEach(() => server.close());

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const MB = 1024 * 1024;

/** The address as the page resolves it. */
const fetchFile = (url: string, headers: Record<string, string> = {}) => fetch(new URL(url, server.base()), { headers });

test('a file goes up, belongs to a message, and comes back as it was', async () => {
	const bytes = Buffer.from(Array.from({ length: 3 * MB }, (_, index) => index % 251));
	const attachment = await visitor.attaches(bytes, 'Rechnung März.bin');
	expect(attachment).toMatchObject({ name: 'Rechnung März.bin', kind: 'file', sizeBytes: bytes.length });
	await visitor.says('Here it is', { attachments: [attachment.fileId] });
	const [message] = await visitor.sees();
	expect(message?.attachments).toMatchObject([{ fileId: attachment.fileId, name: 'Rechnung März.bin' }]);
	const response = await fetchFile(message?.attachments[0]?.url ?? '');
	expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
});

test('an image is shown in place, as nothing but data', async () => {
	const { url, kind, mime } = await visitor.attaches(PNG, 'dot.png');
	expect({ kind, mime }).toEqual({ kind: 'image', mime: 'image/png' });
	const { headers } = await fetchFile(url);
	expect(Object.fromEntries(headers)).toMatchObject({
		'content-type': 'image/png',
		'content-security-policy': "default-src 'none'; sandbox",
		'x-content-type-options': 'nosniff',
		'content-disposition': "inline; filename*=UTF-8''dot.png",
	});
});

test.each([
	['HTML', 'page.html', '<html><script>alert(1)</script></html>'],
	['SVG', 'picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
	['HTML that says it is an image', 'picture.png', '<html><script>alert(1)</script></html>'],
	['a PDF', 'paper.pdf', '%PDF-1.7\n'],
])('%s is only ever a download', async (_name, name, text) => {
	const { url, kind } = await visitor.attaches(Buffer.from(text), name);
	expect(kind).toBe('file');
	const { headers } = await fetchFile(url);
	expect(headers.get('content-type')).toBe('application/octet-stream');
	expect(headers.get('content-disposition')).toMatch(/^attachment; /);
	expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
});

test('a part of a file can be asked for, as players do', async () => {
	const { url } = await visitor.attaches(Buffer.from('0123456789'), 'digits.bin');
	const part = await fetchFile(url, { range: 'bytes=2-4' });
	expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
	const end = await fetchFile(url, { range: 'bytes=-3' });
	expect(await end.text()).toBe('789');
	expect((await fetchFile(url, { range: 'bytes=10-' })).status).toBe(416);
});

test('promise 7: an address that is not signed, is changed or is of another file gives nothing', async () => {
	const { url, fileId } = await visitor.attaches(PNG, 'dot.png');
	const other = await visitor.attaches(PNG, 'other.png');
	for (const forged of [
		`media?id=${fileId}`,
		url.replace(fileId, other.fileId),
		url.replace(/until=\d+/, 'until=99999999999999'),
		`${url}x`,
		'media?id=../../etc/passwd&until=99999999999999&signature=x',
	]) {
		expect((await fetchFile(forged)).status).toBe(404);
	}
});

test('10 MB are taken, one byte more is refused before it is read', async () => {
	expect((await visitor.uploads(Buffer.alloc(10 * MB), 'max.bin')).status).toBe(200);
	const refused = await refusal(await visitor.uploads(Buffer.alloc(10 * MB + 1), 'more.bin'));
	expect(refused).toEqual({ status: 413, code: 'too_large', message: 'The file is too large: at most 10 MB.' });
});

test.each([
	['no token', { authorization: '' }, 401],
	['another type', { 'content-type': 'text/html' }, 415],
])('%s is refused', async (_name, headers, status) => {
	expect((await visitor.uploads(PNG, 'dot.png', headers)).status).toBe(status);
});

test('a file without a size is refused', async () => {
	const body = new ReadableStream({
		start(controller) {
			controller.enqueue(PNG);
			controller.close();
		},
	});
	const response = await fetch(`${visitor.base}/files`, {
		method: 'POST',
		headers: { authorization: `Bearer ${visitor.token}`, 'content-type': 'application/octet-stream' },
		body,
		duplex: 'half',
	} as RequestInit);
	expect(response.status).toBe(411);
});

test('an empty file and a name that is a path are dealt with', async () => {
	expect((await visitor.uploads(Buffer.alloc(0), 'empty.bin')).status).toBe(400);
	const { name } = await visitor.attaches(PNG, '../../\u202egnp.exe\n');
	expect(name).toBe('gnp.exe');
});

test('files that are never sent are limited', async () => {
	const statuses: number[] = [];
	for (let count = 0; count < 6; count += 1) statuses.push((await visitor.uploads(Buffer.alloc(10 * MB), 'big.bin')).status);
	expect(statuses).toEqual([200, 200, 200, 200, 200, 413]);
});
