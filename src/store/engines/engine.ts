import type { Kysely } from 'kysely';
import type { Tables } from '../schema';

/** The column types that engines name differently. */
export interface ColumnTypes {
	/** Epoch ms: more than 32 bits. */
	instant: string;
	bytes: string;
}

/** What differs between databases. Aggregates see `db`, `transaction` and `lock` through their scope only. */
export interface Engine {
	/** In sentences: 'the conversations database /home/node/.n8n/conversations.sqlite'. Never holds a password. */
	readonly label: string;
	readonly columnTypes: ColumnTypes;
	/** Queries outside a transaction; refused from inside a transaction's work. Its errors are `StoreError`s. */
	readonly db: Kysely<Tables>;
	/** Commits when `work` resolves, rolls back when it rejects. Refused from inside another transaction's work. */
	transaction<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
	/** `db` is the one of a transaction; the lock is held until that transaction ends. */
	lock(db: Kysely<Tables>, name: string): Promise<void>;
	/** Part of a transaction: tells other processes' `watch` what its commit changes. */
	announce(db: Kysely<Tables>, topics: ReadonlySet<string>): Promise<void>;
	/** Calls `changed` when another process committed: with the topics it announced, or without when they are unknown. */
	watch(changed: (topics?: readonly string[]) => void): () => void;
	/** After the work already asked for. May be called again. */
	close(): Promise<void>;
}
