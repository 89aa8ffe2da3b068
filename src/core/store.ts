import type { Address, Attachment, ChannelId, EpochMs, ReplyHandle } from './channel';
import type { Failure } from './failure';
import type { EarlyReceipts, Fetches, Quotas, Rates, Receivers, ReceiverStates, SealedTokens, TestListeners } from './provider-store';
import type {
	Agent,
	AgentStatus,
	ClosingNoteCategory,
	Contact,
	ContactAddress,
	Conversation,
	ConversationEvent,
	EventType,
	LibraryFile,
	Message,
	MessagePart,
	MessageStatus,
	OutboundStatus,
	Snippet,
	StoredFile,
	Team,
} from './records';
import type { Deliveries, Subscriptions, Waits } from './workflow-store';

export type StoreErrorKind =
	/** Another program held the database for too long; trying again later may do. */
	| 'locked'
	/** No room on the disk. */
	| 'full'
	| 'not_writable'
	| 'damaged'
	/** Written by a newer major version of this package. */
	| 'newer'
	/** This Node.js lacks what the engine needs. */
	| 'unsupported'
	/** Something that must be unique (a phone number, a name) is there already. */
	| 'duplicate'
	/** What a row belongs to (its contact, message, file …) is not there. Shows at the end of a transaction. */
	| 'missing'
	| 'closed'
	| 'failed';

