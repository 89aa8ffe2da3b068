import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cleanEnv, ensureInstalled, readJson, ROOT } from './install.mjs';
import { Stop } from './terminal.mjs';

/** n8n 2 and `node:sqlite` ask for it. */
const NEEDED_MAJOR = 24;
const FOLDER = join(ROOT, 'runtime');

/**
 * @typedef {object} Runtime
 * @property {string} node path of a Node.js that is new enough
 * @property {NodeJS.ProcessEnv} env environment in which `node` is that one, for it and all that it starts
 */

/**
 * This machine's own Node.js when it is new enough, else a copy from the package registry that lives in `runtime/`.
 * @returns {Promise<Runtime>}
 */
export async function ensureNode() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= NEEDED_MAJOR) return runtimeWith(process.execPath);
	const [system, file] = process.platform === 'win32' ? ['win', 'bin/node.exe'] : [process.platform, 'bin/node'];
	const name = `node-${system}-${process.arch}`;
	if (!(name in readJson(join(FOLDER, 'package.json')).optionalDependencies)) {
		throw new Stop(
			`Node.js ${NEEDED_MAJOR} or newer is needed; this machine has ${process.versions.node}. ` +
				`Install Node.js ${NEEDED_MAJOR} and run the command again.`,
		);
	}
	await ensureInstalled(FOLDER, {
		title: `Installing Node.js ${NEEDED_MAJOR} beside this machine's ${process.versions.node}, for this project only: half a minute, 190 MB`,
		doing: `installing Node.js ${NEEDED_MAJOR}`,
	});
	return runtimeWith(join(FOLDER, 'node_modules', name, file));
}

/**
 * @param {string} node
 * @returns {Runtime}
 */
function runtimeWith(node) {
	const env = cleanEnv();
	// Windows calls it Path.
	const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
	env[pathName] = [dirname(node), env[pathName]].filter(Boolean).join(delimiter);
	// Where a driver must be compiled, the headers that came with this Node.js save a download.
	const prefix = dirname(dirname(node));
	if (existsSync(join(prefix, 'include', 'node', 'node_api.h'))) env['npm_config_nodedir'] ??= prefix;
	return { node, env };
}
