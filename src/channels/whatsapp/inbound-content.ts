import type { InboundAttachment, InboundContent, MediaKind, Place, SharedPerson } from '../../core/channel';
import { isObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';

/** What was said; a sentence when it is nothing that we can keep. */
export type Said = InboundContent | { why: string };

/** What the contact sent above 100 MB comes without content, under this code. */
const TOO_LARGE = '131052';

const MEDIA: Readonly<Record<string, MediaKind>> = {
	image: 'image',
	video: 'video',
	audio: 'audio',
	document: 'file',
	sticker: 'image',
};

/** For files that come without a name. */
const EXTENSIONS: Readonly<Record<string, string>> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'video/mp4': 'mp4',
	'video/3gpp': '3gp',
	'audio/aac': 'aac',
	'audio/amr': 'amr',
	'audio/mpeg': 'mp3',
	'audio/mp4': 'm4a',
	'audio/ogg': 'ogg',
	'application/pdf': 'pdf',
	'text/plain': 'txt',
};

/** Of a message of the types that say something; the others are told apart before. */
export function contentOf(message: JsonObject): Said {
	const type = textAt(message, 'type') ?? '';
	const part = objectAt(message, type);
	if (Object.hasOwn(MEDIA, type)) return mediaOf(type, part, message);
	if (type === 'text') return textOf(textAt(part, 'body'), 'a text without words');
	if (type === 'location') return locationOf(part);
	if (type === 'contacts') return peopleOf(objectsAt(message, 'contacts'));
	if (type === 'interactive') return replyOf(part);
	if (type === 'button') return pressOf(textAt(part, 'payload') ?? textAt(part, 'text'), textAt(part, 'text'));
	if (type === 'order') return textOf(textAt(part, 'text'), 'an order from the catalogue without a text');
	return unsupportedOf(message, type);
}

function textOf(text: string | undefined, otherwise: string): Said {
	return text === undefined ? { why: otherwise } : { kind: 'text', text };
}

function mediaOf(type: string, part: JsonObject, message: JsonObject): Said {
	const [id, given] = [textAt(part, 'id'), textAt(part, 'mime_type')];
	const mime = given ?? (type === 'sticker' ? 'image/webp' : 'application/octet-stream');
	const voice = part['voice'] === true;
	const file: InboundAttachment = {
		fileId: null,
		kind: MEDIA[type] ?? 'file',
		...(voice && { voice }),
		name: textAt(part, 'filename') ?? nameOf(voice ? 'voice-message' : type, mime),
		mime,
		sizeBytes: 0,
		...(id === undefined ? { missing: whyMissing(message) } : { source: { id } }),
	};
	return { kind: 'media', text: textAt(part, 'caption') ?? null, attachments: [file] };
}

function nameOf(what: string, mime: string): string {
	const extension = EXTENSIONS[(mime.split(';')[0] ?? '').trim()];
	return extension === undefined ? what : `${what}.${extension}`;
}

function whyMissing(message: JsonObject): string {
	return errorCode(message) === TOO_LARGE
		? 'The contact sent a file that WhatsApp does not hand over: it is too large or could not be loaded. Ask for it in another way.'
		: 'WhatsApp did not say where the file is. Ask the contact to send it again.';
}

const errorCode = (message: JsonObject) => textAt(objectsAt(message, 'errors')[0], 'code');

function locationOf(part: JsonObject): Said {
	const [latitude, longitude] = [numberAt(part, 'latitude'), numberAt(part, 'longitude')];
	if (latitude === undefined || longitude === undefined) return { why: 'a location without coordinates' };
	const place: Place = { latitude, longitude, name: textAt(part, 'name') ?? null, address: textAt(part, 'address') ?? null };
	return { kind: 'location', text: null, ...place };
}

function peopleOf(cards: readonly JsonObject[]): Said {
	const people = cards.map(personOf);
	if (people.length === 0) return { why: 'shared contacts without a card' };
	const text = people.map(({ name, phones, emails }) => [name, ...phones, ...emails].filter(Boolean).join(', ')).join('\n');
	return { kind: 'people', text, people };
}

function personOf(card: JsonObject): SharedPerson {
	const name = objectAt(card, 'name');
	const parts = [textAt(name, 'first_name'), textAt(name, 'last_name')].filter(Boolean).join(' ');
	return {
		name: textAt(name, 'formatted_name') ?? parts,
		phones: objectsAt(card, 'phones').flatMap((entry) => textAt(entry, 'phone') ?? plus(textAt(entry, 'wa_id')) ?? []),
		emails: objectsAt(card, 'emails').flatMap((entry) => textAt(entry, 'email') ?? []),
	};
}

const plus = (digits: string | undefined) => (digits === undefined ? undefined : `+${digits}`);

function replyOf(part: JsonObject): Said {
	const reply = objectAt(part, textAt(part, 'type') ?? '');
	const [id, title] = [textAt(reply, 'id'), textAt(reply, 'title')];
	if (id === undefined) return { why: `an interactive answer of the type '${textAt(part, 'type') ?? 'none'}'` };
	return pressOf(id, title);
}

function pressOf(id: string | undefined, label: string | undefined): Said {
	if (id === undefined) return { why: 'the press of a button without an id' };
	return { kind: 'choice', choice: { id, label: label ?? null }, text: label ?? null };
}

function unsupportedOf(message: JsonObject, type: string): Said {
	if (errorCode(message) === TOO_LARGE) return mediaOf('document', {}, message);
	const kind = textAt(objectAt(message, 'unsupported'), 'type');
	const code = errorCode(message);
	const more = [kind && `kind '${kind}'`, code && `code ${code}`].filter(Boolean).join(', ');
	return { why: `a message of the type '${type}', which WhatsApp does not hand over or we do not know${more && ` (${more})`}` };
}

/** The text that an edited message has now; null: none. */
export function editedText(edit: JsonObject): string | null {
	const message = objectAt(edit, 'message');
	const part = message[textAt(message, 'type') ?? 'text'];
	return isObject(part) ? (textAt(part, 'body') ?? textAt(part, 'caption') ?? null) : null;
}
