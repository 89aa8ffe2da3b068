import type { InboundAttachment, MediaKind } from '../../core/channel';
import { isObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';
import { DOWNLOAD_MAX_BYTES } from './facts';

/** How one kind of file comes in; what the message itself says goes first. */
interface Form {
	field: string;
	kind: MediaKind;
	/** When the message names none. */
	mime: string;
	voice?: true;
}

/** The first one that is there counts: an animation comes with its document beside it. */
const FORMS: readonly Form[] = [
	{ field: 'animation', kind: 'video', mime: 'video/mp4' },
	{ field: 'video', kind: 'video', mime: 'video/mp4' },
	{ field: 'video_note', kind: 'video', mime: 'video/mp4' },
	{ field: 'voice', kind: 'audio', mime: 'audio/ogg', voice: true },
	{ field: 'audio', kind: 'audio', mime: 'audio/mpeg' },
	{ field: 'document', kind: 'file', mime: 'application/octet-stream' },
];

/** The files of a message; an album comes as a message for each of its files. */
export function attachmentsOf(message: JsonObject): InboundAttachment[] {
	const id = textAt(message, 'message_id') ?? '';
	if (isObject(message['live_photo'])) {
		const film = fileOf(objectAt(message, 'live_photo'), { field: 'live_photo', kind: 'video', mime: 'video/mp4' }, id);
		return [...photoOf(message, id), film];
	}
	if (Array.isArray(message['photo'])) return photoOf(message, id);
	if (isObject(message['sticker'])) return [stickerOf(objectAt(message, 'sticker'), id)];
	const form = FORMS.find(({ field }) => isObject(message[field]));
	return form ? [fileOf(objectAt(message, form.field), form, id)] : [];
}

/** Telegram offers a photo in several sizes; the largest is the one that was sent. */
function photoOf(message: JsonObject, id: string): InboundAttachment[] {
	const area = (size: JsonObject) => (numberAt(size, 'width') ?? 0) * (numberAt(size, 'height') ?? 0);
	const largest = objectsAt(message, 'photo').reduce<JsonObject | null>((best, size) => (best && area(best) > area(size) ? best : size), null);
	return largest ? [fileOf(largest, { field: 'photo', kind: 'image', mime: 'image/jpeg' }, id)] : [];
}

function stickerOf(sticker: JsonObject, id: string): InboundAttachment {
	if (sticker['is_video'] === true) return fileOf(sticker, { field: 'sticker', kind: 'video', mime: 'video/webm' }, id);
	if (sticker['is_animated'] === true) return fileOf(sticker, { field: 'sticker', kind: 'file', mime: 'application/x-tgsticker' }, id);
	return fileOf(sticker, { field: 'sticker', kind: 'image', mime: 'image/webp' }, id);
}

function fileOf(file: JsonObject, form: Form, messageId: string): InboundAttachment {
	const mime = textAt(file, 'mime_type') ?? form.mime;
	const sizeBytes = numberAt(file, 'file_size') ?? 0;
	const fileId = textAt(file, 'file_id');
	return {
		fileId: null,
		// An animation is a video without sound, or a GIF as it was.
		kind: form.field === 'animation' && mime.startsWith('image/') ? 'image' : form.kind,
		...(form.voice && { voice: true }),
		name: textAt(file, 'file_name') ?? `${form.field.replace('_', '-')}-${messageId}${extension(mime)}`,
		mime,
		sizeBytes,
		...availability(fileId, sizeBytes),
	};
}

function availability(fileId: string | undefined, sizeBytes: number): Pick<InboundAttachment, 'missing' | 'source'> {
	if (fileId === undefined) return { missing: 'Telegram gave nothing to fetch this file with.' };
	if (sizeBytes <= DOWNLOAD_MAX_BYTES) return { source: { fileId } };
	const megabytes = Math.ceil((sizeBytes / 1024 / 1024) * 10) / 10;
	return { missing: `The file has ${megabytes} MB, and Telegram lets bots fetch at most 20 MB. Ask the contact for a link to it.` };
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	['image/jpeg', '.jpg'],
	['image/png', '.png'],
	['image/webp', '.webp'],
	['image/gif', '.gif'],
	['video/mp4', '.mp4'],
	['video/quicktime', '.mov'],
	['video/webm', '.webm'],
	['audio/ogg', '.ogg'],
	['audio/mpeg', '.mp3'],
	['audio/mp4', '.m4a'],
	['audio/x-m4a', '.m4a'],
	['application/pdf', '.pdf'],
	['application/x-tgsticker', '.tgs'],
]);

function extension(mime: string): string {
	return EXTENSIONS.get(mime) ?? '.bin';
}
