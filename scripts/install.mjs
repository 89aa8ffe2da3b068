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
	return script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
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
 * Makes `folder/node_modules` what its lockfile says, from scratch when it is not.
 *
 * Without install scripts: one development tool refuses every package manager but its own by such a script, and none
 * of what we install needs one, except what `build` names.
 * @param {string} folder
 * @param {{ title: string, doing: string, build?: { package: string, makes: string }, env?: NodeJS.ProcessEnv }} what
 */
export async function ensureInstalled(folder, what) {
	if (isReady(folder, what)) return;
	await alone(folder, `Another process is ${what.doing} already; waiting for it …`, async () => {
		if (isReady(folder, what)) return;
		say(`${what.title} …`);
		const log = join(folder, 'install.log');
		rmSync(log, { force: true });
		const failed = `This failed while ${what.doing}. Check the network connection and the free disk space, then run the command again.`;
		const [file, first] = npmCommand();
		/** @param {string[]} args */
		const npm = (args) =>
			quietly(file, [...first, ...args], { cwd: folder, env: { ...cleanEnv(), ...what.env }, log, doing: what.doing, failed });
		if (!isInstalled(folder)) {
			// Named, since NODE_ENV=production or a user's own settings would leave them out.
			const took = await npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
			if (!isInstalled(folder)) throw new Stop(`${tail(log, 40)}\n\nnpm could not fetch all of it. ${failed}`);
			say(`  done in ${took}`);
		}
		if (what.build) await npm(['rebuild', what.build.package, '--ignore-scripts=false', '--foreground-scripts']);
	});
}

/**
 * @param {string} folder
 * @param {{ build?: { makes: string } }} what
 */
function isReady(folder, { build }) {
	return isInstalled(folder) && (build === undefined || existsSync(join(folder, build.makes)));
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
		title: `Installing n8n ${N8N_VERSION} for the demo: about five minutes, 2.9 GB`,
		doing: `installing n8n ${N8N_VERSION}`,
		build: { package: 'sqlite3', makes: 'node_modules/sqlite3/build/Release/node_sqlite3.node' },
		env: runtime.env,
	});
}
