import type { SmsCredential } from '../../../src/channels/sms/credential';
import type { Attachment } from '../../../src/core/message-parts';
import { failure } from '../../../src/core/failure';
import type { Subject } from '../../contracts/channel';
import { ACCOUNT_SID, ANN, AUTH_TOKEN, NUMBER, fakeSms } from '../../fakes/sms';
import { message, mms, news, sidOf, signed } from '../../fakes/sms-webhooks';

export const AT = 1_763_750_009_000;
export const from = { channel: 'sms', account: NUMBER, user: ANN } as const;
export const about = { channel: 'sms', account: NUMBER, at: AT } as const;
export const ann = { profile: { phone: ANN } } as const;
export const credential: SmsCredential = {
	accountSid: ACCOUNT_SID,
	authToken: AUTH_TOKEN,
	from: NUMBER,
	messagingServiceSid: '',
	baseUrl: 'https://api.twilio.com',
};

const jpg: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 3 };
const clip: Attachment = { fileId: 'file-mp4', kind: 'video', name: 'clip.mp4', mime: 'video/mp4', sizeBytes: 5 };
const tone: Attachment = { fileId: 'file-mp3', kind: 'audio', name: 'tone.mp3', mime: 'audio/mpeg', sizeBytes: 3 };
const pdf: Attachment = { fileId: 'file-pdf', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 };
export const attachments = { jpg, clip, tone, pdf };
export const files = {
	'file-jpg': { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
	'file-mp4': { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp!') },
	'file-mp3': { name: 'tone.mp3', mime: 'audio/mpeg', bytes: Buffer.from('ID3') },
	'file-pdf': { name: 'invoice.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
};

const MEDIA = `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sidOf('MM', 2)}/Media`;

export const subject: Subject<SmsCredential> = {
	credential,
	otherCredential: { ...credential, authToken: 'ffffffffffffffffffffffffffffffff' },
	account: NUMBER,
	user: ANN,
	signatureHeader: 'x-twilio-signature',
	signatureOf: (header) => header,
	received: [
		{
			name: 'a text',
			request: signed(message(sidOf('SM', 1), 'Grüße & more 👋 +1', { NumSegments: '2' })),
			events: [
				{
					...about, ...ann, kind: 'message', key: sidOf('SM', 1), externalId: sidOf('SM', 1), from,
					content: { kind: 'text', text: 'Grüße & more 👋 +1' },
					details: { segments: 2 },
				},
			],
		},
		{
			name: 'files with a text',
			request: signed(
				mms(sidOf('MM', 2), 'See this', [{ url: `${MEDIA}/ME1`, mime: 'image/jpeg' }, { url: `${MEDIA}/ME2`, mime: 'image/jpeg' }, { url: `${MEDIA}/ME3`, mime: 'text/x-vcard' }]),
			),
			events: [
				{
					...about, ...ann, kind: 'message', key: sidOf('MM', 2), externalId: sidOf('MM', 2), from,
					content: {
						kind: 'media',
						text: 'See this',
						attachments: [
							{ fileId: null, kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { url: `${MEDIA}/ME1` } },
							{ fileId: null, kind: 'image', name: 'photo-2.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { url: `${MEDIA}/ME2` } },
							{ fileId: null, kind: 'file', name: 'contact-3.vcf', mime: 'text/x-vcard', sizeBytes: 0, source: { url: `${MEDIA}/ME3` } },
						],
					},
				},
			],
		},
		{
			name: 'STOP',
			request: signed(message(sidOf('SM', 3), 'Stop')),
			events: [{ ...about, kind: 'consent', key: `stop:${sidOf('SM', 3)}`, from, allowed: false }],
		},
		{
			name: 'it was delivered',
			request: signed(news(sidOf('SM', 4), 'delivered', { RawDlrDoneDate: '2611220959' }), { url: 'https://n8n.example.test/webhook/trigger-1/conversations/sms/status' }),
			events: [{ ...about, kind: 'receipt', key: `delivered:${sidOf('SM', 4)}`, externalId: sidOf('SM', 4), state: 'delivered', to: from }],
		},
		{
			name: 'it was not delivered',
			request: signed(news(sidOf('SM', 5), 'undelivered', { ErrorCode: '30003' })),
			events: [
				{
					...about, kind: 'receipt', key: `undelivered:${sidOf('SM', 5)}`, externalId: sidOf('SM', 5), state: 'failed', to: from,
					failure: failure('recipient_unreachable', "The contact's phone is switched off or cannot be reached. Send again later, or use another channel.", {
						channel: 'sms',
						providerCode: '30003',
					}),
				},
			],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'text', text: 'a'.repeat(1600) },
		{ kind: 'media', text: 'Look', attachments: [jpg, clip, tone, pdf] },
		{ kind: 'media', text: null, attachments: [jpg] },
	],
	files,
	fake: fakeSms,
};
