/** '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=' (RFC 2047); the part behind a '*' names a language (RFC 2231). */
const WORD = /=\?([^?*\s]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi;
/** Between two encoded words, white space parts nothing. */
const GAP = /^\s*$/;

/** A header's text with its encoded words as what they stand for. */
export function decodeWords(text: string): string {
	let decoded = '';
	let end = 0;
	let run: { charset: string; bytes: Buffer[] } | null = null;
	const flush = () => {
		if (run) decoded += decodeBytes(Buffer.concat(run.bytes), run.charset);
		run = null;
	};
	for (const { 0: word, 1: name = '', 2: encoding = '', 3: content = '', index } of text.matchAll(WORD)) {
		const between = text.slice(end, index);
		const charset = name.toLowerCase();
		// A character may be cut in two, its halves in two words.
		if (!run || !GAP.test(between) || run.charset !== charset) flush();
		if (end === 0 || !GAP.test(between)) decoded += between;
		run ??= { charset, bytes: [] };
		run.bytes.push(/b/i.test(encoding) ? Buffer.from(content, 'base64') : fromQ(content));
		end = index + word.length;
	}
	flush();
	return decoded + text.slice(end);
}

function fromQ(content: string): Buffer {
	return Buffer.from(
		content.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16))),
		'latin1',
	);
}

/** `charset`: a name as mails have it; of one that is not known the bytes are read as Latin-1. */
function decodeBytes(bytes: Uint8Array, charset: string): string {
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		// The name is no charset's.
		return Buffer.from(bytes).toString('latin1');
	}
}

/** Bytes that do not say what they are. */
export function decodeUnnamed(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return decodeBytes(bytes, 'windows-1252');
	}
}
