import type { Store } from '../../../src/core/store';
import type { Migration } from '../../../src/store/migrations';

/** One database of an engine, empty at first. */
export interface OpenedStore {
	store: Store;
	/** A further store on the same data, as another process would have it. */
	reopen(): Promise<Store>;
	/** All rows of all tables, by table; bytes by their hash. */
	rows(): Promise<Record<string, Record<string, unknown>[]>>;
	/** Runs a statement past the store. */
	run(statement: string): Promise<void>;
	/** Closes all stores and throws the data away. */
	dispose(): Promise<void>;
}

export interface StoreEngine {
	name: string;
	open(): Promise<OpenedStore>;
	/** That many at once, where no store ever was. */
	openAtOnce(count: number): Promise<OpenedStore[]>;
	/** With the tables that these steps make, and what the statements put there, as an older build left them. */
	openAfter(steps: readonly Migration[], statements: readonly string[]): Promise<OpenedStore>;
}

/** Opens a store of its own for each test of the suite at hand. */
export function eachWithStore(engine: StoreEngine): () => OpenedStore {
	let opened: OpenedStore | undefined;
	beforeEach(async () => {
		opened = await engine.open();
	});
	afterEach(async () => {
		await opened?.dispose();
		opened = undefined;
	});
	return () => {
		if (!opened) throw new Error('There is a store in tests only.');
		return opened;
	};
}

export const ALL = { limit: 500, offset: 0 };

export function idsOf(records: readonly { id: string }[]): string[] {
	return records.map(({ id }) => id);
}
