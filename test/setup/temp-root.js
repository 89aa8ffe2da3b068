const { accessSync, constants, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Kept in memory, where there is such a folder: stores that last for one test need not reach a disk. */
const MEMORY = '/dev/shm';

function fastest() {
	try {
		accessSync(MEMORY, constants.W_OK);
		return MEMORY;
	} catch {
		return tmpdir();
	}
}

/** One temporary folder for a whole run of jest; its workers inherit the environment. */
module.exports = () => {
	process.env.CONVERSATIONS_TEST_ROOT = mkdtempSync(join(fastest(), 'conversations-test-'));
};
