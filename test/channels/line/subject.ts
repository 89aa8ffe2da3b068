import type { LineCredential } from '../../../src/channels/line/credential';
import type { WebhookRequest } from '../../../src/core/channel';
import type { Subject } from '../../contracts/channel';
import { ANN, AT, BOT, event, fakeLine, messageEvent, SECRET, TOKEN, update } from '../../fakes/line';

export const credential: LineCredential = {
	channelAccessToken: TOKEN,
	channelSecret: SECRET,
	baseUrl: 'https://api.line.me',
	dataBaseUrl: 'https://api-data.line.me',
};
export const from = { channel: 'line', account: BOT, user: ANN } as const;
const about = { channel: 'line', account: BOT, at: AT } as const;
/** As long as LINE's token is good from when it came, less a margin. */
const until = AT + 500 + 50_000;

const text = messageEvent({ id: '500000000000000001', type: 'text', text: 'Hi 👋', quotedMessageId: '500000000000000000' });
const image = messageEvent({ id: '500000000000000002', type: 'image', contentProvider: { type: 'line' }, imageSet: { id: 'IS0001', index: 1, total: 2 } });
const press = event('postback', { replyToken: 'rt-press', postback: { data: 'buy=17' } });
const follow = event('follow', { replyToken: 'rt-follow', follow: { isUnblocked: false } });
const unfollow = event('unfollow');
const unsend = event('unsend', { unsend: { messageId: '500000000000000001' } });
const beacon = event('beacon', { replyToken: 'rt-beacon', beacon: { hwid: 'd41d8cd98f', type: 'enter' } });
const keyOf = ({ webhookEventId }: Record<string, unknown>) => String(webhookEventId);

/** The vector of the fact sheet: LINE's own code says that it is genuine. */
const EMPTY: WebhookRequest = {
	method: 'POST',
	headers: { 'x-line-signature': 'YQU0voYIh8lUA1XaYoIEZg9trJlhjyu9qVt6HqVvWf4=' },
	query: {},
	body: Buffer.from('{"destination":"U00000000000000000000000000000001","events":[]}'),
	receivedAt: AT,
};

export const files = {
	photo: { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from('a photo') },
	clip: { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('a clip'), durationMs: 9000 },
	note: { name: 'note.m4a', mime: 'audio/mp4', bytes: Buffer.from('a note'), durationMs: 4321.6 },
	song: { name: 'song.mp3', mime: 'audio/mpeg', bytes: Buffer.from('a song') },
	offer: { name: 'Offer & terms.pdf', mime: 'application/pdf', bytes: Buffer.from('an offer') },
};

type FileId = keyof typeof files;

export function attachment(fileId: FileId, kind: 'image' | 'video' | 'audio' | 'file', more: { voice?: boolean } = {}) {
	const { name, mime, bytes } = files[fileId];
	return { fileId, kind, name, mime, sizeBytes: bytes.length, ...more };
}

export const subject: Subject<LineCredential> = {
	credential,
	otherCredential: { ...credential, channelSecret: 'fedcba9876543210fedcba9876543210' },
	account: BOT,
	user: ANN,
	signatureHeader: 'x-line-signature',
	signatureOf: (header) => header,
	received: [
		{
			name: 'a text with a quote, an image and a press, in one call',
			request: update([text, image, press]),
			events: [
				{
					...about, kind: 'message', key: keyOf(text), from, externalId: '500000000000000001', replyTo: '500000000000000000',
					content: { kind: 'text', text: 'Hi 👋' }, reply: { token: 'rt-500000000000000001', until },
				},
				{
					...about, kind: 'message', key: keyOf(image), from, externalId: '500000000000000002', reply: { token: 'rt-500000000000000002', until },
					content: {
						kind: 'media', text: null,
						attachments: [
							{ fileId: null, kind: 'image', name: 'image-500000000000000002.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { messageId: '500000000000000002' } },
						],
					},
				},
				{
					...about, kind: 'message', key: keyOf(press), from, externalId: `postback:${keyOf(press)}`, reply: { token: 'rt-press', until },
					content: { kind: 'choice', choice: { id: 'buy=17', label: null }, text: null },
				},
			],
		},
		{
			name: 'a new friend: news, and a yes to messages',
			request: update([follow]),
			events: [
				{ ...about, kind: 'activity', key: keyOf(follow), from, what: 'followed', reply: { token: 'rt-follow', until } },
				{ ...about, kind: 'consent', key: `consent:${keyOf(follow)}`, from, allowed: true },
			],
		},
		{
			name: 'a block, a message taken back and what is nothing for us',
			request: update([unfollow, unsend, beacon]),
			events: [
				{ ...about, kind: 'consent', key: keyOf(unfollow), from, allowed: false },
				{ ...about, kind: 'deletion', key: keyOf(unsend), externalId: '500000000000000001' },
				{ ...about, kind: 'ignored', key: keyOf(beacon), why: 'the contact passed a beacon' },
			],
		},
		{ name: "LINE's test of the address", request: EMPTY, events: [] },
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'media', text: 'See these', attachments: [attachment('photo', 'image'), attachment('clip', 'video'), attachment('note', 'audio', { voice: true }), attachment('offer', 'file')] },
		{ kind: 'media', text: null, attachments: [attachment('song', 'audio')] },
		{ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'First' }, { id: 'b'.repeat(300), label: 'Second' }] },
		{ kind: 'location', text: null, latitude: 35.67966, longitude: 139.73669, name: 'Shop', address: '1-3 Kioicho' },
		{ kind: 'location', text: null, latitude: -0.5, longitude: 0, name: null, address: null },
	],
	files,
	async fake() {
		const { server, fields, wrongFields } = await fakeLine();
		return { server, fields, wrongFields };
	},
};
