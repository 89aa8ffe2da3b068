import { checkAnswer, type Said } from '../../src/core/answers';
import type { Expectation } from '../../src/core/records';
import { readDate } from '../../src/n8n/dates';
import { START } from './desk';

/** What an answer comes to; `language`: of who wrote it. */
async function answer(expects: Expectation, said: string | Partial<Said>, { language = null as string | null, now = START } = {}) {
	const message: Said = { text: null, choice: null, details: null, ...(typeof said === 'string' ? { text: said } : said) };
	return await checkAnswer({ now: () => now, readDate }, expects, message, language);
}

describe('R19: one of the choices', () => {
	const expects: Expectation = {
		kind: 'choice',
		choices: [{ id: 'sales', label: 'Sales' }, { id: 'help', label: 'Support & Help' }, { id: '3rd', label: 'Sí, claro 👍' }],
	};
	const chosen = async (said: string | Partial<Said>) => (await answer(expects, said))?.value ?? null;

	test('pressed', async () => {
		expect(await answer(expects, { choice: { id: 'help', label: 'Support & Help' } })).toEqual({ kind: 'choice', value: 'help', label: 'Support & Help' });
		// Of an earlier message, with other ids.
		expect(await chosen({ choice: { id: 'old-1', label: 'Sales' }, text: 'Sales' })).toBe('sales');
		expect(await chosen({ choice: { id: 'old-2', label: 'Else' }, text: 'Else' })).toBeNull();
	});

	test.each([
		['Sales', 'sales'], ['  sALES. ', 'sales'], ['“Sales!” 🙂', 'sales'], ['HELP', 'help'], ['support  &\nhelp', 'help'], ['si, claro', '3rd'],
		['Sí, claro 👍🏽', '3rd'], ['3RD', '3rd'], ['1', 'sales'], ['2.', 'help'], ['2️⃣', 'help'], ['(3)', '3rd'], ['٢', 'help'],
		['Sales\n\nSent from my phone', 'sales'],
	])('written: %j', async (text, id) => {
		expect(await chosen(text)).toBe(id);
	});

	test.each(['', 'Sal', 'Sales or support', 'not Sales', '0', '4', '12', '1 2', '👍', 'https://example.com'])('not: %j', async (text) => {
		expect(await chosen(text)).toBeNull();
	});

	test('emojis are told apart', async () => {
		const faces: Expectation = { kind: 'choice', choices: [{ id: 'up', label: '👍' }, { id: 'down', label: '👎' }] };
		expect((await answer(faces, '👎🏿'))?.value).toBe('down');
		expect((await answer(faces, '👍️'))?.value).toBe('up');
		expect(await answer(faces, '🎉')).toBeNull();
	});

	test('of numbers to choose from, a place in the list is none', async () => {
		const sizes: Expectation = { kind: 'choice', choices: [{ id: 'a', label: '5' }, { id: 'b', label: '10' }, { id: 'c', label: '15' }] };
		expect((await answer(sizes, '10'))?.value).toBe('b');
		expect(await answer(sizes, '2')).toBeNull();
	});
});

