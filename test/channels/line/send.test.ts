import { line } from '../../../src/channels/line';
import type { Content, SendOptions } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import type { SendPorts } from '../../../src/core/provider';
import { ANN, AT, BOT, event, fakeLine, TOKEN, type FakeLine } from '../../fakes/line';
import { PUBLIC_FILES, sendPorts } from '../../fakes/ports';
import { attachment, files } from './subject';

const KEY = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const text: Content = { kind: 'text', text: 'Hello 👋' };

let fake: FakeLine;
beforeEach(async () => {
	fake = await fakeLine({ now: () => AT + 1000 });
	fake.replyTokens.set('rt-1', { to: ANN, at: AT });
});
afterEach(() => fake.server.close());

function send(content: Content, options: Partial<SendOptions> = {}, ports: Partial<SendPorts> = {}) {
	if (!line.provider) throw new Error('LINE has a provider');
	const real = sendPorts(line.provider, fake.fields, { now: fake.now(), files });
	return line.send(
		content,
		{ channel: 'line', account: BOT, user: ANN },
		{ ...real, ...ports, credential: real.credential },
		{ messageId: KEY, quote: null, reply: null, humanAgent: false, ...options },
	);
}

const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.catch((thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error;
};
const fileUrl = (id: string, name: string) => `${PUBLIC_FILES}?id=${id}&name=${encodeURIComponent(name)}`;
const bodies = () => fake.server.requests.map(({ json }) => json);
const paths = () => fake.server.requests.map(({ path }) => path);

describe('a push', () => {
	test('is one call with the token and the key of the message', async () => {
		expect(await send(text)).toEqual(['500000000000000101']);
		expect(fake.server.requests).toHaveLength(1);
		expect(fake.server.requests[0]).toMatchObject({
			method: 'POST',
			path: '/v2/bot/message/push',
			headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'x-line-retry-key': KEY },
			json: { to: ANN, messages: [{ type: 'text', text: 'Hello 👋' }] },
		});
	});

	test('made again with the same key is accepted once, and gives the same ids', async () => {
		const first = await send(text);
		expect(await send(text)).toEqual(first);
		expect(fake.sent).toHaveLength(1);
	});

	test('accepted before, but LINE names the call only or nothing at all: still sent', async () => {
		fake.server.next(/push/, { status: 409, headers: { 'x-line-accepted-request-id': 'first-call' }, json: { message: 'The retry key is already accepted' } });
		const pair: Content = { kind: 'media', text: 'Look', attachments: [attachment('photo', 'image')] };
		expect(await send(pair)).toEqual(['request:first-call:0', 'request:first-call:1']);
		fake.server.next(/push/, { status: 409, json: { message: 'The retry key is already accepted' } });
		expect(await send(text)).toEqual([`request:${KEY}:0`]);
	});

	test('without an answer may be made again: the key keeps it from being doubled', async () => {
		fake.server.next(/push/, 'hang up');
		expect((await failureOf(send(text))).failure).toMatchObject({ code: 'outcome_unknown', retryable: true });
		expect(await send(text)).toHaveLength(1);
		expect(fake.sent).toHaveLength(1);
	});

	test.each([{ status: 200, text: 'n8n is starting up' }, { status: 200, json: { sentMessages: [] } }])('%j is not an answer of LINE', async (answer) => {
		fake.server.next(/push/, answer);
		expect((await failureOf(send(text))).failure).toMatchObject({ code: 'outcome_unknown', retryable: true });
	});

	test('to somebody who has blocked the account looks sent: LINE does not tell', async () => {
		fake.people.set(ANN, { displayName: 'Ann', blocked: true });
		expect(await send(text)).toHaveLength(1);
		expect(fake.sent).toMatchObject([{ delivered: false }]);
	});
});

