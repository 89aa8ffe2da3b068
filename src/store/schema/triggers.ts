import type { ChannelId } from '../../core/channel';
import type { DeliveryState, ReceiveBy, Wait, WaitKind } from '../../core/records';
import type { Flag, Instant, Json } from './columns';

export interface SubscriptionsTable {
	id: string;
	instance_id: string;
	workflow_id: string;
	node_id: string;
	filter: Json;
	base_url: string | null;
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
	/** 1 while an answer that does not do has not been asked for again. */
	asking: Flag;
	created_at: Instant;
}

export interface WaitItemsTable {
	wait_id: string;
	position: number;
	contact_id: string | null;
	message_id: string | null;
	item: Json | null;
	result: Json | null;
	question: Json | null;
	tries: number;
	refused: string | null;
}

export interface ReceiversTable {
	key: string;
	subscription_id: string;
	channel: ChannelId;
	account: string;
	url: string;
	receive_by: ReceiveBy;
	owner: Flag;
	created_at: Instant;
}

export interface ReceiverStatesTable {
	key: string;
	cursor: string | null;
	ok_at: Instant | null;
	problem: string | null;
	problem_since: Instant | null;
	ended_at: Instant | null;
}

export interface TestListenersTable {
	subscription_id: string;
	channels: Json;
	accounts: Json;
	url: string;
	until: Instant;
}
