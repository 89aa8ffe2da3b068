import type { ParsedComponents, ParsedResult } from 'chrono-node';
import type { DateReader } from '../core/desk';

/** Loaded when it is first needed: few workflows ask for dates. */
const load = () => import('chrono-node');

interface Parser {
	parse(text: string, reference: Date, options: { forwardDate: boolean }): ParsedResult[];
}

/**
 * The one day that somebody names in a text, as YYYY-MM-DD: '2026-11-21', '21.11.26', 'Nov 21', 'tomorrow', 'next Friday',
 * in English and in the writer's language. Of '3/4/2026' the month comes first in American English only. A day without a
 * year is the next one of that name. Null: no day, or several. Never throws.
 */
export async function readDate(text: string, { now, timeZone, language }: DateReader): Promise<string | null> {
	try {
		const chrono = await load();
		const today = noonOf(now, timeZone);
		for (const parser of parsersOf(chrono, language ?? '')) {
			const [found, ...more] = parser.parse(inSlashes(text), today, { forwardDate: true });
			if (found && more.length === 0 && !found.end && isDay(found.start)) return dayOf(found.start);
		}
		return null;
	} catch {
		return null;
	}
}

/** '12.5.' and '1.1.90', which chrono does not know, as '12/5' and '1/1/90'. */
function inSlashes(text: string): string {
	return text.replace(/(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?(?![\d.])/g, (_date, ...parts: (string | undefined)[]) =>
		parts.slice(0, 3).filter((part) => part !== undefined).join('/'),
	);
}

/** The first knows how to read '3/4/2026'; it knows the order of words of British English only. */
function parsersOf(chrono: Awaited<ReturnType<typeof load>>, language: string): Parser[] {
	const [base = ''] = language.toLowerCase().split(/[-_]/);
	const inFigures = /^en[-_]us$/i.test(language) ? chrono.en.casual : chrono.en.GB;
	const own: unknown = Reflect.get(chrono, base);
	return [inFigures, ...(isLocale(own) ? [own.casual] : []), chrono.en.casual];
}

function isLocale(value: unknown): value is { casual: Parser } {
	return typeof value === 'object' && value !== null && 'casual' in value;
}

/** Neither a month, nor 'next week', nor a moment of today such as 'now' and 'in a minute'. */
function isDay(start: ParsedComponents): boolean {
	const tags = start.tags();
	if (tags.has('casualReference/now') || tags.has('result/relativeDateAndTime')) return false;
	return start.isCertain('weekday') || (start.isCertain('day') && !tags.has('result/relativeDate'));
}

function dayOf(start: ParsedComponents): string {
	const [year, month, day] = (['year', 'month', 'day'] as const).map((part) => start.get(part) ?? 0);
	return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-');
}

/** Noon of that zone's day on the clock of this process, which is the one that chrono reckons by. */
function noonOf(now: number, timeZone: string): Date {
	const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' }).formatToParts(now);
	const [year = 0, month = 1, day = 1] = (['year', 'month', 'day'] as const).map((type) =>
		Number(parts.find((part) => part.type === type)?.value),
	);
	return new Date(year, month - 1, day, 12);
}
