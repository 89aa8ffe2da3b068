import type { Outgoing } from '../../src/webchat/logic/sender';
import { rowsOf, type MessageRow, type Row } from '../../src/webchat/logic/rows';
import { wireMessage } from './wire-message';

const MENU = [
	{ id: 'a', label: 'Orders' },
	{ id: 'b', label: 'Returns' },
];
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const messageRows = (rows: Row[]): MessageRow[] => rows.filter((row) => row.kind === 'message');
const states = (rows: Row[]) => messageRows(rows).flatMap((row) => row.choices.map((choice) => choice.state));
const outgoing = (change: Partial<Outgoing>): Outgoing => ({
	id: 'c1',
	createdAt: 1_700_000_100_000,
	text: null,
	attachments: [],
	choice: null,
	refusal: null,
	state: 'waiting',
	sentAt: null,
	storedId: null,
	...change,
});

describe('choices as buttons', () => {
	test('can be pressed until the visitor has said something after them', () => {
		expect(states(rowsOf([wireMessage(1, { choices: MENU })], [], dayOf))).toEqual(['open', 'open']);
		const said = wireMessage(2, { from: 'visitor', status: 'received' });
		expect(states(rowsOf([wireMessage(1, { choices: MENU }), said], [], dayOf))).toEqual(['over', 'over']);
		expect(states(rowsOf([wireMessage(1, { choices: MENU })], [outgoing({ text: 'hm' })], dayOf))).toEqual(['over', 'over']);
		expect(states(rowsOf([said, wireMessage(3, { choices: MENU })], [], dayOf))).toEqual(['open', 'open']);
	});

	test('the pressed one is marked, stored or on its way', () => {
		const pressed = wireMessage(2, { from: 'visitor', choice: MENU[1] ?? null, text: null });
		const rows = rowsOf([wireMessage(1, { choices: MENU }), pressed], [], dayOf);
		expect(states(rows)).toEqual(['over', 'chosen']);
		expect(messageRows(rows)[1]?.text).toBe('Returns');
		const choice = { messageId: 'm0001', id: 'a', label: 'Orders' };
		expect(states(rowsOf([wireMessage(1, { choices: MENU })], [outgoing({ choice })], dayOf))).toEqual(['chosen', 'over']);
	});

	test('of two menus with the same answers the one that was pressed is marked', () => {
		const menus = [wireMessage(1, { choices: MENU }), wireMessage(2, { choices: MENU })];
		const choice = { messageId: 'm0001', id: 'a', label: 'Orders' };
		expect(states(rowsOf(menus, [outgoing({ choice })], dayOf))).toEqual(['chosen', 'over', 'over', 'over']);
		const before = wireMessage(3, { from: 'visitor', choice: MENU[0] ?? null });
		const again = wireMessage(4, { choices: MENU });
		expect(states(rowsOf([...menus, before, again], [], dayOf))).toEqual(['over', 'over', 'chosen', 'over', 'open', 'open']);
	});
});

describe('the list', () => {
	test('groups one side’s messages, parted by the other side, a pause or a new day', () => {
		const at = (minutes: number) => Date.parse('2026-03-01T23:50:00Z') + minutes * 60_000;
		const rows = rowsOf(
			[
				wireMessage(1, { at: at(0) }),
				wireMessage(2, { at: at(1) }),
				wireMessage(3, { at: at(2), from: 'visitor' }),
				wireMessage(4, { at: at(9), from: 'visitor' }),
				wireMessage(5, { at: at(11), from: 'visitor' }),
			],
			[],
			dayOf,
		);
		expect(rows.map((row) => (row.kind === 'day' ? dayOf(row.at) : `${row.opensGroup ? '<' : ''}${row.id}${row.closesGroup ? '>' : ''}`))).toEqual([
			'2026-03-01',
			'<m0001',
			'm0002>',
			'<m0003>',
			'<m0004>',
			'2026-03-02',
			'<m0005>',
		]);
	});

	test('the server’s copy of a message takes the place of ours under the same key', () => {
		const [ours] = messageRows(rowsOf([], [outgoing({ text: 'hi', state: 'sent' })], dayOf));
		const [theirs] = messageRows(rowsOf([wireMessage(1, { from: 'visitor', clientId: 'c1', status: 'received' })], [], dayOf));
		expect(ours?.key).toBe('c1');
		expect(theirs?.key).toBe('c1');
		expect([ours?.state, theirs?.state]).toEqual(['sent', 'sent']);
	});
});
