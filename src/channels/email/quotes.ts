import { APP_SIGNATURE, FORWARD_LINE, FORWARD_SUBJECT, HEADER_LABELS, ORIGINAL_LINE, REPLY_SUBJECT, SAYS_WROTE } from './quote-words';

/** A line above a quote is wrapped into at most this many. */
const ATTRIBUTION_LINES_MAX = 4;
const ATTRIBUTION_MAX = 500;
/** More of a line is not looked at: nothing that is searched for is as long. */
const READ_MAX = 500;
/** A line that a program wrapped was nearly full. */
const WRAPPED_MIN = 60;
/** Lines of a block of headers. */
const HEADER_LINES_MAX = 7;
/** A '--' without the space behind it that RFC 3676 asks for begins a signature only when little follows. */
const SIGNATURE_LINES_MAX = 12;

const SIGNATURE = '-- ';
const BARE = /^(?:--|—)$/;

const DATE = /(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}/;
const TIME = /(?<!\d)\d{1,2}[:h]\d{2}(?!\d)|\bklo?\.? \d{1,2}\.\d{2}(?!\d)/i;
const ADDRESS = /<[^<>\s]+@[^<>\s]+>|\([^()\s]+@[^()\s]+\)/;
const ADDRESS_AT_END = /[<(]\s?[^<>()\s]+@[^<>()\s]+\s?[>)]\s?[:：]$/;

/**
 * What the person newly wrote in a mail: without the history that its program quoted and without a signature. Answers
 * between quoted lines stay, the quoted lines go. A mail that was passed on is kept whole, as is one of which nothing
 * would be left. `isReply`: it answers another mail, so that lines with a '>' are that one's.
 */
export function newText(text: string, subject: string, isReply: boolean): string {
	const whole = tidy(text.split(/\r\n|\r|\n/));
	if (FORWARD_SUBJECT.test(subject) && !REPLY_SUBJECT.test(subject)) return whole;
	const lines = whole.split('\n');
	const readable = lines.map(asRead);
	const forward = readable.findIndex((line) => FORWARD_LINE.test(line));
	const own = forward < 0 ? lines.length : forward;
	const kept = withoutSignature(withoutHistory(lines.slice(0, own), readable.slice(0, own), isReply || REPLY_SUBJECT.test(subject)));
	return tidy([...kept, ...(forward < 0 ? [] : ['', ...lines.slice(forward)])]) || whole;
}

/** A line for looking at: without marks of direction, with plain spaces. */
function asRead(line: string): string {
	return line.slice(0, READ_MAX).replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').replace(/[\u00a0\u202f\u2007]/g, ' ').trim();
}

function tidy(lines: readonly string[]): string {
	return lines
		.map((line) => (line === SIGNATURE ? line : line.trimEnd()))
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.replace(/^\n+/, '')
		.trimEnd();
}

const isQuoted = (line: string) => line.startsWith('>');

/** `readable`: the same lines, for looking at. */
function withoutHistory(lines: readonly string[], readable: readonly string[], isReply: boolean): string[] {
	const kept: string[] = [];
	let areOthers = isReply;
	for (let at = 0; at < lines.length; at += 1) {
		const line = readable[at] ?? '';
		if (areOthers && isQuoted(line)) continue;
		if (ORIGINAL_LINE.test(line) || isHeaderBlock(readable, at)) return withoutRule(kept);
		const end = attributionEnd(readable, at);
		if (end === null) {
			kept.push(lines[at] ?? '');
			continue;
		}
		// What it announces is marked line by line, and answers may stand between; else all that follows is history.
		if (!isQuoted(nextText(readable, end + 1))) return kept;
		areOthers = true;
		at = end;
	}
	return kept;
}

/** Without the line across the page that stands above a history. */
function withoutRule(kept: readonly string[]): string[] {
	const last = kept.findLastIndex((line) => line.trim() !== '');
	return /^\s*[_=*-]{5,}\s*$/.test(kept[last] ?? '') ? kept.slice(0, last) : [...kept];
}

/** The next line that says something. */
function nextText(lines: readonly string[], from: number): string {
	return lines.slice(from, from + 4).find((line) => line !== '') ?? '';
}

/** The last line of 'On Monday, Ann wrote:', when it begins here; null: it does not. */
function attributionEnd(lines: readonly string[], from: number): number | null {
	const first = lines[from] ?? '';
	if (first.length > ATTRIBUTION_MAX || !(DATE.test(first) || SAYS_WROTE.test(first))) return null;
	let joined = '';
	for (let end = from; end < from + ATTRIBUTION_LINES_MAX; end += 1) {
		const line = lines[end] ?? '';
		joined = `${joined} ${line}`.trim();
		if (line === '' || isQuoted(line) || joined.length > ATTRIBUTION_MAX) return null;
		if (!/[:：]$/.test(line)) {
			if (!isWrapped(line, lines[end + 1] ?? '')) return null;
			continue;
		}
		if (!isAttribution(joined, isQuoted(nextText(lines, end + 1)))) return null;
		// The person's own last line may stand right above, with a date in it too: the last line with a date begins it.
		const isOwnLine = end > from && lines.slice(from + 1, end + 1).some((later, index) => DATE.test(later) && attributionEnd(lines, from + 1 + index) === end);
		return isOwnLine ? null : end;
	}
	return null;
}

/** Whether the next line goes on with what this one says, for want of room. */
function isWrapped(line: string, next: string): boolean {
	const [word = ''] = next.split(' ');
	return word.startsWith('<') || line.length + word.length >= WRAPPED_MIN;
}

function isAttribution(line: string, isQuoteNext: boolean): boolean {
	if (!SAYS_WROTE.test(line)) return DATE.test(line) && TIME.test(line) && ADDRESS_AT_END.test(line);
	return isQuoteNext || ADDRESS.test(line) || (DATE.test(line) && TIME.test(line));
}

/** From, Subject, and Sent or To, as Outlook writes them above what it quotes. */
function isHeaderBlock(lines: readonly string[], from: number): boolean {
	const first = lines[from] ?? '';
	if (!HEADER_LABELS.from.test(first) && !HEADER_LABELS.sent.test(first)) return false;
	const near = lines.slice(from, from + HEADER_LINES_MAX);
	const end = near.indexOf('');
	const block = end < 0 ? near : near.slice(0, end);
	const has = (label: RegExp) => block.some((line) => label.test(line));
	return has(HEADER_LABELS.from) && has(HEADER_LABELS.subject) && (has(HEADER_LABELS.sent) || has(HEADER_LABELS.to));
}

function withoutSignature(lines: readonly string[]): string[] {
	// Several of them part the points of a list.
	const isBareOnce = lines.filter((line) => BARE.test(line)).length === 1;
	const delimiter = lines.findIndex((line, at) => line === SIGNATURE || (isBareOnce && BARE.test(line) && lines.length - at - 1 <= SIGNATURE_LINES_MAX));
	const kept = delimiter < 0 ? [...lines] : lines.slice(0, delimiter);
	while (kept.length > 0 && isAppSignature(kept.at(-1) ?? '')) kept.pop();
	return kept;
}

/** Empty lines around it count as its own. */
function isAppSignature(line: string): boolean {
	const plain = asRead(line);
	const words = plain.replace(/\s*[<([]?https?:\/\/\S+/g, '').replace(/[*_[\]()]+/g, '').trim();
	return plain === '' || APP_SIGNATURE.test(words);
}
