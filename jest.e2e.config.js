const unit = require('./jest.config.js');

/** These test the chat page alone, in a browser. `npm run test:e2e` says whether there is one. */
const NEED_A_BROWSER = '/test/e2e/webchat-';

/** A real n8n, a real browser: one test file after the other, since each starts an n8n of its own. */
module.exports = {
	...unit,
	testPathIgnorePatterns: ['/node_modules/', ...(process.env.CHROMIUM_PATH ? [] : [NEED_A_BROWSER])],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.test.ts'],
	maxWorkers: 1,
	testTimeout: 180_000,
};
