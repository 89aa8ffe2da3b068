const unit = require('./jest.config.js');

/** A real n8n, a real browser: one test file after the other, since each starts an n8n of its own. */
module.exports = {
	...unit,
	testPathIgnorePatterns: ['/node_modules/'],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.test.ts'],
	maxWorkers: 1,
	testTimeout: 180_000,
};
