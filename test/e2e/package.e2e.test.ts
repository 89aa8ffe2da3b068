import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { N8n } from './kit/n8n';
import { Rest } from './kit/rest';
import { describeInBrowser, launchBrowser, openEditor, searchNodes } from './kit/browser';

const ROOT = resolve(__dirname, '../..');
const NODES = ['conversationOpenedTrigger', 'conversationEventTrigger', 'sendMessage', 'assignConversation', 'closeConversation', 'conversations'].map(
	(name) => `n8n-nodes-conversations.${name}`,
);

interface PackedFile {
	path: string;
	size: number;
}

describe('the published package', () => {
	let files: string[];

	beforeAll(() => {
		// Built already by `npm run test:e2e`; npm's own hook would build it again.
		const npm = process.env['npm_execpath'] ?? 'npm';
		const [file, first] = npm.endsWith('.js') ? [process.execPath, [npm]] : [npm, []];
		const args = [...first, 'pack', '--dry-run', '--json', '--ignore-scripts'];
		const { status, stdout, stderr } = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8' });
		if (status !== 0) throw new Error(stderr);
		files = (JSON.parse(stdout) as [{ files: PackedFile[] }])[0].files.map(({ path }) => path);
	});

	test('holds what n8n needs and nothing of the development', () => {
		const others = files.filter((path) => !path.startsWith('dist/'));
		expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE.md', 'README.md', 'package.json', 'templates/README.md', 'templates/chat-menu.json', 'templates/fallback-channels.json', 'templates/welcome-and-away.json']);
		expect(files.filter((path) => /\.(ts|tsx|map|test\.js)$/.test(path))).toEqual([]);
	});

	test('holds every node with its codex file', () => {
		const nodes = files.filter((path) => /^dist\/nodes\/.*\.node\.js$/.test(path));
		expect(nodes).toHaveLength(NODES.length);
		expect(nodes.filter((path) => !files.includes(path.replace(/\.js$/, '.json')))).toEqual([]);
	});
});

describe('installed in n8n', () => {
	let n8n: N8n;
	let rest: Rest;

	beforeAll(async () => {
		n8n = await N8n.start();
		rest = await Rest.signIn(n8n.url);
	});

	afterAll(() => n8n?.remove());

	test('every node is there, with its place in the panel of nodes', async () => {
		const ours = (await rest.nodeTypes()).filter(({ name }) => NODES.includes(name));
		expect([...new Set(ours.map(({ name }) => name))].sort()).toEqual([...NODES].sort());
		expect(ours.filter(({ codex }) => !codex?.categories?.includes('Communication')).map(({ name }) => name)).toEqual([]);
	});

	test('every node has icons that n8n serves, another one in the dark theme', async () => {
		const ours = (await rest.nodeTypes()).filter(({ name }) => NODES.includes(name));
		const urls = ours.flatMap(({ iconUrl }) => (typeof iconUrl === 'object' ? [iconUrl.light, iconUrl.dark] : [iconUrl]));
		expect(new Set(urls).size).toBe(2 * NODES.length);
		const answers = await Promise.all(urls.map((url) => fetch(`${n8n.url}/${url}`)));
		expect(answers.map((answer) => `${answer.status} ${answer.headers.get('content-type')}`)).toEqual(
			urls.map(() => '200 image/svg+xml'),
		);
	});

	test('n8n has nothing to complain of', () => {
		expect(n8n.log.split('\n').filter((line) => / error /.test(line))).toEqual([]);
	});

	describeInBrowser('in the editor', () => {
		test('the nodes are found by what people look for', async () => {
			const browser = await launchBrowser();
			try {
				const page = await openEditor(browser, n8n.url);
				await page.goto(`${n8n.url}/workflow/new`);
				expect(await searchNodes(page, 'Conversation')).toEqual(expect.arrayContaining(['Conversations']));
			} finally {
				await browser.close();
			}
		});
	});
});
