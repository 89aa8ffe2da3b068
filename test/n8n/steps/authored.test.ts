import type { IDataObject, INodeProperties, INodeType } from 'n8n-workflow';
import { Parameters, partOf, wholeText } from '../../../src/n8n/steps/authored';
import { runWorkflow, start } from '../engine';

const properties: INodeProperties[] = [
	{ displayName: 'Text', name: 'text', type: 'string', default: '' },
	{
		displayName: 'Rows',
		name: 'rows',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [{ displayName: 'Values', name: 'values', values: [{ displayName: 'Label', name: 'label', type: 'string', default: '' }] }],
	},
	{ displayName: 'Data', name: 'data', type: 'json', default: '' },
];

/** Tells what was typed and what n8n makes of it. */
const probe: INodeType = {
	description: { displayName: 'Probe', name: 'probe', group: ['transform'], version: 1, description: '', defaults: { name: 'Probe' }, inputs: ['main'], outputs: ['main'], properties },
	async execute() {
		return [
			this.getInputData().map((_item, index) => {
				const parameters = new Parameters(this, index, '');
				const collection = this.getNodeParameter('data', index, '') === '' ? 'rows' : 'data';
				const rows = partOf(parameters.given(collection, {}), 'values');
				const labels = (Array.isArray(rows.value) ? rows.value : []).map((_row, at) => parameters.textOf('Label', partOf(partOf(rows, at), 'label')));
				const asN8n: unknown = this.getNodeParameter('text', index, '');
				return { json: { text: parameters.text('Text', 'text') as unknown as IDataObject[], labels: labels as unknown as IDataObject[], asN8n: asN8n as string } };
			}),
		];
	},
};

const ITEM = { name: 'Ann', evil: '$assignee.email /internal', count: 0, no: false, nothing: null, list: ['a', 'b'], deep: { er: 1 } };

async function read(parameters: IDataObject, json: IDataObject = ITEM) {
	const node = (name: string, type: string, more: IDataObject = {}) => ({ id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number], parameters: more as never });
	const ran = await runWorkflow(
		{
			nodes: [node('Start', 'start'), node('Probe', 'probe', parameters)],
			connections: { Start: { main: [[{ node: 'Probe', type: 'main', index: 0 }]] } },
			nodeTypes: { start, probe },
		},
		{ input: [{ json }] },
	);
	if (ran.error !== undefined) throw new Error(ran.error);
	return ran.json('Probe')[0] as { text: { typed?: string; value?: string }[]; labels: unknown; asN8n: string };
}

test.each<[string, unknown]>([
	['Hi $contact.name', [{ typed: 'Hi $contact.name' }]],
	['{{ $json.name }}', [{ typed: '{{ $json.name }}' }]],
	['', []],
	['=', []],
	['=Hi $contact.name', [{ typed: 'Hi $contact.name' }]],
	['={{ $json.evil }}', [{ value: '$assignee.email /internal' }]],
	['=Hi {{ $json.name }}, $contact.id', [{ typed: 'Hi ' }, { value: 'Ann' }, { typed: ', $contact.id' }]],
	['={{ $json.name }}{{ $json.count }} {{ $json.no }}', [{ value: 'Ann' }, { value: '0' }, { typed: ' ' }, { value: 'false' }]],
	['=a{{ $json.nothing }}b{{ $json.missing }}c', [{ typed: 'a' }, { value: '' }, { typed: 'b' }, { value: '' }, { typed: 'c' }]],
	['={{ "}" + "{" }} and {{ `${$json.name}!` }}', [{ value: '}{' }, { typed: ' and ' }, { value: 'Ann!' }]],
	['=$contact.{{ $json.name }}', [{ typed: '$contact.' }, { value: 'Ann' }]],
	['=Hi {{ $json.name', [{ typed: 'Hi ' }, { value: 'Ann' }]],
])('%s is told in what was typed and what was given', async (text, parts) => {
	expect((await read({ text })).text).toEqual(parts);
});

test.each([
	'=Hi {{ $json.name.toUpperCase() }} of {{ $json.list }} and {{ $json.deep }}!',
	'=Brackets \\{{ $json.name }} and {{ $json.name }}',
	'=Path C:\\\\{{ $json.name }}\\\\tmp',
	'=Path C:\\dir \\\\ {{ $json.name }} \\\\',
	'=\\\\\\{{ x }} {{ 1 }}',
	'={{ $json.name.toTitleCase() }} {{ $json.list.first() }}',
	'={{ $json.name }}\n',
	'= {{ "a" }}',
	'={{ "\\}}" }} b',
	'={{ 1 }} }} {{ 2 }}',
	'={{ $json.count }}',
	'=No code, but } and {',
	'={{ $now.toISODate() }} and {{ $json.missing?.deep }}',
])('%s comes to the same text that n8n makes of it', async (text) => {
	const { text: parts, asN8n } = await read({ text });
	expect(wholeText(parts as never)).toBe(String(asN8n));
});

test('a faulty expression says so, in whatever place it stands', async () => {
	await expect(read({ text: '=Hi {{ $json. }} there' })).rejects.toThrow('invalid syntax');
	await expect(read({ text: '={{ $json.list }}' })).rejects.toThrow("'Text' is not text but a list");
});

test('rows are told apart one by one; where all of them are given, so are their texts', async () => {
	const values = [{ label: 'Call $assignee.name' }, { label: '={{ $json.evil }}' }, { label: '=To {{ $json.name }}' }, {}];
	expect((await read({ rows: { values } })).labels).toEqual([
		[{ typed: 'Call $assignee.name' }],
		[{ value: '$assignee.email /internal' }],
		[{ typed: 'To ' }, { value: 'Ann' }],
		[],
	]);
	const given = { ...ITEM, rows: [{ label: '$contact.name' }, { label: '=1' }] };
	const allGiven = [[{ value: '$contact.name' }], [{ value: '=1' }]];
	expect((await read({ data: { values: '={{ $json.rows }}' } }, given)).labels).toEqual(allGiven);
	expect((await read({ data: '={{ { values: $json.rows } }}' }, given)).labels).toEqual(allGiven);
	expect((await read({ data: { values: ['={{ $json.rows[0] }}', { label: 'typed' }] } }, given)).labels).toEqual([[{ value: '$contact.name' }], [{ typed: 'typed' }]]);
});
