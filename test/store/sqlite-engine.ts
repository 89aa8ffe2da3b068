import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../src/core/store';
import { createStore } from '../../src/store/create';
import { openSqlite, type SqliteOptions } from '../../src/store/engines/sqlite';
import { migrate } from '../../src/store/migrations/migrate';
import type { OpenedStore, StoreEngine } from './contract/harness';

/** A folder of its own, and what it takes to leave nothing of it. */
export function aFolder(): { folder: string; remove: () => void } {
	const folder = mkdtempSync(join(tmpdir(), 'conversations-store-'));
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Reads and writes the file past the store. */
export function besides<T>(file: string, work: (database: DatabaseSync) => T): T {
	const database = new DatabaseSync(file);
	try {
		return work(database);
	} finally {
		database.close();
	}
}

export function allRows(file: string): Record<string, Record<string, unknown>[]> {
	return besides(file, (database) => {
		const tables = database.prepare(`select name from sqlite_master where type = 'table' order by name`).all();
		return Object.fromEntries(
			tables.map(({ name }) => [
				String(name),
				database
					.prepare(`select * from "${String(name)}" order by 1, 2`)
					.all()
					.map((row) => Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, shortened(cell)]))),
			]),
		);
	});
}

/** Comparing megabytes byte by byte takes seconds. */
function shortened(cell: unknown): unknown {
	return cell instanceof Uint8Array ? createHash('sha256').update(cell).digest('hex') : cell;
}

export function sqliteEngine(
	observe: SqliteOptions['observe'],
	watched: (store: Store) => Store = (store) => store,
): StoreEngine {
	const openIn = async (folder: string, remove: () => void): Promise<OpenedStore> => {
		const file = join(folder, 'conversations.sqlite');
		const stores: Store[] = [];
		const reopen = async (): Promise<Store> => {
			const store = watched(await createStore(await openSqlite({ file, watchEveryMs: 20, observe })));
			stores.push(store);
			return store;
		};
		return {
			store: await reopen(),
			reopen,
			rows: async () => allRows(file),
			run: async (statement) => besides(file, (database) => database.exec(statement)),
			async dispose() {
				for (const store of stores) await store.close();
				remove();
			},
		};
	};
	return {
		name: 'SQLite',
		open: () => {
			const { folder, remove } = aFolder();
			return openIn(folder, remove);
		},
		openAfter: async (steps, statements) => {
			const { folder, remove } = aFolder();
			const file = join(folder, 'conversations.sqlite');
			const older = await openSqlite({ file });
			await migrate(older, steps);
			await older.close();
			besides(file, (database) => statements.forEach((statement) => database.exec(statement)));
			return await openIn(folder, remove);
		},
		openAtOnce: (count) => {
			const { folder, remove } = aFolder();
			return Promise.all(Array.from({ length: count }, () => openIn(folder, remove)));
		},
	};
}
