import addressparser from 'nodemailer/lib/addressparser';
import type { MailPerson, ReceivedMail } from '../../core/mail';
import { decodeUnnamed, decodeWords } from './words';

/** What the headers of a mail say. */
export type MailHead = Pick<
	ReceivedMail,
	'messageId' | 'inReplyTo' | 'references' | 'from' | 'returnPath' | 'replyTo' | 'to' | 'cc' | 'subject' | 'date' | 'headers'
>;

/** A header's line, unfolded. */
export interface HeaderField {
	/** In lower case. */
	name: string;
	/** Its encoded words are still encoded. */
	value: string;
}

/** Nobody needs more; the rest would be somebody trying. */
const HEAD_MAX_BYTES = 256 * 1024;
const FIELDS_MAX = 1_000;

/** The fields up to the first empty line, in their order. */
export function headerFields(source: Uint8Array): HeaderField[] {
	const fields: HeaderField[] = [];
	/** Null: what was last is no header, and neither is what continues it. */
	let current: HeaderField | null = null;
	for (const line of headOf(source).split(/\r?\n/)) {
		if (/^[ \t]/.test(line)) {
			if (current) current.value += decoded(line);
			continue;
		}
		const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
		current = name === undefined ? null : { name: name.toLowerCase(), value: decoded(value) };
		if (current) fields.push(current);
		if (fields.length === FIELDS_MAX) break;
	}
	return fields.map(({ name, value }) => ({ name, value: value.trim() }));
}

const decoded = (line: string) => decodeUnnamed(Buffer.from(line, 'latin1'));

/** As Latin-1, one character for each byte. */
function headOf(source: Uint8Array): string {
	const start = Buffer.from(source.buffer, source.byteOffset, Math.min(source.byteLength, HEAD_MAX_BYTES));
	const text = start.toString('latin1').replace(/^(?:\r?\n)+/, '');
	const end = text.search(/\r?\n\r?\n/);
	return end < 0 ? text : text.slice(0, end);
}

export function readHead(fields: readonly HeaderField[]): MailHead {
	const first = (name: string) => fields.find((field) => field.name === name)?.value;
	const people = (name: string) => fields.filter((field) => field.name === name).flatMap(({ value }) => peopleIn(value));
	const returnPath = first('return-path');
	return {
		messageId: idsIn(first('message-id'))[0] ?? null,
		inReplyTo: idsIn(first('in-reply-to'))[0] ?? null,
		references: idsIn(first('references')),
		from: people('from')[0] ?? null,
		returnPath: returnPath === undefined ? null : (peopleIn(returnPath)[0]?.address ?? ''),
		replyTo: people('reply-to'),
		to: people('to'),
		cc: people('cc'),
		subject: oneLine(decodeWords(first('subject') ?? '')),
		date: dateIn(first('date')),
		headers: Object.fromEntries(fields.toReversed().map(({ name, value }) => [name, oneLine(decodeWords(value))])),
	};
}

/** With angle brackets. Some programs leave them out, and some write a sentence around an id. */
export function idsIn(value = ''): string[] {
	const ids = value.match(/<[^<>]*>/g)?.map((id) => id.replace(/\s+/g, '')) ?? [];
	if (ids.length > 0) return ids.filter((id) => id !== '<>');
	return value.split(/\s+/).flatMap((word) => (word.includes('@') ? [`<${word.replace(/[<>]/g, '')}>`] : []));
}

/** Those with an address, the members of groups among them. */
function peopleIn(value: string): MailPerson[] {
	return addressparser(value, { flatten: true }).flatMap(({ name, address }) =>
		address === '' ? [] : [{ name: oneLine(decodeWords(name)), address: oneLine(address) }],
	);
}

function dateIn(value = ''): number | null {
	const at = Date.parse(value);
	return Number.isNaN(at) ? null : at;
}

function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
