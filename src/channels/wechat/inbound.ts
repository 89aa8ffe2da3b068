import type { InboundContent } from '../../core/channel';
import type { InboundAttachment } from '../../core/message-parts';
import { numberAt, textAt, type JsonObject } from '../kit/json';

/** Files that come by an id, as long as their bytes have not been seen. */
const FILES = {
	image: { kind: 'image', name: 'image', ending: 'jpg', mime: 'image/jpeg' },
	voice: { kind: 'audio', name: 'voice', ending: 'amr', mime: 'audio/amr', voice: true },
	video: { kind: 'video', name: 'video', ending: 'mp4', mime: 'video/mp4' },
	shortvideo: { kind: 'video', name: 'video', ending: 'mp4', mime: 'video/mp4' },
} as const;

const NO_ID = 'WeChat did not tell which file it is. Ask the contact to send it again.';
const NO_DOCUMENTS = 'WeChat gives accounts no documents. Ask the contact for a link, or for the file by another channel.';

/** What the person says; a text: why it is not used. `id`: of the message. */
export function contentOf(fields: JsonObject, type: string, id: string): InboundContent | string {
	switch (type) {
		case 'text':
			return textContent(fields);
		case 'image':
		case 'voice':
		case 'video':
		case 'shortvideo':
			// What WeChat heard in a voice message, where the account has switched that on.
			return { kind: 'media', attachments: [file(fields, type, id)], text: textAt(fields, 'Recognition') ?? null };
		case 'file':
			return { kind: 'media', attachments: [document(fields)], text: null };
		case 'location':
			return place(fields);
		case 'link':
			return linkContent(fields);
		default:
			return `a message of the type '${type}'`;
	}
}

/** Written, or the press of one of our choices, which tells its label. */
function textContent(fields: JsonObject): InboundContent | string {
	const [text, choice] = [textAt(fields, 'Content'), textAt(fields, 'bizmsgmenuid')];
	if (choice !== undefined) return { kind: 'choice', choice: { id: choice, label: text ?? null }, text: text ?? null };
	return text === undefined ? 'a text message without a text' : { kind: 'text', text };
}

function file(fields: JsonObject, type: keyof typeof FILES, id: string): InboundAttachment {
	const { name, ending, ...form } = FILES[type];
	const mediaId = textAt(fields, 'MediaId');
	return {
		fileId: null,
		...form,
		name: `${name}-${id}.${ending}`,
		sizeBytes: 0,
		...(mediaId === undefined ? { missing: NO_ID } : { source: { mediaId } }),
	};
}

/** Not on WeChat's pages, but it comes: a name and a size, and nothing to fetch the file with. */
function document(fields: JsonObject): InboundAttachment {
	return {
		fileId: null,
		kind: 'file',
		name: textAt(fields, 'Title') ?? 'file',
		mime: 'application/octet-stream',
		sizeBytes: Math.max(0, numberAt(fields, 'FileTotalLen') ?? 0),
		missing: NO_DOCUMENTS,
	};
}

function place(fields: JsonObject): InboundContent | string {
	const [latitude, longitude] = [numberAt(fields, 'Location_X'), numberAt(fields, 'Location_Y')];
	if (latitude === undefined || longitude === undefined) return 'a location without coordinates';
	return { kind: 'location', text: null, latitude, longitude, name: null, address: textAt(fields, 'Label') ?? null };
}

function linkContent(fields: JsonObject): InboundContent | string {
	const lines = ['Title', 'Description', 'Url'].flatMap((name) => textAt(fields, name) ?? []);
	return textAt(fields, 'Url') === undefined ? 'a link without an address' : { kind: 'text', text: [...new Set(lines)].join('\n') };
}
