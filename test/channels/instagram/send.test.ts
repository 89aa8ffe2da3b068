import { instagram } from '../../../src/channels/instagram';
import { provider } from '../../../src/channels/instagram/provider';
import type { Content, SendOptions } from '../../../src/core/channel';
import { contentRefusal } from '../../../src/core/content';
import { ConversationsError, failure } from '../../../src/core/failure';
import type { Attachment } from '../../../src/core/message-parts';
import { ACCOUNT_ID, fakeInstagram, IGSID, type FakeInstagram } from '../../fakes/instagram';
import { PUBLIC_FILES, sendPorts, type TestFile } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';

const HOUR_MS = 60 * 60 * 1000;
const FILES: Record<string, TestFile> = {
	photo: { name: 'photo.png', mime: 'image/png', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]) },
	clip: { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp') },
	song: { name: 'song.m4a', mime: 'audio/x-m4a', bytes: Buffer.from('ftypM4A') },
	menu: { name: 'menu.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
};

/** n8n, as far as it gives out files. */
let files: FakeServer;
let fake: FakeInstagram;
beforeEach(async () => {
	files = await fakeServer(({ query }) => {
		const file = FILES[query['id'] ?? ''];
		return file ? { headers: { 'content-type': file.mime }, bytes: file.bytes } : { status: 404 };
	});
	fake = await fakeInstagram({ filesOrigin: files.url });
});
afterEach(async () => {
	await fake.close();
	await files.close();
});

const send = (content: Content, options: Partial<SendOptions> = {}, user = IGSID, to = fake) =>
	instagram.send(content, { channel: 'instagram', account: ACCOUNT_ID, user }, sendPorts(provider, to.fields, { files: FILES }), {
		messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
		quote: null,
		reply: null,
		humanAgent: false,
		...options,
	});

const file = (fileId: string, kind: Attachment['kind']): Attachment => {
	const { name = '', mime = '', bytes } = FILES[fileId] ?? {};
	return { fileId, kind, name, mime, sizeBytes: bytes?.length ?? 0 };
};

async function refusalOf(work: Promise<unknown>): Promise<ConversationsError> {
	const error: unknown = await work.catch((thrown: unknown) => thrown);
	if (error instanceof ConversationsError) return error;
	throw new Error(`expected a ConversationsError, got ${String(error)}`);
}

test('a text with Instagram login, exactly', async () => {
	expect(await send({ kind: 'text', text: 'Grüße 👋' })).toEqual(['m_instagram_1']);
	expect(fake.server.requests).toMatchObject([
		{
			method: 'POST',
			path: `/v26.0/${ACCOUNT_ID}/messages`,
			query: {},
			headers: { authorization: `Bearer ${String(fake.fields['accessToken'])}`, 'content-type': 'application/json' },
		},
	]);
	expect(fake.sent[0]?.body).toEqual({ recipient: { id: IGSID }, message: { text: 'Grüße 👋' } });
});

test("with a Page's token it is sent in the Page's name", async () => {
	const byPage = await fakeInstagram({ loginType: 'facebook' });
	try {
		await send({ kind: 'text', text: 'Hello' }, {}, IGSID, byPage);
		expect(byPage.server.requests).toMatchObject([{ method: 'POST', path: '/v26.0/me/messages' }]);
		expect(byPage.sent[0]?.body).toEqual({ recipient: { id: IGSID }, message: { text: 'Hello' } });
		byPage.person(IGSID, { silentMs: 25 * HOUR_MS });
		expect((await refusalOf(send({ kind: 'text', text: 'late' }, {}, IGSID, byPage))).failure).toMatchObject({ code: 'window_closed', providerCode: '10/2018278' });
	} finally {
		await byPage.close();
	}
});

test('a quote, and what a person of ours writes after a day', async () => {
	fake.person(IGSID, { silentMs: 30 * HOUR_MS });
	await send({ kind: 'text', text: 'Sorry for the wait' }, { quote: 'aWdfIN1', humanAgent: true });
	expect(fake.sent[0]?.body).toEqual({
		recipient: { id: IGSID },
		messaging_type: 'MESSAGE_TAG',
		tag: 'HUMAN_AGENT',
		reply_to: { mid: 'aWdfIN1' },
		message: { text: 'Sorry for the wait' },
	});
});

test('choices are quick replies', async () => {
	await send({ kind: 'choices', text: 'Which one?', options: [{ id: 'r', label: 'Red' }, { id: 'g', label: 'Green' }] });
	expect(fake.sent[0]?.body['message']).toEqual({
		text: 'Which one?',
		quick_replies: [
			{ content_type: 'text', title: 'Red', payload: 'r' },
			{ content_type: 'text', title: 'Green', payload: 'g' },
		],
	});
});

test('files are fetched from n8n; the text goes before them, and the first part quotes', async () => {
	const attachments = [file('photo', 'image'), file('clip', 'video'), file('song', 'audio'), file('menu', 'file')];
	const ids = await send({ kind: 'media', text: 'All four', attachments }, { quote: 'aWdfIN1' });
	expect(ids).toEqual(['m_instagram_1', 'm_instagram_2', 'm_instagram_3', 'm_instagram_4', 'm_instagram_5']);
	const part = (type: string, id: string) => ({
		recipient: { id: IGSID },
		message: { attachment: { type, payload: { url: `${PUBLIC_FILES}?id=${id}&name=${FILES[id]?.name}` } } },
	});
	expect(fake.sent.map(({ body }) => body)).toEqual([
		{ recipient: { id: IGSID }, reply_to: { mid: 'aWdfIN1' }, message: { text: 'All four' } },
		part('image', 'photo'),
		part('video', 'clip'),
		part('audio', 'song'),
		part('file', 'menu'),
	]);
	expect(fake.sent[1]?.file).toMatchObject({ mime: 'image/png', bytes: FILES['photo']?.bytes });
});

test('where no workflow serves files, the text does not go without them', async () => {
	const nobody = { ...sendPorts(provider, fake.fields, { files: FILES }), publicUrl: () => Promise.reject(new ConversationsError(failure('configuration_invalid', 'Nobody serves it.'))) };
	const content: Content = { kind: 'media', text: 'Look', attachments: [file('photo', 'image')] };
	const options = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };
	const refusal = await refusalOf(instagram.send(content, { channel: 'instagram', account: ACCOUNT_ID, user: IGSID }, nobody, options));
	expect([refusal.failure.code, refusal.accepted]).toEqual(['configuration_invalid', []]);
	expect(fake.server.requests).toEqual([]);
});

