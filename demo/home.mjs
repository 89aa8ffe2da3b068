import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO, readJson } from '../scripts/install.mjs';
import { captured, Stop } from '../scripts/terminal.mjs';
import { N8N_BIN } from './n8n-env.mjs';

const WORKFLOW_FILE = join(DEMO, 'workflow.json');

/**
 * @typedef {object} DemoWorkflow
 * @property {string} id
 * @property {string} chatPath address of its chat page, without the host
 */

/** @returns {DemoWorkflow} */
export function demoWorkflow() {
	const { id, nodes } = readJson(WORKFLOW_FILE);
	const trigger = nodes.find((/** @type {{ type: string }} */ node) => node.type.endsWith('.conversationOpenedTrigger'));
	return { id, chatPath: `/webhook/${trigger.webhookId}/conversations/webchat` };
}

/**
 * Imports and publishes the demo workflow once a home: afterwards it is the user's, to change and to delete.
 * @param {string} home
 * @param {NodeJS.ProcessEnv} env n8n's environment
 * @returns {Promise<'imported' | 'kept'>}
 */
export async function ensureDemoWorkflow(home, env) {
	// Written last, so that an interrupted set-up is begun again.
	const mark = join(home, '.n8n', 'conversations-demo-imported');
	if (existsSync(mark)) return 'kept';
	mkdirSync(join(home, '.n8n'), { recursive: true });
	await n8n(['import:workflow', `--input=${WORKFLOW_FILE}`], env);
	await n8n(['publish:workflow', `--id=${demoWorkflow().id}`], env);
	writeFileSync(mark, `${new Date().toISOString()}\n`);
	return 'imported';
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function n8n(args, env) {
	const { ok, output } = await captured(process.execPath, [N8N_BIN, ...args], { env });
	if (!ok) throw new Stop(`${output}\n\n'n8n ${args.join(' ')}' did not succeed, so the demo workflow is not in place.`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 */
export function spawnN8n(env) {
	return spawn(process.execPath, [N8N_BIN, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
