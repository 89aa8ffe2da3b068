import { messenger } from '../../../src/channels/messenger';
import { provider } from '../../../src/channels/messenger/provider';
import type { Content, SendOptions } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import type { Attachment, TemplateParameter } from '../../../src/core/message-parts';
import { fakeMessenger, PAGE_ID, PSID, type FakeMessenger } from '../../fakes/messenger';
import { sendPorts, type TestFile } from '../../fakes/ports';

const MESSAGE_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const HOUR_MS = 60 * 60 * 1000;
const FILES: Record<string, TestFile> = {
	photo: { name: 'photo.png', mime: 'image/png', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]) },
	voice: { name: 'voice.ogg', mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS') },
	clip: { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp') },
	empty: { name: 'empty.txt', mime: 'text/plain', bytes: Buffer.alloc(0) },
};

let fake: FakeMessenger;
beforeEach(async () => {
	fake = await fakeMessenger();
});
afterEach(() => fake.close());

const send = (content: Content, options: Partial<SendOptions> = {}, user = PSID) =>
	messenger.send(content, { channel: 'messenger', account: PAGE_ID, user }, sendPorts(provider, fake.fields, { files: FILES }), {
		messageId: MESSAGE_ID,
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

test('a text, exactly', async () => {
	expect(await send({ kind: 'text', text: 'Grüße 👋' })).toEqual(['m_page_1']);
	expect(fake.server.requests).toMatchObject([
		{
			method: 'POST',
			path: `/v26.0/${PAGE_ID}/messages`,
			query: {},
			headers: { authorization: `Bearer ${String(fake.fields['pageAccessToken'])}`, 'content-type': 'application/json' },
			json: { recipient: { id: PSID }, messaging_type: 'RESPONSE', message: { text: 'Grüße 👋', metadata: MESSAGE_ID } },
		},
	]);
});

test('a quote, and what a person of ours writes after a day', async () => {
	fake.person(PSID, { silentMs: 30 * HOUR_MS });
	await send({ kind: 'text', text: 'Sorry for the wait' }, { quote: 'm_IN1', humanAgent: true });
	expect(fake.sent[0]?.body).toEqual({
		recipient: { id: PSID },
		messaging_type: 'MESSAGE_TAG',
		tag: 'HUMAN_AGENT',
		reply_to: { mid: 'm_IN1' },
		message: { text: 'Sorry for the wait', metadata: MESSAGE_ID },
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
		metadata: MESSAGE_ID,
	});
});

test('as many choices as the limits say, and as long', async () => {
	const options = Array.from({ length: messenger.can.choices?.max ?? 0 }, (_, index) => ({ id: `${index}`.padEnd(1000, 'x'), label: `${index}`.padEnd(20, '👋').slice(0, 20) }));
	await send({ kind: 'choices', text: 'Which one?', options });
	expect((await refusalOf(send({ kind: 'choices', text: 'Which one?', options: [...options, { id: 'more', label: 'More' }] }))).failure.code).toBe('content_unsupported');
});

test('files are uploaded with the message; the text goes before them, and the first part quotes', async () => {
	const ids = await send({ kind: 'media', text: 'Both', attachments: [file('photo', 'image'), file('clip', 'video')] }, { quote: 'm_IN1' });
	expect(ids).toEqual(['m_page_1', 'm_page_2', 'm_page_3']);
	const around = { recipient: { id: PSID }, messaging_type: 'RESPONSE' };
	expect(fake.sent).toEqual([
		{ mid: 'm_page_1', to: PSID, body: { ...around, reply_to: { mid: 'm_IN1' }, message: { text: 'Both', metadata: MESSAGE_ID } } },
		{
			mid: 'm_page_2',
			to: PSID,
			body: { ...around, message: { attachment: { type: 'image', payload: {} }, metadata: MESSAGE_ID } },
			file: { name: 'photo.png', mime: 'image/png', bytes: FILES['photo']?.bytes },
		},
		{
			mid: 'm_page_3',
			to: PSID,
			body: { ...around, message: { attachment: { type: 'video', payload: {} }, metadata: MESSAGE_ID } },
			file: { name: 'clip.mp4', mime: 'video/mp4', bytes: FILES['clip']?.bytes },
		},
	]);
	expect(fake.server.requests[1]?.headers['content-type']).toMatch(/^multipart\/form-data/);
});

test('a file alone quotes and carries the tag; a recording that cannot be played goes as a file', async () => {
	await send({ kind: 'media', text: null, attachments: [file('voice', 'file')] }, { quote: 'm_IN1', humanAgent: true });
	expect(fake.sent).toEqual([
		{
			mid: 'm_page_1',
			to: PSID,
			body: {
				recipient: { id: PSID },
				messaging_type: 'MESSAGE_TAG',
				tag: 'HUMAN_AGENT',
				reply_to: { mid: 'm_IN1' },
				message: { attachment: { type: 'file', payload: {} }, metadata: MESSAGE_ID },
			},
			file: { name: 'voice.ogg', mime: 'audio/ogg', bytes: FILES['voice']?.bytes },
		},
	]);
	expect(messenger.can.media.voice).toBeUndefined();
	expect(messenger.can.media.audio?.mimes).not.toContain('audio/ogg');
});

test('when a file is refused, what went before it is known', async () => {
	const error = await refusalOf(send({ kind: 'media', text: 'Three', attachments: [file('photo', 'image'), file('empty', 'file'), file('clip', 'video')] }));
	expect(error.failure).toMatchObject({ code: 'content_unsupported', providerCode: '100/2018074' });
	expect(error.accepted).toEqual(['m_page_1', 'm_page_2']);
	expect(fake.sent).toHaveLength(2);
});

test('a file that is gone is named, and what went before it is known', async () => {
	const error = await refusalOf(send({ kind: 'media', text: 'Here', attachments: [{ ...file('photo', 'image'), fileId: null }] }));
	expect(error.failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('photo.png') });
	expect(error.accepted).toEqual(['m_page_1']);
});

describe('templates', () => {
	beforeEach(() => {
		fake.templates.push(
			{ name: 'order_update', language: 'en', status: 'APPROVED', category: 'UTILITY', components: [{ type: 'BODY', text: 'Order {{order_id}} is on its way, {{name}}!' }] },
			{ name: 'numbered', language: 'en', status: 'APPROVED', category: 'UTILITY', components: [{ type: 'BODY', text: '{{1}} and {{2}}' }] },
			{ name: 'plain', language: 'de', status: 'APPROVED', category: 'UTILITY', components: [{ type: 'BODY', text: 'Ihre Bestellung ist da.' }] },
		);
	});
	const template = (name: string, language: string, parameters: TemplateParameter[]): Content => ({ kind: 'template', text: null, name, language, parameters });

	test('named fields and the end of an address; sent long after the window', async () => {
		fake.person(PSID, { silentMs: 1000 * HOUR_MS });
		await send(
			template('order_update', 'en', [
				{ id: 'body.order_id', text: '566701' },
				{ id: 'button.0.url', text: '1234' },
				{ id: 'body.name', text: 'Ann' },
			]),
		);
		expect(fake.sent[0]?.body).toEqual({
			recipient: { id: PSID },
			messaging_type: 'UTILITY',
			message: {
				template: {
					name: 'order_update',
					language: { code: 'en' },
					components: [
						{ type: 'body', parameters: [{ type: 'text', parameter_name: 'order_id', text: '566701' }, { type: 'text', parameter_name: 'name', text: 'Ann' }] },
						{ type: 'buttons', parameters: [{ type: 'URL', url: '1234' }] },
					],
				},
			},
		});
	});

	test('numbered fields go in their order; none at all need no components', async () => {
		await send(template('numbered', 'en', [{ id: 'body.2', text: 'second' }, { id: 'body.1', text: 'first' }]));
		await send(template('plain', 'de', []));
		expect(fake.sent.map(({ body }) => body['message'])).toEqual([
			{ template: { name: 'numbered', language: { code: 'en' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'first' }, { type: 'text', text: 'second' }] }] } },
			{ template: { name: 'plain', language: { code: 'de' } } },
		]);
	});

	test('fields that no template has, and files, are refused without a call', async () => {
		expect((await refusalOf(send(template('plain', 'de', [{ id: 'header.image', text: 'x' }])))).failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('header.image') });
		expect((await refusalOf(send(template('plain', 'de', [{ id: 'body.1', attachment: file('photo', 'image') }])))).failure.code).toBe('content_unsupported');
		expect(fake.server.requests).toEqual([]);
	});

	test('one that is not there in that language is refused by Meta', async () => {
		expect((await refusalOf(send(template('plain', 'en', [])))).failure).toMatchObject({
			code: 'configuration_invalid', providerCode: '100', reason: expect.stringContaining('template') as unknown,
		});
	});
});

