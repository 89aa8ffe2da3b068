import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { inTerminal } from './terminal.mjs';

/** Where each part of a test run leaves its result, for the totals. */
export const RESULTS = join(ROOT, '.test-results');

/**
 * Leaves nothing of an earlier run behind: what is missing afterwards did not run.
 * @param {readonly string[]} parts
 */
export function forgetResults(parts) {
	mkdirSync(RESULTS, { recursive: true });
	for (const part of parts) rmSync(join(RESULTS, `${part}.json`), { force: true });
}

/** @param {{ name: string, ok: boolean }[]} checks */
export function keepCheckResults(checks) {
	writeFileSync(join(RESULTS, 'checks.json'), JSON.stringify(checks));
}

/**
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {{ config: string, part: string, args: readonly string[] }} suite `part` names the result
 * @returns {Promise<boolean>} whether all tests passed
 */
export async function runJest({ node, env }, { config, part, args }) {
	const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	const result = ['--json', `--outputFile=${join(RESULTS, `${part}.json`)}`];
	return (await inTerminal(node, [jest, '--config', config, ...result, ...args], { cwd: ROOT, env })) === 0;
}
