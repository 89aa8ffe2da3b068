import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { captured, say } from './terminal.mjs';

const bin = (/** @type {string[]} */ ...parts) => join(ROOT, 'node_modules', ...parts);

const colour = Boolean(process.stderr.isTTY);

/** What each check runs, under our Node.js. */
const CHECKS = /** @type {const} */ ({
	types: [bin('typescript', 'bin', 'tsc'), '--noEmit', '--pretty', String(colour)],
	lint: [bin('eslint', 'bin', 'eslint.js'), '--max-warnings=0', colour ? '--color' : '--no-color', '.'],
	'import rules': [
		bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
		...['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'nodes', 'credentials', 'src'],
	],
});

/** @typedef {keyof typeof CHECKS} CheckName */
export const ALL_CHECKS = /** @type {CheckName[]} */ (Object.keys(CHECKS));

/**
 * Runs checks side by side and shows each one's verdict, with its output only when there is something to mend.
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {readonly CheckName[]} names
 * @returns {Promise<{ name: CheckName, ok: boolean }[]>}
 */
export async function runChecks(runtime, names) {
	say(`Checking ${names.join(', ')} …`);
	return Promise.all(
		names.map(async (name) => {
			const { ok, output, took } = await captured(runtime.node, CHECKS[name], { cwd: ROOT, env: runtime.env });
			say(ok ? `  ✓ ${name} (${took})` : `\n${output}\n  ✗ ${name} (${took})\n`);
			return { name, ok };
		}),
	);
}
