import type { ChannelId } from '../../core/channel';
import type { EarlyReceipt, EventType, Fetch, Message, MessagePart, MessageStatus, MessageType, Source } from '../../core/records';
import type { Flag, Instant, Json } from './columns';

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
	details: Json | null;
	status: MessageStatus;
	provider_id: string | null;
	failure: Json | null;
	unfilled: Json;
	idempotency_key: string | null;
	at: Instant;
	sent_at: Instant | null;
	delivered_at: Instant | null;
	read_at: Instant | null;
	execution: Json | null;
}

export interface MessagePartsTable {
	channel: ChannelId;
	account: string;
	provider_id: string;
	message_id: string;
	position: number;
	status: MessagePart['status'];
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

export interface FilesTable {
	id: string;
	name: string;
	mime: string;
	size_bytes: number;
	owner: string | null;
	/** 1 from the moment a message uses it, and while it is in the library. */
	used: Flag;
	library_name: string | null;
	library_name_lower: string | null;
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

export interface FetchesTable {
	id: string;
	kind: Fetch['kind'];
	channel: ChannelId;
	account: string;
	contact_id: string;
	address_id: string;
	message_id: string | null;
	position: number;
	source: Json;
	attempts: number;
	next_at: Instant;
	created_at: Instant;
}

export interface EarlyReceiptsTable {
	channel: ChannelId;
	account: string;
	external_id: string;
	state: EarlyReceipt['state'];
	failure: Json | null;
	at: Instant;
}

/** Turns that were taken under a rate. */
export interface RateLinesTable {
	key: string;
	line: Json;
	quiet_at: Instant;
}

export interface QuotasTable {
	channel: ChannelId;
	account: string;
	period: string;
	used: number;
}
