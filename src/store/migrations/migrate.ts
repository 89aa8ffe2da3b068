import { type Kysely, sql } from 'kysely';
import { StoreError } from '../../core/store';
import type { Engine } from '../engines/engine';
import type { Tables } from '../schema';
import { MIGRATIONS, type Migration } from './index';

/** Brings the tables up to date. Harmless when they are, and when others do the same at the same time. */
export async function migrate(engine: Engine, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
	const newest = Math.max(...migrations.map(({ major }) => major));
	await sql
		.raw(
			`create table if not exists schema_migrations (
				major integer not null,
				minor integer not null,
				name text not null,
				applied_at ${engine.columnTypes.instant} not null,
				primary key (major, minor)
			)`,
		)
		.execute(engine.db);
	await refuseNewer(engine, engine.db, newest);
	const applied = new Set((await appliedTo(engine.db)).map(keyOf));
	for (const migration of migrations) {
		if (applied.has(keyOf(migration))) continue;
		await engine.transaction(async (db) => {
			await refuseNewer(engine, db, newest);
			// First of all its own row: whoever comes second finds it there and leaves the step to the first.
			const { major, minor, name } = migration;
			const { numInsertedOrUpdatedRows } = await db
				.insertInto('schema_migrations')
				.values({ major, minor, name, applied_at: Date.now() })
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			if (numInsertedOrUpdatedRows === 1n) await migration.up(db, engine.columnTypes);
		});
	}
}

type Version = Pick<Migration, 'major' | 'minor'>;

const keyOf = ({ major, minor }: Version): string => `${major}.${minor}`;

function appliedTo(db: Kysely<Tables>): Promise<Version[]> {
	return db.selectFrom('schema_migrations').select(['major', 'minor']).execute();
}

async function refuseNewer({ label }: Engine, db: Kysely<Tables>, newest: number): Promise<void> {
	const found = Math.max(0, ...(await appliedTo(db)).map(({ major }) => major));
	if (found <= newest) return;
	throw new StoreError(
		'newer',
		`${label.charAt(0).toUpperCase()}${label.slice(1)} was written by a newer version of n8n-nodes-conversations (data version ${found}; this package knows up to ${newest}). Update the package n8n-nodes-conversations, or put a backup from before its update in place.`,
	);
}
