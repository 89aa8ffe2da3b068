import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Desk } from '../../src/core/desk';
import { closeWorkspace, endedBy, openWorkspace, run } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const PDF = Buffer.from('%PDF-1.7\n%EOF');
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const binaryOf = (bytes: Buffer, fileName?: string, more: { mimeType?: string; fileExtension?: string } = {}) => ({
	data: bytes.toString('base64'),
	mimeType: 'application/octet-stream',
	...(fileName !== undefined && { fileName }),
	...more,
});
const withFile = (...file: Parameters<typeof binaryOf>): INodeExecutionData[] => [{ json: { order: 7 }, binary: { data: binaryOf(...file) } }];
const ONE: INodeExecutionData[] = [{ json: { order: 7 } }];

const named = (value: string, mode = 'name') => ({ __rl: true, mode, value });

async function does(resource: string, operation: string, parameters: IDataObject = {}, input = ONE) {
	const ran = await run('conversations', { resource, operation, ...parameters }, input);
	if (ran.status !== 'success') throw new Error(endedBy(ran).message);
	return ran.out();
}

async function refused(resource: string, operation: string, parameters: IDataObject = {}, input = ONE) {
	const ran = await run('conversations', { resource, operation, ...parameters }, input);
	if (ran.status !== 'error') throw new Error('It was not refused.');
	const { message, description } = endedBy(ran);
	return `${message} ${description ?? ''}`;
}

const save = async (parameters: IDataObject) => await does('snippet', 'createOrUpdate', parameters);
const upload = async (name: string, bytes = PDF) => await does('file', 'upload', { name }, withFile(bytes, name));
const snippetIn = (rows: IDataObject[]) => rows[0]?.['snippet'] as { id: string; name: string; text: string; attachments: string[] };
const fileIn = (rows: IDataObject[]) => rows[0]?.['file'] as { id: string; name: string };
const namesOf = (rows: IDataObject[], key: string) => rows.map((row) => (row[key] as { name: string }).name);

