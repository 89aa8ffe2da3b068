import { fillIn, type Facts } from '../../src/core/authored';
import { blankContact } from '../../src/core/contact';
import { TEXT_MAX } from '../../src/core/content';
import type { Agent, Conversation } from '../../src/core/records';
import { VARIABLE_NAMES } from '../../src/core/variables';
import { read } from './files';

const PAGE = read('docs/texts.md');
const NOW = Date.parse('2026-11-22T08:05:09Z');

/** Cells of the rows of the table with this first column. */
function rowsOf(first: string): string[][] {
	const [, table = ''] = PAGE.split(`| ${first} |`);
	const lines = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
	return lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll('\\|', '|')));
}

const bare = (cell: string) => cell.replace(/^`|`$/g, '');

const ann = {
	...blankContact('01a20273-4a69', NOW),
	...{ name: 'Ann Lee', firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com', phone: '+447700900123', language: 'en' },
	fields: { 'Order ID': 7, sizes: ['S', 'M', 'L'] },
};
const bob: Agent = { id: 'agent-1', name: 'Bob Smith', email: 'bob@shop.example', status: 'online', lastAssignedAt: null, createdAt: NOW };
const conversation: Conversation = {
	...{ id: '01a20273-4a92', contactId: ann.id, status: 'open', openedAt: NOW, openedBy: 'contact', channel: 'whatsapp', account: '1' },
	...{ assigneeId: bob.id, teamId: null, closedAt: null, closedBy: null, closingCategory: null, closingSummary: null },
	...{ handledById: null, firstResponseAt: null, lastMessageAt: null, takenOverAt: null },
};
const facts: Facts = { contact: ann, assignee: bob, conversation, channel: 'whatsapp', now: NOW, timeZone: 'UTC' };
const stranger: Facts = { ...facts, contact: blankContact('2', NOW) };
const textFor = (of: Facts, typed: string) => fillIn([{ typed }], of, []).text;

test('R22: docs/texts.md has every variable, and no other', () => {
	expect(rowsOf('variable').map(([name = '']) => bare(name)).sort()).toEqual([...VARIABLE_NAMES].sort());
});

test.each(rowsOf('variable'))('%s: %s, e.g. %s', (name, _what, example) => {
	expect(textFor(facts, bare(name))).toBe(example);
});

test.each(rowsOf('you write'))('%s', (typed, known, unknown) => {
	expect([textFor(facts, bare(typed)), textFor(stranger, bare(typed))]).toEqual([bare(known ?? ''), bare(unknown ?? '')]);
});

test('what is said of custom fields and of the limit holds', () => {
	expect(PAGE).toContain('*Order ID* is `$contact.order_id`');
	expect(textFor(facts, '$contact.order_id')).toBe('7');
	expect(PAGE).toContain('A list becomes `S, M, L`');
	expect(textFor(facts, '$contact.sizes')).toBe('S, M, L');
	expect(PAGE).toContain(`at most ${TEXT_MAX.toLocaleString('en')} characters`);
});

test('README.md leads there', () => {
	expect(read('README.md')).toContain('docs/texts.md');
});
