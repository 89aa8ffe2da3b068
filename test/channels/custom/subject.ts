import type { CustomCredential } from '../../../src/channels/custom/credential';
import type { Attachment } from '../../../src/core/message-parts';
import type { Subject } from '../../contracts/channel';
import { ANN, AT, CHANNEL_ID, TOKEN, body, events, fakeCustom, posted } from '../../fakes/custom';

export const about = { channel: 'custom', account: CHANNEL_ID, at: AT } as const;
export const ann = { channel: 'custom', account: CHANNEL_ID, user: ANN } as const;
export const credential: CustomCredential = { channelId: CHANNEL_ID, token: TOKEN, url: 'https://integration.example.com', query: {} };

const pdf: Attachment = { fileId: 'file-pdf', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 };
const photo: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 3 };
const voice: Attachment = { fileId: 'file-ogg', kind: 'audio', name: 'voice.ogg', mime: 'audio/ogg; codecs=opus', sizeBytes: 4 };
const clip: Attachment = { fileId: 'file-mp4', kind: 'video', name: 'clip.mp4', mime: 'video/mp4', sizeBytes: 5 };
export const attachments = { pdf, photo, voice, clip };
export const files = {
	'file-pdf': { name: 'invoice.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
	'file-jpg': { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
	'file-ogg': { name: 'voice.ogg', mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS') },
	'file-mp4': { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp!') },
};

const contact = {
	firstName: 'Ann', lastName: 'Lee', profilePic: 'https://cdn.example.test/ann.jpg', countryCode: 'MY', email: 'ann@example.test',
	phone: ANN, language: 'en', locale: 'en_US', timezone: 8,
};

export const subject: Subject<CustomCredential> = {
	credential,
	otherCredential: { ...credential, token: 'cst_ffffffffffffffffffffffffffffffff' },
	account: CHANNEL_ID,
	user: ANN,
	signatureHeader: 'authorization',
	signatureOf: (header) => header.slice('Bearer '.length),
	received: [
		{
			name: 'a text, with what is known of the contact',
			request: posted(body([events.text('in-1', 'Hello World')], { contact })),
			events: [
				{
					...about,
					kind: 'message',
					key: `${ANN}:message:in-1`,
					externalId: 'in-1',
					from: ann,
					name: 'Ann Lee',
					profile: { language: 'en', email: 'ann@example.test', phone: ANN },
					content: { kind: 'text', text: 'Hello World' },
				},
			],
		},
		{
			name: 'a file',
			request: posted(body([events.attachment('in-2', { type: 'file', url: 'https://files.example.test/inv.pdf', mimeType: 'application/pdf', fileName: 'inv.pdf' })])),
			events: [
				{
					...about,
					kind: 'message',
					key: `${ANN}:message:in-2`,
					externalId: 'in-2',
					from: ann,
					profile: { phone: ANN },
					content: {
						kind: 'media',
						text: null,
						attachments: [
							{ fileId: null, kind: 'file', name: 'inv.pdf', mime: 'application/pdf', sizeBytes: 0, source: { url: 'https://files.example.test/inv.pdf' } },
						],
					},
				},
			],
		},
		{
			name: "an answer from somebody's phone, delivered at once, and something that is not known",
			request: posted(
				body([events.echo('out-1', { type: 'text', text: 'I am here' }), events.status('out-1', 'delivered'), { type: 'typing', mId: 't-1', timestamp: AT }]),
			),
			events: [
				{ ...about, kind: 'echo', key: `${ANN}:message_echo:out-1`, externalId: 'out-1', to: ann, content: { kind: 'text', text: 'I am here' } },
				{ ...about, kind: 'receipt', key: `${ANN}:message_status:out-1:delivered`, externalId: 'out-1', to: ann, state: 'delivered' },
				{ ...about, kind: 'ignored', key: `${ANN}:typing:t-1`, why: "an event of the type 'typing'" },
			],
		},
	],
	sendable: [
		{ kind: 'text', text: 'Hello 👋' },
		{ kind: 'choices', text: 'Happy?', options: [{ id: 'y', label: 'Yes' }, { id: 'n', label: 'No' }] },
		{ kind: 'location', text: null, latitude: 3.14, longitude: 101.69, name: 'Shop', address: '1 High Street' },
		{ kind: 'media', text: 'Look', attachments: [photo, pdf, voice, clip] },
		{ kind: 'media', text: null, attachments: [photo] },
	],
	files,
	fake: () => fakeCustom(),
};
