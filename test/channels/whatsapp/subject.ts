import { read, type WhatsAppCredential } from '../../../src/channels/whatsapp/credential';
import type { Subject } from '../../contracts/channel';
import { contact, FAKE, fakeWhatsApp, inbound, payload, SHEENA, status, webhook } from '../../fakes/whatsapp';

const ACCOUNT = FAKE.phoneNumberId;
export const AT = Date.parse('2026-11-21T10:00:00Z');
/** '1749416383' and '1751142900' of the samples. */
export const WRITTEN_AT = 1_749_416_383_000;
export const STATUS_AT = 1_751_142_900_000;

export const person = { channel: 'whatsapp', account: ACCOUNT, user: SHEENA.phone } as const;
const about = { channel: 'whatsapp', account: ACCOUNT } as const;
/** What is the same for all messages of Sheena. */
export const hers = {
	...about,
	at: WRITTEN_AT,
	kind: 'message',
	from: person,
	aliases: [SHEENA.scoped],
	name: SHEENA.name,
	profile: { name: SHEENA.name, phone: `+${SHEENA.phone}` },
} as const;

export const ORDER_UPDATE = {
	name: 'order_update',
	language: 'en_US',
	status: 'APPROVED',
	category: 'UTILITY',
	parameter_format: 'NAMED',
	components: [{ type: 'BODY', text: 'Order {{order_id}} is on its way.' }],
} as const;

/** A provider with a template that can be sent. */
export async function provider() {
	const fake = await fakeWhatsApp();
	fake.templates.push({ ...ORDER_UPDATE, components: [...ORDER_UPDATE.components] });
	return fake;
}

const file = (fileId: string, kind: 'image' | 'video' | 'audio' | 'file', name: string, mime: string) => ({ fileId, kind, name, mime, sizeBytes: 3 }) as const;
export const FILES = {
	photo: { name: 'a.jpg', mime: 'image/jpeg', bytes: Buffer.from('jpg') },
	clip: { name: 'b.mp4', mime: 'video/mp4', bytes: Buffer.from('mp4') },
	song: { name: 'c.mp3', mime: 'audio/mpeg', bytes: Buffer.from('mp3') },
	note: { name: 'd.ogg', mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('ogg') },
	paper: { name: 'e.pdf', mime: 'application/pdf', bytes: Buffer.from('pdf') },
};
export const photo = file('photo', 'image', 'a.jpg', 'image/jpeg');
export const clip = file('clip', 'video', 'b.mp4', 'video/mp4');
export const song = file('song', 'audio', 'c.mp3', 'audio/mpeg');
export const note = { ...file('note', 'audio', 'd.ogg', 'audio/ogg; codecs=opus'), voice: true } as const;
export const paper = file('paper', 'file', 'e.pdf', 'application/pdf');

