// Prints `N passed, N failed` over the last `npm test` and `npm run test:e2e`, and exits with 1 when anything failed.
// A test counts as one. So does a check that failed, a test file that could not run, and a whole part without a result.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './install.mjs';
import { RESULTS } from './tests.mjs';

/** @typedef {{ passed: number, failed: number }} Totals */

/** @returns {Totals} */
function checks() {
	const results = /** @type {{ name: string, ok: boolean }[] | undefined} */ (resultOf('checks'));
	if (!results) return didNotRun('types, lint and import rules');
	const failed = results.filter((result) => !result.ok);
	for (const { name } of failed) console.log(`Failed: ${name}`);
	return { passed: 0, failed: failed.length };
}

/**
 * @param {string} part
 * @param {string} label
 * @returns {Totals}
 */
function tests(part, label) {
	const result = resultOf(part);
	if (!result) return didNotRun(label);
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	if (failed > 0) console.log(`Failed: ${failed} of the ${label}`);
	// Not a success, yet no test failed: jest found no test at all, or ended for a reason of its own.
	return { passed: result.numPassedTests, failed: failed === 0 && !result.success ? 1 : failed };
}

/** @param {string} part */
function resultOf(part) {
	const file = join(RESULTS, `${part}.json`);
	return existsSync(file) ? readJson(file) : undefined;
}

/**
 * @param {string} label
 * @returns {Totals}
 */
function didNotRun(label) {
	console.log(`Failed: ${label} did not run to their end`);
	return { passed: 0, failed: 1 };
}

const parts = [checks(), tests('unit', 'unit, contract and engine tests'), tests('e2e', 'end-to-end tests')];
const total = parts.reduce((sum, part) => ({ passed: sum.passed + part.passed, failed: sum.failed + part.failed }));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
