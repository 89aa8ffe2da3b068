const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** One temporary folder for a whole run of jest; its workers inherit the environment. */
module.exports = () => {
	process.env.CONVERSATIONS_TEST_ROOT = mkdtempSync(join(tmpdir(), 'conversations-test-'));
};
