import type { Attachment, ChannelId, Choice, EpochMs, MediaSource, MessageDetails, ReplyHandle } from './channel';
import type { Failure } from './failure';

export type * from './wait-records';

/** Who caused an event. */
export type Source = 'contact' | 'agent' | 'workflow' | 'api' | 'system';

/** A person. Owns one or more addresses. */
export interface Contact {
	id: string;
	name: string | null;
	firstName: string | null;
	lastName: string | null;
	/** E.164. Unique among contacts, as is the email. */
	phone: string | null;
	email: string | null;
	/** BCP 47 tag. */
	language: string | null;
	tags: string[];
	fields: Record<string, unknown>;
	/** The agent who has this contact; null: unassigned. A conversation opens with it. */
	assigneeId: string | null;
	createdAt: EpochMs;
	updatedAt: EpochMs;
}

/** One person as one account sees them, with what the window rules need. */
export interface ContactAddress {
	id: string;
	contactId: string;
	channel: ChannelId;
	account: string;
	user: string;
	lastInboundAt: EpochMs | null;
	/** Messages we sent since the contact's last one. */
	sentSinceInbound: number;
	/** The last message either way: what 'Last Interacted Channel' means. 0: none has passed, only tries that failed. */
	lastInteractionAt: EpochMs;
	/** The person blocked us or said STOP, and has not written since. */
	blockedAt: EpochMs | null;
	/** The newest single-use token for an answer, on channels that have them. */
	reply: ReplyHandle | null;
	createdAt: EpochMs;
}

export interface Conversation {
	id: string;
	contactId: string;
	status: 'open' | 'closed';
	openedAt: EpochMs;
	openedBy: Source;
	/** Where it was opened. */
	channel: ChannelId;
	account: string;
	assigneeId: string | null;
	teamId: string | null;
	closedAt: EpochMs | null;
	closedBy: Source | null;
	/** Name of the closing note's category. */
	closingCategory: string | null;
	closingSummary: string | null;
	/** Who had it when it was closed, kept for reports when closing unassigns. */
	handledById: string | null;
	firstResponseAt: EpochMs | null;
	lastMessageAt: EpochMs | null;
	/** When a person of ours first answered in the provider's own app; null: nobody did, or they let go of it. */
	takenOverAt: EpochMs | null;
}

export type OutboundStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unconfirmed';
export type MessageStatus = 'received' | OutboundStatus;
export type MessageType = 'text' | 'media' | 'choices' | 'choice' | 'location' | 'people' | 'template';

export interface Message {
	id: string;
	contactId: string;
	/** Null only for a message sent to a contact who never had a conversation. */
	conversationId: string | null;
	addressId: string;
	channel: ChannelId;
	account: string;
	direction: 'in' | 'out';
	source: Source;
	type: MessageType;
	text: string | null;
	attachments: Attachment[];
	/** The buttons offered (type `choices`). */
	choices: Choice[];
	/** The button pressed (type `choice`). */
	choice: Choice | null;
	details: MessageDetails | null;
	status: MessageStatus;
	/** The provider's id; unique per channel and account. */
	providerId: string | null;
	failure: Failure | null;
	/** Names of variables that had no value and no fallback. */
	unfilled: string[];
	/** Unique. Null for what contacts write. */
	idempotencyKey: string | null;
	at: EpochMs;
	sentAt: EpochMs | null;
	deliveredAt: EpochMs | null;
	readAt: EpochMs | null;
	/** The step that sent it; null: none did. */
	execution: MessageExecution | null;
}

/** The run of a workflow that sent a message. */
export interface MessageExecution {
	id: string;
	workflowId: string;
	/** Name of the node. */
	node: string;
}

