import { viber } from '../../../src/channels/viber';
import { MalformedPayload, type ChannelEvent, type WebhookRequest } from '../../../src/core/channel';
import { ACCOUNT, ANN, TOKEN, callback, callbacks, sign, signed } from '../../fakes/viber';
import { AT, about, ann, credential, from } from './subject';

const ID = '5100000000000000042';
const URL = 'https://dl-media.viber.com/5/media/2/short/any/sig/file';

const read = (body: string): ChannelEvent[] => viber.webhook.parse(signed(body), credential, ACCOUNT);
const isAuthentic = (request: WebhookRequest) => viber.webhook.isAuthentic(request, credential, ACCOUNT, '');
const contentOf = (message: Record<string, unknown>) => {
	const [event, ...others] = read(callbacks.message(ID, message));
	expect(others).toEqual([]);
	return event?.kind === 'message' ? event.content : event?.kind === 'ignored' ? event.why : event;
};
const file = { fileId: null, sizeBytes: 0, source: { url: URL } };

describe('the signature', () => {
	const body = '{"event":"webhook","timestamp":1700000000000,"message_token":5100000000000000009}';
	const vector = '8aec57a1d5ee2ba9ccc807249bceb4a2f860c99d32e01eea05fed2401192dbcd';

	test('the known one fits', () => {
		expect(sign(body)).toBe(vector);
		expect(isAuthentic({ ...signed(body), headers: { 'x-viber-content-signature': vector } })).toBe(true);
	});

	test("Viber's own SDK agrees", () => {
		type Validator = new (logger: { debug(): void }, token: string) => { validateMessage(signature: string, body: string): boolean };
		const Validator = jest.requireActual<Validator>('viber-bot/lib/message/message-validator.js');
		const validator = new Validator({ debug: () => undefined }, TOKEN);
		for (const each of [body, callbacks.message(ID, { type: 'text', text: 'Grüße 👋' })]) {
			expect(validator.validateMessage(signed(each).headers['x-viber-content-signature'] ?? '', each)).toBe(true);
			expect(isAuthentic(signed(each))).toBe(true);
		}
	});

	test('in the query it does not count: only the header is documented', () => {
		expect(isAuthentic({ ...signed(body), headers: {}, query: { sig: vector } })).toBe(false);
	});
});

describe('what people write', () => {
	test.each([
		['a text', { type: 'text', text: 'Hi', tracking_data: 'x' }, { kind: 'text', text: 'Hi' }],
		['a text that only looks like a press', { type: 'text', text: 'choice:' }, { kind: 'text', text: 'choice:' }],
		['a press', { type: 'text', text: 'choice:a:b c' }, { kind: 'choice', choice: { id: 'a:b c', label: null }, text: null }],
		['a link', { type: 'url', media: 'https://shop.example.test/a' }, { kind: 'text', text: 'https://shop.example.test/a' }],
		['a link with words', { type: 'url', media: 'https://shop.example.test/a', text: 'This one' }, { kind: 'text', text: 'This one\nhttps://shop.example.test/a' }],
		[
			'a picture without a name',
			{ type: 'picture', media: URL, text: '' },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'image', name: 'picture.jpg', mime: 'image/jpeg' }] },
		],
		[
			'a video',
			{ type: 'video', media: URL, duration: 20, size: 9_000_000, thumbnail: 'https://dl-media.viber.com/t' },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'video', name: 'video.mp4', mime: 'video/mp4', sizeBytes: 9_000_000 }] },
		],
		[
			'a file',
			{ type: 'file', media: URL, file_name: 'inv.pdf', size: 52_000 },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'file', name: 'inv.pdf', mime: 'application/octet-stream', sizeBytes: 52_000 }] },
		],
		[
			'a sticker',
			{ type: 'sticker', sticker_id: 40_133, media: URL },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'image', name: 'sticker.png', mime: 'image/png' }] },
		],
		[
			'a file without an address',
			{ type: 'file', file_name: 'inv.pdf', size: 52_000 },
			{
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null, kind: 'file', name: 'inv.pdf', mime: 'application/octet-stream', sizeBytes: 52_000,
						missing: 'Viber did not tell where the file is. Ask the contact to send it again.',
					},
				],
			},
		],
		[
			'a place',
			{ type: 'location', location: { lat: 50.76, lon: 24.21, address: '1 High Street' } },
			{ kind: 'location', text: null, latitude: 50.76, longitude: 24.21, name: null, address: '1 High Street' },
		],
		[
			'a contact',
			{ type: 'contact', contact: { name: 'Bob', phone_number: '+491700000001' } },
			{ kind: 'people', text: 'Bob +491700000001', people: [{ name: 'Bob', phones: ['+491700000001'], emails: [] }] },
		],
		['a contact without a name', { type: 'contact', contact: { phone_number: '+49170' } }, { kind: 'people', text: '+49170', people: [{ name: '', phones: ['+49170'], emails: [] }] }],
	])('%s', (_name, message, content) => {
		expect(contentOf(message)).toEqual(content);
	});

	test.each([
		['an unknown type', { type: 'poll', options: [] }, "a message of the type 'poll'"],
		['no type', {}, "a message of the type ''"],
		['an empty text', { type: 'text', text: '' }, 'a text message without a text'],
		['a link without an address', { type: 'url' }, 'a link without an address'],
		['a place without coordinates', { type: 'location', location: { lat: 'north' } }, 'a location without coordinates'],
		['an empty contact', { type: 'contact', contact: {} }, 'a shared contact without a name and a number'],
	])('%s is ignored with a reason', (_name, message, why) => {
		expect(contentOf(message)).toBe(why);
	});

	test('ids of 19 digits stay what they are', () => {
		const [one] = read(callbacks.message('5100000000000000001', { type: 'text', text: '1234567890123456789' }));
		const [two] = read(callbacks.message('5100000000000000002', { type: 'text', text: 'b' }));
		expect(one).toMatchObject({ externalId: '5100000000000000001', key: `message:5100000000000000001:${ANN}`, content: { text: '1234567890123456789' } });
		expect(two).toMatchObject({ externalId: '5100000000000000002' });
	});

	test.each([
		['shown', { id: ANN, name: ' Ann Lee ', language: 'pt_BR' }, { name: 'Ann Lee', profile: { language: 'pt-BR' } }],
		['hidden behind a placeholder', { id: ANN, name: 'Subscriber' }, {}],
		['empty', { id: ANN, name: '', language: '' }, {}],
	])('the name is %s', (_name, sender, shown) => {
		expect(read(callbacks.message(ID, { type: 'text', text: 'Hi' }, sender))).toEqual([
			{ ...about, ...shown, kind: 'message', key: `message:${ID}:${ANN}`, externalId: ID, from, content: { kind: 'text', text: 'Hi' } },
		]);
	});
});

