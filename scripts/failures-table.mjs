/**
 * What docs/failures.md says of codes, made from the code: what each means, and which refusals of each provider it is.
 * @typedef {import('../src/core/channel-ids.js').ChannelId} ChannelId
 * @typedef {import('../src/core/failure-codes.js').FailureCode} FailureCode
 * @typedef {import('../src/core/failure-codes.js').FailureMeaning} FailureMeaning
 * @typedef {import('../src/channels/failure-tables.js').FailureTables} FailureTables
 * @typedef {import('../src/channels/kit/call.js').FailureRow} FailureRow
 * @typedef {import('../src/channels/email/failure-row.js').MailFailureRow} MailFailureRow
 * @typedef {Readonly<Record<FailureCode, FailureMeaning>>} Codes
 * @typedef {{ is: FailureCode, told: string, reason: string }} Line
 */

/** @param {Codes} codes */
export function codesTable(codes) {
	const line = (/** @type {[string, FailureMeaning]} */ [code, { happened, next, retryable, goesOn }]) =>
		row([`\`${code}\``, happened, next, retryable ? 'yes' : 'no', goesOn ? 'yes' : 'no']);
	return [header(['code', 'what happened', 'what to do', '`retryable`', 'next channel']), ...Object.entries(codes).map(line)].join('\n');
}

/**
 * What holds on every channel whose own table has nothing else.
 * @param {Pick<typeof import('../src/channels/kit/call.js'), 'failureOf' | 'statusRows' | 'unanswered'>} kit
 * @param {Codes} codes
 */
export function everyChannelTable({ failureOf, statusRows, unanswered }, codes) {
	const anybody = /** @type {const} */ ({ id: 'custom', name: 'the provider' });
	const line = (/** @type {import('../src/core/failure.js').Failure} */ { code, reason }, /** @type {string} */ told) => ({ is: code, reason, told });
	const lines = [
		line(unanswered(anybody, 'before'), 'nothing: there is no way to it'),
		line(unanswered(anybody, 'after'), 'nothing, after the message had left'),
		...linesOf(statusRows(anybody)),
		line(failureOf(anybody, [], { status: 400, code: '0', message: 'no' }), 'anything else'),
		line(failureOf(anybody, [], { status: 400 }), 'a refusal without a code and without words'),
	];
	return linesTable('The provider says', lines, codes);
}

/**
 * A table of lines, in the order of the codes; lines that say the same are one.
 * @param {string} who
 * @param {readonly Line[]} lines
 * @param {Codes} codes
 */
function linesTable(who, lines, codes) {
	const order = Object.keys(codes);
	/** @type {Map<string, Line>} */
	const merged = new Map();
	for (const line of lines) {
		const key = `${line.is} ${line.reason}`;
		const before = merged.get(key);
		merged.set(key, before ? { ...before, told: `${before.told}, ${line.told}` } : line);
	}
	const sorted = [...merged.values()].sort((a, b) => order.indexOf(a.is) - order.indexOf(b.is));
	return [header(['code', who, 'reason']), ...sorted.map(({ is, told, reason }) => row([`\`${is}\``, told, `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`]))].join('\n');
}

/**
 * One section for each channel that has a provider.
 * @param {readonly { id: ChannelId, name: string }[]} channels
 * @param {Readonly<Record<ChannelId, FailureTables>>} tables
 * @param {Codes} codes
 */
export function channelSections(channels, tables, codes) {
	return channels
		.map(({ id, name }) => ({ name, by: tables[id].by, lines: [...linesOf(tables[id].messages ?? []), ...mailLines(tables[id].mails ?? [])] }))
		.filter(({ by }) => by !== '')
		.map(({ name, by, lines }) => `### ${name}\n\n${linesTable(`${by} says`, lines, codes)}`)
		.join('\n\n');
}

/** @param {readonly FailureRow[]} rows @returns {Line[]} */
function linesOf(rows) {
	return rows.map((each) => lineOf(each, signsOf(each)));
}

/** @param {readonly MailFailureRow[]} rows @returns {Line[]} */
function mailLines(rows) {
	return rows.map((each) => lineOf(each, mailSigns(each)));
}

/**
 * @param {Pick<FailureRow, 'is' | 'reason' | 'says' | 'when'>} row
 * @param {readonly string[]} signs
 * @returns {Line}
 */
function lineOf({ is, reason, says, when }, signs) {
	// An enhanced code of a mail server stands among its words.
	const words = says?.map((each) => (/^[\d.]+$/.test(each) ? `\`${each}\`` : `“${each}”`)).join(', ');
	return { is, reason, told: [...signs, words, when].filter(Boolean).join(' ') || 'anything else' };
}

/** @param {FailureRow} row */
function signsOf({ status, code, subcode }) {
	if (code === undefined) return status === undefined ? [] : [`HTTP ${typeof status === 'number' ? status : status.join('–')}`];
	const codes = listOf(code);
	if (subcode === undefined) return [spans(codes).join(', ')];
	return [codes.flatMap((one) => listOf(subcode).map((sub) => `\`${one}/${sub}\``)).join(', ')];
}

const ABOUT = { tls: 'TLS', login: 'login', mail: '', mailbox: 'folder', other: '' };

/** @param {MailFailureRow} row */
function mailSigns({ server, about, status = [] }) {
	return [server?.toUpperCase() ?? '', about ? ABOUT[about] : '', status.map((each) => `\`${each}\``).join(', ')].filter((sign) => sign !== '');
}

/** @param {string | readonly string[]} one */
const listOf = (one) => (typeof one === 'string' ? [one] : one);

/** Three numbers or more in a row are written as a span. @param {readonly string[]} codes */
function spans(codes) {
	/** @type {string[][]} */
	const runs = [];
	for (const code of codes) {
		const run = runs.at(-1);
		if (run && Number(run.at(-1)) + 1 === Number(code)) run.push(code);
		else runs.push([code]);
	}
	return runs.flatMap((run) => (run.length > 2 ? [`\`${run[0]}\`–\`${run.at(-1)}\``] : run.map((code) => `\`${code}\``)));
}

/** @param {readonly string[]} cells */
const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** @param {readonly string[]} cells */
const header = (cells) => `${row(cells)}\n|${'---|'.repeat(cells.length)}`;
