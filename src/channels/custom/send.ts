import type { Address, Content, SendOptions } from '../../core/channel';
import { ConversationsError } from '../../core/failure';
import type { Attachment } from '../../core/message-parts';
import type { SendPorts } from '../../core/provider';
import { postMessage } from './api';
import type { CustomCredential } from './credential';
import { unsupported } from './failures';
import type { OutgoingMessage } from './wire';

type Ports = SendPorts<CustomCredential>;

/** One request a part. All are prepared before the first goes: what cannot be sent is found before anything was. */
export async function send(content: Content, to: Address, ports: Ports, { messageId }: SendOptions): Promise<string[]> {
	const { channelId } = ports.credential;
	const accepted: string[] = [];
	for (const message of await messagesOf(content, ports)) {
		try {
			const id = await postMessage({ channelId, contactId: to.user, message }, ports);
			// Of a server that gives none, or the same for every message.
			accepted.push(id === null || accepted.includes(id) ? `${messageId}:${accepted.length + 1}` : id);
		} catch (error) {
			if (!(error instanceof ConversationsError)) throw error;
			throw new ConversationsError(error.failure, accepted, { cause: error });
		}
	}
	return accepted;
}

async function messagesOf(content: Content, ports: Ports): Promise<OutgoingMessage[]> {
	switch (content.kind) {
		case 'text':
			return [{ type: 'text', text: content.text }];
		case 'choices':
			return [{ type: 'quick_reply', title: content.text, replies: content.options.map(({ label }) => label) }];
		case 'location':
			return [location(content)];
		case 'media': {
			const files: OutgoingMessage[] = [];
			for (const attachment of content.attachments) files.push(await file(attachment, ports));
			return content.text?.trim() ? [{ type: 'text', text: content.text }, ...files] : files;
		}
		case 'template':
			throw unsupported('The custom channel has no templates. Choose another message type for it.');
	}
}

/** One line for both name and address. */
function location({ latitude, longitude, name, address }: Extract<Content, { kind: 'location' }>): OutgoingMessage {
	const words = [name, address].filter((part) => part?.trim()).join(', ');
	return { type: 'location', latitude, longitude, ...(words !== '' && { address: words }) };
}

/** The server fetches the file from this n8n. */
async function file({ fileId, kind, name, mime }: Attachment, ports: Ports): Promise<OutgoingMessage> {
	if (fileId === null) throw unsupported(`The file '${name}' is not there. Attach it again.`);
	const url = await ports.publicUrl({ fileId });
	return { type: 'attachment', attachment: { type: kind, url, mimeType: bare(mime), fileName: name } };
}

/** 'audio/ogg; codecs=opus' → 'audio/ogg': servers compare whole words. */
const bare = (mime: string) => (mime.split(';')[0] ?? mime).trim();
