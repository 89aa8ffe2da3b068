import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engines/engine';
import type { Tables } from '../schema';

export async function moreChannels(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
	for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

function statements({ instant, bytes }: ColumnTypes): string[] {
	return [
		`create index receivers_account on receivers (channel, account, created_at, subscription_id)`,

		`create table receiver_states (
			key text primary key not null,
			cursor text,
			ok_at ${instant},
			problem text,
			problem_since ${instant},
			ended_at ${instant}
		)`,

		`create table sealed_tokens (
			key text primary key not null,
			sealed ${bytes},
			put_at ${instant} not null,
			turn_by text,
			turn_until ${instant}
		)`,
		`create index sealed_tokens_age on sealed_tokens (put_at)`,
	];
}
