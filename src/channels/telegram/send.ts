import type { Address, Attachment, Content, SendOptions } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { HttpBody, MultipartField } from '../../core/http';
import type { SendPorts } from '../../core/provider';
import { numberAt, objectAt, textAt } from '../kit/json';
import { invoke } from './api';
import type { TelegramCredential } from './credential';
import { TELEGRAM, UPLOAD_TIMEOUT_MS } from './facts';
import { unexpectedAnswer } from './failures';
import { externalId, messageIdIn } from './ids';

type Ports = SendPorts<TelegramCredential>;

/** One call. What it uploads is read only when its turn comes. */
interface Part {
	method: string;
	fields: Readonly<Record<string, unknown>>;
	upload?: { field: string; attachment: Attachment };
}

/** The documentation is at core.telegram.org/bots/api#available-methods. */
export async function send(content: Content, to: Address, ports: Ports, { quote }: SendOptions): Promise<string[]> {
	const accepted: string[] = [];
	for (const [index, part] of partsOf(content).entries()) {
		const fields = { chat_id: to.user, ...part.fields, ...(index === 0 && quoting(quote, to)) };
		try {
			accepted.push(await sendPart({ ...part, fields }, to, ports));
		} catch (error) {
			throw error instanceof ConversationsError ? new ConversationsError(error.failure, accepted) : error;
		}
	}
	return accepted;
}

function partsOf(content: Content): Part[] {
	switch (content.kind) {
		case 'text':
			return [{ method: 'sendMessage', fields: { text: content.text } }];
		case 'choices':
			return [{ method: 'sendMessage', fields: { text: content.text, reply_markup: keyboard(content.options) } }];
		case 'location':
			return [place(content)];
		case 'media':
			return content.attachments.map((attachment, index) =>
				media(attachment, index === 0 && content.text !== null ? { caption: content.text } : {}),
			);
		case 'template':
			throw noTemplates();
	}
}

/** They are not in `can`, so core does not ask for them. */
function noTemplates(): ConversationsError {
	return new ConversationsError(failure('content_unsupported', 'Telegram has no templates. Choose another message type.', { channel: TELEGRAM.id }));
}

/** One button a row: labels stay readable on a phone. */
function keyboard(options: Extract<Content, { kind: 'choices' }>['options']) {
	return { inline_keyboard: options.map(({ id, label }) => [{ text: label, callback_data: id }]) };
}

function place({ latitude, longitude, name, address }: Extract<Content, { kind: 'location' }>): Part {
	const point = { latitude, longitude };
	if (!name || !address) return { method: 'sendLocation', fields: point };
	return { method: 'sendVenue', fields: { ...point, title: name, address } };
}

const METHODS = {
	image: { method: 'sendPhoto', field: 'photo' },
	video: { method: 'sendVideo', field: 'video' },
	audio: { method: 'sendAudio', field: 'audio' },
	file: { method: 'sendDocument', field: 'document' },
	voice: { method: 'sendVoice', field: 'voice' },
} as const;

function media(attachment: Attachment, fields: Part['fields']): Part {
	const { method, field } = METHODS[attachment.voice ? 'voice' : attachment.kind];
	return { method, fields, upload: { field, attachment } };
}

/** A message that is gone by now is not quoted; the answer goes all the same. */
function quoting(quote: string | null, to: Address): Part['fields'] {
	const messageId = quote === null ? null : messageIdIn(quote, to.user);
	return messageId === null ? {} : { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
}

async function sendPart(part: Part, to: Address, ports: Ports): Promise<string> {
	const body = await bodyOf(part, ports);
	const message = await invoke(ports, part.method, body, part.upload ? { timeoutMs: UPLOAD_TIMEOUT_MS } : {});
	// 0: Telegram sends it later and does not say as which message.
	const id = numberAt(message, 'message_id') ?? 0;
	if (id === 0) throw new ConversationsError(unexpectedAnswer());
	return externalId(textAt(objectAt(message, 'chat'), 'id') ?? to.user, id);
}

async function bodyOf({ method, fields, upload }: Part, ports: Ports): Promise<HttpBody> {
	if (!upload) return { json: fields };
	const { fileId, name, mime } = upload.attachment;
	const duration = await seconds(method, fileId, ports);
	const bytes = await ports.file(fileId ?? '');
	const values = Object.entries({ ...fields, ...duration }).map(([key, value]): MultipartField => ({
		name: key,
		value: typeof value === 'string' ? value : JSON.stringify(value),
	}));
	return { multipart: [...values, { name: upload.field, filename: name, mime, bytes }] };
}

/** Telegram shows the length that it is told. */
async function seconds(method: string, fileId: string | null, ports: Ports): Promise<{ duration?: number }> {
	if (fileId === null || !['sendVoice', 'sendAudio', 'sendVideo'].includes(method)) return {};
	const ms = await ports.durationMs(fileId);
	return ms === null ? {} : { duration: Math.max(1, Math.round(ms / 1000)) };
}