export const EVENT_TYPES = [
	'conversation.opened',
	'conversation.closed',
	'conversation.assigned',
	'conversation.unassigned',
	'message.received',
	'message.sent',
	'message.delivered',
	'message.read',
	'message.failed',
	'message.edited',
	'message.deleted',
	'message.reacted',
	'contact.created',
	'contact.activity',
	'contact.blocked',
	'contact.unblocked',
	'workflow.interrupted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A fact that triggers can start on. Ids ascend with time (UUIDv7). */
export interface ConversationEvent {
	id: string;
	type: EventType;
	source: Source;
	at: EpochMs;
	contactId: string | null;
	conversationId: string | null;
	messageId: string | null;
	channel: ChannelId | null;
	account: string | null;
	/** What belongs to the type: e.g. `{ assigneeId, previousId }` of an assignment. */
	data: Record<string, unknown>;
}

/** Which events start an active trigger node. Stored with the subscription and read by `wants`. */
export interface SubscriptionFilter {
	types: EventType[];
	/** Empty: every channel. */
	channels: ChannelId[];
	/** Only events of these accounts match: the trigger's page, the accounts of its credentials. Absent: every account. */
	accounts?: Partial<Record<ChannelId, string[]>>;
	/** Empty: every source. */
	sources: Source[];
	contactType: 'any' | 'new' | 'returning';
	oncePerContact: boolean;
	/** Events about messages that the same workflow sent start it, too. */
	includeOwn?: boolean;
	/** Follows, 'get started' and story replies on these channels and accounts open a conversation too (R8). */
	activityOpens?: boolean;
	/** Wait this long after the last message of a burst and give the burst as one; 0: at once. */
	groupMs: number;
	/** A contact's next run starts when the previous has ended, at the latest after this; 0: at once. */
	orderMs: number;
}

/** One active trigger node's wish to be started by some events. */
export interface Subscription {
	/** Derived from instance, workflow and node, so that a restart finds it again. */
	id: string;
	instanceId: string;
	workflowId: string;
	nodeId: string;
	filter: SubscriptionFilter;
	/** Its public address, `…/webhook/<webhook id>/conversations`; null: not known. */
	baseUrl: string | null;
	endedAt: EpochMs | null;
	/** Heartbeat of the trigger that serves it. */
	seenAt: EpochMs;
	createdAt: EpochMs;
}

/**
 * `pending` → `emitted` (handed to n8n) → `started` (its execution runs) → `done`.
 * `interrupted`: the process died after the start. `expired`: too old to start.
 */
export type DeliveryState = 'pending' | 'emitted' | 'started' | 'done' | 'interrupted' | 'expired';

/** One event for one subscription. */
export interface Delivery {
	id: string;
	subscriptionId: string;
	eventId: string;
	contactId: string;
	conversationId: string | null;
	state: DeliveryState;
	/** Not before. Moves while a burst goes on. */
	dueAt: EpochMs;
	/** How often it was emitted; part of the deduplication key. */
	attempt: number;
	/** The process that emitted it; the claim holds until `claimUntil` and is renewed while that process lives. */
	claimedBy: string | null;
	claimUntil: EpochMs | null;
	executionId: string | null;
	/** False when the process that emitted it cannot see the execution end (it was recovered after a restart). */
	watched: boolean;
	emittedAt: EpochMs | null;
	createdAt: EpochMs;
}

export type AgentStatus = 'online' | 'offline';

export interface Agent {
	id: string;
	name: string;
	/** Unique, in lower case. */
	email: string;
	status: AgentStatus;
	lastAssignedAt: EpochMs | null;
	createdAt: EpochMs;
}

export interface Team {
	id: string;
	/** Unique, whatever its case. */
	name: string;
	memberIds: string[];
	createdAt: EpochMs;
}

export interface ClosingNoteCategory {
	id: string;
	/** Unique, whatever its case. */
	name: string;
	description: string | null;
	createdAt: EpochMs;
}

/** A stored text that messages name by /name. */
export interface Snippet {
	id: string;
	/** Unique, whatever its case; letters, digits, - and _. */
	name: string;
	/** May have variables. */
	text: string;
	/** Names of library files. */
	attachments: string[];
	createdAt: EpochMs;
}

/** A file that messages and snippets name by `library:<name>`. */
export interface LibraryFile extends StoredFile {
	/** Unique, whatever its case. */
	libraryName: string;
}

/** The turns that one account or person gave, under a rate; see `Line` in rates.ts. May be fractions of a millisecond. */
export interface RateLine {
	/** When calls at the steady pace would have used up all that was taken. */
	usedUntil: EpochMs;
	/** The times of the last calls, oldest first. */
	recent: EpochMs[];
}

export interface StoredFile {
	id: string;
	name: string;
	mime: string;
	sizeBytes: number;
	/** Who may use it in a message: an address as `channel/account/user`, or null for files of workflows. */
	owner: string | null;
	createdAt: EpochMs;
}

/** How news of an account reaches us: the provider posts to an address, or we ask. */
export type ReceiveBy = 'webhook' | 'polling';

/**
 * One active trigger's address for what a provider keys its webhook by. Of those with one key, one is the owner: the
 * provider posts there, and the others are started by what it receives.
 */
export interface Receiver {
	/** `Registration.key`. */
	key: string;
	subscriptionId: string;
	channel: ChannelId;
	account: string;
	url: string;
	by: ReceiveBy;
	owner: boolean;
	createdAt: EpochMs;
}

/** How receiving goes for what a provider keys an address by. */
export interface ReceiverState {
	/** `Registration.key`. */
	key: string;
	/** Of `Provider.poll`; null: nothing was read yet. */
	cursor: string | null;
	/** When all was well last. */
	okAt: EpochMs | null;
	/** What is wrong, as a sentence; null: nothing. */
	problem: string | null;
	problemSince: EpochMs | null;
	/** Since when no active trigger receives for it; null: one does. */
	endedAt: EpochMs | null;
}

/** An editor that waits for a message: it gets a copy of the next one that fits. */
export interface TestListener {
	subscriptionId: string;
	channels: ChannelId[];
	accounts: Partial<Record<ChannelId, string[]>>;
	/** The test address that takes the copy. */
	url: string;
	until: EpochMs;
}

/** Something to ask the provider for after a message is stored: a file of it, or who wrote it. */
export interface Fetch {
	id: string;
	kind: 'media' | 'profile';
	channel: ChannelId;
	account: string;
	contactId: string;
	addressId: string;
	/** Of a file: its message and its place among the attachments. */
	messageId: string | null;
	position: number;
	source: MediaSource;
	attempts: number;
	nextAt: EpochMs;
	createdAt: EpochMs;
}

/** News of a message that came before we were told its id. */
export interface EarlyReceipt {
	channel: ChannelId;
	account: string;
	externalId: string;
	state: 'sent' | 'delivered' | 'read' | 'failed';
	failure: Failure | null;
	at: EpochMs;
}

/** One part of a message that went as several. */
export interface MessagePart {
	messageId: string;
	position: number;
	channel: ChannelId;
	account: string;
	providerId: string;
	status: 'sent' | 'delivered' | 'read' | 'failed';
}