describe('A9, B13: snippets', () => {
	test('are created once and updated after that, by a name whatever its case', async () => {
		const made = await save({ name: '/Greeting', text: 'Hello $contact.firstname|there 👋' });
		expect(made).toEqual([
			{ order: 7, snippet: { id: expect.any(String) as string, name: 'Greeting', text: 'Hello $contact.firstname|there 👋', attachments: [] } },
		]);
		const { id } = snippetIn(made);
		expect(await save({ name: 'greeting', text: 'Hi' })).toMatchObject([{ snippet: { id, name: 'greeting', text: 'Hi' } }]);
		expect(await does('snippet', 'getMany')).toHaveLength(1);
	});

	test('are renamed by their id, but not to the name of another', async () => {
		const { id } = snippetIn(await save({ name: 'greeting', text: 'Hi' }));
		const other = snippetIn(await save({ name: 'bye', text: 'Bye' }));
		expect(await save({ name: 'hello', additionalFields: { snippetId: id } })).toMatchObject([{ snippet: { id, name: 'hello', text: 'Hi' } }]);
		expect(await save({ text: 'Ho', additionalFields: { snippetId: id } })).toMatchObject([{ snippet: { id, name: 'hello', text: 'Ho' } }]);
		expect(await refused('snippet', 'createOrUpdate', { name: 'BYE', additionalFields: { snippetId: id } })).toContain(other.id);
		expect(await refused('snippet', 'createOrUpdate', { name: 'x', additionalFields: { snippetId: 'none' } })).toContain("'Snippet ID'");
	});

	test.each(['größe', 'привет', '挨拶', 'नमस्ते', 'a-b_3', 'a'.repeat(60), '1'])('may be called %s', async (name) => {
		await save({ name, text: 'Hi' });
		expect(namesOf(await does('snippet', 'getMany'), 'snippet')).toEqual([name]);
	});

	test.each([
		['', "'Name' is empty"],
		[' / ', "'Name' is empty"],
		['price list', 'e.g. price-list.'],
		['a/b', 'e.g. a-b.'],
		['hello!', 'e.g. hello.'],
		['👋', 'e.g. greeting.'],
		['a'.repeat(61), 'at most 60'],
	])('may not be called "%s"', async (name, said) => {
		expect(await refused('snippet', 'createOrUpdate', { name, text: 'Hi' })).toContain(said);
		expect(await does('snippet', 'getMany')).toEqual([]);
	});

	test('A10: have at most 2,000 characters, as people count them', async () => {
		expect(snippetIn(await save({ name: 'long', text: '👋'.repeat(2000) })).text).toHaveLength(4000);
		expect(await refused('snippet', 'createOrUpdate', { name: 'longer', text: 'x'.repeat(2001) })).toMatch(/'Text' has 2001 characters.*2000/);
	});

	test('need a text unless files go with them', async () => {
		await upload('map.png', PNG);
		expect(await refused('snippet', 'createOrUpdate', { name: 'map', text: ' \n ' })).toContain("'Text' is empty");
		expect(await save({ name: 'map', attachments: 'map.png' })).toMatchObject([{ snippet: { text: '', attachments: ['map.png'] } }]);
	});

	test('what is not given stays, and null clears it', async () => {
		await upload('map.png', PNG);
		await save({ name: 'way', text: 'This way', attachments: 'map.png' });
		expect(await save({ name: 'way', text: 'That way' })).toMatchObject([{ snippet: { text: 'That way', attachments: ['map.png'] } }]);
		expect(await save({ name: 'way', attachments: 'map.png' })).toMatchObject([{ snippet: { text: 'That way' } }]);
		expect(await save({ name: 'way', text: '={{ null }}' })).toMatchObject([{ snippet: { text: '', attachments: ['map.png'] } }]);
		expect(await refused('snippet', 'createOrUpdate', { name: 'way', attachments: '={{ null }}' })).toContain("'Text' is empty");
		expect(await save({ name: 'way', text: 'Ask', attachments: '={{ null }}' })).toMatchObject([{ snippet: { text: 'Ask', attachments: [] } }]);
	});

	test('B14: name files of the library as the library has them, each once', async () => {
		const { id } = fileIn(await upload('Price list.pdf'));
		await upload('map.png', PNG);
		const asked = `library:price LIST.pdf, map.png,library: map.png, ${id}`;
		expect(await save({ name: 'prices', text: 'See', attachments: asked })).toMatchObject([{ snippet: { attachments: ['Price list.pdf', 'map.png'] } }]);
		expect(await save({ name: 'prices', attachments: '={{ ["map.png"] }}' })).toMatchObject([{ snippet: { attachments: ['map.png'] } }]);
		const said = await refused('snippet', 'createOrUpdate', { name: 'prices', attachments: 'map.png, library:none.pdf' });
		expect(said).toMatch(/'Attachments'.*'none\.pdf'/);
		expect(snippetIn(await does('snippet', 'getMany')).attachments).toEqual(['map.png']);
	});

	test('are listed by name, searched and limited', async () => {
		for (const name of ['c_1', 'B', 'a']) await save({ name, text: name });
		expect(namesOf(await does('snippet', 'getMany'), 'snippet')).toEqual(['a', 'B', 'c_1']);
		expect(namesOf(await does('snippet', 'getMany', { filters: { search: '/C' } }), 'snippet')).toEqual(['c_1']);
		expect(namesOf(await does('snippet', 'getMany', { limit: 2 }), 'snippet')).toEqual(['a', 'B']);
		expect(await does('snippet', 'getMany', { returnAll: true }, [...ONE, ...ONE])).toHaveLength(6);
	});

	test('are deleted by id or name', async () => {
		const { id } = snippetIn(await save({ name: 'a', text: 'A' }));
		await save({ name: 'b', text: 'B' });
		expect(await does('snippet', 'delete', { snippet: named(id, 'list') })).toEqual([{ deleted: true }]);
		expect(await does('snippet', 'delete', { snippet: named('/B') })).toEqual([{ deleted: true }]);
		expect(await does('snippet', 'getMany')).toEqual([]);
		expect(await refused('snippet', 'delete', { snippet: named('b') })).toMatch(/'Snippet'.*no snippet 'b'/);
	});
});

