const { rmSync } = require('node:fs');

module.exports = () => {
	const root = process.env.CONVERSATIONS_TEST_ROOT;
	if (root) rmSync(root, { recursive: true, force: true });
};
