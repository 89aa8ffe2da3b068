/**
 * What a channel's guide says of its limits, made from the channel's own data (`can` in facts.ts).
 * @typedef {import('../src/core/channel.js').Channel} Channel
 * @typedef {import('../src/core/channel.js').Capabilities} Capabilities
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const UNITS = { codepoint: 'characters', utf16: 'characters', byte: 'bytes' };
const MEDIA = { image: 'Image', video: 'Video', audio: 'Audio', voice: 'Voice note', file: 'File' };
const AFTER = {
	templates: 'after that approved templates only',
	nothing: 'after that nothing, until the contact writes',
	charged: "after that each message counts against 'Free Messages per Month'",
};

/** @param {number} count */
const number = (count) => count.toLocaleString('en-US');

/** @param {import('../src/core/channel.js').TextLimit} limit */
const text = ({ max, unit }) => `${number(max)} ${UNITS[unit]}`;

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1_000_000 ? `${Math.round((bytes / 1_048_576) * 10) / 10} MB` : `${number(Math.round(bytes / 1024))} KB`);

/** @param {number} ms */
const span = (ms) => (ms > 2 * DAY_MS && ms % DAY_MS === 0 ? `${ms / DAY_MS} days` : `${ms / HOUR_MS} hours`);

/** @param {import('../src/core/channel.js').Rate} rate */
function rate({ count, perMs, burst }) {
	const per = perMs === 1000 ? 'a second' : perMs === HOUR_MS ? 'an hour' : `in ${perMs / 1000} seconds`;
	return `${number(count)} ${per}${burst && burst !== count ? `, up to ${burst} at once` : ''}`;
}

/** @param {Channel} channel */
export function windowOf({ can: { window } }) {
	if (!window) return 'none: send at any time';
	const human = window.humanAgentMs === undefined ? '' : `, ${span(window.humanAgentMs)} for what a person wrote ('Human Agent')`;
	const count = window.count === undefined ? '' : `, at most ${number(window.count)} messages`;
	return `${span(window.ms)} after the contact's last message${human}${count}; ${AFTER[window.after]}`;
}

/** @param {Channel} channel */
export function receiptsOf({ can: { receipts } }) {
	return receipts.length === 0 ? 'none' : receipts.join(', ');
}

/** @param {Channel} channel */
function rows(channel) {
	const { can } = channel;
	const media = /** @type {[keyof typeof MEDIA, import('../src/core/channel.js').MediaLimit][]} */ (Object.entries(can.media));
	return [
		['Window', windowOf(channel)],
		['Text', text(can.text)],
		can.caption && ['Text with a file', text(can.caption)],
		can.choices && ['Choices', `${can.choices.max}, each with at most ${can.choices.labelMax} characters`],
		can.choices?.text && ['Text above choices', text(can.choices.text)],
		can.choices?.id && ['ID of a choice', text(can.choices.id)],
		can.attachments && ['Files in one message', number(can.attachments.max)],
		...media.map(([kind, { maxBytes, mimes }]) => [MEDIA[kind], `${size(maxBytes)}${mimes ? `: ${mimes.join(', ')}` : ', any type'}`]),
		['Quoting a message', can.quotes ? 'yes' : 'no'],
		['Receipts', receiptsOf(channel)],
		can.rates.account && ['Rate of an account', rate(can.rates.account)],
		can.rates.recipient && ['Rate to one contact', rate(can.rates.recipient)],
	].filter((row) => row !== null && row !== undefined);
}

/** The table of one channel's guide. @param {Channel} channel */
export function limitsTable(channel) {
	const sources = channel.can.sources.map(({ url, readOn }) => `<${url}> (read ${readOn})`).join(', ');
	return ['| limit | value |', '|---|---|', ...rows(channel).map(([name, value]) => `| ${name} | ${value} |`), '', `Sources: ${sources}.`].join('\n');
}

/** The page that compares all of them. @param {readonly Channel[]} all */
export function overviewTable(all) {
	const line = (/** @type {Channel} */ channel) => {
		const { can, id, name } = channel;
		const guide = channel.provider ? `[${name}](channels/${id}.md)` : `[${name}](website-chat.md)`;
		const choices = can.choices ? number(can.choices.max) : '–';
		const files = can.attachments ? number(can.attachments.max) : '–';
		return `| ${guide} | ${windowOf(channel)} | ${text(can.text)} | ${choices} | ${files} | ${can.media.voice ? 'yes' : 'no'} | ${can.contents.includes('template') ? 'yes' : 'no'} | ${receiptsOf(channel)} |`;
	};
	return ['| channel | window | text | choices | files | voice notes | templates | receipts |', '|---|---|---|---|---|---|---|---|', ...all.map(line)].join('\n');
}
