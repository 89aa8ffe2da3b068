import type { InboundContent } from '../../core/channel';
import type { InboundAttachment } from '../../core/message-parts';
import { objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';
import { POST_URL } from './facts';

/** Where a message's file is asked for. */
export interface Place {
	conversationId: string;
	messageId: string;
}

/** How a file is taken to be as long as its bytes have not been seen. */
const ASSUMED = {
	image: { kind: 'image', name: 'image', mime: 'image/jpeg' },
	video: { kind: 'video', name: 'video', mime: 'video/mp4' },
	sticker: { kind: 'image', name: 'sticker', mime: 'image/webp' },
	emoji: { kind: 'image', name: 'emoji', mime: 'image/webp' },
} as const satisfies Record<string, Pick<InboundAttachment, 'kind' | 'name' | 'mime'>>;

const NOT_TOLD = 'TikTok did not tell where the file is. Ask the contact to send it again.';

/** What somebody says; a text: why it is not used. */
export function contentOf(message: JsonObject, place: Place): InboundContent | string {
	const type = textAt(message, 'type')?.toLowerCase() ?? '';
	switch (type) {
		case 'text':
			return textContent(message);
		case 'image':
		case 'video':
			return file(type, storedIn(objectAt(message, type), type, place));
		case 'sticker':
		case 'emoji':
			return file(type, openIn(objectAt(message, type)));
		case 'share_post':
			return post(objectAt(message, 'share_post'));
		case 'template':
			return card(objectAt(message, 'template'));
		default:
			return `a message of the type '${type.slice(0, 64)}'`;
	}
}

/** Written, or the press of one of our buttons: then its label is the text, and its id stands beside it. */
function textContent(message: JsonObject): InboundContent | string {
	const text = textAt(objectAt(message, 'text'), 'body');
	const id = textAt(objectAt(message, 'reply_source_payload'), 'reply_source_unique_id');
	if (id !== undefined) return { kind: 'choice', choice: { id, label: text ?? null }, text: text ?? null };
	return text === undefined ? 'a text message without a text' : { kind: 'text', text };
}

function file(type: keyof typeof ASSUMED, source: InboundAttachment['source']): InboundContent {
	const attachment = { fileId: null, ...ASSUMED[type], sizeBytes: 0, ...(source ? { source } : { missing: NOT_TOLD }) };
	return { kind: 'media', attachments: [attachment], text: null };
}

/** Asked for by its id. */
function storedIn(part: JsonObject, type: 'image' | 'video', place: Place): InboundAttachment['source'] {
	const mediaId = textAt(part, 'media_id');
	return mediaId === undefined ? undefined : { mediaId, type: type.toUpperCase(), ...place };
}

/** Open to whoever has its address. */
function openIn(part: JsonObject): InboundAttachment['source'] {
	const url = textAt(part, 'url');
	return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? { url } : undefined;
}

function post(shared: JsonObject): InboundContent | string {
	const id = textAt(shared, 'video_id');
	const text = textAt(shared, 'embed_url') ?? (id === undefined ? undefined : `${POST_URL}${encodeURIComponent(id)}`);
	return text === undefined ? 'a shared post without an address' : { kind: 'text', text };
}

/** A question with buttons, as the business sent it. */
function card(template: JsonObject): InboundContent | string {
	const [element] = objectsAt(template, 'elements');
	const text = textAt(element, 'title');
	if (text === undefined) return 'a card without a title';
	const options = objectsAt(element, 'buttons').flatMap((button) => {
		const label = textAt(button, 'text');
		return label === undefined ? [] : [{ id: textAt(button, 'id') ?? label, label }];
	});
	return options.length === 0 ? { kind: 'text', text } : { kind: 'choices', text, options };
}
