/** A piece of a message's text; `href` when it is a web address. */
export interface TextPiece {
	text: string;
	href: string | null;
}

const WEB_ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u0000-\u001f]+/gi;

/** Splits a text into plain pieces and links. Only http and https become links; joined again, the pieces give the text. */
export function piecesOf(text: string): TextPiece[] {
	const pieces: TextPiece[] = [];
	let done = 0;
	for (const match of text.matchAll(WEB_ADDRESS)) {
		const address = withoutSentenceEnd(match[0]);
		const href = hrefOf(address);
		if (href === null) continue;
		if (match.index > done) pieces.push({ text: text.slice(done, match.index), href: null });
		pieces.push({ text: address, href });
		done = match.index + address.length;
	}
	if (done < text.length) pieces.push({ text: text.slice(done), href: null });
	return pieces;
}

/** "(see https://example.com/a_(b)).": what ends the sentence is not part of the address, a bracket opened in it is. */
function withoutSentenceEnd(found: string): string {
	let address = found;
	for (;;) {
		const last = address.slice(-1);
		if (/[.,;:!?…*_~]/.test(last)) address = address.slice(0, -1);
		else if (last === ')' && count(address, ')') > count(address, '(')) address = address.slice(0, -1);
		else if (last === ']' && count(address, ']') > count(address, '[')) address = address.slice(0, -1);
		else return address;
	}
}

function count(text: string, char: string): number {
	return text.split(char).length - 1;
}

function hrefOf(address: string): string | null {
	try {
		const url = new URL(address);
		return url.host !== '' && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
	} catch {
		// TypeError: looks like an address but is none.
		return null;
	}
}

/** Length in Unicode code points, as the limit counts it. */
export function lengthOf(text: string): number {
	let length = 0;
	for (const _ of text) length++;
	return length;
}

/** `1.4 MB`, as file managers say it: units of 1000. */
export function sizeText(sizeBytes: number): string {
	if (sizeBytes < 1_000) return `${sizeBytes} B`;
	if (sizeBytes < 999_500) return `${Math.round(sizeBytes / 1_000)} kB`;
	const mega = sizeBytes / 1_000_000;
	return `${mega < 9.95 ? mega.toFixed(1) : Math.round(mega)} MB`;
}

/** A size limit: 10 × 1024 × 1024 bytes are called 10 MB. */
export function limitText(limitBytes: number): string {
	return limitBytes % (1024 * 1024) === 0 ? `${limitBytes / (1024 * 1024)} MB` : sizeText(limitBytes);
}
