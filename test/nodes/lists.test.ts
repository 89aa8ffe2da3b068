import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { saveAgent, saveCategory, saveTeam } from '../../src/core/directory';
import type { Desk } from '../../src/core/desk';
import { addToLibrary } from '../../src/core/library';
import { saveSnippet } from '../../src/core/snippets';
import { storeFile } from '../../src/n8n/files/stored-files';
import { getAgents, searchAgents, searchCategories, searchLibraryFiles, searchSnippets, searchTeams } from '../../src/n8n/lists';
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

test('snippets, found as messages name them', async () => {
	const bye = await saveSnippet(desk, { name: 'bye', text: 'Bye' });
	const hello = await saveSnippet(desk, { name: 'Hello', text: 'Hi' });
	expect((await searchSnippets.call(editor)).results).toEqual([
		{ name: '/bye', value: bye.id },
		{ name: '/Hello', value: hello.id },
	]);
	expect((await searchSnippets.call(editor, '/he')).results).toMatchObject([{ value: hello.id }]);
});

test('files of the library, by the name that stays when they are replaced', async () => {
	for (const name of ['map.png', 'Price list.pdf']) {
		const { fileId } = await storeFile(desk, { name, bytes: new Uint8Array([1]), owner: null });
		await addToLibrary(desk, fileId, name);
	}
	await storeFile(desk, { name: 'sent.png', bytes: new Uint8Array([1]), owner: null });
	expect((await searchLibraryFiles.call(editor)).results).toEqual([
		{ name: 'map.png', value: 'map.png' },
		{ name: 'Price list.pdf', value: 'Price list.pdf' },
	]);
	expect((await searchLibraryFiles.call(editor, 'library:PRICE')).results).toMatchObject([{ value: 'Price list.pdf' }]);
});

test('long lists come page by page', async () => {
	for (let n = 0; n < 101; n++) await saveTeam(desk, { name: `Team ${String(n).padStart(3, '0')}` });
	const first = await searchTeams.call(editor);
	expect(first.results).toHaveLength(100);
	const second = await searchTeams.call(editor, undefined, first.paginationToken);
	expect(second).toMatchObject({ results: [{ name: 'Team 100' }] });
	expect(second.paginationToken).toBeUndefined();
});
