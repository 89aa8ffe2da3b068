import type { InboundContent } from '../../../core/channel';
import type { InboundAttachment, MediaKind, Place, Referral } from '../../../core/message-parts';
import { isObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../json';

/** What somebody said in Messenger or on Instagram, or why it says nothing to us. */
export type Said =
	| { content: InboundContent; story?: { id: string | null; url: string | null } }
	| { content: null; why: string };

const MENTION_MISSING =
	'The person mentioned you in a story. Instagram allows no copy of it: look at it in the Instagram app, while it is there.';
const WITHHELD = 'Meta announced this file without an address to fetch it from. Look at it in the inbox of the account.';

/** Recordings are named like this; nothing else tells them from other audio. From memory. */
const RECORDING = /^audioclip-/;

const FILE_KINDS: Readonly<Record<string, MediaKind>> = {
	image: 'image',
	sticker: 'image',
	video: 'video',
	audio: 'audio',
	file: 'file',
};
/** A shared reel or post is a file when it lies here; any other address is a page to look at, and never fetched. */
const META_FILE_HOSTS = /(^|\.)(fbcdn\.net|fbsbx\.com|cdninstagram\.com|lookaside\.facebook\.com|lookaside\.instagram\.com)$/;

const MIME_OF: Readonly<Record<string, string>> = {
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	png: 'image/png',
	gif: 'image/gif',
	webp: 'image/webp',
	mp4: 'video/mp4',
	mov: 'video/quicktime',
	webm: 'video/webm',
	m4a: 'audio/mp4',
	mp3: 'audio/mpeg',
	ogg: 'audio/ogg',
	wav: 'audio/wav',
	aac: 'audio/aac',
	pdf: 'application/pdf',
	txt: 'text/plain',
	csv: 'text/csv',
	zip: 'application/zip',
};
const UNNAMED: Readonly<Record<MediaKind, { name: string; mime: string }>> = {
	image: { name: 'image.jpg', mime: 'image/jpeg' },
	video: { name: 'video.mp4', mime: 'video/mp4' },
	audio: { name: 'audio.mp4', mime: 'audio/mp4' },
	file: { name: 'file', mime: 'application/octet-stream' },
};

export function saidBy(message: JsonObject): Said {
	const text = textAt(message, 'text');
	const pressed = textAt(objectAt(message, 'quick_reply'), 'payload');
	if (pressed !== undefined) {
		return { content: { kind: 'choice', choice: { id: pressed, label: text ?? null }, text: text ?? null } };
	}
	const pieces = objectsAt(message, 'attachments').map(pieceOf);
	const files = pieces.flatMap((piece) => ('file' in piece ? [piece.file] : []));
	const [place] = pieces.flatMap((piece) => ('place' in piece ? [piece.place] : []));
	const words = withLinks(text, pieces.flatMap((piece) => ('link' in piece ? [piece.link] : [])));
	const story = storyOf(message, pieces);
	const content = contentOf(words, files, place);
	if (content !== null) return { content, ...(story && { story }) };
	const [why = 'it has neither text nor files'] = pieces.flatMap((piece) => ('why' in piece ? [piece.why] : []));
	return { content: null, why };
}

function contentOf(text: string | null, files: InboundAttachment[], place: Place | undefined): InboundContent | null {
	if (files.length > 0) return { kind: 'media', attachments: files, text };
	if (place) return { kind: 'location', text, ...place };
	return text === null ? null : { kind: 'text', text };
}

type Story = { id: string | null; url: string | null };
type Piece = { file: InboundAttachment; story?: Story } | { link: string } | { place: Place } | { why: string };

function storyOf(message: JsonObject, pieces: readonly Piece[]): Story | undefined {
	const answered = objectAt(message, 'reply_to')['story'];
	if (isObject(answered)) return { id: textAt(answered, 'id') ?? null, url: textAt(answered, 'url') ?? null };
	return pieces.flatMap((piece) => ('story' in piece ? [piece.story] : []))[0];
}

function pieceOf(attachment: JsonObject): Piece {
	const type = textAt(attachment, 'type') ?? 'unknown';
	const payload = objectAt(attachment, 'payload');
	const url = addressOf(textAt(payload, 'url') ?? textAt(attachment, 'url'));
	if (type === 'location') return placeOf(payload);
	if (type === 'story_mention') {
		const file = { fileId: null, kind: 'file', name: 'Story mention', mime: UNNAMED.file.mime, sizeBytes: 0, missing: MENTION_MISSING } as const;
		return { file, story: { id: textAt(payload, 'id') ?? null, url: url?.href ?? null } };
	}
	if (type === 'ephemeral') return { why: 'a picture or video that may be seen once; it is not given to apps' };
	if (type === 'template') return { why: "a message with an attachment of the type 'template'" };
	const kind = FILE_KINDS[type];
	if (kind !== undefined) return { file: fileOf(kind, url) };
	if (url === undefined) return { why: `a message with an attachment of the type '${type}'` };
	if (type === 'fallback' || !META_FILE_HOSTS.test(url.hostname)) return { link: unwrapped(url) };
	return { file: fileOf(/reel/.test(type) ? 'video' : kindOf(nameIn(url)), url) };
}

function placeOf(payload: JsonObject): Piece {
	const coordinates = objectAt(payload, 'coordinates');
	const [latitude, longitude] = [numberAt(coordinates, 'lat'), numberAt(coordinates, 'long')];
	if (latitude === undefined || longitude === undefined) return { why: 'a location without coordinates' };
	return { place: { latitude, longitude, name: null, address: null } };
}

function fileOf(kind: MediaKind, url: URL | undefined): InboundAttachment {
	const unnamed = UNNAMED[kind];
	if (url === undefined) return { fileId: null, kind, ...unnamed, sizeBytes: 0, missing: WITHHELD };
	const name = nameIn(url);
	const mime = name === undefined ? unnamed.mime : mimeOf(kind, name);
	return {
		fileId: null,
		kind,
		...(kind === 'audio' && name !== undefined && RECORDING.test(name) && { voice: true }),
		name: name ?? unnamed.name,
		mime,
		sizeBytes: 0,
		source: { url: url.href },
	};
}

function addressOf(text: string | undefined): URL | undefined {
	const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
	return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The last part of the path, when it looks like a file's name. */
function nameIn({ pathname }: URL): string | undefined {
	const last = pathname.slice(pathname.lastIndexOf('/') + 1);
	if (!/\.[A-Za-z0-9]{2,5}$/.test(last)) return undefined;
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

function mimeOf(kind: MediaKind, name: string): string {
	const mime = MIME_OF[extensionOf(name)] ?? UNNAMED[kind].mime;
	return kind === 'audio' && mime === 'video/mp4' ? 'audio/mp4' : mime;
}

function kindOf(name: string | undefined): MediaKind {
	const type = name === undefined ? '' : (MIME_OF[extensionOf(name)] ?? '').split('/')[0];
	return type === 'image' || type === 'video' || type === 'audio' ? type : 'file';
}

/** Meta leads clicks over an address of its own; the one the person shared is inside. */
function unwrapped(url: URL): string {
	const target = /^l\.(facebook|messenger|instagram)\.com$/.test(url.hostname) ? url.searchParams.get('u') : null;
	return target ?? url.href;
}

/** The text, with those addresses below it that it does not have. */
function withLinks(text: string | undefined, links: readonly string[]): string | null {
	const bare = (link: string) => link.replace(/^https?:\/\//, '').replace(/\/$/, '');
	const missing = links.filter((link) => !text?.includes(bare(link)));
	return [text, ...missing].filter(Boolean).join('\n') || null;
}

/** How somebody came to write; undefined when nothing is told. */
export function referralOf(told: unknown): Referral | undefined {
	if (!isObject(told)) return undefined;
	return {
		ref: textAt(told, 'ref') ?? null,
		source: textAt(told, 'source') ?? null,
		adId: textAt(told, 'ad_id') ?? null,
		headline: textAt(objectAt(told, 'ads_context_data'), 'ad_title') ?? null,
		url: textAt(told, 'referer_uri') ?? null,
	};
}