export const subject: Subject<WhatsAppCredential> = {
	credential: read(FAKE),
	otherCredential: read({ ...FAKE, appSecret: 'the secret of another app' }),
	account: ACCOUNT,
	user: SHEENA.phone,
	signatureHeader: 'x-hub-signature-256',
	signatureOf: (header) => header.slice('sha256='.length),
	fake: provider,
	files: FILES,
	received: [
		{
			name: 'a text with an emoji, as escapes',
			request: webhook(inbound({ id: 'wamid.IN1', type: 'text', text: { body: 'Grüße 👋' } })),
			events: [{ ...hers, key: 'message:wamid.IN1', externalId: 'wamid.IN1', content: { kind: 'text', text: 'Grüße 👋' } }],
		},
		{
			name: 'a person without a number',
			request: webhook(inbound({ id: 'wamid.IN2', type: 'text', text: { body: 'Hi' } }, { scoped: SHEENA.scoped, username: 'sheena.n' })),
			events: [
				{
					...about, at: WRITTEN_AT, kind: 'message', key: 'message:wamid.IN2', externalId: 'wamid.IN2',
					from: { ...person, user: SHEENA.scoped }, name: 'sheena.n', profile: { name: 'sheena.n' }, content: { kind: 'text', text: 'Hi' },
				},
			],
		},
		{
			name: 'a photo with a caption that answers a message',
			request: webhook(
				inbound({
					id: 'wamid.IN3', type: 'image', context: { from: FAKE.displayPhone, id: 'wamid.OUT1' },
					image: { caption: 'This one', mime_type: 'image/jpeg', sha256: 'b64==', id: '1001' },
				}),
			),
			events: [
				{
					...hers, key: 'message:wamid.IN3', externalId: 'wamid.IN3', replyTo: 'wamid.OUT1',
					content: {
						kind: 'media', text: 'This one',
						attachments: [{ fileId: null, kind: 'image', name: 'image.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { id: '1001' } }],
					},
				},
			],
		},
		{
			name: 'the press of a button',
			request: webhook(
				inbound({ id: 'wamid.IN4', type: 'interactive', context: { id: 'wamid.OUT2' }, interactive: { type: 'button_reply', button_reply: { id: 'cancel', title: 'Cancel' } } }),
			),
			events: [
				{
					...hers, key: 'message:wamid.IN4', externalId: 'wamid.IN4', replyTo: 'wamid.OUT2',
					content: { kind: 'choice', choice: { id: 'cancel', label: 'Cancel' }, text: 'Cancel' },
				},
			],
		},
		{
			name: 'a reaction taken back',
			request: webhook(inbound({ id: 'wamid.IN5', type: 'reaction', reaction: { message_id: 'wamid.OUT1' } })),
			events: [{ ...about, at: WRITTEN_AT, kind: 'reaction', key: 'reaction:wamid.IN5', from: person, externalId: 'wamid.OUT1', emoji: null }],
		},
		{
			name: 'a status with our own id of the message',
			request: webhook(status({ id: 'wamid.OUT1', status: 'delivered', recipient_user_id: SHEENA.scoped, biz_opaque_callback_data: 'our-message' })),
			events: [
				{ ...about, at: STATUS_AT, kind: 'receipt', key: 'status:wamid.OUT1:delivered', externalId: 'wamid.OUT1', state: 'delivered', messageId: 'our-message' },
			],
		},
		{
			name: 'several people and statuses in one post, in order',
			request: webhook(
				payload({
					contacts: [contact(), contact({ phone: '447700900123', name: 'Bo' })],
					messages: [
						{ from: '447700900123', id: 'wamid.IN6', timestamp: '1749416383', type: 'text', text: { body: 'One' } },
						{ from: SHEENA.phone, from_user_id: SHEENA.scoped, id: 'wamid.IN7', timestamp: '1749416383', type: 'text', text: { body: 'Two' } },
					],
					statuses: [{ id: 'wamid.OUT1', status: 'read', timestamp: '1751142900', recipient_id: SHEENA.phone }],
				}),
			),
			events: [
				{
					...about, at: WRITTEN_AT, kind: 'message', key: 'message:wamid.IN6', externalId: 'wamid.IN6', from: { ...person, user: '447700900123' },
					name: 'Bo', profile: { name: 'Bo', phone: '+447700900123' }, content: { kind: 'text', text: 'One' },
				},
				{ ...hers, key: 'message:wamid.IN7', externalId: 'wamid.IN7', content: { kind: 'text', text: 'Two' } },
				{ ...about, at: STATUS_AT, kind: 'receipt', key: 'status:wamid.OUT1:read', externalId: 'wamid.OUT1', state: 'read' },
			],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }] },
		{ kind: 'choices', text: 'Pick', options: ['1', '2', '3', '4'].map((id) => ({ id, label: `Number ${id}` })) },
		{ kind: 'media', text: 'See this', attachments: [song, photo, paper] },
		{ kind: 'media', text: null, attachments: [note, clip] },
		{ kind: 'location', text: null, latitude: 37.44, longitude: -122.16, name: 'HQ', address: '1 Way' },
		{ kind: 'template', text: null, name: 'order_update', language: 'en_US', parameters: [{ id: 'body.order_id', text: '7' }] },
	],
};
