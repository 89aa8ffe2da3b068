import { fileTypeFromBuffer } from 'file-type';
import type { Attachment, MediaKind } from '../../core/channel';
import type { Desk } from '../../core/desk';

const UNKNOWN = 'application/octet-stream';
const IMAGES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** What a browser may show in place. Everything else, SVG and HTML above all, is only ever a download. */
export function mediaKindOf(mime: string): MediaKind {
	if (IMAGES.has(mime)) return 'image';
	if (mime.startsWith('video/')) return 'video';
	return mime.startsWith('audio/') ? 'audio' : 'file';
}

/** The type that the bytes themselves show, if they show one. */
export async function sniffedType(bytes: Uint8Array): Promise<string | undefined> {
	return (await fileTypeFromBuffer(bytes))?.mime;
}

/** Safe to show and to save: no path, nothing that confuses a terminal or a browser. */
export function cleanFileName(name: string): string {
	const last = name.split(/[\\/]/).at(-1) ?? '';
	return last.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '').trim();
}

/** A file whose bytes are in the store. */
export type StoredAttachment = Attachment & { fileId: string };

/**
 * Keeps a file for a message. Its type is what the bytes show; `declaredMime` counts only for what has no signature and
 * is never shown in place.
 */
export async function storeFile(
	desk: Desk,
	file: { name: string; bytes: Uint8Array; declaredMime?: string; owner: string | null },
): Promise<StoredAttachment> {
	const sniffed = await sniffedType(file.bytes);
	const declared = file.declaredMime && mediaKindOf(file.declaredMime) === 'file' ? file.declaredMime : UNKNOWN;
	const mime = sniffed ?? declared;
	const stored = {
		id: desk.newId(),
		name: file.name,
		mime,
		sizeBytes: file.bytes.length,
		owner: file.owner,
		createdAt: desk.now(),
	};
	await desk.store.atomically((records) => records.files.insert(stored, file.bytes));
	const { id: fileId, name, sizeBytes } = stored;
	return { fileId, kind: mediaKindOf(mime), name, mime, sizeBytes };
}
