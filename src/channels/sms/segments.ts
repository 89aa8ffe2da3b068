import type { SmsEncoding } from '../../core/message-parts';

/** GSM 03.38 (3GPP TS 23.038), default alphabet, without its escape. Each is one septet. */
const BASIC = new Set(
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension: an escape goes before each. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** What one SMS holds, and each of several that are put together again: their order takes room. In septets and UTF-16 units. */
const ROOM: Readonly<Record<SmsEncoding, { alone: number; joined: number }>> = {
	'GSM-7': { alone: 160, joined: 153 },
	'UCS-2': { alone: 70, joined: 67 },
};

/** In which alphabet a text goes: one character outside of GSM-7 is enough for UCS-2. */
function encodingOf(text: string): SmsEncoding {
	for (const character of text) if (!BASIC.has(character) && !EXTENSION.has(character)) return 'UCS-2';
	return 'GSM-7';
}

/** An escape stays with its character, and the halves of one beyond the 65,536 stay together. */
function sizeOf(character: string, encoding: SmsEncoding): number {
	if (encoding === 'UCS-2') return character.length;
	return EXTENSION.has(character) ? 2 : 1;
}

/** The text as SMS carry it, each of which is paid for. */
export function segmentsOf(text: string): { encoding: SmsEncoding; segments: string[] } {
	const encoding = encodingOf(text);
	const { alone, joined } = ROOM[encoding];
	let total = 0;
	for (const character of text) total += sizeOf(character, encoding);
	return { encoding, segments: total <= alone ? [text] : split(text, encoding, joined) };
}

function split(text: string, encoding: SmsEncoding, room: number): string[] {
	const segments: string[] = [];
	let [segment, used] = ['', 0];
	for (const character of text) {
		const size = sizeOf(character, encoding);
		if (used + size > room) {
			segments.push(segment);
			[segment, used] = ['', 0];
		}
		segment += character;
		used += size;
	}
	return [...segments, segment];
}
