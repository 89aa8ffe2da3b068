const { mkdirSync } = require('node:fs');
const { join } = require('node:path');

/** n8n-core writes an encryption key to its user folder: one for each worker, and never the developer's own. */
const root = process.env.CONVERSATIONS_TEST_ROOT;
if (!root) throw new Error('jest ran without its globalSetup (test/setup/temp-root.js).');
const folder = join(root, `worker-${process.env.JEST_WORKER_ID}`);
mkdirSync(folder, { recursive: true });
process.env.N8N_USER_FOLDER = folder;
// n8n's engine logs every error that a test provokes.
process.env.N8N_LOG_LEVEL = 'silent';
