import type { WebhookRequest } from '../../../src/core/channel';
import type { TelegramCredential } from '../../../src/channels/telegram/credential';
import type { Subject } from '../../contracts/channel';
import { AT_SECONDS, BOT_ID, BOT_TOKEN, CHAT, PERSON, fakeTelegram, signed, type Json } from '../../fakes/telegram';
import type { TestFile } from '../../fakes/ports';

export const ACCOUNT = String(BOT_ID);
export const USER = String(PERSON.id);
export const SECRET = 'Receiver_secret-0123456789abcdef';
export const RECEIVED_AT = Date.parse('2026-11-21T10:00:00Z');
export const AT = AT_SECONDS * 1000;
export const CREDENTIAL: TelegramCredential = { botToken: BOT_TOKEN, botId: ACCOUNT, baseUrl: 'https://api.telegram.org' };

export function post(update: Json, secret = SECRET): WebhookRequest {
	return { method: 'POST', headers: signed(secret), query: {}, body: Buffer.from(JSON.stringify(update)), receivedAt: RECEIVED_AT };
}

/** As core.telegram.org/bots/api#message describes it. */
export function message(id: number, content: Json): Json {
	return { message_id: id, from: PERSON, chat: CHAT, date: AT_SECONDS, ...content };
}

export const from = { channel: 'telegram', account: ACCOUNT, user: USER } as const;
export const about = (id: number) => ({ channel: 'telegram', account: ACCOUNT, key: `update:${id}`, at: AT }) as const;
/** What every message of PERSON says of them. */
export const said = (id: number) => ({ kind: 'message', from, externalId: `${USER}:${id}`, name: 'Ann Lee', profile: { language: 'en' } }) as const;

/** Beginnings of files: enough to tell what they are. */
export const FILES: Record<string, TestFile> = {
	photo: { name: 'shop.jpg', mime: 'image/jpeg', bytes: Buffer.from('ffd8ffe000104a464946', 'hex') },
	film: { name: 'tour.mp4', mime: 'video/mp4', bytes: Buffer.from('000000186674797069736f6d', 'hex'), durationMs: 61_400 },
	song: { name: 'song.mp3', mime: 'audio/mpeg', bytes: Buffer.from('4944330300000000', 'hex'), durationMs: 3_000 },
	note: { name: 'note.ogg', mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('4f676753000200', 'hex'), durationMs: 400 },
	invoice: { name: 'Rechnung Nr. 7 "ä".pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.7 invoice') },
};

export function attachment(fileId: string, kind: 'image' | 'video' | 'audio' | 'file', voice = false) {
	const file = FILES[fileId];
	if (!file) throw new Error(`no file ${fileId}`);
	return { fileId, kind, ...(voice && { voice: true }), name: file.name, mime: file.mime, sizeBytes: file.bytes.length };
}

export const subject: Subject<TelegramCredential> = {
	credential: CREDENTIAL,
	otherCredential: { ...CREDENTIAL, botToken: '7000000002:AAAnotherBot', botId: '7000000002' },
	account: ACCOUNT,
	user: USER,
	receiverSecret: SECRET,
	otherReceiverSecret: 'Another_secret-0123456789abcdef0',
	signatureHeader: 'x-telegram-bot-api-secret-token',
	signatureOf: (header) => header,
	received: [
		{
			name: 'a text that answers another',
			request: post({ update_id: 710000001, message: message(15, { text: 'Hi 👋', reply_to_message: { message_id: 14, date: AT_SECONDS - 1000, chat: CHAT, text: 'Hello' } }) }),
			events: [{ ...about(710000001), ...said(15), content: { kind: 'text', text: 'Hi 👋' }, replyTo: `${USER}:14` }],
		},
		{
			name: 'a photo with a caption',
			request: post({
				update_id: 710000002,
				message: message(16, {
					caption: 'this one',
					media_group_id: '1377',
					photo: [
						{ file_id: 'AgAC-small', file_unique_id: 'u1', file_size: 1200, width: 90, height: 67 },
						{ file_id: 'AgAC-big', file_unique_id: 'u2', file_size: 98000, width: 1280, height: 960 },
					],
				}),
			}),
			events: [
				{
					...about(710000002), ...said(16),
					content: {
						kind: 'media', text: 'this one',
						attachments: [{ fileId: null, kind: 'image', name: 'photo-16.jpg', mime: 'image/jpeg', sizeBytes: 98000, source: { fileId: 'AgAC-big' } }],
					},
				},
			],
		},
		{
			name: 'the press of a button',
			request: post({
				update_id: 710000008,
				callback_query: {
					id: 'cbq_0001', from: PERSON, chat_instance: '-331', data: 'y:17',
					message: {
						message_id: 17, date: AT_SECONDS - 60, chat: CHAT, text: 'Pick',
						reply_markup: { inline_keyboard: [[{ text: 'No', callback_data: 'n:17' }], [{ text: 'Yes', callback_data: 'y:17' }]] },
					},
				},
			}),
			events: [
				{
					...about(710000008), at: RECEIVED_AT, kind: 'message', from, name: 'Ann Lee', profile: { language: 'en' },
					content: { kind: 'choice', choice: { id: 'y:17', label: 'Yes' }, text: 'Yes' },
					externalId: 'callback:cbq_0001', replyTo: `${USER}:17`, acknowledge: 'cbq_0001',
				},
			],
		},
		{
			name: 'a bot that is blocked',
			request: post({
				update_id: 710000010,
				my_chat_member: { chat: CHAT, from: PERSON, date: AT_SECONDS, old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked', until_date: 0 } },
			}),
			events: [{ ...about(710000010), kind: 'consent', from, allowed: false }],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello <b>& welcome</b>' },
		{ kind: 'text', text: 'a'.repeat(2000) },
		{ kind: 'choices', text: 'Pick', options: [{ id: 'ü'.repeat(32), label: 'Yes' }, { id: 'n', label: 'No' }] },
		{ kind: 'location', text: null, latitude: 52.52, longitude: 13.4, name: null, address: null },
		{ kind: 'media', text: 'a'.repeat(1024), attachments: [attachment('photo', 'image'), attachment('invoice', 'file')] },
		{ kind: 'media', text: null, attachments: [attachment('note', 'audio', true)] },
	],
	files: FILES,
	fake: fakeTelegram,
};
