import type { Generated, GeneratedAlways } from 'kysely';
import type { ChannelId } from '../core/channel';
import type {
	AgentStatus,
	Conversation,
	DeliveryState,
	EventType,
	Message,
	MessageStatus,
	MessageType,
	Source,
	Wait,
	WaitKind,
} from '../core/records';

/** JSON as text. */
type Json = string;
/** Epoch ms. */
type Instant = number;
/** 0 or 1. */
type Flag = number;

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
	created_at: Instant;
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
}

export interface MessagesTable {
	id: string;
	contact_id: string;
	conversation_id: string | null;
	address_id: string;
	channel: ChannelId;
	account: string;
	direction: Message['direction'];
	source: Source;
	type: MessageType;
	text: string | null;
	attachments: Json;
	choices: Json;
	choice: Json | null;
	status: MessageStatus;
	provider_id: string | null;
	failure: Json | null;
	unfilled: Json;
	idempotency_key: string | null;
	at: Instant;
	sent_at: Instant | null;
	delivered_at: Instant | null;
	read_at: Instant | null;
}

export interface EventsTable {
	id: string;
	type: EventType;
	source: Source;
	at: Instant;
	contact_id: string | null;
	conversation_id: string | null;
	message_id: string | null;
	channel: ChannelId | null;
	account: string | null;
	data: Json;
}

export interface SubscriptionsTable {
	id: string;
	instance_id: string;
	workflow_id: string;
	node_id: string;
	filter: Json;
	ended_at: Instant | null;
	seen_at: Instant;
	created_at: Instant;
}

export interface EnrolmentsTable {
	subscription_id: string;
	contact_id: string;
	at: Instant;
}

export interface DeliveriesTable {
	id: string;
	subscription_id: string;
	event_id: string;
	contact_id: string;
	conversation_id: string | null;
	state: DeliveryState;
	due_at: Instant;
	attempt: number;
	claimed_by: string | null;
	claim_until: Instant | null;
	execution_id: string | null;
	watched: Flag;
	emitted_at: Instant | null;
	created_at: Instant;
}

export interface WaitsTable {
	id: string;
	execution_id: string;
	node_id: string;
	workflow_id: string;
	kind: WaitKind;
	resume_url: string;
	until: Instant;
	state: Wait['state'];
	attempts: number;
	next_attempt_at: Instant;
	created_at: Instant;
}

export interface WaitItemsTable {
	wait_id: string;
	position: number;
	contact_id: string | null;
	message_id: string | null;
	item: Json | null;
	result: Json | null;
}

export interface AgentsTable {
	id: string;
	name: string;
	name_lower: string;
	email: string;
	email_lower: string;
	status: AgentStatus;
	last_assigned_at: Instant | null;
	created_at: Instant;
}

export interface TeamsTable {
	id: string;
	name: string;
	name_lower: string;
	created_at: Instant;
}

export interface TeamMembersTable {
	team_id: string;
	agent_id: string;
	position: number;
}

export interface CategoriesTable {
	id: string;
	name: string;
	name_lower: string;
	description: string | null;
	created_at: Instant;
}

export interface FilesTable {
	id: string;
	name: string;
	mime: string;
	size_bytes: number;
	owner: string | null;
	/** 1 from the moment a message uses it. */
	used: Flag;
	created_at: Instant;
}

export interface FileChunksTable {
	file_id: string;
	position: number;
	bytes: Uint8Array;
}

export interface MessageFilesTable {
	message_id: string;
	file_id: string;
}

export interface InboundKeysTable {
	channel: ChannelId;
	account: string;
	key: string;
	at: Instant;
}

/** Read by the store itself and by whoever knows a secret's name; by no node operation and no export. */
export interface SecretsTable {
	name: string;
	value: Uint8Array;
}

export interface SchemaMigrationsTable {
	major: number;
	minor: number;
	name: string;
	applied_at: Instant;
}

export interface Tables {
	contacts: ContactsTable;
	contact_tags: ContactTagsTable;
	addresses: AddressesTable;
	conversations: ConversationsTable;
	messages: MessagesTable;
	events: EventsTable;
	subscriptions: SubscriptionsTable;
	enrolments: EnrolmentsTable;
	deliveries: DeliveriesTable;
	waits: WaitsTable;
	wait_items: WaitItemsTable;
	agents: AgentsTable;
	teams: TeamsTable;
	team_members: TeamMembersTable;
	categories: CategoriesTable;
	files: FilesTable;
	file_chunks: FileChunksTable;
	message_files: MessageFilesTable;
	inbound_keys: InboundKeysTable;
	secrets: SecretsTable;
	schema_migrations: SchemaMigrationsTable;
}
