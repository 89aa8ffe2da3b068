import type { ViberCredential } from '../../../src/channels/viber/credential';
import type { Attachment } from '../../../src/core/message-parts';
import type { Subject } from '../../contracts/channel';
import { ACCOUNT, ANN, TOKEN, callbacks, fakeViber, signed } from '../../fakes/viber';

export const AT = 1_763_750_001_627;
export const from = { channel: 'viber', account: ACCOUNT, user: ANN } as const;
export const about = { channel: 'viber', account: ACCOUNT, at: AT } as const;
export const credential: ViberCredential = {
	authToken: TOKEN,
	senderName: 'Shop',
	senderAvatarUrl: '',
	freeMessagesPerMonth: 10_000,
	baseUrl: 'https://chatapi.viber.com',
};
/** What Ann shows of herself. */
export const ann = { name: 'Ann', profile: { language: 'en' } } as const;

const MEDIA = 'https://dl-media.viber.com/5/media/2/short/any/sig/image/0x0/picture';
const message = (token: string) => ({ ...about, ...ann, kind: 'message', key: `message:${token}:${ANN}`, externalId: token, from }) as const;

const pdf: Attachment = { fileId: 'file-pdf', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 };
const photo: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 3 };
const clip: Attachment = { fileId: 'file-mp4', kind: 'video', name: 'clip.mp4', mime: 'video/mp4', sizeBytes: 5 };
export const attachments = { pdf, photo, clip };
export const files = {
	'file-pdf': { name: 'invoice.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
	'file-jpg': { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
	'file-mp4': { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp!'), durationMs: 20_400 },
};

export const subject: Subject<ViberCredential> = {
	credential,
	otherCredential: { ...credential, authToken: '0000111122223333-4444555566667777-8888999900001111' },
	account: ACCOUNT,
	user: ANN,
	signatureHeader: 'x-viber-content-signature',
	signatureOf: (header) => header,
	received: [
		{
			name: 'a text',
			request: signed(callbacks.message('5100000000000000002', { type: 'text', text: 'Hello 👋', tracking_data: 'earlier' })),
			events: [{ ...message('5100000000000000002'), content: { kind: 'text', text: 'Hello 👋' } }],
		},
		{
			name: 'a picture with a caption',
			request: signed(
				callbacks.message('5100000000000000012', { type: 'picture', media: MEDIA, text: 'See this', thumbnail: 'https://dl-media.viber.com/t', file_name: 'p.jpg', size: 12_000 }),
			),
			events: [
				{
					...message('5100000000000000012'),
					content: {
						kind: 'media',
						text: 'See this',
						attachments: [{ fileId: null, kind: 'image', name: 'p.jpg', mime: 'image/jpeg', sizeBytes: 12_000, source: { url: MEDIA } }],
					},
				},
			],
		},
		{
			name: 'the press of a button',
			request: signed(callbacks.message('5100000000000000022', { type: 'text', text: 'choice:hours' })),
			events: [{ ...message('5100000000000000022'), content: { kind: 'choice', choice: { id: 'hours', label: null }, text: null } }],
		},
		{
			name: 'somebody opens the chat by a link',
			request: signed(callbacks.started('5100000000000000001', { context: 'ref_42' })),
			events: [
				{
					...about,
					...ann,
					kind: 'activity',
					key: `conversation_started:5100000000000000001:${ANN}`,
					from,
					what: 'started',
					details: { referral: { ref: 'ref_42', source: null, adId: null, headline: null, url: null } },
				},
			],
		},
		{
			name: 'all is read',
			request: signed(callbacks.seen('5100000000000000003')),
			events: [
				{ ...about, kind: 'watermark', key: `seen-up-to:5100000000000000003:${ANN}`, to: from, state: 'read', before: AT },
				{ ...about, kind: 'receipt', key: `seen:5100000000000000003:${ANN}`, externalId: '5100000000000000003', state: 'read', to: from },
			],
		},
		{
			name: 'the check of the address',
			request: signed(callbacks.webhook('5100000000000000000')),
			events: [{ ...about, kind: 'ignored', key: 'webhook:5100000000000000000:', why: 'the check of the webhook address' }],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'choices', text: 'Pick', options: Array.from({ length: 12 }, (_, index) => ({ id: `${index}`.padEnd(240, 'ü'), label: `<${index}> & more`.padEnd(40, 'x') })) },
		{ kind: 'location', text: null, latitude: 50.76, longitude: 24.21, name: 'Shop', address: '1 High Street' },
		{ kind: 'media', text: 'Your invoice', attachments: [pdf, photo, clip] },
	],
	files,
	fake: fakeViber,
};
