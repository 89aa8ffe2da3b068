import type { Choice } from './channel';
import { parseEmail, parsePhone } from './contact';
import type { Desk } from './desk';
import { InputError } from './failure';
import { readNumber, withPlainDigits } from './numbers';
import type { Answer, Expectation, Message } from './records';

/** Whether what a contact wrote answers what a step asked (R19). */

export type Said = Pick<Message, 'text' | 'choice' | 'details'>;
export type Found = Omit<Answer, 'tries'>;

/** Nobody answers a question with more; what is longer is looked at line by line only. */
const LENGTH_MAX = 300;

/** What the message answers; null: it does not do. `language`: of the contact, BCP 47. */
export async function checkAnswer(
	desk: Pick<Desk, 'now' | 'readDate'>,
	expects: Expectation,
	said: Said,
	language: string | null,
): Promise<Found | null> {
	const pressed = expects.kind === 'choice' && said.choice ? byId(expects.choices, said.choice.id) : undefined;
	if (pressed) return { kind: 'choice', value: pressed.id, label: pressed.label };
	for (const text of readings(said)) {
		const found = await read(desk, expects, text, language);
		if (found) return found;
	}
	return shared(expects, said);
}

/** The whole text, then its first line: below it may be a signature. */
function readings({ text, choice }: Said): string[] {
	const whole = (choice?.label ?? text ?? '').trim();
	const [first = ''] = whole.split(/\s*[\r\n]/);
	return [...new Set([whole, first])].filter((each) => each !== '' && each.length <= LENGTH_MAX);
}

async function read(desk: Pick<Desk, 'now' | 'readDate'>, expects: Expectation, text: string, language: string | null): Promise<Found | null> {
	const { kind } = expects;
	if (kind === 'choice') {
		const choice = choiceIn(text, expects.choices);
		return choice && { kind, value: choice.id, label: choice.label };
	}
	if (kind === 'number') {
		const value = readNumber(text, language);
		return value === null || value < (expects.min ?? -Infinity) || value > (expects.max ?? Infinity) ? null : { kind, value };
	}
	if (kind === 'date') {
		const value = await desk.readDate(text, { now: desk.now(), timeZone: expects.timeZone, language });
		return value === null ? null : { kind, value };
	}
	const value = kind === 'email' ? onlyOne(emailsIn(text)) : onlyOne(phonesIn(text));
	return value === null ? null : { kind, value };
}

/** A card that somebody shared: Telegram's and WhatsApp's way to give a number. */
function shared({ kind }: Expectation, { details }: Said): Found | null {
	const people = details?.people ?? [];
	if (kind !== 'phone' && kind !== 'email') return null;
	const given =
		kind === 'phone'
			? people.flatMap(({ phones }) => phones.flatMap((phone) => phonesIn(/^\d/.test(phone) ? `+${phone}` : phone)))
			: people.flatMap(({ emails }) => emails.flatMap(emailsIn));
	const value = onlyOne(given);
	return value === null ? null : { kind, value };
}

const byId = (choices: readonly Choice[], id: string) => choices.find((choice) => choice.id === id);

/** By its label or id, whatever the case, accents and what stands around it; else by its number in the list. */
function choiceIn(text: string, choices: readonly Choice[]): Choice | null {
	for (const form of [folded, bare]) {
		const said = form(text);
		const named = said === '' ? [] : choices.filter(({ label, id }) => form(label) === said || form(id) === said);
		const [only] = named;
		if (only && (named.length === 1 || form === folded)) return only;
	}
	const place = bare(withPlainDigits(text));
	// Of amounts to choose from, '2' is none.
	if (!/^\d{1,2}$/.test(place) || choices.some(({ label }) => /^[\d.,\s]+$/.test(bare(label)))) return null;
	return choices[Number(place) - 1] ?? null;
}

/** Without accents, variants of emoji and more than one space at once; in lower case. */
function folded(text: string): string {
	const marks = /[\u0300-\u036f\ufe0f\u{1f3fb}-\u{1f3ff}]/gu;
	return text.normalize('NFKD').replace(marks, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Without what stands around letters and digits: '“Sales!” 🙂' → 'sales'. */
function bare(text: string): string {
	return folded(text).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

function emailsIn(text: string): string[] {
	const candidates = text.replace(/mailto:/gi, ' ').match(/[^\s@<>,;:()[\]"']+@[^\s@<>,;:()[\]"']+/g) ?? [];
	return candidates.flatMap((each) => valid(() => parseEmail('Text', each.replace(/[.!?*_]+$/, ''))));
}

/** With the country's code: '+44 7900 900000', '0044 7900 900000', '+44 (0)7900 900000'. */
function phonesIn(text: string): string[] {
	const candidates = withPlainDigits(text).match(/(?<!\d)(?:\+|00)\s?[1-9][\d\s().\-/]{5,}\d/g) ?? [];
	return candidates.flatMap((each) => valid(() => parsePhone('Text', each.replace(/^00/, '+').replace('(0)', ''))));
}

function valid(parse: () => string): string[] {
	try {
		return [parse()];
	} catch (error) {
		if (error instanceof InputError) return [];
		throw error;
	}
}

function onlyOne(values: readonly string[]): string | null {
	const [only, ...more] = new Set(values);
	return only === undefined || more.length > 0 ? null : only;
}