describe('what the platform refuses', () => {
	test('after a day, and after a week for people', async () => {
		fake.person(PSID, { silentMs: 25 * HOUR_MS });
		expect((await refusalOf(send({ kind: 'text', text: 'late' }))).failure).toMatchObject({ code: 'window_closed', providerCode: '10/2018278', retryable: false });
		fake.person(PSID, { silentMs: 8 * 24 * HOUR_MS });
		expect((await refusalOf(send({ kind: 'text', text: 'later' }, { humanAgent: true }))).failure.code).toBe('window_closed');
	});

	test('nobody, somebody who blocks us, and too long a text', async () => {
		expect((await refusalOf(send({ kind: 'text', text: 'hi' }, {}, '1'))).failure).toMatchObject({ code: 'recipient_unreachable', providerCode: '100/2018001' });
		fake.person(PSID, { blocked: true });
		expect((await refusalOf(send({ kind: 'text', text: 'hi' }))).failure).toMatchObject({ code: 'recipient_unreachable', providerCode: '551/1545041' });
		fake.person(PSID);
		expect((await refusalOf(send({ kind: 'text', text: '👋'.repeat(2001) }))).failure.code).toBe('content_unsupported');
		await send({ kind: 'text', text: '👋'.repeat(2000) });
	});

	test('a location cannot be sent', async () => {
		const location: Content = { kind: 'location', text: null, latitude: 1, longitude: 2, name: null, address: null };
		expect((await refusalOf(send(location))).failure.code).toBe('content_unsupported');
		expect(fake.server.requests).toEqual([]);
	});
});