test('when a file cannot be fetched, what went before it is known', async () => {
	files.next(/media$/, {}, { status: 404 });
	const error = await refusalOf(send({ kind: 'media', text: 'Three', attachments: [file('photo', 'image'), file('clip', 'video'), file('menu', 'file')] }));
	expect(error.failure).toMatchObject({ code: 'content_unsupported', providerCode: '100/2018008' });
	expect(error.accepted).toEqual(['m_instagram_1', 'm_instagram_2']);
	expect(fake.sent).toHaveLength(2);
});

test('a file that is gone is named', async () => {
	const error = await refusalOf(send({ kind: 'media', text: null, attachments: [{ ...file('photo', 'image'), fileId: null }] }));
	expect(error.failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('photo.png') });
	expect(error.accepted).toEqual([]);
});

test('the limit counts bytes', async () => {
	const text = (length: number): Content => ({ kind: 'text', text: '👋'.repeat(length) });
	expect(contentRefusal(text(250), instagram)).toBeNull();
	expect(contentRefusal(text(251), instagram)).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('bytes') });
	await send(text(250));
	expect((await refusalOf(send(text(251)))).failure.code).toBe('content_unsupported');
});

test('of files only PDF goes, and there are no voice notes', () => {
	expect(instagram.can.media.file?.mimes).toEqual(['application/pdf']);
	expect(instagram.can.media.voice).toBeUndefined();
	expect(instagram.can.media.audio?.mimes).not.toContain('audio/ogg');
});

describe('what Instagram refuses', () => {
	test('after a day, and after a week for people', async () => {
		fake.person(IGSID, { silentMs: 25 * HOUR_MS });
		expect((await refusalOf(send({ kind: 'text', text: 'late' }))).failure).toMatchObject({ code: 'window_closed', providerCode: '10/2534022', retryable: false });
		fake.person(IGSID, { silentMs: 8 * 24 * HOUR_MS });
		expect((await refusalOf(send({ kind: 'text', text: 'later' }, { humanAgent: true }))).failure.code).toBe('window_closed');
	});

	test('nobody, and somebody who blocks us', async () => {
		expect((await refusalOf(send({ kind: 'text', text: 'hi' }, {}, '1'))).failure).toMatchObject({ code: 'recipient_unreachable', providerCode: '100/2534014' });
		fake.person(IGSID, { blocked: true });
		expect((await refusalOf(send({ kind: 'text', text: 'hi' }))).failure).toMatchObject({ code: 'recipient_unreachable', providerCode: '551/1545041' });
	});

	test.each<Content>([
		{ kind: 'location', text: null, latitude: 1, longitude: 2, name: null, address: null },
		{ kind: 'template', text: null, name: 'order_update', language: 'en', parameters: [] },
	])('$kind cannot be sent', async (content) => {
		expect((await refusalOf(send(content))).failure.code).toBe('content_unsupported');
		expect(fake.server.requests).toEqual([]);
	});
});
