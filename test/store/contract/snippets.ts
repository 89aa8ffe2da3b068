import type { Snippet } from '../../../src/core/records';
import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { id, NOW } from './rows';

function aSnippet(given: Partial<Snippet> = {}): Snippet {
	const snippetId = id('snippet');
	return { id: snippetId, name: snippetId, text: 'Hello', attachments: [], createdAt: NOW, ...given };
}

export function snippetsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const snippets = () => opened().store.records.snippets;

	test('come back as they were, by id and by name whatever its case', async () => {
		const greeting = aSnippet({ name: 'Grüße_1', text: 'Hi $contact.firstname|there 👋\n', attachments: ['Price list.pdf', 'map.png'] });
		await snippets().insert(greeting);
		expect(await snippets().get(greeting.id)).toEqual(greeting);
		expect(await snippets().byName('GRÜßE_1')).toEqual(greeting);
		expect(await snippets().byName('gru\u0308ße_1')).toEqual(greeting);
		expect(await snippets().byName('gruße_1')).toBeUndefined();
		expect(await snippets().get('nothing')).toBeUndefined();
	});

	test('several by their names; those there are not are left out', async () => {
		const [hello, bye] = [aSnippet({ name: 'Hello' }), aSnippet({ name: 'bye' })];
		for (const snippet of [hello, bye, aSnippet({ name: 'other' })]) await snippets().insert(snippet);
		const found = await snippets().byNames(['BYE', 'hello', 'Hello', 'nobody']);
		expect(idsOf(found).toSorted()).toEqual([hello.id, bye.id]);
		expect(await snippets().byNames([])).toEqual([]);
	});

	test('a list is in the order of names, searched by a part of them', async () => {
		const [b, a, c] = [aSnippet({ name: 'b_100' }), aSnippet({ name: 'A' }), aSnippet({ name: 'c-1000' })];
		for (const snippet of [b, a, c]) await snippets().insert(snippet);
		expect(await snippets().list({}, ALL)).toEqual([a, b, c]);
		expect(idsOf(await snippets().list({ search: ' B_1 ' }, ALL))).toEqual([b.id]);
		expect(idsOf(await snippets().list({ search: '' }, { limit: 1, offset: 1 }))).toEqual([b.id]);
	});

	test('a name is given once', async () => {
		const [hello, bye] = [aSnippet({ name: 'Hello' }), aSnippet({ name: 'Bye' })];
		for (const snippet of [hello, bye]) await snippets().insert(snippet);
		await expect(snippets().insert(aSnippet({ name: 'HELLO' }))).rejects.toMatchObject({ kind: 'duplicate' });
		await expect(snippets().update(bye.id, { name: 'hello' })).rejects.toMatchObject({ kind: 'duplicate' });
	});

	test('are changed and deleted', async () => {
		const snippet = aSnippet({ attachments: ['a.png'] });
		await snippets().insert(snippet);
		await snippets().update(snippet.id, {});
		await snippets().update(snippet.id, { text: '' });
		expect(await snippets().get(snippet.id)).toEqual({ ...snippet, text: '' });
		const changes = { name: 'Renamed', text: 'New', attachments: [] };
		await snippets().update(snippet.id, changes);
		expect(await snippets().byName('renamed')).toEqual({ ...snippet, ...changes });
		expect(await snippets().byName(snippet.name)).toBeUndefined();
		expect(await snippets().delete(snippet.id)).toBe(true);
		expect(await snippets().delete(snippet.id)).toBe(false);
		expect(await snippets().list({}, ALL)).toEqual([]);
	});
}