describe('A12, B14: the file library', () => {
	const bytesOf = async (id: string) => Buffer.from((await desk.store.records.files.bytes(id)) ?? []);

	test('keeps a file under its own name, with the type that its bytes show', async () => {
		const input = withFile(PDF, 'Price list.pdf', { mimeType: 'text/plain' });
		const ran = await run('conversations', { resource: 'file', operation: 'upload' }, input);
		expect(ran.out()).toEqual([
			{
				order: 7,
				file: {
					id: expect.any(String) as string,
					name: 'Price list.pdf',
					fileName: 'Price list.pdf',
					mime: 'application/pdf',
					sizeBytes: PDF.length,
					createdAt: expect.stringMatching(/Z$/) as string,
				},
			},
		]);
		expect((await bytesOf(fileIn(ran.out()).id)).equals(PDF)).toBe(true);
		expect(ran.items()[0]?.binary).toEqual(input[0]?.binary);
		expect(await desk.store.records.files.deleteUnused(desk.now() + 1, 10)).toBe(0);
	});

	test.each([
		['price-list', 'Prices 2026.pdf', {}, { name: 'price-list', fileName: 'Prices 2026.pdf' }],
		['Preise.PDF', 'Prices 2026.pdf', {}, { name: 'Preise.PDF', fileName: 'Preise.PDF' }],
		['library: v1.2', 'Prices 2026.pdf', {}, { name: 'v1.2', fileName: 'Prices 2026.pdf' }],
		['price-list', 'download', { fileExtension: 'pdf' }, { name: 'price-list', fileName: 'price-list.pdf' }],
		['price-list.pdf', undefined, {}, { name: 'price-list.pdf', fileName: 'price-list.pdf' }],
		['price-list', undefined, { fileExtension: 'pdf' }, { name: 'price-list', fileName: 'price-list.pdf' }],
		['', '/tmp/Prices, 2026.pdf', {}, { name: 'Prices 2026.pdf', fileName: 'Prices, 2026.pdf' }],
	])("'Name' %j for the file %j", async (name, own, more, expected) => {
		expect(await does('file', 'upload', { name }, withFile(PDF, own, more))).toMatchObject([{ file: expected }]);
	});

	test('the same name again, whatever its case, replaces the file', async () => {
		const first = fileIn(await upload('map.png', PNG));
		const second = fileIn(await upload('MAP.png', PDF));
		expect(await does('file', 'getMany')).toMatchObject([{ file: { id: second.id, name: 'MAP.png', sizeBytes: PDF.length } }]);
		await desk.store.records.files.deleteUnused(Date.now() + 1, 10);
		expect(await desk.store.records.files.get(first.id)).toBeUndefined();
		expect(await desk.store.records.files.get(second.id)).toBeDefined();
	});

	test('a snippet names the file that has the name now', async () => {
		await upload('map.png', PNG);
		await save({ name: 'way', text: 'This way', attachments: 'map.png' });
		await upload('Map.png');
		expect(await save({ name: 'way', attachments: 'map.png' })).toMatchObject([{ snippet: { attachments: ['Map.png'] } }]);
	});

	const FIELDS: IBinaryKeyData = { photo: binaryOf(PNG, 'a.png'), empty: binaryOf(Buffer.alloc(0), 'empty.txt'), nameless: binaryOf(PNG) };

	test.each([
		['a field without a file', { inputDataFieldName: 'data' }, 'Its files are in: photo, empty, nameless.'],
		['a field of the object itself', { inputDataFieldName: 'constructor' }, "'constructor'"],
		['an empty file', { inputDataFieldName: 'empty' }, 'has nothing in it'],
		['no name at all', { inputDataFieldName: 'nameless' }, "'Name' is empty"],
		['a comma in the name', { inputDataFieldName: 'photo', name: 'a,b.png' }, 'cannot have a comma'],
		['a prefix without a name', { inputDataFieldName: 'photo', name: 'library: ' }, "'Name' is empty"],
		['a name too long', { inputDataFieldName: 'photo', name: 'a'.repeat(121) }, 'at most 120'],
	])('%s is refused, and nothing is kept', async (_what, parameters, said) => {
		expect(await refused('file', 'upload', parameters, [{ json: {}, binary: FIELDS }])).toContain(said);
		expect(await does('file', 'getMany')).toEqual([]);
	});

	test('an item without files is told so', async () => {
		expect(await refused('file', 'upload')).toContain('Connect a node that gives a file.');
	});

	test('a file that no channel could take is refused without being read', async () => {
		const huge = { ...binaryOf(PDF, 'film.mp4'), bytes: 100 * 1024 * 1024 + 1 };
		expect(await refused('file', 'upload', {}, [{ json: {}, binary: { data: huge } }])).toContain('larger than the 100 MB');
	});

	test('is listed by name, searched and limited, without the files themselves', async () => {
		for (const name of ['c.pdf', 'B.pdf', 'a.pdf']) await upload(name);
		const ran = await run('conversations', { resource: 'file', operation: 'getMany' }, withFile(PNG, 'x.png'));
		expect(namesOf(ran.out(), 'file')).toEqual(['a.pdf', 'B.pdf', 'c.pdf']);
		expect(ran.items().map(({ binary }) => binary)).toEqual([undefined, undefined, undefined]);
		expect(namesOf(await does('file', 'getMany', { filters: { search: 'library:b' } }), 'file')).toEqual(['B.pdf']);
		expect(namesOf(await does('file', 'getMany', { limit: 1 }), 'file')).toEqual(['a.pdf']);
	});

	test('a file is deleted by its name, with or without the prefix, or its id', async () => {
		const { id } = fileIn(await upload('a.pdf'));
		await upload('b.pdf');
		await upload('c.pdf');
		expect(await does('file', 'delete', { file: named(id, 'id') })).toEqual([{ deleted: true }]);
		expect(await does('file', 'delete', { file: named('library:B.pdf') })).toEqual([{ deleted: true }]);
		expect(await does('file', 'delete', { file: named('c.pdf', 'list') })).toEqual([{ deleted: true }]);
		expect(await does('file', 'getMany')).toEqual([]);
		expect(await refused('file', 'delete', { file: named(id, 'id') })).toContain("'File'");
	});

	test('a file that is no part of the library cannot be deleted', async () => {
		const file = { id: 'sent', name: 'a.pdf', mime: 'application/pdf', sizeBytes: 0, owner: null, createdAt: desk.now() };
		await desk.store.records.files.insert(file, new Uint8Array());
		expect(await refused('file', 'delete', { file: named('sent', 'id') })).toContain("no file 'sent' in the library");
		expect(await desk.store.records.files.get('sent')).toEqual(file);
	});

	test('a file that snippets bring along is kept, and they are named', async () => {
		await upload('map.png', PNG);
		await save({ name: 'way', text: 'Here', attachments: 'MAP.png' });
		const file = named('map.png');
		expect(await refused('file', 'delete', { file })).toMatch(/snippet '\/way' .*that snippet first/);
		for (const name of ['a', 'b']) await save({ name, text: 'Here', attachments: 'map.png' });
		expect(await refused('file', 'delete', { file })).toContain("snippets '/a', '/b' and '/way'");
		for (const name of ['c', 'd']) await save({ name, text: 'Here', attachments: 'map.png' });
		expect(await refused('file', 'delete', { file })).toContain("snippets '/a', '/b', '/c' and 2 more");
		for (const name of ['a', 'b', 'c', 'd', 'way']) await does('snippet', 'delete', { snippet: named(name) });
		expect(await does('file', 'delete', { file })).toEqual([{ deleted: true }]);
	});
});
