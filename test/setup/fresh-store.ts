import { copyFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store';

const TEMPLATE = join(process.env['CONVERSATIONS_TEST_ROOT'] ?? tmpdir(), `empty-${process.pid}.sqlite`);

/** Puts an empty store with all its tables there: copying one is faster than making one. */
export async function freshStore(file: string): Promise<void> {
	if (!existsSync(TEMPLATE)) await (await openStore({ kind: 'sqlite', file: TEMPLATE })).close();
	copyFileSync(TEMPLATE, file);
}
