import type { EpochMs } from './channel';
import type { Delivery, Subscription, Wait, WaitItem, WaitResult } from './records';

/** The part of the store's port that workflows need: what they are started by, and what they wait for. */

export interface Subscriptions {
	get(id: string): Promise<Subscription | undefined>;
	/** All that have not ended. */
	active(): Promise<Subscription[]>;
	/** Inserts, or revives and changes the filter of, the one with this id. */
	upsert(subscription: Subscription): Promise<void>;
	end(id: string, at: EpochMs): Promise<void>;
	seen(ids: readonly string[], at: EpochMs): Promise<void>;
	/** Always recorded, whether or not `oncePerContact` is on (R3). False when it was recorded before. */
	enrol(subscriptionId: string, contactId: string, at: EpochMs): Promise<boolean>;
}

export interface Deliveries {
	get(id: string): Promise<Delivery | undefined>;
	/** False when this subscription has a delivery of this event already. */
	insert(delivery: Delivery): Promise<boolean>;
	byEvent(subscriptionId: string, eventId: string): Promise<Delivery | undefined>;
	/** Moves `dueAt` of this conversation's still pending deliveries to `dueAt`, but never past `createdAt + maxMs`. */
	postpone(conversationId: string, subscriptionId: string, dueAt: EpochMs, maxMs: number): Promise<void>;
	/**
	 * Marks up to `limit` due, pending deliveries `emitted` by `claimedBy` until `claimUntil`, attempt + 1, oldest first,
	 * and returns them. A delivery whose (subscription, contact) has an earlier one that is pending, or that was emitted
	 * after `now - orderMs` and is not done, is left for later; `orderMs` of its subscription, 0: never left. So is one
	 * whose contact has something to fetch that was noted after `fetchesSince`.
	 */
	claimDue(claim: {
		subscriptions: readonly { id: string; orderMs: number }[];
		now: EpochMs;
		fetchesSince: EpochMs;
		claimedBy: string;
		claimUntil: EpochMs;
		limit: number;
	}): Promise<Delivery[]>;
	/** The time at which the earliest pending delivery of these subscriptions is due. */
	nextDueAt(subscriptionIds: readonly string[]): Promise<EpochMs | undefined>;
	/** Renews the claims of a living process. */
	renew(claimedBy: string, claimUntil: EpochMs): Promise<void>;
	/**
	 * Conditional: `started` by the execution that comes first, also of a delivery that was requeued meanwhile. `taken`
	 * when another execution has it, or it is interrupted, expired or not there. A repeat by the same execution is
	 * `started` again. `watched`: the process that emitted it will see the execution end; noted as false when nobody
	 * holds it any more.
	 */
	start(id: string, executionId: string, watched: boolean): Promise<'started' | 'taken'>;
	/** The processes that hold emitted or started deliveries of these subscriptions. */
	claimants(subscriptionIds: readonly string[]): Promise<string[]>;
	/** `done` and `interrupted`: from emitted or started. `expired`: from pending or emitted. False when it was not. */
	finish(id: string, state: 'done' | 'interrupted' | 'expired'): Promise<boolean>;
	/**
	 * Emitted or started rows of these subscriptions whose claim has run out before `now` or is held by none of `living`;
	 * also started ones that are not `watched`.
	 */
	abandoned(subscriptionIds: readonly string[], now: EpochMs, living: readonly string[]): Promise<Delivery[]>;
	/** Emitted → pending again, conditional on `attempt`. */
	requeue(id: string, attempt: number): Promise<boolean>;
	/** Pending ones created before `olderThan`. */
	stale(subscriptionIds: readonly string[], olderThan: EpochMs, limit: number): Promise<Delivery[]>;
}

export interface Waits {
	get(id: string): Promise<Wait | undefined>;
	/** The newest wait of one node in one execution that has not been resumed. */
	find(executionId: string, nodeId: string): Promise<Wait | undefined>;
	insert(wait: Wait, items: WaitItem[]): Promise<void>;
	items(waitId: string): Promise<WaitItem[]>;
	/** Unsettled items of open waits for a reply of this contact, oldest wait first. */
	openForReply(contactId: string): Promise<WaitItem[]>;
	/** Unsettled items of open waits for the delivery of this message. */
	openForDelivery(messageId: string): Promise<WaitItem[]>;
	/** Conditional on being unsettled. */
	settle(waitId: string, index: number, result: WaitResult): Promise<boolean>;
	unsettled(waitId: string): Promise<number>;
	/**
	 * An answer did not do: `tries` + 1, and it is to be asked for again from `at` on. False when the item is settled or
	 * another answer has not been asked for again yet.
	 */
	refuse(waitId: string, index: number, messageId: string, at: EpochMs): Promise<boolean>;
	/** It has been asked for again. Conditional on `messageId` being the refused answer. */
	askedAgain(waitId: string, index: number, messageId: string): Promise<boolean>;
	/** `open` → `due`; false when it was not open. */
	markDue(id: string, nextAttemptAt: EpochMs): Promise<boolean>;
	/** Open waits whose `until` has passed. */
	outOfTime(now: EpochMs, limit: number): Promise<Wait[]>;
	/** Waits that are due, or that have to ask again, and whose next attempt is now; claimed by moving `nextAttemptAt` on; `attempts` + 1. */
	claimDue(now: EpochMs, nextAttemptAt: EpochMs, limit: number): Promise<Wait[]>;
	/** Sets the next attempt of a wait that is still due or has to ask again. */
	retryAt(id: string, nextAttemptAt: EpochMs): Promise<void>;
	/** Ends an open or due wait. Its items, which hold what a workflow knows of contacts, are removed. */
	finish(id: string, state: 'resumed' | 'gone'): Promise<void>;
	/** When something is next to do: the earliest `until` of open or `nextAttemptAt` of due and asking waits. */
	nextAt(): Promise<EpochMs | undefined>;
}
