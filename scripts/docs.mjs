/** Writes the tables of limits into the guides, from the channels' own data. Run from the root of the repository. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { limitsTable, overviewTable, withTable } from './limits-table.mjs';

const folder = mkdtempSync(join(tmpdir(), 'channel-docs-'));
try {
	const outfile = join(folder, 'channels.cjs');
	await build({ entryPoints: ['src/channels/index.ts'], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
	/** @type {{ channels: Record<string, import('../src/core/channel.js').Channel> }} */
	const { channels } = createRequire(import.meta.url)(outfile);
	const all = Object.values(channels);
	write('docs/channels.md', overviewTable(all));
	for (const channel of all) if (channel.provider) write(`docs/channels/${channel.id}.md`, limitsTable(channel));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} file
 * @param {string} table
 */
function write(file, table) {
	writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}
