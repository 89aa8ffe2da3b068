import type { InboundContent } from '../../core/channel';
import type { InboundAttachment, MediaKind } from '../../core/message-parts';
import { MEDIA_MAX } from './facts';
import { param, type Params } from './params';

const NO_ADDRESS = 'Twilio did not tell where the file is. Ask the contact to send it again.';

/** Phones give files names, but Twilio does not pass them on. */
const NAMES: Readonly<Record<string, string>> = {
	'image/jpeg': 'photo.jpg',
	'image/png': 'picture.png',
	'image/gif': 'picture.gif',
	'image/webp': 'picture.webp',
	'image/heic': 'photo.heic',
	'image/bmp': 'picture.bmp',
	'image/tiff': 'picture.tiff',
	'video/mp4': 'video.mp4',
	'video/3gpp': 'video.3gp',
	'video/quicktime': 'video.mov',
	'video/webm': 'video.webm',
	'audio/mpeg': 'audio.mp3',
	'audio/mp4': 'audio.m4a',
	'audio/amr': 'audio.amr',
	'audio/ogg': 'audio.ogg',
	'audio/3gpp': 'audio.3gp',
	'text/vcard': 'contact.vcf',
	'text/x-vcard': 'contact.vcf',
	'application/vcard': 'contact.vcf',
	'application/pdf': 'document.pdf',
	'text/plain': 'text.txt',
	'text/csv': 'table.csv',
	'text/calendar': 'event.ics',
};
const UNKNOWN_TYPE = 'application/octet-stream';

/** What the person says; null: neither words nor files. */
export function contentOf(params: Params): InboundContent | null {
	const text = param(params, 'Body');
	const attachments = attachmentsOf(params);
	if (attachments.length > 0) return { kind: 'media', attachments, text: text ?? null };
	return text === undefined || text.trim() === '' ? null : { kind: 'text', text };
}

function attachmentsOf(params: Params): InboundAttachment[] {
	const count = Number(param(params, 'NumMedia') ?? 0);
	if (!Number.isInteger(count) || count < 1) return [];
	return Array.from({ length: Math.min(count, MEDIA_MAX) }, (_, index) => attachment(params, index));
}

function attachment(params: Params, index: number): InboundAttachment {
	const mime = (param(params, `MediaContentType${index}`) ?? UNKNOWN_TYPE).toLowerCase();
	const bare = (mime.split(';')[0] ?? mime).trim();
	const url = param(params, `MediaUrl${index}`);
	return {
		fileId: null,
		kind: kindOf(bare),
		name: numbered(NAMES[bare] ?? kindOf(bare), index),
		mime,
		sizeBytes: 0,
		...(url !== undefined && isWebAddress(url) ? { source: { url } } : { missing: NO_ADDRESS }),
	};
}

function kindOf(mime: string): MediaKind {
	const [type] = mime.split('/');
	return type === 'image' || type === 'video' || type === 'audio' ? type : 'file';
}

/** 'photo.jpg', 'photo-2.jpg' … by its place in the message. */
function numbered(name: string, index: number): string {
	return index === 0 ? name : name.replace(/(\.\w+)?$/, (end: string) => `-${index + 1}${end}`);
}

const isWebAddress = (url: string) => /^https?:\/\//i.test(url) && URL.canParse(url);
