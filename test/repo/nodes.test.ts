import { basename, dirname, join } from 'node:path';
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { channels } from '../../src/channels';
import { CHANNEL_IDS } from '../../src/core/channel';
import { FILES, MANIFEST, read, ROOT } from './files';

const NODE_FILES = FILES.filter((path) => /^nodes\/.*\.node\.ts$/.test(path));
const CREDENTIAL_FILES = FILES.filter((path) => /^credentials\/.*\.credentials\.ts$/.test(path));
const compiled = (paths: string[]) => paths.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`).sort();

/** Categories that n8n's panel of nodes knows. */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing & Content',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

interface Codex {
	node: string;
	nodeVersion: string;
	codexVersion: string;
	categories: string[];
	resources?: { primaryDocumentation?: { url: string }[] };
	alias: string[];
}

test('package.json names every node and credential, and no other', () => {
	expect([...MANIFEST.n8n.nodes].sort()).toEqual(compiled(NODE_FILES));
	expect([...MANIFEST.n8n.credentials].sort()).toEqual(compiled(CREDENTIAL_FILES));
});

/** The class in a node's file has the file's name, as n8n expects. */
async function descriptionOf(path: string): Promise<INodeTypeDescription> {
	const module = (await import(join(ROOT, path))) as Record<string, new () => INodeType>;
	const NodeClass = module[basename(path, '.node.ts')];
	if (!NodeClass) throw new Error(`${path} exports no class of its own name.`);
	return new NodeClass().description;
}

describe.each(NODE_FILES.map((path) => [path]))('%s', (path) => {
	test('has an icon for the light and one for the dark theme', async () => {
		const { icon } = await descriptionOf(path);
		const { light, dark } = icon as { light: string; dark: string };
		const files = [light, dark].map((name) => join(dirname(path), name.replace('file:', '')));
		expect(light).not.toBe(dark);
		expect(files.filter((file) => !FILES.includes(file))).toEqual([]);
	});

	// n8n drops a codex file without `resources`, and says so in its debug log only.
	test("has a codex file that n8n's search can use", async () => {
		const { name } = await descriptionOf(path);
		const codex = JSON.parse(read(path.replace(/\.ts$/, '.json'))) as Codex;
		expect(codex.node).toBe(`${MANIFEST.name}.${name}`);
		expect(codex.categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
		expect(codex.categories).toContain('Communication');
		expect(codex.alias.length).toBeGreaterThan(2);
		expect(codex.resources?.primaryDocumentation?.[0]?.url).toMatch(/^https:\/\//);
	});

	test('says on the canvas what it does', async () => {
		expect((await descriptionOf(path)).subtitle).toBeTruthy();
	});
});

test('every credential has an icon for the light and one for the dark theme', () => {
	expect(CREDENTIAL_FILES.filter((path) => !/light:\s*'file:[^']+',\s*dark:\s*'file:[^']+'/.test(read(path)))).toEqual([]);
});

describe.each(CHANNEL_IDS.map((id) => [id]))('channel %s', (id) => {
	const further = channels[id].provider ? ['send.ts', 'failures.ts', 'provider.ts'] : ['wire.ts'];

	test.each(['facts.ts', 'webhook.ts', 'index.ts', 'README.md', ...further])('has %s', (file) => {
		expect(FILES).toContain(`src/channels/${id}/${file}`);
	});

	test('has an icon for the light and one for the dark theme', () => {
		expect(FILES).toEqual(expect.arrayContaining([`icons/${id}.svg`, `icons/${id}.dark.svg`]));
	});
});
