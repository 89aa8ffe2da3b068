import type { InboundContent } from '../../core/channel';
import type { InboundAttachment } from '../../core/message-parts';
import { numberAt, objectAt, textAt, type JsonObject } from '../kit/json';
import { PRESS_PREFIX } from './facts';

const NO_ADDRESS = 'Viber did not tell where the file is. Ask the contact to send it again.';

/** How a file is taken to be as long as its bytes have not been seen. */
const ASSUMED = {
	picture: { kind: 'image', name: 'picture.jpg', mime: 'image/jpeg' },
	video: { kind: 'video', name: 'video.mp4', mime: 'video/mp4' },
	file: { kind: 'file', name: 'file', mime: 'application/octet-stream' },
	sticker: { kind: 'image', name: 'sticker.png', mime: 'image/png' },
} as const satisfies Record<string, Pick<InboundAttachment, 'kind' | 'name' | 'mime'>>;

/** What the person says; a text: why it is not used. */
export function contentOf(message: JsonObject): InboundContent | string {
	const type = textAt(message, 'type') ?? '';
	switch (type) {
		case 'text':
			return textContent(textAt(message, 'text'));
		case 'url':
			return linkContent(message);
		case 'picture':
		case 'video':
		case 'file':
		case 'sticker':
			return { kind: 'media', attachments: [attachment(message, type)], text: textAt(message, 'text') ?? null };
		case 'location':
			return place(objectAt(message, 'location'));
		case 'contact':
			return person(objectAt(message, 'contact'));
		default:
			return `a message of the type '${type}'`;
	}
}

/** Written, or the press of one of our buttons. */
function textContent(text: string | undefined): InboundContent | string {
	if (text === undefined) return 'a text message without a text';
	const id = text.startsWith(PRESS_PREFIX) ? text.slice(PRESS_PREFIX.length) : '';
	return id === '' ? { kind: 'text', text } : { kind: 'choice', choice: { id, label: null }, text: null };
}

function linkContent(message: JsonObject): InboundContent | string {
	const lines = [textAt(message, 'text'), textAt(message, 'media')].filter((line) => line !== undefined);
	return lines.length === 0 ? 'a link without an address' : { kind: 'text', text: [...new Set(lines)].join('\n') };
}

function attachment(message: JsonObject, type: keyof typeof ASSUMED): InboundAttachment {
	const { kind, name, mime } = ASSUMED[type];
	const url = textAt(message, 'media');
	return {
		fileId: null,
		kind,
		name: textAt(message, 'file_name') ?? name,
		mime,
		sizeBytes: Math.max(0, numberAt(message, 'size') ?? 0),
		...(url !== undefined && isWebAddress(url) ? { source: { url } } : { missing: NO_ADDRESS }),
	};
}

const isWebAddress = (url: string) => /^https?:\/\//i.test(url) && URL.canParse(url);

function place(location: JsonObject): InboundContent | string {
	const [latitude, longitude] = [numberAt(location, 'lat'), numberAt(location, 'lon')];
	if (latitude === undefined || longitude === undefined) return 'a location without coordinates';
	return { kind: 'location', text: null, latitude, longitude, name: null, address: textAt(location, 'address') ?? null };
}

function person(contact: JsonObject): InboundContent | string {
	const [name, phone] = [textAt(contact, 'name'), textAt(contact, 'phone_number')];
	if (name === undefined && phone === undefined) return 'a shared contact without a name and a number';
	return {
		kind: 'people',
		text: [name, phone].filter((part) => part !== undefined).join(' '),
		people: [{ name: name ?? '', phones: phone === undefined ? [] : [phone], emails: [] }],
	};
}