describe('a reply', () => {
	const reply = { token: 'rt-1', until: AT + 50_000 };

	test('is used while its token lasts, without a key', async () => {
		expect(await send(text, { reply })).toEqual(['500000000000000101']);
		expect(paths()).toEqual(['/v2/bot/message/reply']);
		expect(bodies()).toEqual([{ replyToken: 'rt-1', messages: [{ type: 'text', text: 'Hello 👋' }] }]);
		expect(fake.server.requests[0]?.headers).not.toHaveProperty('x-line-retry-key');
		expect(fake.quota.used).toBe(120);
	});

	test('with a token that was used goes as a push at once', async () => {
		await send(text, { reply });
		expect(await send(text, { reply })).toEqual(['500000000000000102']);
		expect(paths()).toEqual(['/v2/bot/message/reply', '/v2/bot/message/reply', '/v2/bot/message/push']);
		expect(fake.sent.map(({ via }) => via)).toEqual(['reply', 'push']);
	});

	test('that came too late is not tried', async () => {
		await send(text, { reply: { token: 'rt-1', until: fake.now() } });
		expect(paths()).toEqual(['/v2/bot/message/push']);
	});

	test('the event that brings a token and the answer fit together', async () => {
		fake.webhook.endpoint = 'https://n8n.example.test/webhook/1/conversations/line';
		await fake.deliver([event('follow', { replyToken: 'rt-follow' })]);
		expect(await send(text, { reply: { token: 'rt-follow', until: AT + 50_000 } })).toHaveLength(1);
		expect(fake.sent).toMatchObject([{ via: 'reply', to: ANN }]);
	});

	test.each(['hang up', { status: 500, json: { message: 'Internal error' } }, { status: 200, text: 'welcome' }] as const)('%j: not known, and not made again', async (behaviour) => {
		fake.server.next(/reply/, behaviour);
		expect((await failureOf(send(text, { reply }))).failure).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'line' });
		expect(paths()).toEqual(['/v2/bot/message/reply']);
	});

	test('refused for what it says is not pushed', async () => {
		fake.server.next(/reply/, { status: 400, json: { message: 'The request body has 1 error(s)', details: [{ message: 'May not be empty', property: 'messages[0].text' }] } });
		expect((await failureOf(send(text, { reply }))).failure).toMatchObject({ code: 'content_unsupported' });
		expect(paths()).toEqual(['/v2/bot/message/reply']);
	});
});

