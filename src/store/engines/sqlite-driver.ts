import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { StoreError } from '../../core/store';
import type { Nesting } from './nesting';
import { asStoreError, isBusy, locked } from './sqlite-errors';
import { Turns } from './turns';

/** About twice the number of different queries of this package; lists of ids give a query many lengths. */
const MAX_STATEMENTS = 300;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;
/** Busy answers further apart than this are not of one and the same lock. */
const SAME_LOCK_MS = 2_000;

export interface SqliteDriverOptions {
	database: DatabaseSync;
	file: string;
	nesting: Nesting;
	/** For how long another program's lock is waited out. */
	patienceMs: number;
}

/** One connection for everybody, taken in turns. node:sqlite is synchronous; only waiting is not. */
export class SqliteDriver implements Driver {
	readonly #options: SqliteDriverOptions;
	readonly #turns = new Turns();
	readonly #connection: SqliteConnection;
	#closing: Promise<void> | undefined;

	constructor(options: SqliteDriverOptions) {
		this.#options = options;
		this.#connection = new SqliteConnection(options, this.#turns);
	}

	async init(): Promise<void> {}

	async acquireConnection(): Promise<DatabaseConnection> {
		this.#options.nesting.assertOutside();
		if (this.#closing)
			throw new StoreError('closed', `The conversations database ${this.#options.file} was closed.`);
		await this.#turns.take();
		return this.#connection;
	}

	async releaseConnection(): Promise<void> {
		this.#turns.give();
	}

	beginTransaction(): Promise<void> {
		return this.#connection.begin();
	}

	commitTransaction(): Promise<void> {
		return this.#connection.commit();
	}

	async rollbackTransaction(): Promise<void> {
		this.#connection.rollback();
	}

	/** After all that was asked for before. */
	async destroy(): Promise<void> {
		this.#options.nesting.assertOutside();
		this.#closing ??= this.#close();
		return await this.#closing;
	}

	async #close(): Promise<void> {
		await this.#turns.take();
		while (this.#connection.pausing > 0) {
			this.#turns.give();
			await pause(LONGEST_PAUSE_MS);
			await this.#turns.take();
		}
		this.#connection.close();
	}
}

class SqliteConnection implements DatabaseConnection {
	readonly #database: DatabaseSync;
	readonly #file: string;
	readonly #patienceMs: number;
	/** Least recently used first. */
	readonly #statements = new Map<string, { statement: StatementSync; givesRows: boolean }>();
	#inTransaction = false;
	/** Why SQLite ended the transaction by itself: on a full disk it rolls back at once. */
	#endedBy: Error | undefined;
	readonly #turns: Turns;
	/** How many wait for another program's lock. */
	pausing = 0;
	#lock = { since: 0, lastSeen: Number.NEGATIVE_INFINITY };

	constructor({ database, file, patienceMs }: SqliteDriverOptions, turns: Turns) {
		this.#turns = turns;
		this.#database = database;
		this.#file = file;
		this.#patienceMs = patienceMs;
	}

	executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
		return this.#patiently(() => {
			this.#assertStillInTransaction();
			return this.#run<R>(sql, parameters);
		});
	}

	streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
		throw new Error('The store reads whole pages; it has no streams.');
	}

	async begin(): Promise<void> {
		await this.#patiently(() => this.#run('begin immediate', []));
		this.#inTransaction = true;
		this.#endedBy = undefined;
	}

	async commit(): Promise<void> {
		await this.#patiently(() => {
			this.#assertStillInTransaction();
			return this.#run('commit', []);
		});
		this.#inTransaction = false;
	}

	rollback(): void {
		this.#inTransaction = false;
		if (this.#database.isTransaction) this.#run('rollback', []);
	}

	close(): void {
		this.#statements.clear();
		this.#database.close();
	}

	/** Without this, what follows a transaction that SQLite ended would be committed statement by statement. */
	#assertStillInTransaction(): void {
		if (this.#inTransaction && !this.#database.isTransaction)
			throw this.#endedBy ?? new Error('The transaction was ended by a statement of its own work.');
	}

	async #patiently<T>(step: () => T): Promise<T> {
		for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)) {
			try {
				return step();
			} catch (error) {
				if (!isBusy(error)) {
					const translated = asStoreError(error, this.#file);
					if (this.#inTransaction && !this.#database.isTransaction) this.#endedBy ??= translated as Error;
					throw translated;
				}
				if (this.#lockedForMs() >= this.#patienceMs) throw locked(this.#file, this.#patienceMs, error);
			}
			// A random part, so that two processes do not knock at the same moments for ever.
			await this.#pause(pauseMs * (0.5 + Math.random()));
		}
	}

	/** Others have their turn in the meantime: to read, no lock of another program is in the way. */
	async #pause(ms: number): Promise<void> {
		if (this.#inTransaction) {
			await pause(ms);
			return;
		}
		this.pausing++;
		this.#turns.give();
		await pause(ms);
		await this.#turns.take();
		this.pausing--;
	}

	/** Counts from the first busy answer, also over several callers: a queue of them must not wait one after the other. */
	#lockedForMs(): number {
		const now = performance.now();
		if (now - this.#lock.lastSeen > SAME_LOCK_MS) this.#lock.since = now;
		this.#lock.lastSeen = now;
		return now - this.#lock.since;
	}

	#run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
		const { statement, givesRows } = this.#prepare(sql);
		const values = parameters as SQLInputValue[];
		if (givesRows) {
			const rows = statement.all(...values) as R[];
			return { rows, numAffectedRows: BigInt(rows.length) };
		}
		const { changes } = statement.run(...values);
		// A write that went through: nobody holds the lock.
		this.#lock.lastSeen = Number.NEGATIVE_INFINITY;
		return { rows: [], numAffectedRows: BigInt(changes) };
	}

	#prepare(sql: string): { statement: StatementSync; givesRows: boolean } {
		let prepared = this.#statements.get(sql);
		if (prepared) this.#statements.delete(sql);
		else {
			const statement = this.#database.prepare(sql);
			prepared = { statement, givesRows: statement.columns().length > 0 };
			const [oldest] = this.#statements.keys();
			if (this.#statements.size >= MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
		}
		this.#statements.set(sql, prepared);
		return prepared;
	}
}
