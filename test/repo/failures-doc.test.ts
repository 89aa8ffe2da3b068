import { channels } from '../../src/channels';
import { failureTables } from '../../src/channels/failure-tables';
import * as kit from '../../src/channels/kit/call';
import { FAILURE_CODES } from '../../src/core/failure-codes';
import { channelSections, codesTable, everyChannelTable } from '../../scripts/failures-table.mjs';
import { withPart } from '../../scripts/generated-part.mjs';
import { read } from './files';

const PAGE = read('docs/failures.md');
const all = Object.values(channels);

test.each([
	['codes', codesTable(FAILURE_CODES)],
	['every-channel', everyChannelTable(kit, FAILURE_CODES)],
	['channels', channelSections(all, failureTables, FAILURE_CODES)],
])("the part '%s' of docs/failures.md is made from the code as it is (npm run docs)", (part, text) => {
	expect(PAGE).toBe(withPart(PAGE, part, text));
});

test('every code of a failure stands in it, and every sentence of every channel', () => {
	const missing = [
		...Object.keys(FAILURE_CODES).filter((code) => !PAGE.includes(`| \`${code}\` |`)),
		...Object.values(failureTables).flatMap(({ messages = [], mails = [] }) => [...messages, ...mails].filter(({ reason }) => !PAGE.includes(`| ${reason.replaceAll('|', '\\|')} |`)).map(({ reason }) => reason)),
	];
	expect(missing).toEqual([]);
});

test('what is said of the next channel by hand is what the codes say', () => {
	const [, table = ''] = /## When the next channel is tried\n([\s\S]*?)\n## /.exec(PAGE) ?? [];
	const column = (index: number) => table.split('\n').flatMap((line) => [...(line.split('|')[index] ?? '').matchAll(/`([a-z_]+)`/g)].map((match) => match[1]));
	const codes = Object.entries(FAILURE_CODES);
	// Of Assign Conversation.
	const others = ['nobody_available'];
	expect(column(1).sort()).toEqual(codes.filter(([, { goesOn }]) => goesOn).map(([code]) => code).sort());
	expect(column(2).sort()).toEqual(codes.filter(([code, { goesOn }]) => !goesOn && !others.includes(code)).map(([code]) => code).sort());
});

test('README.md leads there', () => {
	expect(read('README.md')).toContain('docs/failures.md');
});
