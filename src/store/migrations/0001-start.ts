import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engines/engine';
import type { Tables } from '../schema';

export async function start(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
	for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

function statements({ instant, bytes }: ColumnTypes): string[] {
	// Goes with its owner. Checked at the commit, so that the order of writes within a transaction is free.
	const ownedBy = (table: string): string =>
		`references ${table} (id) on delete cascade deferrable initially deferred`;
	return [
		`create table contacts (
			id text primary key not null,
			name text,
			name_lower text,
			first_name text,
			first_name_lower text,
			last_name text,
			last_name_lower text,
			phone text,
			email text,
			email_lower text,
			language text,
			tags text not null,
			fields text not null,
			assignee_id text,
			conversation_status text not null default 'none',
			created_at ${instant} not null,
			updated_at ${instant} not null,
			search_text text generated always as (
				coalesce(first_name_lower, '') || ' ' || coalesce(last_name_lower, '') || '|'
				|| coalesce(name_lower, '') || '|' || coalesce(phone, '')
			) stored
		)`,
		`create unique index contacts_phone on contacts (phone) where phone is not null`,
		`create unique index contacts_email on contacts (email_lower) where email_lower is not null`,
		// Holds all that a search compares, so that a search reads only the contacts it finds.
		`create index contacts_recent on contacts (updated_at, id, search_text, email_lower)`,
		`create index contacts_status on contacts (conversation_status, updated_at, id)`,
		`create index contacts_assignee on contacts (assignee_id, updated_at, id)`,

		`create table contact_tags (
			contact_id text not null ${ownedBy('contacts')},
			tag_lower text not null,
			primary key (contact_id, tag_lower)
		)`,
		`create index contact_tags_tag on contact_tags (tag_lower, contact_id)`,

		`create table addresses (
			id text primary key not null,
			contact_id text not null ${ownedBy('contacts')},
			channel text not null,
			account text not null,
			user_id text not null,
			last_inbound_at ${instant},
			sent_since_inbound integer not null,
			last_interaction_at ${instant} not null,
			created_at ${instant} not null
		)`,
		`create unique index addresses_user on addresses (channel, account, user_id)`,
		`create index addresses_channel on addresses (channel, contact_id)`,
		`create index addresses_contact on addresses (contact_id, last_interaction_at, id)`,

		`create table conversations (
			id text primary key not null,
			contact_id text not null ${ownedBy('contacts')},
			status text not null,
			opened_at ${instant} not null,
			opened_by text not null,
			channel text not null,
			account text not null,
			assignee_id text,
			team_id text,
			closed_at ${instant},
			closed_by text,
			closing_category text,
			closing_summary text,
			handled_by_id text,
			first_response_at ${instant},
			last_message_at ${instant}
		)`,
		// At most one open conversation for a contact, whatever runs at once.
		`create unique index conversations_open on conversations (contact_id) where status = 'open'`,
		`create index conversations_contact on conversations (contact_id, opened_at, id)`,
		`create index conversations_closed on conversations (contact_id, status, closed_at, id)`,
		`create index conversations_recent on conversations (opened_at, id)`,
		`create index conversations_status on conversations (status, opened_at, id)`,
		`create index conversations_assignee on conversations (assignee_id, opened_at, id)`,
		`create index conversations_load on conversations (status, assignee_id, opened_at, id)`,
		`create index conversations_channel on conversations (channel, opened_at, id)`,
		`create index conversations_team on conversations (team_id)`,

		`create table messages (
			id text primary key not null,
			contact_id text not null ${ownedBy('contacts')},
			conversation_id text,
			address_id text not null,
			channel text not null,
			account text not null,
			direction text not null,
			source text not null,
			type text not null,
			text text,
			attachments text not null,
			choices text not null,
			choice text,
			status text not null,
			provider_id text,
			failure text,
			unfilled text not null,
			idempotency_key text,
			at ${instant} not null,
			sent_at ${instant},
			delivered_at ${instant},
			read_at ${instant}
		)`,
		`create unique index messages_provider on messages (channel, account, provider_id)
			where provider_id is not null`,
		`create unique index messages_idempotency on messages (idempotency_key) where idempotency_key is not null`,
		`create index messages_contact on messages (contact_id, at, id)`,
		`create index messages_conversation on messages (conversation_id, at, id)`,
		`create index messages_address on messages (address_id, at, id)`,
		`create index messages_recent on messages (at, id)`,
		`create index messages_unfinished on messages (at, id) where status in ('queued', 'sending')`,

		`create table events (
			id text primary key not null,
			type text not null,
			source text not null,
			at ${instant} not null,
			contact_id text ${ownedBy('contacts')},
			conversation_id text,
			message_id text,
			channel text,
			account text,
			data text not null
		)`,
		`create index events_contact on events (contact_id, id)`,
		`create index events_conversation on events (conversation_id, id)`,
		`create index events_type on events (type, id)`,

		`create table subscriptions (
			id text primary key not null,
			instance_id text not null,
			workflow_id text not null,
			node_id text not null,
			filter text not null,
			ended_at ${instant},
			seen_at ${instant} not null,
			created_at ${instant} not null
		)`,
		`create index subscriptions_active on subscriptions (ended_at, created_at, id)`,

		`create table enrolments (
			contact_id text not null ${ownedBy('contacts')},
			subscription_id text not null,
			at ${instant} not null,
			primary key (contact_id, subscription_id)
		)`,

		`create table deliveries (
			id text primary key not null,
			subscription_id text not null,
			event_id text not null,
			contact_id text not null ${ownedBy('contacts')},
			conversation_id text,
			state text not null,
			due_at ${instant} not null,
			attempt integer not null,
			claimed_by text,
			claim_until ${instant},
			execution_id text,
			watched integer not null,
			emitted_at ${instant},
			created_at ${instant} not null
		)`,
		`create unique index deliveries_event on deliveries (subscription_id, event_id)`,
		`create index deliveries_due on deliveries (subscription_id, state, due_at, id)`,
		`create index deliveries_order on deliveries (contact_id, subscription_id, state, created_at, id)`,
		`create index deliveries_conversation on deliveries (conversation_id, subscription_id, state)`,
		`create index deliveries_claim on deliveries (claimed_by, state)`,

		`create table waits (
			id text primary key not null,
			execution_id text not null,
			node_id text not null,
			workflow_id text not null,
			kind text not null,
			resume_url text not null,
			until ${instant} not null,
			state text not null,
			attempts integer not null,
			next_attempt_at ${instant} not null,
			created_at ${instant} not null
		)`,
		`create index waits_execution on waits (execution_id, node_id)`,
		`create index waits_until on waits (state, until, id)`,
		`create index waits_attempt on waits (state, next_attempt_at, id)`,

		`create table wait_items (
			wait_id text not null ${ownedBy('waits')},
			position integer not null,
			contact_id text,
			message_id text,
			item text,
			result text,
			primary key (wait_id, position)
		)`,
		`create index wait_items_contact on wait_items (contact_id)`,
		`create index wait_items_message on wait_items (message_id)`,

		`create table agents (
			id text primary key not null,
			name text not null,
			name_lower text not null,
			email text not null,
			email_lower text not null,
			status text not null,
			last_assigned_at ${instant},
			created_at ${instant} not null
		)`,
		`create unique index agents_email on agents (email_lower)`,
		`create index agents_name on agents (name_lower, id)`,

		`create table teams (
			id text primary key not null,
			name text not null,
			name_lower text not null,
			created_at ${instant} not null
		)`,
		`create unique index teams_name on teams (name_lower)`,

		`create table team_members (
			team_id text not null ${ownedBy('teams')},
			agent_id text not null ${ownedBy('agents')},
			position integer not null,
			primary key (team_id, agent_id)
		)`,
		`create index team_members_agent on team_members (agent_id, team_id)`,

		`create table categories (
			id text primary key not null,
			name text not null,
			name_lower text not null,
			description text,
			created_at ${instant} not null
		)`,
		`create unique index categories_name on categories (name_lower)`,

		`create table files (
			id text primary key not null,
			name text not null,
			mime text not null,
			size_bytes bigint not null,
			owner text,
			used integer not null,
			created_at ${instant} not null
		)`,
		`create index files_unused on files (used, created_at, id)`,
		`create index files_owner on files (owner, used)`,

		`create table file_chunks (
			file_id text not null ${ownedBy('files')},
			position integer not null,
			bytes ${bytes} not null,
			primary key (file_id, position)
		)`,

		`create table message_files (
			message_id text not null ${ownedBy('messages')},
			file_id text not null ${ownedBy('files')},
			primary key (message_id, file_id)
		)`,
		`create index message_files_file on message_files (file_id, message_id)`,

		`create table inbound_keys (
			channel text not null,
			account text not null,
			key text not null,
			at ${instant} not null,
			primary key (channel, account, key)
		)`,

		`create table secrets (
			name text primary key not null,
			value ${bytes} not null
		)`,
	];
}
