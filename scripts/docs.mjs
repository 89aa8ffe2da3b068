/** Writes into the guides what is made from the code: tables of limits and of failures. Run from the root of the repository. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { channelSections, codesTable, everyChannelTable } from './failures-table.mjs';
import { withPart } from './generated-part.mjs';
import { limitsTable, overviewTable } from './limits-table.mjs';

/** What the tables are made from. */
const SOURCES = ['core/failure-codes', 'channels/index', 'channels/failure-tables', 'channels/kit/call'];

const folder = mkdtempSync(join(tmpdir(), 'channel-docs-'));
try {
	const outfile = join(folder, 'sources.cjs');
	const contents = SOURCES.map((file) => `export * from './src/${file}';`).join('\n');
	await build({ stdin: { contents, resolveDir: '.' }, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
	/** @type {typeof import('../src/core/failure-codes.js') & typeof import('../src/channels/index.js') & typeof import('../src/channels/failure-tables.js') & typeof import('../src/channels/kit/call.js')} */
	const { channels, failureTables, FAILURE_CODES, ...kit } = createRequire(import.meta.url)(outfile);
	const all = Object.values(channels);
	write('docs/channels.md', 'limits', overviewTable(all));
	for (const channel of all) if (channel.provider) write(`docs/channels/${channel.id}.md`, 'limits', limitsTable(channel));
	write('docs/failures.md', 'codes', codesTable(FAILURE_CODES));
	write('docs/failures.md', 'every-channel', everyChannelTable(kit, FAILURE_CODES));
	write('docs/failures.md', 'channels', channelSections(all, failureTables, FAILURE_CODES));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} file
 * @param {string} part
 * @param {string} text
 */
function write(file, part, text) {
	writeFileSync(file, withPart(readFileSync(file, 'utf8'), part, text));
}
