import type { Store } from '../core/store';
import { openSqlite } from './engines/sqlite';
import { createStore } from './create';

export type StoreConfig = { kind: 'sqlite'; file: string };

/**
 * Opens the store and brings its tables up to date. Several processes and several callers may do so at once.
 *
 * `file`: a path whose folder exists, or ':memory:' for a store that is gone when it is closed.
 * @throws StoreError with a sentence that names the database and says what to do.
 */
export async function openStore(config: StoreConfig): Promise<Store> {
	switch (config.kind) {
		case 'sqlite':
			return await createStore(await openSqlite({ file: config.file }));
	}
}
