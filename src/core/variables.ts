import type { ChannelId } from './channel';
import { foldName } from './names';
import type { Agent, Contact, Conversation } from './records';
import type { EpochMs } from './time';

/** Variables: `$contact.firstname`, with a fallback for who has none: `$contact.firstname|there`. */

/** What variables stand for. */
export interface Facts {
	contact: Contact;
	/** Who has the conversation, or the contact. */
	assignee: Agent | null;
	/** The open one, else the latest. */
	conversation: Conversation | null;
	/** Where the message goes. */
	channel: ChannelId;
	now: EpochMs;
	/** IANA, of the workflow. */
	timeZone: string;
}

/** Where a variable may begin: the kind, and as much as could be its name. A name alone, or any other `$`, is text. */
export const VARIABLE = /\$(contact|assignee|conversation|system)\.([\p{L}\p{M}\p{N}_]+)/giu;
/** A variable as the fallback of the one before it. */
export const FALLBACK_VARIABLE = new RegExp(`\\|${VARIABLE.source}`, 'yiu');

/** Texts by their names in lower case. Null: there is such a variable, but nothing is known. */
type Attributes = Readonly<Record<string, (facts: Facts) => string | null>>;

const ATTRIBUTES: Readonly<Record<string, Attributes>> = {
	contact: {
		name: ({ contact }) => contact.name,
		firstname: ({ contact }) => contact.firstName,
		lastname: ({ contact }) => contact.lastName,
		email: ({ contact }) => contact.email,
		phone: ({ contact }) => contact.phone,
		language: ({ contact }) => contact.language,
		id: ({ contact }) => contact.id,
	},
	assignee: {
		name: ({ assignee }) => assignee?.name ?? null,
		firstname: ({ assignee }) => assignee?.name.trim().split(/\s+/)[0] ?? null,
		email: ({ assignee }) => assignee?.email ?? null,
	},
	conversation: {
		id: ({ conversation }) => conversation?.id ?? null,
		channel: ({ conversation, channel }) => conversation?.channel ?? channel,
	},
	system: {
		current_date: ({ now, timeZone }) => dateAndTime(now, timeZone).date,
		current_time: ({ now, timeZone }) => dateAndTime(now, timeZone).time,
		current_datetime: ({ now, timeZone }) => Object.values(dateAndTime(now, timeZone)).join(' '),
	},
};

/** All but custom fields, as they are typed; for docs/texts.md. */
export const VARIABLE_NAMES: readonly string[] = Object.entries(ATTRIBUTES).flatMap(([kind, names]) => Object.keys(names).map((name) => `$${kind}.${name}`));

/** '2026-11-21' and '10:00:00' */
function dateAndTime(now: EpochMs, timeZone: string): { date: string; time: string } {
	const two = '2-digit';
	const format = new Intl.DateTimeFormat('en', {
		...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric' },
		...{ month: two, day: two, hour: two, minute: two, second: two },
	});
	const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
	return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}:${parts['second']}` };
}

/** A variable in a text. */
export interface Variable {
	/** The part of what could be its name that is it. */
	name: string;
	/** Null: it has none. */
	value: string | null;
}

/**
 * The variable that begins there. What follows a known name without a space is no part of it where it cannot be: an
 * underscore that marks slanted text, a word in another script ('$contact.lastname様'). What is unknown has no value.
 */
export function variableAt(facts: Facts, kind: string, typed: string): Variable {
	let last = typed;
	for (const name of possibleNames(typed)) {
		const value = known(facts, kind.toLowerCase(), name);
		if (value !== undefined) return { name, value: value === null || value.trim() === '' ? null : value };
		last = name;
	}
	return { name: last, value: null };
}

const LATIN = /^[\p{Script=Latin}\p{M}\p{N}_]+/u;

/** Longest first. */
function possibleNames(typed: string): string[] {
	const wholes = [typed, LATIN.exec(typed)?.[0] ?? typed];
	return [...new Set(wholes.flatMap((name) => [name, name.replace(/_+$/, '') || name]))].sort((a, b) => b.length - a.length);
}

/** Undefined: there is no such variable. */
function known(facts: Facts, kind: string, name: string): string | null | undefined {
	const attributes = ATTRIBUTES[kind] ?? {};
	const folded = foldName(name);
	if (Object.hasOwn(attributes, folded)) return attributes[folded]?.(facts) ?? null;
	return kind === 'contact' ? customField(facts.contact.fields, name, folded) : undefined;
}

function customField(fields: Readonly<Record<string, unknown>>, name: string, folded: string): string | null | undefined {
	if (Object.hasOwn(fields, name)) return fieldText(fields[name]);
	const keys = Object.keys(fields);
	const key = keys.find((each) => foldName(each) === folded) ?? keys.find((each) => nameable(foldName(each)) === folded);
	return key === undefined ? undefined : fieldText(fields[key]);
}

/** 'Order ID' is named as order_id, 'No.' as no. */
const nameable = (key: string) => key.split(/[^\p{L}\p{M}\p{N}_]+/u).filter((part) => part !== '').join('_');

const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

function fieldText(value: unknown): string | null {
	if (isPlain(value)) return String(value);
	if (!Array.isArray(value) || !value.every(isPlain)) return null;
	return value.map(String).filter((each) => each.trim() !== '').join(', ');
}

const NAME_START = '\\$(?:contact|assignee|conversation|system)\\.[\\p{L}\\p{M}\\p{N}_]';
const QUOTED = (more: string) => `"([^"${more}]*)"|[“„]([^“”${more}]*)[“”]`;
/** Brackets belong to it when both are in it. `alike`: what stands for one character. */
const WORD = (more: string, alike = '(?!)') => `((?:${alike}|\\([^\\s()${more}]*\\)|(?!${NAME_START}${more && '|&nbsp;'})[^\\s.,;:!?…。，、；：！？()\\uFDD0${more}])+)`;

const FALLBACK = {
	plain: new RegExp(`\\|(?:${QUOTED('')}|${WORD('')})`, 'yiu'),
	// In a page it ends with the text that it stands in.
	html: new RegExp(`\\|(?:${QUOTED('<')}|${WORD('<>"', '&(?!nbsp;)#?[a-z0-9]+;')})`, 'yiu'),
};
export type Format = keyof typeof FALLBACK;

/** What is said instead, typed right behind the variable; null: nothing is. `length`: of all of it. */
export function fallbackAt(text: string, index: number, format: Format): { text: string; length: number } | null {
	const pattern = FALLBACK[format];
	pattern.lastIndex = index;
	const match = pattern.exec(text);
	return match && { text: match[1] ?? match[2] ?? match[3] ?? '', length: match[0].length };
}