describe('R19: a number', () => {
	const expects = (min: number | null = null, max: number | null = null): Expectation => ({ kind: 'number', min, max });
	const number = async (text: string, language: string | null = null) => (await answer(expects(), text, { language }))?.value ?? null;

	test.each([
		['42', 42], ['3.5', 3.5], ['3,5', 3.5], ['.5', 0.5], ['-2', -2], ['−2', -2], ['- 2', 2], ['0', 0], ['-0', 0], ['+7', 7], ['007', 7], ['42.', 42],
		['1 000', 1000], ['1 000', 1000], ['1 000', 1000], ['12 345 678', 12_345_678], ['1,000.50', 1000.5], ['1.000,50', 1000.5], ['1,000,000', 1_000_000],
		['1’000', 1000], ["1'000.5", 1000.5], ['1,00,000', 100_000], ['1 234,5', 1234.5], ['0,125', 0.125], ['1,00', 1], ['1234.567', 1234.567],
		['42 please', 42], ['I am 42!', 42], ['€ 42', 42], ['42€', 42], ['5kg', 5], ['about 3,5 hours', 3.5], ['٤٢', 42], ['४२', 42], ['４２', 42], ['٣٫٥', 3.5],
		['42\n\nAnn Lee, room 7', 42],
	])('%j', async (text, value) => {
		expect(await number(text)).toBe(value);
	});

	test.each([
		'', 'many', 'forty-two', '5-7', '5 or 7', '12:30', '1/2', '12 34', '1.2.3', '1,2,3', '1,000,50', 'B2B', 'A4 or 42', '2026-11-21', '1e5', '+44 7900 900000',
		'12345678901234567890', '👍',
	])('not: %j', async (text) => {
		expect(await number(text)).toBeNull();
	});

	test.each([
		['1.000', null, 1], ['1.000', 'en-GB', 1], ['1.000', 'de', 1000], ['1.000', 'de_AT', 1000], ['1,000', null, 1000], ['1,000', 'en', 1000], ['1,000', 'fr', 1],
		['1.000', 'not a language', 1], ['0.125', 'de', 0.125], ['12.5', 'de', 12.5],
	])('%j in %s', async (text, language, value) => {
		expect(await number(text, language)).toBe(value);
	});

	test('within the limits, which count', async () => {
		expect((await answer(expects(1, 10), '1'))?.value).toBe(1);
		expect((await answer(expects(1, 10), '10'))?.value).toBe(10);
		for (const text of ['0', '0.99', '10.01', '-5', '11']) expect(await answer(expects(1, 10), text)).toBeNull();
		expect((await answer(expects(null, 0), '-1000000'))?.value).toBe(-1_000_000);
		expect(await answer(expects(5), '4')).toBeNull();
	});
});

describe('R19: an email address', () => {
	const email = async (said: string | Partial<Said>) => (await answer({ kind: 'email' }, said))?.value ?? null;

	test.each([
		['ann@example.com', 'ann@example.com'], ['  Ann.Lee+shop@Example.CO.UK ', 'ann.lee+shop@example.co.uk'], ['It is ann@example.com.', 'ann@example.com'],
		['Ann <ann@example.com>', 'ann@example.com'], ['mailto:ann@example.com', 'ann@example.com'], ['ann@example.com, I mean ANN@example.com', 'ann@example.com'],
		['ann@example.com\n-- \nAnn, office@example.org', 'ann@example.com'],
	])('%j', async (text, value) => {
		expect(await email(text)).toBe(value);
	});

	test.each(['', 'ann', 'ann@example', 'ann at example.com', '@ann', 'ann@example.com or bob@example.com', 'a@b@example.com'])('not: %j', async (text) => {
		expect(await email(text)).toBeNull();
	});

	test('of a shared contact', async () => {
		const details = { people: [{ name: 'Ann', phones: [], emails: ['Ann@example.com'] }] };
		expect(await email({ text: 'Ann', details })).toBe('ann@example.com');
	});
});

describe('R19: a phone number', () => {
	const phone = async (said: string | Partial<Said>) => (await answer({ kind: 'phone' }, said))?.value ?? null;

	test.each([
		['+447900900000', '+447900900000'], ['0044 7900 900 000', '+447900900000'], ['+44 (0)7900-900.000', '+447900900000'], ['call me: +49 (30) 901820!', '+4930901820'],
		['+ 44 7900 900000', '+447900900000'], ['＋447900900000', '+447900900000'], ['+447900900000 (that is +44 7900 900000)', '+447900900000'],
	])('%j', async (text, value) => {
		expect(await phone(text)).toBe(value);
	});

	test.each(['', '07900 900000', '12345', '+44', '+4479009000001234567', '+447900900000 or +447900900001', 'later'])('not: %j', async (text) => {
		expect(await phone(text)).toBeNull();
	});

	test('of a shared contact, with or without the +', async () => {
		const card = (...phones: string[]) => ({ text: 'Ann', details: { people: [{ name: 'Ann', phones, emails: [] }] } });
		expect(await phone(card('447900900000'))).toBe('+447900900000');
		expect(await phone(card('+44 7900 900000', '+447900900000'))).toBe('+447900900000');
		expect(await phone(card('+447900900000', '+447900900001'))).toBeNull();
		expect(await phone(card('07900 900000'))).toBeNull();
	});
});

