import type { Choice, InboundContent } from '../../core/channel';
import type { InboundAttachment, MediaKind } from '../../core/message-parts';
import { isObject, numberAt, textAt, type JsonObject } from '../kit/json';

const NO_ADDRESS = 'The integration server did not tell where the file is. Ask the contact to send it again.';

/** How a file is taken to be as long as its bytes have not been seen. */
const ASSUMED: Readonly<Record<MediaKind, { name: string; mime: string }>> = {
	image: { name: 'image.jpg', mime: 'image/jpeg' },
	video: { name: 'video.mp4', mime: 'video/mp4' },
	audio: { name: 'audio.mp3', mime: 'audio/mpeg' },
	file: { name: 'file', mime: 'application/octet-stream' },
};

/** Words that servers have for kinds of files, in `message.type` or in `attachment.type`. */
const KINDS: ReadonlyMap<string, MediaKind> = new Map([
	['image', 'image'],
	['photo', 'image'],
	['sticker', 'image'],
	['video', 'video'],
	['audio', 'audio'],
	['voice', 'audio'],
	['file', 'file'],
	['document', 'file'],
]);

/** What is said; a text: why it is not used. */
export function contentOf(message: unknown): InboundContent | string {
	if (!isObject(message)) return "an event without a 'message'";
	const type = textAt(message, 'type') ?? 'text';
	if (type === 'text') return words(textAt(message, 'text'));
	if (type === 'attachment' || KINDS.has(type)) return file(message, type);
	if (type === 'location') return place(isObject(message['location']) ? message['location'] : message);
	if (type === 'quick_reply') return choices(message);
	// Of what is not known here, at least the words.
	return textAt(message, 'text')?.trim() ? words(textAt(message, 'text')) : `a message of the type '${type}'`;
}

function words(text: string | undefined): InboundContent | string {
	return text?.trim() ? { kind: 'text', text } : 'a text message without a text';
}

/** `{ type: 'attachment', attachment: { … } }` as documented, or `{ type: 'image', url: … }` as some send it. */
function file(message: JsonObject, type: string): InboundContent {
	const described = isObject(message['attachment']) ? message['attachment'] : message;
	const caption = [textAt(message, 'caption'), textAt(message, 'text'), textAt(described, 'caption')].find((text) => text?.trim());
	return { kind: 'media', attachments: [attachment(described, type)], text: caption ?? null };
}

function attachment(described: JsonObject, messageType: string): InboundAttachment {
	const told = textAt(described, 'type') ?? messageType;
	const mime = textAt(described, 'mimeType') ?? textAt(described, 'mimetype');
	const kind = KINDS.get(told) ?? KINDS.get(mime?.split('/')[0] ?? '') ?? 'file';
	const url = textAt(described, 'url');
	const source = url !== undefined && isWebAddress(url) ? url : undefined;
	const name = textAt(described, 'fileName') ?? textAt(described, 'filename') ?? (source && fileNameIn(source));
	return {
		fileId: null,
		kind,
		...(told === 'voice' && { voice: true }),
		name: name ?? ASSUMED[kind].name,
		mime: mime ?? ASSUMED[kind].mime,
		sizeBytes: 0,
		...(source === undefined ? { missing: NO_ADDRESS } : { source: { url: source } }),
	};
}

const isWebAddress = (url: string) => /^https?:\/\//i.test(url) && URL.canParse(url);

/** The end of its path, if that has the form of a file's name. */
function fileNameIn(url: string): string | undefined {
	const last = new URL(url).pathname.split('/').at(-1) ?? '';
	return /.\.[a-z0-9]{1,10}$/i.test(last) ? decoded(last) : undefined;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch (error) {
		if (error instanceof URIError) return text;
		throw error;
	}
}

function place(message: JsonObject): InboundContent | string {
	const [latitude, longitude] = [numberAt(message, 'latitude'), numberAt(message, 'longitude')];
	if (latitude === undefined || longitude === undefined) return 'a location without coordinates';
	if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return 'a location that is nowhere on earth';
	return { kind: 'location', text: null, latitude, longitude, name: textAt(message, 'name') ?? null, address: textAt(message, 'address') ?? null };
}

/** What one of ours offered elsewhere. The answer of a contact to it is a text. */
function choices(message: JsonObject): InboundContent | string {
	const replies: unknown = message['replies'];
	const labels = new Set((Array.isArray(replies) ? replies : []).filter((reply) => typeof reply === 'string' && reply.trim() !== ''));
	const text = textAt(message, 'title') ?? textAt(message, 'text');
	if (labels.size === 0) return words(text);
	return { kind: 'choices', text: text ?? '', options: [...labels].map((label): Choice => ({ id: String(label), label: String(label) })) };
}
