import type { Generated, GeneratedAlways } from 'kysely';
import type { ChannelId } from '../../core/channel';
import type { Conversation, Source } from '../../core/records';
import type { Instant, Json } from './columns';

export interface ContactsTable {
	id: string;
	name: string | null;
	name_lower: string | null;
	first_name: string | null;
	first_name_lower: string | null;
	last_name: string | null;
	last_name_lower: string | null;
	phone: string | null;
	email: string | null;
	email_lower: string | null;
	language: string | null;
	tags: Json;
	fields: Json;
	assignee_id: string | null;
	/** Follows its conversations: open, all closed, or none ever. */
	conversation_status: Generated<'open' | 'closed' | 'none'>;
	created_at: Instant;
	updated_at: Instant;
	/** What a partial search looks through: names in lower case, and the phone. */
	search_text: GeneratedAlways<string>;
}

/** The tags once more, for search by tag; `contacts.tags` is what counts. */
export interface ContactTagsTable {
	contact_id: string;
	tag_lower: string;
}

export interface AddressesTable {
	id: string;
	contact_id: string;
	channel: ChannelId;
	account: string;
	user_id: string;
	last_inbound_at: Instant | null;
	sent_since_inbound: number;
	last_interaction_at: Instant;
	blocked_at: Instant | null;
	reply_token: string | null;
	reply_until: Instant | null;
	created_at: Instant;
}

/** Further user ids of the person at an address. An id is either some address's own or one of these, never both. */
export interface AddressAliasesTable {
	channel: ChannelId;
	account: string;
	user_id: string;
	address_id: string;
}

export interface ConversationsTable {
	id: string;
	contact_id: string;
	status: Conversation['status'];
	opened_at: Instant;
	opened_by: Source;
	channel: ChannelId;
	account: string;
	assignee_id: string | null;
	team_id: string | null;
	closed_at: Instant | null;
	closed_by: Source | null;
	closing_category: string | null;
	closing_summary: string | null;
	handled_by_id: string | null;
	first_response_at: Instant | null;
	last_message_at: Instant | null;
	taken_over_at: Instant | null;
}
