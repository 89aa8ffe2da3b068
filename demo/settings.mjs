import { resolve } from 'node:path';
import { ROOT } from '../scripts/install.mjs';
import { Stop } from '../scripts/terminal.mjs';
import { obstacle } from './ports.mjs';

/**
 * What the user may choose about the demo.
 * @typedef {object} DemoSettings
 * @property {string} home folder of the demo's n8n, kept between runs (DEMO_HOME)
 * @property {number} port of the editor and the chat page (DEMO_PORT)
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {DemoSettings}
 */
export function demoSettings(env) {
	const asked = env['DEMO_PORT'] || '5678';
	const port = Number(asked);
	if (!/^\d+$/.test(asked) || port < 1 || port > 65_535) {
		throw new Stop(`DEMO_PORT is '${asked}'. Give a number from 1 to 65535, for example DEMO_PORT=5680.`);
	}
	const home = env['DEMO_HOME'];
	return { port, home: home ? resolve(env['INIT_CWD'] ?? process.cwd(), home) : resolve(ROOT, '.demo') };
}

/** @param {number} port */
export async function refuseTakenPort(port) {
	const why = await obstacle(port);
	const remedy = 'choose another port with DEMO_PORT, for example: DEMO_PORT=5680 npm run demo';
	if (why === 'taken') throw new Stop(`Port ${port} is in use by another program. Stop that program, or ${remedy}`);
	if (why === 'forbidden') throw new Stop(`This user may not open port ${port}: ${remedy}`);
}
