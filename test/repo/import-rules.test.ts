import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

type Tree = Record<string, string>;
interface Violation {
	rule: { name: string };
	from: string;
	to: string;
}

/** A small copy of our rooms in which every import is allowed. */
const ALLOWED: Tree = {
	'src/core/clock.ts': "import { randomUUID } from 'node:crypto';\nexport const id = () => randomUUID();",
	'src/core/store.ts': "import { id } from './clock';\nexport const port = id;",
	'src/channels/kit/split.ts': "import { port } from '../../core/store';\nexport const split = port;",
	'src/channels/alpha/wire.ts': 'export interface Wire { n: number }\nexport const limit = 5;',
	'src/channels/alpha/index.ts': "import { split } from '../kit/split';\nexport const alpha = split;",
	'src/channels/beta/index.ts': "import { createHmac } from 'crypto';\nexport const beta = createHmac;",
	'src/channels/webchat/wire.ts': 'export interface Wire { n: number }\nexport const limit = 5;',
	'src/channels/index.ts': "import { alpha } from './alpha/index';\nexport const channels = [alpha];",
	'src/store/index.ts': "import { DatabaseSync } from 'node:sqlite';\nimport { Kysely } from 'kysely';\nimport { port } from '../core/store';\nexport const open = [DatabaseSync, Kysely, port];",
	'src/n8n/host.ts': "import axios from 'axios';\nimport { n } from 'n8n-workflow';\nimport { channels } from '../channels/index';\nimport { open } from '../store/index';\nexport const host = [axios, n, channels, open];",
	'src/webchat/page.ts': "import { h } from 'preact';\nimport type { Wire } from '../channels/webchat/wire';\nexport const page: Wire | null = h;",
	'nodes/Send/Send.node.ts': "import { n } from 'n8n-workflow';\nimport { host } from '../../src/n8n/host';\nexport const send = [n, host];",
	'credentials/Alpha.credentials.ts': "import { n } from 'n8n-workflow';\nexport const alpha = n;",
};

/** Rule → a file that breaks it and what it imports. */
const BREACHES: Record<string, [file: string, imported: string][]> = {
	'no-cycles': [['src/core/circle-a.ts', './circle-b']],
	'nothing-unknown': [['src/core/lost.ts', './nowhere']],
	'only-declared-packages': [['src/n8n/undeclared.ts', 'left-pad']],
	'core-is-the-floor': [
		['src/core/disk.ts', 'node:fs'],
		['src/core/upwards.ts', '../store/index'],
		['src/core/packaged.ts', 'uuidv7'],
	],
	'channel-sees-core': [
		['src/channels/alpha/neighbour.ts', '../beta/index'],
		['src/channels/alpha/network.ts', 'node:https'],
		['src/channels/alpha/bridge.ts', '../../n8n/host'],
	],
	'kit-sees-core': [['src/channels/kit/partial.ts', '../alpha/index']],
	'registry-sees-channels': [['src/channels/clever.ts', 'node:fs']],
	'store-sees-core': [['src/store/channelled.ts', '../channels/index']],
	'store-packages': [['src/store/fetching.ts', 'axios']],
	'sql-stays-in-store': [
		['src/n8n/query.ts', 'kysely'],
		['nodes/Send/query.ts', 'node:sqlite'],
	],
	'n8n-stays-at-the-edge': [['src/store/node.ts', 'n8n-workflow']],
	'bridge-packages': [['nodes/Send/http.ts', 'axios']],
	'bridge-does-not-see-nodes': [['src/n8n/nodes.ts', '../../nodes/Send/Send.node']],
	'nodes-are-thin': [
		['nodes/Send/stored.ts', '../../src/store/index'],
		['nodes/Send/disk.ts', 'node:fs'],
	],
	'credentials-are-leaves': [['credentials/Busy.credentials.ts', '../src/core/clock']],
	'page-is-browser-code': [['src/webchat/server.ts', '../core/clock']],
	'page-shares-types-only': [['src/webchat/heavy.ts', '../channels/webchat/wire']],
	'page-is-served-not-imported': [['src/n8n/rendering.ts', '../webchat/page']],
};

const PACKAGES = ['axios', 'kysely', 'left-pad', 'n8n-workflow', 'preact', 'uuidv7'];
const DECLARED = ['axios', 'kysely', 'uuidv7'];

let root: string;

beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'import-rules-'));
});

afterAll(() => {
	rmSync(root, { recursive: true, force: true });
});

function plant(name: string, files: Tree): string {
	const folder = join(root, name);
	const manifest = { name: 'rooms', dependencies: Object.fromEntries(DECLARED.map((dependency) => [dependency, '1.0.0'])) };
	const packages = Object.fromEntries(
		PACKAGES.flatMap((dependency) => [
			[`node_modules/${dependency}/package.json`, JSON.stringify({ name: dependency, version: '1.0.0', main: 'index.js' })],
			[`node_modules/${dependency}/index.js`, 'module.exports = {};'],
		]),
	);
	const all: Tree = { ...packages, 'package.json': JSON.stringify(manifest), 'tsconfig.json': '{}', ...files };
	for (const [file, text] of Object.entries(all)) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), text);
	}
	return folder;
}

function violations(folder: string): Violation[] {
	const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
	const args = [program, '--config', CONFIG, '--output-type', 'json', 'nodes', 'credentials', 'src'];
	const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
	if (!stdout) throw new Error(stderr);
	return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

function breaches(): Tree {
	const files = Object.values(BREACHES).flat();
	return {
		...ALLOWED,
		...Object.fromEntries(files.map(([file, imported]) => [file, `import * as it from '${imported}';\nexport const used = it;`])),
		'src/core/circle-b.ts': "import * as it from './circle-a';\nexport const used = it;",
	};
}

test('the rooms as they are meant to be break no import rule', () => {
	expect(violations(plant('allowed', ALLOWED))).toEqual([]);
});

test('each import rule catches what it forbids', () => {
	const caught = violations(plant('breached', breaches())).map(({ rule, from }) => `${rule.name}: ${from}`);
	const planted = Object.entries(BREACHES).flatMap(([rule, files]) => files.map(([file]) => `${rule}: ${file}`));
	expect(planted.filter((breach) => !caught.includes(breach))).toEqual([]);
});

test('there is no import rule without a planted breach', () => {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- the rules are a CommonJS file without types
	const { forbidden } = require(CONFIG) as { forbidden: { name: string }[] };
	expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(BREACHES).sort());
});
