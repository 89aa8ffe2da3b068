import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import { StoreError } from '../../core/store';
import type { Tables } from '../schema';
import type { Engine } from './engine';
import { Nesting } from './nesting';
import { SqliteDriver } from './sqlite-driver';
import { asStoreError, hasCode, notWritable } from './sqlite-errors';
import { watchDataVersion } from './sqlite-watch';

export interface SqliteOptions {
	/** A path, or ':memory:' for a database that is gone when it is closed. */
	file: string;
	/** For how long another program's lock is waited out; 30 s. */
	patienceMs?: number;
	/** How often other processes' commits are looked for; once a second. */
	watchEveryMs?: number;
	/** Is shown every query that ran. */
	observe?: (query: string, parameters: readonly unknown[]) => void;
}

/** Kysely would queue callers of a single connection itself, before the driver could see who they are. */
class Adapter extends SqliteAdapter {
	override get supportsMultipleConnections(): boolean {
		return true;
	}
}

const IN_MEMORY = ':memory:';
/** The write-ahead log grows with the largest transaction (a file, a deleted contact) and shrinks to this after it. */
const MAX_IDLE_LOG_BYTES = 64 * 1024 * 1024;

/** @throws StoreError */
export async function openSqlite(options: SqliteOptions): Promise<Engine> {
	const { DatabaseSync } = loadSqlite();
	const { file, patienceMs = 30_000, watchEveryMs = 1_000, observe } = options;
	if (file !== IN_MEMORY) prepareFile(file);
	const nesting = new Nesting();
	const database = open(DatabaseSync, file);
	const driver = new SqliteDriver({ database, file, nesting, patienceMs });
	const db = new Kysely<Tables>({
		dialect: {
			createDriver: () => driver,
			createAdapter: () => new Adapter(),
			createQueryCompiler: () => new SqliteQueryCompiler(),
			createIntrospector: (kysely) => new SqliteIntrospector(kysely),
		},
		log: observe && (({ query }) => observe(query.sql, query.parameters)),
	});
	try {
		// Some places (a few network folders) cannot do WAL: SQLite then stays with its older journal, as safe but slower.
		await sql`pragma journal_mode = wal`.execute(db);
		await sql`pragma synchronous = full`.execute(db);
		await sql`pragma foreign_keys = on`.execute(db);
		await sql.raw(`pragma journal_size_limit = ${MAX_IDLE_LOG_BYTES}`).execute(db);
	} catch (error) {
		await driver.destroy();
		throw error;
	}
	return {
		label: `the conversations database ${file}`,
		columnTypes: { instant: 'bigint', bytes: 'blob' },
		db,
		transaction: (work) => db.transaction().execute((transaction) => nesting.during(() => work(transaction))),
		// Every transaction is the only one that writes.
		lock: async () => {},
		// Other processes see that there was a commit, not of what.
		announce: async () => {},
		watch: (changed) => watchDataVersion(database, watchEveryMs, changed),
		close: () => driver.destroy(),
	};
}

type Sqlite = typeof import('node:sqlite');

/** @throws StoreError on a Node.js that has no SQLite of its own. The arguments are for tests. */
export function loadSqlite(
	version: string = process.versions.node,
	builtIn: ((id: string) => object | undefined) | undefined = process.getBuiltinModule,
): Sqlite {
	// Older ones with an experimental node:sqlite are refused too: it lacks what this store needs.
	const sqlite = Number.parseInt(version, 10) >= 24 ? builtIn?.('node:sqlite') : undefined;
	if (sqlite) return sqlite as Sqlite;
	throw new StoreError(
		'unsupported',
		`Conversations for n8n keeps its data with Node.js' built-in SQLite, which needs Node.js 24 or newer; this is ${version}. Update n8n (2.x runs on Node.js 24) or the Node.js that runs it.`,
	);
}

/** Makes the file, readable by its owner only, and says in plain words why it cannot be used. */
function prepareFile(file: string): void {
	const folder = dirname(file);
	if (!existsSync(folder))
		throw new StoreError(
			'not_writable',
			`The folder ${folder} of the conversations database ${file} does not exist. Create it, and let the user that runs n8n write to it.`,
		);
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		// Only ever opened here when it is new: closing a second handle of a database in use would drop its locks.
		if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
		else closeSync(openSync(file, 'wx', 0o600));
	} catch (error) {
		if (hasCode(error, 'EEXIST')) return;
		if (hasCode(error, 'ENOSPC', 'EDQUOT'))
			throw new StoreError(
				'full',
				`There is no room for the conversations database ${file}. Free some disk space and start again.`,
				{ cause: error },
			);
		throw notWritable(file, error);
	}
}

function open(Database: Sqlite['DatabaseSync'], file: string): DatabaseSync {
	try {
		// `timeout` 0: SQLite itself would wait for a lock by stopping the whole process.
		return new Database(file, { timeout: 0 });
	} catch (error) {
		throw asStoreError(error, file);
	}
}