describe('contents', () => {
	const sentMessages = () => fake.sent[0]?.messages;

	test('choices are quick replies that say their label', async () => {
		await send({ kind: 'choices', text: 'Pick one', options: [{ id: 'opt-1', label: 'Opening hours' }, { id: 'opt-2', label: 'Prices' }] });
		const item = (data: string, label: string) => ({ type: 'action', action: { type: 'postback', label, data, displayText: label } });
		expect(sentMessages()).toEqual([{ type: 'text', text: 'Pick one', quickReply: { items: [item('opt-1', 'Opening hours'), item('opt-2', 'Prices')] } }]);
	});

	test('13 choices with the longest labels and ids are taken', async () => {
		const options = Array.from({ length: 13 }, (_, index) => ({ id: `${index}`.padEnd(300, 'x'), label: `${index}`.padEnd(20, 'x') }));
		expect(await send({ kind: 'choices', text: 'Pick one', options })).toHaveLength(1);
	});

	test('a location has both lines, whatever is known', async () => {
		const place = { kind: 'location', text: null, latitude: 35.67966, longitude: 139.73669 } as const;
		await send({ ...place, name: 'Shop', address: '1-3 Kioicho' });
		await send({ ...place, name: null, address: '1-3 Kioicho' }, { messageId: KEY.replace('019', '119') });
		await send({ ...place, name: 'Shop', address: ' ' }, { messageId: KEY.replace('019', '219') });
		await send({ ...place, name: `${'a'.repeat(98)}👋 and more`, address: null }, { messageId: KEY.replace('019', '319') });
		const at = { type: 'location', latitude: 35.67966, longitude: 139.73669 };
		expect(fake.sent.map(({ messages }) => messages)).toEqual([
			[{ ...at, title: 'Shop', address: '1-3 Kioicho' }],
			[{ ...at, title: '1-3 Kioicho', address: '1-3 Kioicho' }],
			[{ ...at, title: 'Shop', address: '35.67966, 139.73669' }],
			[{ ...at, title: `${'a'.repeat(98)}…`, address: '35.67966, 139.73669' }],
		]);
	});

	test('text and four files are one call', async () => {
		const ids = await send({
			kind: 'media',
			text: 'See these',
			attachments: [attachment('photo', 'image'), attachment('clip', 'video'), attachment('note', 'audio', { voice: true }), attachment('offer', 'file')],
		});
		const photo = fileUrl('photo', 'photo.jpg');
		expect(ids).toHaveLength(5);
		expect(fake.server.requests).toHaveLength(1);
		expect(sentMessages()).toEqual([
			{ type: 'text', text: 'See these' },
			{ type: 'image', originalContentUrl: photo, previewImageUrl: photo },
			{ type: 'video', originalContentUrl: fileUrl('clip', 'clip.mp4'), previewImageUrl: fileUrl('made', 'preview.png') },
			{ type: 'audio', originalContentUrl: fileUrl('note', 'note.m4a'), duration: 4322 },
			{
				type: 'flex',
				altText: 'Offer & terms.pdf',
				contents: {
					type: 'bubble',
					body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'Offer & terms.pdf', weight: 'bold', wrap: true }] },
					footer: {
						type: 'box', layout: 'vertical',
						contents: [{ type: 'button', style: 'link', action: { type: 'uri', label: 'Open', uri: fileUrl('offer', 'Offer & terms.pdf') } }],
					},
				},
			},
		]);
	});

	test('audio that does not say how long it plays goes as a file', async () => {
		await send({ kind: 'media', text: ' ', attachments: [attachment('song', 'audio')] });
		expect(sentMessages()).toMatchObject([{ type: 'flex', altText: 'song.mp3' }]);
	});

	test("a video's picture is a small PNG", async () => {
		let made: Uint8Array = new Uint8Array();
		await send({ kind: 'media', text: null, attachments: [attachment('clip', 'video')] }, {}, {
			publicUrl: async (file) => {
				if ('bytes' in file) made = file.bytes;
				return 'https://n8n.example.test/file';
			},
		});
		const png = Buffer.from(made);
		expect(png.subarray(1, 4).toString()).toBe('PNG');
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([320, 180]);
	});

	test('a file without a name has one', async () => {
		await send({ kind: 'media', text: null, attachments: [{ ...attachment('offer', 'file'), name: '' }] });
		expect(sentMessages()).toMatchObject([{ altText: 'File' }]);
	});

	test('a refused part refuses the whole message: nothing is accepted', async () => {
		const tooLong = `https://n8n.example.test/${'a'.repeat(1000)}`;
		const error = await failureOf(
			send({ kind: 'media', text: 'Look', attachments: [attachment('photo', 'image'), attachment('offer', 'file')] }, {}, { publicUrl: async () => tooLong }),
		);
		expect(error.failure).toMatchObject({ code: 'configuration_invalid', providerMessage: expect.stringContaining('action.uri') as unknown });
		expect(error.accepted).toEqual([]);
		expect(fake.sent).toEqual([]);
	});

	test('an address that is not https is refused here: LINE gets nothing', async () => {
		const error = await failureOf(send({ kind: 'media', text: null, attachments: [attachment('photo', 'image')] }, {}, { publicUrl: async () => 'http://localhost:5678/file' }));
		expect(error.failure).toMatchObject({ code: 'configuration_invalid', channel: 'line', retryable: false });
		expect(fake.server.requests).toEqual([]);
	});

	test('what cannot be sent is said before any call', async () => {
		const lost: Content = { kind: 'media', text: null, attachments: [{ ...attachment('photo', 'image'), fileId: null }] };
		const template: Content = { kind: 'template', text: null, name: 'hello', language: 'en', parameters: [] };
		for (const content of [lost, template]) expect((await failureOf(send(content))).failure).toMatchObject({ code: 'content_unsupported', channel: 'line' });
		expect(fake.server.requests).toEqual([]);
	});
});
