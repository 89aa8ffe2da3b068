// `npm run demo`: a private n8n with these nodes and the demo workflow, until Ctrl-C.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { command, ended, endWithUs, say, Stop, tail, ticking } from '../scripts/terminal.mjs';
import { answers } from './answers.mjs';
import { demoWorkflow, ensureDemoWorkflow, spawnN8n } from './home.mjs';
import { n8nEnv, OWNER } from './n8n-env.mjs';
import { keepLog } from './n8n-log.mjs';
import { installPackage } from './package-link.mjs';
import { freePort } from './ports.mjs';
import { demoSettings, refuseTakenPort } from './settings.mjs';

/** n8n waits up to 30 seconds for running executions when it is told to end. */
const STOP_LIMIT_MS = 35_000;
const START_LIMIT_MS = 300_000;
/** n8n answers before its published workflows do; after this long the demo workflow is not published. */
const PUBLISHED_LIMIT_MS = 20_000;

async function main() {
	const { home, port } = demoSettings(process.env);
	await refuseTakenPort(port);
	const env = n8nEnv({ home, port, brokerPort: await freePort(), base: process.env });
	installPackage(home);
	const setUp = ticking('setting up n8n');
	const workflow = await ensureDemoWorkflow(home, env).finally(() => setUp.stop());
	say(workflow === 'kept' ? `Using the n8n in ${home} as you left it.` : `A new n8n is set up in ${home}.`);

	say('Starting n8n …');
	const logFile = join(home, 'n8n.log');
	let ready = false;
	const keep = keepLog(logFile, ({ level, message }) => {
		// While n8n starts it warns of this set-up's known simplifications, and our own questions come too early for it.
		if (ready && (level === 'warn' || level === 'error')) say(`n8n ${level}: ${message.trim()}`);
	});
	const child = spawnN8n({ ...env, N8N_LOG_FORMAT: 'json', N8N_LOG_OUTPUT: 'console' });
	keep(child.stdout);
	keep(child.stderr);
	const bond = endWithUs(child, { signal: 'SIGTERM', limitMs: STOP_LIMIT_MS });
	const gone = ended(child).finally(() => bond.over());

	const outcome = await Promise.race([gone, becomesReady(port)]);
	if (outcome === 'timeout') {
		child.kill('SIGTERM');
		await gone;
		throw new Stop(`${tail(logFile, 30)}\n\nn8n did not start within ${START_LIMIT_MS / 60_000} minutes. Its log is ${logFile}.`);
	}
	if (typeof outcome === 'string') {
		ready = true;
		announce(port, outcome);
	}
	const { code, signal } = await gone;
	if (bond.asked()) return 0;
	throw new Stop(`${tail(logFile, 30)}\n\nn8n ended by itself (${signal ?? `exit code ${code}`}). Its log is ${logFile}.`);
}

/**
 * @param {number} port
 * @returns {Promise<'chat' | 'editor only' | 'timeout'>}
 */
async function becomesReady(port) {
	const tick = ticking('starting n8n');
	const url = `http://127.0.0.1:${port}`;
	const deadline = Date.now() + START_LIMIT_MS;
	let editorSince = Infinity;
	try {
		while (Date.now() < deadline) {
			if (await answers(`${url}${demoWorkflow().chatPath}`)) return 'chat';
			if (editorSince === Infinity && (await answers(`${url}/healthz/readiness`))) editorSince = Date.now();
			if (Date.now() - editorSince > PUBLISHED_LIMIT_MS) return 'editor only';
			await wait(300);
		}
		return 'timeout';
	} finally {
		tick.stop();
	}
}

/**
 * @param {number} port
 * @param {'chat' | 'editor only'} state
 */
function announce(port, state) {
	const { id, chatPath } = demoWorkflow();
	const url = `http://localhost:${port}`;
	console.log(`Editor ${url}/workflow/${id}`);
	console.log(`Chat ${url}${chatPath}`);
	console.log(`Login ${OWNER.email} / ${OWNER.password}`);
	if (state === 'editor only') {
		say('The chat page does not answer: the demo workflow was unpublished, changed or deleted. Publish it in the editor,');
		say('or bring it back with: npm run n8n -- import:workflow --input=demo/workflow.json');
	}
	console.log('Ready');
	say('Stop with Ctrl-C.');
}

await command(main);