/** `message` is a sentence for people that says what to do; it may name the database, never a row's content. */
export class StoreError extends Error {
	override readonly name = 'StoreError';
	constructor(
		readonly kind: StoreErrorKind,
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/**
 * The port that core, nodes and tests know. Implementations live in src/store. Methods hold no rules: they read and
 * write rows. What two callers could race for is decided by the database (unique indexes, conditional updates).
 */
export interface Store {
	/**
	 * One transaction: all of it or nothing. Resolves after the commit is durable. `work` may run again from its start
	 * when the database asks for it, so it must have no effect outside the records it is given. Using the store itself
	 * within `work` is refused.
	 */
	atomically<T>(work: (records: Records) => Promise<T>): Promise<T>;
	/** Reads (and single-statement writes) outside a transaction. */
	readonly records: Records;
	/**
	 * Calls `listener` after each commit that changed what a topic names, in this process or (within about a second)
	 * in another one. Topics: `addressTopic()` (messages of one address), `deliveries`, `waits`. May be called when
	 * nothing changed. Returns the unsubscribe function.
	 */
	onChange(topic: string, listener: () => void): () => void;
	close(): Promise<void>;
}

export interface Page {
	/** At most 500. */
	limit: number;
	offset: number;
}

export interface Records {
	contacts: Contacts;
	addresses: Addresses;
	conversations: Conversations;
	messages: Messages;
	events: Events;
	subscriptions: Subscriptions;
	deliveries: Deliveries;
	waits: Waits;
	agents: Agents;
	teams: Teams;
	categories: Categories;
	snippets: Snippets;
	files: Files;
	keys: Keys;
	receivers: Receivers;
	receiverStates: ReceiverStates;
	sealedTokens: SealedTokens;
	testListeners: TestListeners;
	fetches: Fetches;
	earlyReceipts: EarlyReceipts;
	quotas: Quotas;
	rates: Rates;
	/** Tells `onChange` listeners of `topic` after the commit. */
	touch(topic: string): void;
	/**
	 * Held until the transaction ends: callers that decide over the same thing (e.g. 'assignment') go one by one.
	 * Only within `atomically`.
	 */
	lock(name: string): Promise<void>;
}

export interface ContactFilter {
	/** Part of first name, last name, name or phone; or exactly the email. Whatever the case. */
	search?: string;
	status?: 'open' | 'closed' | 'none';
	assigneeId?: string | null;
	tag?: string;
	channel?: ChannelId;
}

export interface Contacts {
	get(id: string): Promise<Contact | undefined>;
	byPhone(phone: string): Promise<Contact | undefined>;
	byEmail(email: string): Promise<Contact | undefined>;
	/** Newest `updatedAt` first. */
	list(filter: ContactFilter, page: Page): Promise<Contact[]>;
	insert(contact: Contact): Promise<void>;
	update(id: string, changes: Partial<Omit<Contact, 'id' | 'createdAt'>>): Promise<void>;
	/**
	 * With all addresses, conversations, messages, events, enrolments, deliveries and files (but for files that messages
	 * of others use). Items that wait for this contact are kept for their execution and wait until its limit.
	 */
	delete(id: string): Promise<boolean>;
}

export interface Addresses {
	get(id: string): Promise<ContactAddress | undefined>;
	/** By the user id it is known by, or one of its aliases. */
	find(address: Address): Promise<ContactAddress | undefined>;
	/** Latest interaction first. */
	ofContact(contactId: string): Promise<ContactAddress[]>;
	/** False when another caller inserted the same (channel, account, user) first. */
	insert(address: ContactAddress): Promise<boolean>;
	/** The contact wrote: opens the window and resets the count of sent messages (C26). */
	touchInbound(id: string, at: EpochMs): Promise<void>;
	/** We wrote. `count`: messages since the contact's last one that were not reserved before; 1 unless given. */
	touchOutbound(id: string, at: EpochMs, count?: number): Promise<void>;
	/** Counts `count` more messages since the contact's last one, unless that would be more than `limit`. False: it would. */
	reserve(id: string, count: number, limit: number): Promise<boolean>;
	/** They did not go: takes them out of the count, unless the contact has written since `lastInboundAt` and it began anew. */
	release(id: string, count: number, lastInboundAt: EpochMs | null): Promise<void>;
	/** Further user ids of the same person on the same account; one that another address has is left where it is. */
	addAliases(id: string, users: readonly string[]): Promise<void>;
	/** The id it is known by; the earlier one becomes an alias. False when another address is known by it. */
	rename(id: string, user: string): Promise<boolean>;
	setBlocked(id: string, at: EpochMs | null): Promise<void>;
	setReply(id: string, reply: ReplyHandle): Promise<void>;
	/** The token, when it holds until after `now`; it is gone then: it serves once. */
	takeReply(id: string, now: EpochMs): Promise<ReplyHandle | null>;
}

export interface ConversationFilter {
	contactId?: string;
	status?: 'open' | 'closed';
	assigneeId?: string | null;
	channel?: ChannelId;
}

export interface Conversations {
	get(id: string): Promise<Conversation | undefined>;
	openOf(contactId: string): Promise<Conversation | undefined>;
	/** The open one, else the one closed last. */
	latestOf(contactId: string): Promise<Conversation | undefined>;
	countOf(contactId: string): Promise<number>;
	/** Newest `openedAt` first. */
	list(filter: ConversationFilter, page: Page): Promise<Conversation[]>;
	/** False when the contact already has an open one: the unique index decides. */
	insertOpen(conversation: Conversation): Promise<boolean>;
	update(id: string, changes: Partial<Omit<Conversation, 'id' | 'contactId'>>): Promise<void>;
	/** Conditional on being open. False when it was not. */
	close(
		id: string,
		changes: Pick<Conversation, 'closedAt' | 'closedBy' | 'closingCategory' | 'closingSummary' | 'handledById'> & {
			assigneeId: string | null;
		},
	): Promise<boolean>;
	/** Number of open conversations per agent, agents without one left out. */
	openPerAgent(agentIds: readonly string[]): Promise<Map<string, number>>;
}

export interface Messages {
	get(id: string): Promise<Message | undefined>;
	byIdempotencyKey(key: string): Promise<Message | undefined>;
	/** By the id of the message or of any of its parts. */
	byProviderId(channel: ChannelId, account: string, providerId: string): Promise<Message | undefined>;
	/** Of a message that went as several; a message that went whole has none. */
	parts(messageId: string): Promise<MessagePart[]>;
	insertParts(parts: readonly MessagePart[]): Promise<void>;
	/** Conditional on being in one of the `from` states. */
	advancePart(part: Pick<MessagePart, 'channel' | 'account' | 'providerId'>, from: readonly MessagePart['status'][], to: MessagePart['status']): Promise<boolean>;
	/** Outgoing ones of this address in one of these states, sent (or made, when not sent yet) at or before `before`, newest first. */
	outgoing(addressId: string, statuses: readonly OutboundStatus[], before: EpochMs, limit: number): Promise<Message[]>;
	/** The newest of this address that offered choices. */
	latestChoices(addressId: string): Promise<Message | undefined>;
	delete(id: string): Promise<void>;
	/** Oldest first; of the newest `limit` older than the message `before`, when given. Of any status unless `statuses` is given. */
	ofAddress(addressId: string, options: { limit: number; before?: string; statuses?: readonly MessageStatus[] }): Promise<Message[]>;
	/** Newest first. */
	list(
		filter: { contactId?: string; conversationId?: string; direction?: 'in' | 'out' },
		page: Page,
	): Promise<Message[]>;
	/** Received messages of a conversation from `since` (event time) on, oldest first: a burst. */
	receivedSince(conversationId: string, since: EpochMs, limit: number): Promise<Message[]>;
	/** False when its provider id or idempotency key is there already. */
	insert(message: Message): Promise<boolean>;
	update(
		id: string,
		changes: Partial<
			Pick<
				Message,
				| 'contactId'
				| 'conversationId'
				| 'status'
				| 'providerId'
				| 'failure'
				| 'text'
				| 'attachments'
				| 'choices'
				| 'unfilled'
				| 'details'
				| 'type'
				| 'sentAt'
				| 'deliveredAt'
				| 'readAt'
				| 'addressId'
				| 'channel'
				| 'account'
			>
		>,
	): Promise<void>;
	/** Conditional: true when the message was in one of the `from` states and is now in `to`. */
	advance(id: string, from: readonly OutboundStatus[], to: OutboundStatus, more?: {
		providerId?: string | null;
		failure?: Failure | null;
		sentAt?: EpochMs;
		deliveredAt?: EpochMs;
		readAt?: EpochMs;
	}): Promise<boolean>;
	/** Outgoing rows from before `olderThan` that are still `queued` or `sending`. */
	leftBehind(olderThan: EpochMs, limit: number): Promise<Message[]>;
}

export interface Events {
	get(id: string): Promise<ConversationEvent | undefined>;
	append(event: ConversationEvent): Promise<void>;
	/** Newest first. */
	list(filter: { contactId?: string; conversationId?: string; type?: EventType }, page: Page): Promise<ConversationEvent[]>;
}

export interface Agents {
	get(id: string): Promise<Agent | undefined>;
	/** Whatever the case. */
	byEmail(email: string): Promise<Agent | undefined>;
	/** By name. */
	list(filter: { teamId?: string; status?: AgentStatus; search?: string }, page: Page): Promise<Agent[]>;
	insert(agent: Agent): Promise<void>;
	update(id: string, changes: Partial<Omit<Agent, 'id' | 'createdAt'>>): Promise<void>;
	/** Leaves teams; conversations and contacts become unassigned. */
	delete(id: string): Promise<boolean>;
}

export interface Teams {
	get(id: string): Promise<Team | undefined>;
	byName(name: string): Promise<Team | undefined>;
	list(filter: { search?: string }, page: Page): Promise<Team[]>;
	insert(team: Team): Promise<void>;
	/** Replaces the members when `memberIds` is given. */
	update(id: string, changes: Partial<Omit<Team, 'id' | 'createdAt'>>): Promise<void>;
	delete(id: string): Promise<boolean>;
}

export interface Categories {
	get(id: string): Promise<ClosingNoteCategory | undefined>;
	byName(name: string): Promise<ClosingNoteCategory | undefined>;
	list(filter: { search?: string }, page: Page): Promise<ClosingNoteCategory[]>;
	insert(category: ClosingNoteCategory): Promise<void>;
	update(id: string, changes: Partial<Omit<ClosingNoteCategory, 'id' | 'createdAt'>>): Promise<void>;
	delete(id: string): Promise<boolean>;
}

export interface Snippets {
	get(id: string): Promise<Snippet | undefined>;
	byName(name: string): Promise<Snippet | undefined>;
	/** Those of these names there are, whatever the case. */
	byNames(names: readonly string[]): Promise<Snippet[]>;
	/** By name. `search`: part of the name. */
	list(filter: { search?: string }, page: Page): Promise<Snippet[]>;
	insert(snippet: Snippet): Promise<void>;
	update(id: string, changes: Partial<Omit<Snippet, 'id' | 'createdAt'>>): Promise<void>;
	delete(id: string): Promise<boolean>;
}

export interface Files {
	get(id: string): Promise<StoredFile | undefined>;
	/** A file of the library, whatever the case. */
	byLibraryName(name: string): Promise<LibraryFile | undefined>;
	/** By name. `search`: part of the name. */
	library(filter: { search?: string }, page: Page): Promise<LibraryFile[]>;
	/** Puts a file into the library, where it is kept until it is taken out; another file of this name is taken out. */
	shelve(id: string, libraryName: string, at: EpochMs): Promise<void>;
	/**
	 * Takes it out of the library: one that no message uses is from then on like one that was inserted `at` that time, so
	 * that a message that is just being written keeps it. False: it is not in the library.
	 */
	unshelve(id: string, at: EpochMs): Promise<boolean>;
	/** Metadata and bytes together; bytes are kept in chunks of 1 MiB. */
	insert(file: StoredFile, bytes: Uint8Array): Promise<void>;
	bytes(id: string): Promise<Uint8Array | undefined>;
	/** Notes that a message uses these files: they are then kept as long as the message. */
	attach(messageId: string, attachments: readonly Attachment[]): Promise<void>;
	/** The message uses none of its files any more; those that no other message uses are removed at once. */
	detach(messageId: string): Promise<void>;
	/** Removes files that no message uses and that are older than `olderThan`; at most `limit`. Returns how many. */
	deleteUnused(olderThan: EpochMs, limit: number): Promise<number>;
	/** Bytes of files of this owner that no message uses yet. */
	unusedBytesOf(owner: string): Promise<number>;
}

export interface Keys {
	/** True for the first caller: the fact with this key has not been seen on this account. */
	claimInbound(channel: ChannelId, account: string, key: string, at: EpochMs): Promise<boolean>;
	/** A secret by name, made from `fresh` when it is not there. In a table that no node operation or export reads. */
	secret(name: string, fresh: () => Uint8Array): Promise<Uint8Array>;
}
