// Every npm script starts here: `node scripts/run.mjs <task> [arguments]`. Needs no installed package and runs on any
// Node.js from 20 on; it installs what the task needs and then works under a Node.js that is new enough.
import { join } from 'node:path';
import { demoSettings, refuseTakenPort } from '../demo/settings.mjs';
import { build, ensureBuilt } from './build.mjs';
import { ALL_CHECKS, runChecks } from './checks.mjs';
import { findChromium } from './chromium.mjs';
import { findDovecot } from './dovecot.mjs';
import { DEMO, ensureN8n, ensureTools, ROOT } from './install.mjs';
import { ensureNode } from './runtime.mjs';
import { reportServices } from './services.mjs';
import { command, inTerminal, say, Stop } from './terminal.mjs';
import { forgetResults, keepCheckResults, runJest } from './tests.mjs';

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const TASKS = {
	async check() {
		const checks = await runChecks(await ready(), ALL_CHECKS);
		return checks.every((check) => check.ok) ? 0 : 1;
	},
	async types() {
		return (await runChecks(await ready(), ['types']))[0]?.ok ? 0 : 1;
	},
	async lint() {
		return (await runChecks(await ready(), ['lint']))[0]?.ok ? 0 : 1;
	},
	async build() {
		await build(await ready());
		return 0;
	},
	async docs() {
		const { node, env } = await ready();
		return inTerminal(node, [join(ROOT, 'scripts', 'docs.mjs')], { cwd: ROOT, env });
	},
	async test(args) {
		forgetResults(['checks', 'unit']);
		const runtime = await ready();
		// Beside the tests: each check keeps one core busy, and the tests wait for much.
		const checking = runChecks(runtime, ALL_CHECKS);
		// The chat page is served from there.
		await ensureBuilt(runtime);
		const passed = await runJest(runtime, { config: 'jest.config.js', part: 'unit', args });
		const checks = await checking;
		keepCheckResults(checks);
		return passed && checks.every((check) => check.ok) ? 0 : 1;
	},
	/** The tests of `test`, without the checks: for the loop of writing one. */
	async 'test:unit'(args) {
		forgetResults(['unit']);
		const runtime = await ready();
		await ensureBuilt(runtime);
		return (await runJest(runtime, { config: 'jest.config.js', part: 'unit', args })) ? 0 : 1;
	},
	async 'test:e2e'(args) {
		forgetResults(['e2e']);
		const runtime = await readyForN8n();
		const browser = await findChromium();
		say('path' in browser ? `Browser: ${browser.path}` : `Browser: none, so the tests in a browser are skipped. ${browser.missing}`);
		const mail = await findDovecot();
		say('path' in mail ? `Mail server: ${mail.path}` : `Mail server: none, so the tests of a real mailbox are skipped. ${mail.missing}`);
		await reportServices();
		const env = { ...runtime.env, CHROMIUM_PATH: 'path' in browser ? browser.path : '', DOVECOT_PATH: 'path' in mail ? mail.path : '' };
		return (await runJest({ ...runtime, env }, { config: 'jest.e2e.config.js', part: 'e2e', args })) ? 0 : 1;
	},
	async demo() {
		// Before minutes of installing, not after.
		await refuseTakenPort(demoSettings(process.env).port);
		const { node, env } = await readyForN8n();
		return inTerminal(node, [join(DEMO, 'start.mjs')], { cwd: ROOT, env });
	},
	async n8n(args) {
		const { node, env } = await readyForN8n();
		// Paths in the arguments are meant from where the user is, not from where npm starts us.
		return inTerminal(node, [join(DEMO, 'cli.mjs'), ...args], { cwd: process.env['INIT_CWD'] ?? ROOT, env });
	},
};

async function ready() {
	const runtime = await ensureNode();
	await ensureTools();
	return runtime;
}

async function readyForN8n() {
	const runtime = await ready();
	await ensureBuilt(runtime);
	await ensureN8n(runtime);
	return runtime;
}

const OLDEST_MAJOR = 20;

async function main() {
	if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) {
		throw new Stop(`Node.js ${OLDEST_MAJOR} or newer is needed; this is ${process.versions.node}.`);
	}
	const [name = '', ...args] = process.argv.slice(2);
	const task = TASKS[name];
	if (!task) throw new Stop(`There is no task '${name}'. Tasks: ${Object.keys(TASKS).join(', ')}.`);
	return task(args);
}

await command(main);
