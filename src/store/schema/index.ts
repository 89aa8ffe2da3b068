import type { Instant } from './columns';
import type {
	EarlyReceiptsTable,
	EventsTable,
	FetchesTable,
	FileChunksTable,
	FilesTable,
	InboundKeysTable,
	MessageFilesTable,
	MessagePartsTable,
	MessagesTable,
	QuotasTable,
	RateLinesTable,
} from './messages';
import type {
	AddressAliasesTable,
	AddressesTable,
	ContactTagsTable,
	ContactsTable,
	ConversationsTable,
} from './people';
import type { AgentsTable, CategoriesTable, SnippetsTable, TeamMembersTable, TeamsTable } from './staff';
import type {
	DeliveriesTable,
	EnrolmentsTable,
	ReceiversTable,
	ReceiverStatesTable,
	SubscriptionsTable,
	TestListenersTable,
	WaitItemsTable,
	WaitsTable,
} from './triggers';

export type * from './messages';
export type * from './people';
export type * from './staff';
export type * from './triggers';

/** Read by the store itself and by whoever knows a secret's name; by no node operation and no export. */
export interface SecretsTable {
	name: string;
	value: Uint8Array;
}

/** Providers' tokens, which only the secret of their credential opens; read by whoever has a token's key. */
export interface SealedTokensTable {
	key: string;
	/** null: it is being asked for the first time. */
	sealed: Uint8Array | null;
	put_at: Instant;
	/** Who asks for a new one, and until when nobody else does. */
	turn_by: string | null;
	turn_until: Instant | null;
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
	address_aliases: AddressAliasesTable;
	conversations: ConversationsTable;
	messages: MessagesTable;
	message_parts: MessagePartsTable;
	events: EventsTable;
	subscriptions: SubscriptionsTable;
	enrolments: EnrolmentsTable;
	deliveries: DeliveriesTable;
	receivers: ReceiversTable;
	receiver_states: ReceiverStatesTable;
	test_listeners: TestListenersTable;
	waits: WaitsTable;
	wait_items: WaitItemsTable;
	agents: AgentsTable;
	teams: TeamsTable;
	team_members: TeamMembersTable;
	categories: CategoriesTable;
	snippets: SnippetsTable;
	files: FilesTable;
	file_chunks: FileChunksTable;
	message_files: MessageFilesTable;
	inbound_keys: InboundKeysTable;
	fetches: FetchesTable;
	early_receipts: EarlyReceiptsTable;
	quotas: QuotasTable;
	rate_lines: RateLinesTable;
	secrets: SecretsTable;
	sealed_tokens: SealedTokensTable;
	schema_migrations: SchemaMigrationsTable;
}
