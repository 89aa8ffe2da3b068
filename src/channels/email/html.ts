const WEB_ADDRESS = /\bhttps?:\/\/[^\s<>"'`\p{Cc}]+/giu;
/** What follows an address in a sentence. */
const AFTERWARDS = /[.,;:!?…]+$/;

/** A plain text as HTML: an empty line begins a paragraph, web addresses can be clicked (A31). */
export function htmlOf(text: string): string {
	return text
		.replace(/\r\n?/g, '\n')
		.split(/\n[ \t]*\n\s*/)
		.filter((paragraph) => paragraph.trim() !== '')
		.map((paragraph) => `<p>${paragraph.trim().split('\n').map(lineOf).join('<br>\n')}</p>`)
		.join('\n');
}

function lineOf(line: string): string {
	let html = '';
	let end = 0;
	for (const match of line.matchAll(WEB_ADDRESS)) {
		const address = withoutSentence(match[0]);
		html += escaped(line.slice(end, match.index)) + `<a href="${escaped(address)}">${escaped(address)}</a>`;
		end = match.index + address.length;
	}
	return html + escaped(line.slice(end));
}

/** Without the end of the sentence it stands in. A bracket that was opened within it belongs to it. */
function withoutSentence(address: string): string {
	const shorter = address.replace(AFTERWARDS, '');
	const isOpen = (open: string, close: string) => shorter.split(open).length >= shorter.split(close).length;
	if (/\)$/.test(shorter) && !isOpen('(', ')')) return withoutSentence(shorter.slice(0, -1));
	if (/\]$/.test(shorter) && !isOpen('[', ']')) return withoutSentence(shorter.slice(0, -1));
	return shorter;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
