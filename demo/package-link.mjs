import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFingerprint } from '../scripts/build.mjs';
import { DEMO, readJson, ROOT } from '../scripts/install.mjs';

/**
 * Puts the built package where n8n keeps installed community packages, laid out as an installed one is: its own files,
 * its dependencies, and n8n's copy of n8n-workflow. A plain link to this repository would give the nodes the copy that
 * the tests use, and `instanceof` would fail between the two.
 * @param {string} home n8n's user folder
 */
export function installPackage(home) {
	const manifest = readJson(join(ROOT, 'package.json'));
	const nodes = join(home, '.n8n', 'nodes');
	const target = join(nodes, 'node_modules', manifest.name);
	const mark = join(target, '.built-from');
	const build = builtFingerprint();
	if (build === undefined) throw new Error('The nodes are not built.');
	// An n8n that runs on this home may be reading these files.
	if (existsSync(mark) && readFileSync(mark, 'utf8') === build) return;

	rmSync(target, { recursive: true, force: true });
	mkdirSync(join(target, 'node_modules'), { recursive: true });
	cpSync(join(ROOT, 'package.json'), join(target, 'package.json'));
	cpSync(join(ROOT, 'dist'), join(target, 'dist'), { recursive: true });
	for (const name of Object.keys(manifest.dependencies)) link(join(ROOT, 'node_modules', name), join(target, 'node_modules', name));
	link(join(DEMO, 'node_modules', 'n8n-workflow'), join(target, 'node_modules', 'n8n-workflow'));
	const list = { private: true, dependencies: { [manifest.name]: manifest.version } };
	writeFileSync(join(nodes, 'package.json'), JSON.stringify(list, null, '\t'));
	writeFileSync(mark, build);
}

/**
 * @param {string} from
 * @param {string} to may be a scoped name
 */
function link(from, to) {
	mkdirSync(join(to, '..'), { recursive: true });
	// Windows lets every user make a junction, but not a symbolic link.
	symlinkSync(from, to, process.platform === 'win32' ? 'junction' : 'dir');
}
