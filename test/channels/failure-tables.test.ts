import { channelIds, channels } from '../../src/channels';
import type { MailFailureRow } from '../../src/channels/email/failure-row';
import { FAILURES as EMAIL } from '../../src/channels/email/failures';
import { rowOf } from '../../src/channels/email/refusals';
import { failureTables } from '../../src/channels/failure-tables';
import { failureOf, statusRows, type FailureRow, type Refusal } from '../../src/channels/kit/call';
import { FAILURE_CODES } from '../../src/core/failure-codes';

const withRows = channelIds.filter((id) => channels[id].provider !== undefined);
const tablesOf = (id: (typeof channelIds)[number]) => {
	const { messages = [], mails = [], others = [] } = failureTables[id];
	return { messages, mails, others, all: [...messages, ...mails, ...others] };
};
const ROWS = [
	...withRows.flatMap((id) => tablesOf(id).all.map((row) => ({ id, row }))),
	...statusRows({ name: 'LINE' }).map((row) => ({ id: 'line' as const, row })),
];

test.each(withRows.map((id) => [id]))('%s has a table of refusals, since it has a provider', (id) => {
	expect(tablesOf(id).all.length).toBeGreaterThan(5);
});

test("the website chat has none: it is n8n's own", () => {
	expect(tablesOf('webchat').all).toEqual([]);
});

describe('every sentence', () => {
	const failing = (isGood: (reason: string) => boolean) => ROWS.filter(({ row }) => !isGood(row.reason)).map(({ id, row }) => `${id}: ${row.reason}`);

	test('begins and ends like a sentence', () => {
		expect(failing((reason) => /^['A-Z].*\.$/s.test(reason) && !/ {2}|\.\.|\n|undefined/.test(reason))).toEqual([]);
	});

	test('says what happened, and then what to do', () => {
		expect(failing((reason) => reason.split(/[.;:] /).length > 1)).toEqual([]);
	});

	test('has none of the words that blame', () => {
		expect(failing((reason) => !/\b(errors?|problems?|failures?|failed|fails?|mistakes?)\b/i.test(reason))).toEqual([]);
	});

	test("names fields of ours and the provider's in single quotes, without a quote left open", () => {
		expect(failing((reason) => (reason.match(/(?<![a-z])'|'(?![a-z])/gi) ?? []).length % 2 === 0)).toEqual([]);
	});

	test('holds no placeholder in which a secret or a message could stand', () => {
		expect(failing((reason) => !/[{}$]|%s/.test(reason))).toEqual([]);
	});
});

test('promise 4: only what surely was not accepted may be sent again', () => {
	const bold = ROWS.filter(({ row }) => (row.retryable ?? FAILURE_CODES[row.is].retryable) && row.is !== 'rate_limited' && row.is !== 'provider_unavailable');
	// A push of LINE's has a key by which LINE knows a repetition.
	expect(bold.map(({ id, row }) => [id, row.is, 'when' in row && row.when])).toEqual([['line', 'outcome_unknown', 'to a push']]);
});

test('a row that looks for words has words for the guide, and finds them', () => {
	const silent = ROWS.flatMap(({ id, row }) => {
		const looksFor = 'words' in row || 'enhanced' in row ? [row.words, row.enhanced] : 'message' in row ? [row.message] : [];
		const patterns = looksFor.filter((pattern) => pattern !== undefined);
		const { says = [] } = row;
		if (patterns.length === 0) return says.length === 0 ? [] : [`${id}: ${says.join()} is looked for by nobody`];
		const missed = says.filter((words) => !patterns.some((pattern) => pattern.test(words)));
		return says.length === 0 || missed.length > 0 ? [`${id}: ${missed.join()} (${row.reason})`] : [];
	});
	expect(silent).toEqual([]);
});

const first = <T>(list: T | readonly T[]): T | undefined => (Array.isArray(list) ? (list as readonly T[])[0] : (list as T));

/** As the provider would refuse for this row to count. */
function refusalsFor({ status, code, subcode, says = [undefined] }: Omit<FailureRow, 'says'> & { says?: readonly (string | undefined)[] }): Refusal[] {
	const codes = code === undefined ? [undefined] : [code].flat();
	return codes.flatMap((one) =>
		says.map((message) => ({
			// Without one: told later, when there is no answer any more.
			status: (status === undefined ? 0 : first<number>(status)) ?? 0,
			...(one !== undefined && { code: one }),
			...(subcode !== undefined && { subcode: first<string>(subcode) ?? '' }),
			...(message !== undefined && { message }),
		})),
	);
}

describe('no row stands in the shadow of one before it', () => {
	test.each(withRows.filter((id) => id !== 'email').map((id) => [id]))('%s', (id) => {
		const { messages } = tablesOf(id);
		// What else tells a row apart is not in the refusal.
		const shadowed = messages.filter(({ when }) => when === undefined).flatMap((row) =>
			refusalsFor(row)
				.filter((refusal) => failureOf({ id, name: channels[id].name }, messages, refusal).reason !== row.reason)
				.map((refusal) => `${JSON.stringify(refusal)} is not: ${row.reason}`),
		);
		expect(shadowed).toEqual([]);
	});

	test('email', () => {
		const refusal = (row: MailFailureRow, words?: string) => {
			const isCode = words !== undefined && /^[\d.]+$/.test(words);
			return {
				server: row.server ?? ('smtp' as const),
				about: row.about ?? ('mail' as const),
				status: row.status?.[0] ?? (isCode ? null : row.kind === 4 ? 450 : row.kind === 5 ? 550 : null),
				enhanced: isCode ? words : null,
				response: isCode ? '' : (words ?? ''),
			};
		};
		const shadowed = EMAIL.flatMap((row) => (row.says ?? [undefined]).filter((words) => rowOf(refusal(row, words))?.reason !== row.reason).map((words) => `${words}: ${row.reason}`));
		expect(shadowed).toEqual([]);
	});
});
