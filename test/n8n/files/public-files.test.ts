import { channels } from '../../../src/channels';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { openDesk } from '../../../src/n8n/host';
import type { Desk } from '../../../src/core/desk';
import { storeFile } from '../../../src/n8n/files/stored-files';
import { fileBytes, publicUrl } from '../../../src/n8n/files/public-files';
import { chatServer, type ChatServer } from '../webchat/server';

/** The trigger's real addresses, as n8n serves them. */
let server: ChatServer;
let desk: Desk;
beforeEach(async () => {
	server = await chatServer();
	desk = await openDesk();
});
afterEach(() => server.close());

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const OGG = Buffer.concat([Buffer.from('OggS'), Buffer.from([0, 2]), Buffer.alloc(20), Buffer.from([1, 19]), Buffer.from('OpusHead'), Buffer.alloc(11)]);
const { line } = channels;
const base = (webhookId = 'page-1') => server.base('production', webhookId).replace(/\/webchat$/, '');

/** A trigger that was seen this long ago. */
async function active(id: string, baseUrl: string | null, seenMsAgo = 0, ended = false): Promise<void> {
	const now = desk.now();
	await desk.store.records.subscriptions.upsert({
		id, instanceId: 'i', workflowId: 'w', nodeId: id, baseUrl, endedAt: null, seenAt: now - seenMsAgo, createdAt: now,
		filter: { types: ['conversation.opened'], channels: [], sources: [], contactType: 'any', oncePerContact: false, groupMs: 0, orderMs: 0 },
	});
	if (ended) await desk.store.records.subscriptions.end(id, now);
}

const stored = (name: string, bytes: Uint8Array) => storeFile(desk, { name, bytes, owner: null });

async function refusal(work: Promise<unknown>): Promise<Failure> {
	const error: unknown = await work.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof ConversationsError)) throw new Error('It was not refused.', { cause: error });
	return error.failure;
}

test('a provider fetches a stored file at its address, which ends with its name', async () => {
	await active('t', base());
	const url = await publicUrl(desk, await stored('Preis Liste ü&=.png', PNG), line);
	// Providers that look at the end of the path, and those that look at the end of the address, see what it is.
	expect(url.startsWith(`${base()}/media.png?`)).toBe(true);
	expect(url).toMatch(/\.png$/);
	const response = await fetch(url);
	expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-type': 'image/png', 'content-length': String(PNG.length) });
	expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true);
});

test('a part of it too', async () => {
	await active('t', base());
	const url = await publicUrl(desk, await stored('a.png', PNG), line);
	const part = await fetch(url, { headers: { range: 'bytes=0-3' } });
	expect([part.status, part.headers.get('content-length'), Buffer.from(await part.arrayBuffer())]).toEqual([206, '4', PNG.subarray(0, 4)]);
});

test.each([
	['a voice note', 'v.ogg', OGG, 'audio/ogg; codecs=opus', 'inline'],
	['a document', 'p.pdf', Buffer.from('%PDF-1.7\n'), 'application/pdf', 'attachment'],
	['a page', 'p.html', Buffer.from('<script>alert(1)</script>'), 'application/octet-stream', 'attachment'],
])('%s is what its bytes show', async (_name, name, bytes, type, disposition) => {
	await active('t', base());
	const { headers } = await fetch(await publicUrl(desk, await stored(name, bytes), line));
	expect(headers.get('content-type')).toBe(type);
	expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; `));
	expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
});

test('a changed address gives nothing', async () => {
	await active('t', base());
	const url = await publicUrl(desk, await stored('a.png', PNG), line);
	const other = await stored('b.png', PNG);
	const id = new URL(url).searchParams.get('id') ?? '';
	for (const forged of [url.replace(id, other.fileId), url.replace(/signature=./, 'signature=~'), url.replace(/until=\d+/, 'until=99999999999999')]) {
		expect((await fetch(forged)).status).toBe(404);
	}
});

test('bytes that are not kept yet are kept first, once', async () => {
	await active('t', base());
	const made = { name: 'preview.png', mime: 'image/png', bytes: PNG };
	const [first, second] = [await publicUrl(desk, made, line), await publicUrl(desk, { ...made, bytes: Uint8Array.from(PNG) }, line)];
	expect(second).toBe(first);
	expect(Buffer.from(await (await fetch(first)).arrayBuffer()).equals(PNG)).toBe(true);
	expect(await publicUrl(desk, { ...made, name: 'other.png' }, line)).not.toBe(first);
	expect(await publicUrl(desk, { ...made, bytes: OGG }, line)).not.toBe(first);
});

test('the trigger that was seen last serves it', async () => {
	await active('older', base('older'), 60_000);
	await active('newer', base('newer'), 1_000);
	await active('ended', base('ended'), 0, true);
	await active('unknown', null, 0);
	expect(await publicUrl(desk, await stored('a.png', PNG), line)).toContain('/newer/');
});

test.each([
	['none at all', () => Promise.resolve()],
	['one that has ended', () => active('t', base(), 0, true)],
	['one whose address is not known', () => active('t', null)],
	['one that was not seen for long', () => active('t', base(), 11 * 60_000)],
])('no trigger to serve it: %s', async (_name, prepare) => {
	await prepare();
	const failure = await refusal(publicUrl(desk, await stored('a.png', PNG), line));
	expect(failure).toMatchObject({ code: 'configuration_invalid', channel: 'line', retryable: false });
	expect(failure.reason).toMatch(/LINE fetches files from this n8n.*Publish a workflow with a Conversation Opened Trigger/);
});

test('a file that is gone', async () => {
	await active('t', base());
	expect(await refusal(publicUrl(desk, { fileId: 'nothing' }, line))).toMatchObject({ code: 'content_unsupported', channel: 'line' });
	expect(await refusal(fileBytes(desk, 'nothing', line))).toMatchObject({ code: 'content_unsupported', channel: 'line' });
});

test('a document is told by its type to providers that look at it, also when they ask for the head only, and never shown in place', async () => {
	await active('t', base());
	const { fileId } = await storeFile(desk, { name: 'ann.vcf', bytes: Buffer.from('BEGIN:VCARD\r\nEND:VCARD\r\n'), declaredMime: 'text/vcard', owner: null });
	const url = await publicUrl(desk, { fileId }, line);
	for (const method of ['HEAD', 'GET']) {
		const response = await fetch(url, { method });
		expect(response.status).toBe(200);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			'content-type': 'text/vcard',
			'content-length': '24',
			'content-disposition': expect.stringMatching(/^attachment;/) as string,
			'x-content-type-options': 'nosniff',
			'content-security-policy': expect.stringContaining('sandbox') as string,
		});
		expect(await response.text()).toHaveLength(method === 'HEAD' ? 0 : 24);
	}
	expect((await fetch(url.replace('text%2Fvcard', 'text%2Fhtml'))).status).toBe(404);
});
