import type { Address, Attachment, Choice, Content, SendOptions } from '../../core/channel';
import { ConversationsError } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import { askFor, sendMessage } from './api';
import type { TikTokCredential } from './credential';
import { PATHS, TRANSFER_TIMEOUT_MS } from './facts';
import { unsupported } from './failures';
import { MEDIA_TYPE, type MessageBody } from './wire';

type Ports = SendPorts<TikTokCredential>;

const NOT_QUOTED = 'It went without quoting: on TikTok only a text can quote a message.';

/** The image is handed over before the first message goes: what cannot be sent is found before anything was. */
export async function send(content: Content, to: Address, ports: Ports, options: SendOptions): Promise<string[]> {
	const messages = quoting(await bodiesOf(content, ports), options);
	const accepted: string[] = [];
	for (const message of messages) {
		try {
			accepted.push(
				await sendMessage(ports, {
					business_id: ports.credential.businessId,
					recipient_type: 'CONVERSATION',
					recipient: to.user,
					...message,
				}),
			);
		} catch (error) {
			if (!(error instanceof ConversationsError)) throw error;
			throw new ConversationsError(error.failure, accepted, { cause: error });
		}
	}
	return accepted;
}

function quoting(messages: MessageBody[], { quote, note }: Pick<SendOptions, 'quote' | 'note'>): MessageBody[] {
	const [first, ...others] = messages;
	if (quote === null || first === undefined) return messages;
	if (first.message_type === 'TEXT') return [{ ...first, referenced_message_info: { referenced_message_id: quote } }, ...others];
	note?.(NOT_QUOTED);
	return messages;
}

async function bodiesOf(content: Content, ports: Ports): Promise<MessageBody[]> {
	switch (content.kind) {
		case 'text':
			return [textMessage(content.text)];
		case 'choices':
			return [card(content.text, content.options)];
		case 'media':
			return await mediaMessages(content, ports);
		case 'location':
			throw unsupported('TikTok cannot send locations. Send the address as a text.');
		case 'template':
			throw unsupported('TikTok has no templates. Send a text.');
	}
}

function textMessage(body: string): MessageBody {
	return { message_type: 'TEXT', text: { body } };
}

function card(title: string, options: readonly Choice[]): MessageBody {
	const buttons = options.map(({ id, label }) => ({ type: 'REPLY' as const, title: label, id }));
	return { message_type: 'TEMPLATE', template: { type: 'QA_BUTTON_CARD', title, buttons } };
}

/** A picture has no words: they go before it as a message of their own (P7). */
async function mediaMessages({ attachments, text }: Extract<Content, { kind: 'media' }>, ports: Ports): Promise<MessageBody[]> {
	const images: MessageBody[] = [];
	for (const attachment of attachments) images.push({ message_type: 'IMAGE', image: { media_id: await upload(attachment, ports) } });
	return text?.trim() ? [textMessage(text), ...images] : images;
}

/** Gives TikTok the bytes; the id works for 30 days. */
async function upload({ fileId, name, mime, missing }: Attachment, ports: Ports): Promise<string> {
	if (fileId === null) throw unsupported(`The file '${name}' cannot be sent, since its content is not here. ${missing ?? 'Send it again later.'}`);
	const multipart = [
		{ name: 'business_id', value: ports.credential.businessId },
		{ name: 'media_type', value: MEDIA_TYPE },
		{ name: 'file', filename: name, mime, bytes: await ports.file(fileId) },
	];
	return await askFor('media_id', ports, { method: 'POST', url: PATHS.upload, timeoutMs: TRANSFER_TIMEOUT_MS, body: { multipart } });
}
