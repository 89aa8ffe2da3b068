import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engines/engine';
import type { Tables } from '../schema';

export async function sending(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
	for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

function statements({ instant }: ColumnTypes): string[] {
	return [
		`alter table conversations add column taken_over_at ${instant}`,
		`alter table messages add column execution text`,
		`alter table files add column library_name text`,
		`alter table files add column library_name_lower text`,
		`create unique index files_library on files (library_name_lower) where library_name_lower is not null`,
		`alter table waits add column asking integer not null default 0`,
		`create index waits_asking on waits (next_attempt_at, id) where asking = 1`,
		`alter table wait_items add column question text`,
		`alter table wait_items add column tries integer not null default 0`,
		`alter table wait_items add column refused text`,

		`create table snippets (
			id text primary key not null,
			name text not null,
			name_lower text not null,
			text text not null,
			attachments text not null,
			created_at ${instant} not null
		)`,
		`create unique index snippets_name on snippets (name_lower)`,

		`create table rate_lines (
			key text primary key not null,
			line text not null,
			quiet_at ${instant} not null
		)`,
		`create index rate_lines_quiet on rate_lines (quiet_at)`,
	];
}
