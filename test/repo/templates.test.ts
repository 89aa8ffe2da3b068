import { NodeHelpers, type IConnections, type INode, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { types } from '../nodes/workspace';
import { FILES, read } from './files';

/** Of the workflows in templates/: what can be said of them without n8n. test/e2e/templates.e2e.test.ts plays them. */

interface Template {
	name: string;
	id: string;
	active: boolean;
	nodes: INode[];
	connections: IConnections;
}

const PREFIX = 'n8n-nodes-conversations.';
const PATHS = FILES.filter((path) => /^templates\/.*\.json$/.test(path));
const templates = PATHS.map((path): [string, Template] => [path, JSON.parse(read(path)) as Template]);

const isNote = ({ type }: INode) => type === 'n8n-nodes-base.stickyNote';
const ours = ({ nodes }: Template) => nodes.filter(({ type }) => type.startsWith(PREFIX));

function descriptionOf(node: INode) {
	const type = types[node.type.slice(PREFIX.length)];
	if (!type) throw new Error(`there is no node ${node.type}`);
	return type.description;
}

/** What n8n keeps of a node's parameters: those that it has, and shows. */
function known(node: INode) {
	const description = descriptionOf(node);
	return NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
}

const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');

/** 'field: value' of each value that is none of its field's options. */
function strangeValues(node: INode, properties: readonly INodeProperties[], values: Record<string, unknown>): string[] {
	const description = descriptionOf(node);
	return properties.flatMap((property) => {
		const value = values[property.name];
		if (value === undefined || !NodeHelpers.displayParameter(node.parameters, property, node, description)) return [];
		if (property.type === 'collection') return strangeValues(node, property.options as INodeProperties[], value as Record<string, unknown>);
		// Lists of an account are loaded when the node is open.
		if (!['options', 'multiOptions'].includes(property.type) || isExpression(value) || property.typeOptions?.loadOptionsMethod !== undefined) return [];
		const offered = (property.options as INodePropertyOptions[]).map((option) => option.value);
		const chosen = [value].flat() as INodePropertyOptions['value'][];
		return chosen.filter((each) => !offered.includes(each)).map((each) => `${property.name}: ${each}`);
	});
}

/** Every text that a contact is sent by itself. */
function textsOf({ parameters }: INode): [field: string, text: string][] {
	return Object.entries(parameters).flatMap(([name, value]) =>
		/^(text|\w+Text|repeatPrompt)$/.test(name) && typeof value === 'string' ? [[name, value]] : [],
	);
}

test('each is in the table of templates/README.md', () => {
	expect(PATHS.length).toBeGreaterThanOrEqual(3);
	expect(PATHS.filter((path) => !read('templates/README.md').includes(`(${path.replace('templates/', '')})`))).toEqual([]);
});

describe.each(templates)('%s', (path, template) => {
	test.each(ours(template).map((node): [string, INode] => [node.name, node]))("'%s' has nothing but what its node knows and shows", (_name, node) => {
		const description = descriptionOf(node);
		expect([description.version].flat()).toContain(node.typeVersion);
		expect(known(node)).toMatchObject(node.parameters);
		expect(strangeValues(node, description.properties, node.parameters)).toEqual([]);
		expect(NodeHelpers.getNodeParametersIssues(description.properties, node, description)).toBeNull();
	});

	test('every connection leads to a node, and every node is reached', () => {
		const names = template.nodes.filter((node) => !isNote(node)).map(({ name }) => name);
		const targets = Object.values(template.connections).flatMap(({ main = [] }) => main.flatMap((output) => (output ?? []).map(({ node }) => node)));
		const triggers = template.nodes.filter(({ type }) => /trigger$/i.test(type)).map(({ name }) => name);
		expect(triggers).toHaveLength(1);
		expect([...Object.keys(template.connections), ...targets].filter((name) => !names.includes(name))).toEqual([]);
		expect(names.filter((name) => !triggers.includes(name) && !targets.includes(name))).toEqual([]);
		expect(new Set(template.nodes.map(({ id }) => id)).size).toBe(template.nodes.length);
	});

	test('A29: what was not sent leads somewhere, in every message that has something after it', () => {
		const sends = ours(template).filter(({ type }) => type === `${PREFIX}sendMessage`);
		const withFailed = sends.filter(({ name }) => (template.connections[name]?.['main']?.[1] ?? []).length > 0);
		const last = sends.filter(({ name }) => template.connections[name] === undefined);
		expect(withFailed.length).toBeGreaterThan(0);
		expect([...withFailed, ...last].map(({ name }) => name).sort()).toEqual(sends.map(({ name }) => name).sort());
	});

	test('A30: automatic messages carry the bot emoji', () => {
		const texts = ours(template).flatMap((node) => textsOf(node).map(([field, text]) => `${node.name}.${field}: ${text.replace(/^=/, '')}`));
		expect(texts.length).toBeGreaterThan(0);
		expect(texts.filter((text) => !/^[^:]+: 🤖 /.test(text))).toEqual([]);
	});

	test('says in notes what to change, names no account, and is imported inactive', () => {
		expect(template.nodes.filter(isNote).length).toBeGreaterThanOrEqual(3);
		expect(template.nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
		expect(template.active).toBe(false);
		// `n8n import:workflow --input=` refuses a workflow without one.
		expect(path).toBe(`templates/${template.id}.json`);
	});
});

test.each(['templates/welcome-and-away.json', 'templates/chat-menu.json'])('%s works without any account', (path) => {
	const channels = ours(new Map(templates).get(path) as Template).flatMap(({ parameters }) => [parameters['channels'] ?? [], parameters['connectedChannels'] ?? []].flat());
	expect(new Set(channels)).toEqual(new Set(['webchat']));
});