describe('what happens besides', () => {
	test('the chat is opened, without a link', () => {
		expect(read(callbacks.started(ID, { subscribed: true, context: '' }))).toEqual([
			{ ...about, ...ann, kind: 'activity', key: `conversation_started:${ID}:${ANN}`, from, what: 'started' },
		]);
	});

	test('somebody subscribes: it is a follow and a consent', () => {
		expect(read(callbacks.subscribed(ID))).toEqual([
			{ ...about, ...ann, kind: 'activity', key: `subscribed:${ID}:${ANN}`, from, what: 'followed' },
			{ ...about, kind: 'consent', key: `subscribed-consent:${ID}:${ANN}`, from, allowed: true },
		]);
	});

	test('somebody unsubscribes', () => {
		expect(read(callbacks.unsubscribed(ID))).toEqual([{ ...about, kind: 'consent', key: `unsubscribed:${ID}:${ANN}`, from, allowed: false }]);
	});

	test('a message arrives', () => {
		expect(read(callbacks.delivered(ID))).toEqual([
			{ ...about, kind: 'receipt', key: `delivered:${ID}:${ANN}`, externalId: ID, state: 'delivered', to: from },
		]);
	});

	test('a message does not arrive', () => {
		expect(read(callbacks.failed(ID))).toEqual([
			{
				...about, kind: 'receipt', key: `failed:${ID}:${ANN}`, externalId: ID, state: 'failed', to: from,
				failure: expect.objectContaining({ code: 'not_delivered', retryable: false, providerCode: 'failed', providerMessage: 'failure description' }) as unknown,
			},
		]);
	});

	test.each([
		['an unknown event', callback('client_status', ID), "an event of the type 'client_status'"],
		['a message without a sender', callback('message', ID, { message: { type: 'text', text: 'Hi' } }), 'a message without a sender or a token'],
		['a start without a person', callback('conversation_started', ID), 'a started conversation without a person'],
		['a subscription without a person', callback('subscribed', ID), 'a subscription without a person'],
		['an unsubscription without a person', callback('unsubscribed', ID), 'an unsubscription without a person'],
		['a receipt without a token', '{"event":"delivered"}', 'a receipt without a token'],
	])('%s is ignored with a reason', (_name, body, why) => {
		expect(read(body)).toMatchObject([{ kind: 'ignored', why }]);
	});

	test('without a time of its own it happened when it came', () => {
		expect(read(`{"event":"delivered","message_token":${ID}}`)).toEqual([
			{ ...about, at: AT + 7373, kind: 'receipt', key: `delivered:${ID}:`, externalId: ID, state: 'delivered' },
		]);
	});

	test.each(['[]', '{}', 'n8n is starting up', '{"event":""}'])('%s is not of this channel', (body) => {
		expect(() => read(body)).toThrow(MalformedPayload);
	});
});
