import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { saveAgent, saveCategory, saveTeam } from '../../src/core/directory';
import type { Desk } from '../../src/core/desk';
import { getAgents, searchAgents, searchCategories, searchTeams } from '../../src/n8n/lists';
import { closeWorkspace, openWorkspace } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

/** The lists ask n8n for nothing. */
const editor = {} as ILoadOptionsFunctions;

test('agents, by name, found by name or email', async () => {
	const bo = await saveAgent(desk, { name: 'Bo', email: 'bo@example.com' });
	const ada = await saveAgent(desk, { name: 'Ada', email: 'ada@example.com' });
	expect(await searchAgents.call(editor)).toEqual({
		results: [
			{ name: 'Ada (ada@example.com)', value: ada.id },
			{ name: 'Bo (bo@example.com)', value: bo.id },
		],
	});
	expect((await searchAgents.call(editor, 'b')).results).toMatchObject([{ value: bo.id }]);
	expect((await searchAgents.call(editor, 'nobody')).results).toEqual([]);
	expect(await getAgents.call(editor)).toEqual([
		{ name: 'Ada', value: ada.id, description: 'ada@example.com' },
		{ name: 'Bo', value: bo.id, description: 'bo@example.com' },
	]);
});

test('teams and categories', async () => {
	const team = await saveTeam(desk, { name: 'Support' });
	await saveTeam(desk, { name: 'Sales' });
	expect((await searchTeams.call(editor, 'upp')).results).toEqual([{ name: 'Support', value: team.id }]);
	const category = await saveCategory(desk, { name: 'Solved' });
	expect((await searchCategories.call(editor)).results).toEqual([{ name: 'Solved', value: category.id }]);
});

test('long lists come page by page', async () => {
	for (let n = 0; n < 101; n++) await saveTeam(desk, { name: `Team ${String(n).padStart(3, '0')}` });
	const first = await searchTeams.call(editor);
	expect(first.results).toHaveLength(100);
	const second = await searchTeams.call(editor, undefined, first.paginationToken);
	expect(second).toMatchObject({ results: [{ name: 'Team 100' }] });
	expect(second.paginationToken).toBeUndefined();
});
