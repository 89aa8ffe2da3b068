import type { Address, Choice, Content, SendOptions } from '../../core/channel';
import { ConversationsError } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import { sendMessage } from './api';
import type { ViberCredential } from './credential';
import { CAPTION_MAX, KEYBOARD_COLUMNS, MIN_API_VERSION, PRESS_IS_SILENT, PRESS_PREFIX, REQUEST_MAX_BYTES } from './facts';
import { unsupported } from './failures';
import { fileMessage } from './outbound-file';
import type { Keyboard, MessageBody, OutgoingMessage } from './wire';

type Ports = SendPorts<ViberCredential>;

/** All parts are prepared before the first goes: what cannot be sent is found before anything was. */
export async function send(content: Content, to: Address, ports: Ports, { messageId }: SendOptions): Promise<string[]> {
	const messages = (await bodiesOf(content, ports)).map((body) => complete(body, to, ports.credential, messageId));
	const accepted: string[] = [];
	for (const message of messages) {
		try {
			accepted.push(await sendMessage(ports, message));
		} catch (error) {
			if (!(error instanceof ConversationsError)) throw error;
			throw new ConversationsError(error.failure, accepted, { cause: error });
		}
	}
	return accepted;
}

function complete(body: MessageBody, to: Address, { senderName, senderAvatarUrl }: ViberCredential, messageId: string) {
	const message = {
		receiver: to.user,
		min_api_version: MIN_API_VERSION,
		sender: { name: senderName, ...(senderAvatarUrl !== '' && { avatar: senderAvatarUrl }) },
		tracking_data: messageId,
		...body,
	} satisfies OutgoingMessage;
	if (Buffer.byteLength(JSON.stringify(message)) > REQUEST_MAX_BYTES) {
		throw unsupported('The message is too large for Viber, which takes 30 KB with everything around the text. Shorten it, or send it in parts.');
	}
	return message;
}

async function bodiesOf(content: Content, ports: Ports): Promise<MessageBody[]> {
	switch (content.kind) {
		case 'text':
			return [textMessage(content.text)];
		case 'choices':
			return [{ ...textMessage(content.text), keyboard: keyboard(content.options) }];
		case 'location':
			return locationMessages(content);
		case 'media':
			return await mediaMessages(content, ports);
		case 'template':
			throw unsupported('Viber has no templates. Send a text.');
	}
}

function textMessage(text: string) {
	return { type: 'text', text } as const;
}

/** One button a row. */
function keyboard(options: readonly Choice[]): Keyboard {
	return {
		Type: 'keyboard',
		Buttons: options.map(({ id, label }) => ({
			Columns: KEYBOARD_COLUMNS,
			Rows: 1,
			ActionType: 'reply',
			ActionBody: `${PRESS_PREFIX}${id}`,
			Text: asHtml(label),
			Silent: PRESS_IS_SILENT,
		})),
	};
}

function asHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A place on the map has no words: its name and address go before it. */
function locationMessages({ latitude, longitude, name, address }: Extract<Content, { kind: 'location' }>): MessageBody[] {
	const words = [name, address].filter(Boolean).join('\n');
	const pin = { type: 'location', location: { lat: latitude, lon: longitude } } as const;
	return words === '' ? [pin] : [textMessage(words), pin];
}

/** Only a picture has a caption: the text stands under the first file if that is one, else goes before all files. */
async function mediaMessages({ attachments, text }: Extract<Content, { kind: 'media' }>, ports: Ports): Promise<MessageBody[]> {
	const messages: MessageBody[] = [];
	for (const attachment of attachments) messages.push(await fileMessage(attachment, ports));
	if (!text?.trim()) return messages;
	const [first, ...others] = messages;
	return first?.type === 'picture' && [...text].length <= CAPTION_MAX
		? [{ ...first, text }, ...others]
		: [textMessage(text), ...messages];
}
