import type { InboundAttachment, InboundContent } from '../../core/channel';
import { numberAt, objectAt, textAt, type JsonObject } from '../kit/json';

/** LINE tells the type of a person's file only with its bytes, and a name only of what was sent as a file. */
const FILES = {
	image: { extension: 'jpg', mime: 'image/jpeg' },
	video: { extension: 'mp4', mime: 'video/mp4' },
	audio: { extension: 'm4a', mime: 'audio/mp4' },
} as const;

/** What the person said; a text: why it is nothing for us. */
export function contentOf(message: JsonObject, id: string): InboundContent | string {
	const type = textAt(message, 'type');
	if (type === 'text') return textOf(message);
	if (type === 'image' || type === 'video' || type === 'audio') return media(recording(message, id, type));
	if (type === 'file') return media(file(message, id));
	if (type === 'sticker') return { ...media(sticker(message)), text: textAt(message, 'text') ?? null };
	if (type === 'location') return location(message);
	return `a message of the type '${type ?? ''}'`;
}

function textOf(message: JsonObject): InboundContent | string {
	const text = textAt(message, 'text');
	return text === undefined ? 'a text message without a text' : { kind: 'text', text };
}

const media = (attachment: InboundAttachment) => ({ kind: 'media' as const, attachments: [attachment], text: null });

function recording(message: JsonObject, id: string, kind: keyof typeof FILES): InboundAttachment {
	const { extension, mime } = FILES[kind];
	const what = { fileId: null, kind, name: `${kind}-${id}.${extension}`, mime, sizeBytes: 0, ...(kind === 'audio' && { voice: true }) };
	const provider = objectAt(message, 'contentProvider');
	if (textAt(provider, 'type') !== 'external') return { ...what, source: { messageId: id } };
	const url = textAt(provider, 'originalContentUrl');
	return url === undefined ? { ...what, missing: 'LINE does not say where the file is.' } : { ...what, source: { url } };
}

function file(message: JsonObject, id: string): InboundAttachment {
	return {
		fileId: null,
		kind: 'file',
		name: textAt(message, 'fileName') ?? `file-${id}`,
		mime: 'application/octet-stream',
		sizeBytes: numberAt(message, 'fileSize') ?? 0,
		source: { messageId: id },
	};
}

/** Messages by sticker are answers too: they are kept, though nobody can show them. */
function sticker(message: JsonObject): InboundAttachment {
	const [packageId, stickerId] = [textAt(message, 'packageId') ?? '?', textAt(message, 'stickerId') ?? '?'];
	return {
		fileId: null,
		kind: 'image',
		name: `sticker-${packageId}-${stickerId}.png`,
		mime: 'image/png',
		sizeBytes: 0,
		missing: `LINE gives stickers by number only (package ${packageId}, sticker ${stickerId}).`,
	};
}

function location(message: JsonObject): InboundContent | string {
	const [latitude, longitude] = [numberAt(message, 'latitude'), numberAt(message, 'longitude')];
	if (latitude === undefined || longitude === undefined) return 'a location without coordinates';
	return { kind: 'location', text: null, latitude, longitude, name: textAt(message, 'title') ?? null, address: textAt(message, 'address') ?? null };
}