describe('R19: a date', () => {
	/** Saturday noon in Berlin. */
	const day = async (text: string, language: string | null = null, now = Date.parse('2026-11-21T11:00:00Z'), timeZone = 'Europe/Berlin') =>
		(await answer({ kind: 'date', timeZone }, text, { language, now }))?.value ?? null;

	test.each([
		['2026-11-21', '2026-11-21'], ['21.11.2026', '2026-11-21'], ['21/11/2026', '2026-11-21'], ['21-11-26', '2026-11-21'], ['2026/11/21', '2026-11-21'],
		['21 Nov 2026', '2026-11-21'], ['November 21st, 2026', '2026-11-21'], ['2026-11-21T23:30:00Z', '2026-11-21'], ['1.1.90', '1990-01-01'], ['29 Feb 2028', '2028-02-29'],
		['today', '2026-11-21'], ['tomorrow', '2026-11-22'], ['the day after tomorrow', '2026-11-23'], ['in 3 days', '2026-11-24'], ['next Friday', '2026-11-27'],
		['on 3 May please', '2027-05-03'], ['12.5.', '2027-05-12'], ['dec 31', '2026-12-31'], ['10/11', '2027-11-10'], ['tomorrow at 5pm', '2026-11-22'],
	])('%j', async (text, date) => {
		expect(await day(text)).toBe(date);
	});

	test.each([
		['3/4/2026', null, '2026-04-03'], ['3/4/2026', 'en', '2026-04-03'], ['3/4/2026', 'en-US', '2026-03-04'], ['3/4/2026', 'de', '2026-04-03'], ['25/4/2026', 'en-US', '2026-04-25'],
		['morgen', 'de', '2026-11-22'], ['am 3. März', 'de', '2027-03-03'], ['mañana', 'es-MX', '2026-11-22'], ['21 de noviembre de 2026', 'es', '2026-11-21'],
		['le 1er mai', 'fr', '2027-05-01'], ['明日', 'ja', '2026-11-22'], ['2026年11月21日', 'zh-Hant', '2026-11-21'], ['amanhã', 'pt_BR', '2026-11-22'], ['tomorrow', 'de', '2026-11-22'],
		['tomorrow', 'constructor', '2026-11-22'],
	])('%j in %s', async (text, language, date) => {
		expect(await day(text, language)).toBe(date);
	});

	test.each([
		'', 'soon', '42', '31.02.2026', 'Feb 30 2026', '29.02.2027', 'May', '2026', 'next week', 'now', 'in a minute', '5pm', '3 May or 5 May', '3-5 May', 'version 1.2.3', '1.5', 'mañana',
	])('not: %j', async (text) => {
		expect(await day(text)).toBeNull();
	});

	test('today is the day where the workflow is', async () => {
		const at = Date.parse('2026-11-21T23:30:00Z');
		expect(await day('today', null, at, 'Europe/Berlin')).toBe('2026-11-22');
		expect(await day('today', null, at, 'America/New_York')).toBe('2026-11-21');
		expect(await day('tomorrow', null, at, 'Pacific/Kiritimati')).toBe('2026-11-23');
		expect(await day('today', null, at, 'No/Where')).toBeNull();
	});
});

test('a file without words answers no question, a long text is no answer', async () => {
	for (const kind of ['email', 'phone'] as const) expect(await answer({ kind }, {})).toBeNull();
	expect(await answer({ kind: 'number', min: null, max: null }, { text: null })).toBeNull();
	expect(await answer({ kind: 'email' }, `${'word '.repeat(100)}ann@example.com`)).toBeNull();
});
