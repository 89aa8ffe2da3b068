import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './install-lock.mjs';
import { quietly, say, Stop, tail } from './terminal.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** n8n itself, for the demo and the end-to-end tests. */
export const DEMO = join(ROOT, 'demo');
export const N8N_VERSION = /** @type {string} */ (readJson(join(DEMO, 'package.json')).dependencies.n8n);

/** @param {string} file */
export function readJson(file) {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Our environment without what `npm run` puts there about this package: an npm that we start in another folder would
 * take it for its own.
 */
export function cleanEnv() {
	const ours = /^npm_(package_|lifecycle_|config_local_prefix$|command$)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/**
 * The npm that runs us, as `[file, first arguments]`; on Windows npm is a script that cannot be started by name.
 * @returns {[string, string[]]}
 */
function npmCommand() {
	const script = process.env['npm_execpath'];
	return script?.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
}

/**
 * Whether `node_modules` holds what the lockfile asks for. npm writes its own list of what it installed as the last
 * step, so an interrupted or outdated install is seen without a mark of ours.
 * @param {string} folder
 */
export function isInstalled(folder) {
	const listFile = join(folder, 'node_modules', '.package-lock.json');
	if (!existsSync(listFile)) return false;
	/** @type {[string, LockEntry][]} */
	const wanted = Object.entries(readJson(join(folder, 'package-lock.json')).packages);
	/** @type {Record<string, LockEntry>} */
	const present = readJson(listFile).packages;
	return wanted.every(([path, entry]) => {
		const there = present[path];
		if (path === '' || (there === undefined && !isForUs(entry))) return true;
		return there?.version === entry.version && existsSync(join(folder, path));
	});
}

/**
 * @typedef {{ version: string, optional?: boolean, devOptional?: boolean, peer?: boolean, os?: Names, cpu?: Names, libc?: Names }} LockEntry
 * @typedef {string | string[]} Names
 */

/**
 * Whether npm must have installed a package on this machine. It leaves out optional ones for other systems, and also,
 * without an error, those that it could not fetch.
 * @param {LockEntry} entry
 */
function isForUs({ optional, devOptional, peer, os, cpu, libc }) {
	if (!optional && !devOptional && !peer) return true;
	if (!os && !cpu) return false;
	return fits(os, process.platform) && fits(cpu, process.arch) && (process.platform !== 'linux' || fits(libc, ourLibc()));
}

/**
 * @param {Names | undefined} names those allowed, or with `!` those that are not
 * @param {string} ours
 */
function fits(names, ours) {
	if (!names) return true;
	const allowed = [names].flat();
	if (allowed.includes(`!${ours}`)) return false;
	return allowed.includes(ours) || allowed.every((name) => name.startsWith('!'));
}

function ourLibc() {
	const report = process.report.getReport();
	return typeof report === 'object' && 'header' in report && hasGlibc(report.header) ? 'glibc' : 'musl';
}

/** @param {unknown} header */
function hasGlibc(header) {
	return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}

/**
 * @typedef {object} Install
 * @property {string} title said at the start
 * @property {string} doing "installing …", said while it lasts
 * @property {Native} [native]
 * @property {NodeJS.ProcessEnv} [env]
 *
 * @typedef {object} Native the one package whose install script is run
 * @property {string} name
 * @property {string} makes file that its script makes
 */

/**
 * Makes `folder/node_modules` what its lockfile says, from scratch when it is not.
 *
 * Without install scripts: one development tool refuses every package manager but its own by such a script, and none
 * of what we install needs one, except the `native` package.
 * @param {string} folder
 * @param {Install} install
 */
export async function ensureInstalled(folder, install) {
	if (isReady(folder, install)) return;
	await alone(folder, `Another process is ${install.doing} already; waiting for it …`, async () => {
		rmSync(logOf(folder), { force: true });
		if (!isInstalled(folder)) await fetchPackages(folder, install);
		if (install.native && !isReady(folder, install)) await buildNative(folder, install.native, install.env);
	});
}

/**
 * @param {string} folder
 * @param {Install} install
 */
function isReady(folder, { native }) {
	return isInstalled(folder) && (native === undefined || existsSync(join(folder, native.makes)));
}

/**
 * @param {string} folder
 * @param {Install} install
 */
async function fetchPackages(folder, { title, doing, env }) {
	say(`${title} …`);
	const failed = `This failed while ${doing}. Check the network connection and the free disk space, then run the command again.`;
	// Named, since NODE_ENV=production or a user's own settings would leave them out.
	const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
	const took = await npm(folder, args, { doing, failed, env });
	if (!isInstalled(folder)) throw new Stop(`${tail(logOf(folder), 40)}\n\nnpm could not fetch all of it. ${failed}`);
	say(`  done in ${took}`);
}

/**
 * @param {string} folder
 * @param {Native} native
 * @param {NodeJS.ProcessEnv} [env]
 */
async function buildNative(folder, { name, makes }, env) {
	say(`Fetching or compiling ${name}: seconds, or some minutes where it must be compiled …`);
	const failed = `${name} could neither be downloaded nor compiled. It needs access to github.com, or python3, make and a C++ compiler.`;
	const args = ['rebuild', name, '--ignore-scripts=false', '--foreground-scripts'];
	const took = await npm(folder, args, { doing: `compiling ${name}`, failed, env: { ...env, JOBS: 'max' } });
	if (!existsSync(join(folder, makes))) throw new Stop(`${tail(logOf(folder), 40)}\n\n${failed}`);
	say(`  done in ${took}`);
}

/**
 * @param {string} folder
 * @param {string[]} args
 * @param {{ doing: string, failed: string, env?: NodeJS.ProcessEnv }} options
 */
function npm(folder, args, { doing, failed, env }) {
	const [file, first] = npmCommand();
	return quietly(file, [...first, ...args], { cwd: folder, env: { ...cleanEnv(), ...env }, log: logOf(folder), doing, failed });
}

/** @param {string} folder */
function logOf(folder) {
	return join(folder, 'install.log');
}

export function ensureTools() {
	return ensureInstalled(ROOT, {
		title: 'Installing the build and test tools: about a minute, 400 MB',
		doing: 'installing the build and test tools',
	});
}

/** @param {import('./runtime.mjs').Runtime} runtime */
export function ensureN8n(runtime) {
	return ensureInstalled(DEMO, {
		title: `Installing n8n ${N8N_VERSION}: about five minutes, 2.9 GB`,
		doing: `installing n8n ${N8N_VERSION}`,
		native: { name: 'sqlite3', makes: 'node_modules/sqlite3/build/Release/node_sqlite3.node' },
		env: runtime.env,
	});
}
