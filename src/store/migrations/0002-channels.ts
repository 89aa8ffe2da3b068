import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engines/engine';
import type { Tables } from '../schema';

export async function channels(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
	for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

function statements({ instant }: ColumnTypes): string[] {
	// Goes with its owner. Checked at the commit, so that the order of writes within a transaction is free.
	const ownedBy = (table: string): string =>
		`references ${table} (id) on delete cascade deferrable initially deferred`;
	return [
		`alter table addresses add column blocked_at ${instant}`,
		`alter table addresses add column reply_token text`,
		`alter table addresses add column reply_until ${instant}`,
		`alter table messages add column details text`,
		`alter table subscriptions add column base_url text`,

		// A read mark means all that was sent until then.
		`create index messages_outgoing on messages (address_id, (coalesce(sent_at, at)), id) where direction = 'out'`,
		`create index messages_choices on messages (address_id, at, id) where choices <> '[]'`,

		`create table address_aliases (
			channel text not null,
			account text not null,
			user_id text not null,
			address_id text not null ${ownedBy('addresses')},
			primary key (channel, account, user_id)
		)`,
		`create index address_aliases_address on address_aliases (address_id)`,

		`create table message_parts (
			channel text not null,
			account text not null,
			provider_id text not null,
			message_id text not null ${ownedBy('messages')},
			position integer not null,
			status text not null,
			primary key (channel, account, provider_id)
		)`,
		`create index message_parts_message on message_parts (message_id, position)`,

		`create table receivers (
			key text not null,
			subscription_id text not null,
			channel text not null,
			account text not null,
			url text not null,
			receive_by text not null,
			owner integer not null,
			created_at ${instant} not null,
			primary key (key, subscription_id)
		)`,
		// A provider posts to one address only.
		`create unique index receivers_owner on receivers (key) where owner = 1`,
		`create index receivers_age on receivers (key, created_at, subscription_id)`,
		`create index receivers_subscription on receivers (subscription_id, created_at, key)`,

		`create table test_listeners (
			subscription_id text primary key not null,
			channels text not null,
			accounts text not null,
			url text not null,
			until ${instant} not null
		)`,
		`create index test_listeners_until on test_listeners (until, subscription_id)`,

		`create table fetches (
			id text primary key not null,
			kind text not null,
			channel text not null,
			account text not null,
			contact_id text not null ${ownedBy('contacts')},
			address_id text not null,
			message_id text ${ownedBy('messages')},
			position integer not null,
			source text not null,
			attempts integer not null,
			next_at ${instant} not null,
			created_at ${instant} not null
		)`,
		`create index fetches_due on fetches (channel, account, next_at, id)`,
		`create index fetches_contact on fetches (contact_id, created_at)`,
		`create index fetches_message on fetches (message_id)`,
		`create index fetches_age on fetches (created_at, id)`,

		`create table early_receipts (
			channel text not null,
			account text not null,
			external_id text not null,
			state text not null,
			failure text,
			at ${instant} not null,
			primary key (channel, account, external_id, state)
		)`,
		`create index early_receipts_at on early_receipts (at)`,

		`create table quotas (
			channel text not null,
			account text not null,
			period text not null,
			used integer not null,
			primary key (channel, account, period)
		)`,
	];
}
