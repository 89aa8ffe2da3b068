import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alone } from './install-lock.mjs';
import { ROOT } from './install.mjs';
import { captured, say, Stop } from './terminal.mjs';

/** All that `dist` is made of. */
const SOURCES = [
	...['nodes', 'credentials', 'src', 'icons'],
	...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'gulpfile.js', 'scripts/build-webchat.mjs'],
];
const DIST = join(ROOT, 'dist');
/** Fingerprint of the sources that `dist` was built from. Not in `dist`: that folder is published. */
const BUILT_FROM = join(ROOT, 'node_modules', '.cache', 'built-from');

/**
 * Builds `dist` anew: compiled nodes and credentials, icons and codex files, the chat page.
 * @param {import('./runtime.mjs').Runtime} runtime
 */
export function build(runtime) {
	return alone(ROOT, 'Another process is building already; waiting for it …', () => buildNow(runtime));
}

/**
 * Builds only when a source changed since the last time.
 * @param {import('./runtime.mjs').Runtime} runtime
 */
export function ensureBuilt(runtime) {
	return alone(ROOT, 'Another process is building already; waiting for it …', async () => {
		if (builtFingerprint() !== fingerprint()) await buildNow(runtime);
	});
}

/** Names the build that is in `dist`; undefined: there is none. */
export function builtFingerprint() {
	return existsSync(DIST) && existsSync(BUILT_FROM) ? readFileSync(BUILT_FROM, 'utf8') : undefined;
}

/** @param {import('./runtime.mjs').Runtime} runtime */
async function buildNow({ node, env }) {
	say('Building the nodes …');
	const from = fingerprint();
	rmSync(BUILT_FROM, { force: true });
	rmSync(DIST, { recursive: true, force: true });
	const modules = join(ROOT, 'node_modules');
	const steps = [
		{ what: 'compiling the nodes', args: [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'] },
		{ what: 'copying icons and codex files', args: [join(modules, 'gulp', 'bin', 'gulp.js')] },
		{ what: 'building the chat page', args: [join(ROOT, 'scripts', 'build-webchat.mjs')] },
	];
	for (const { what, args } of steps) {
		const { ok, output } = await captured(node, args, { cwd: ROOT, env });
		if (!ok) throw new Stop(`${output}\n\nThe build stopped while ${what}.`);
	}
	mkdirSync(dirname(BUILT_FROM), { recursive: true });
	writeFileSync(BUILT_FROM, from);
}

function fingerprint() {
	const hash = createHash('sha256');
	for (const file of SOURCES.flatMap(filesIn)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file))).update('\0');
	return hash.digest('hex');
}

/**
 * @param {string} path relative to the root; a file, a folder or not there
 * @returns {string[]}
 */
function filesIn(path) {
	const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
	if (!stats?.isDirectory()) return stats ? [path] : [];
	return readdirSync(join(ROOT, path))
		.sort()
		.flatMap((name) => filesIn(`${path}/${name}`));
}
