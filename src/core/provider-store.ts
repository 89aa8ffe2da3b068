import type { ChannelId, EpochMs } from './channel';
import type { EarlyReceipt, Fetch, RateLine, Receiver, ReceiverState, TestListener } from './records';

/** The part of the store's port that providers need: whose address they have, what is to be asked of them, what they allow. */

export interface Receivers {
	/** Inserts, or changes all but `owner` of, the one of this key and subscription. */
	upsert(receiver: Receiver): Promise<void>;
	get(key: string, subscriptionId: string): Promise<Receiver | undefined>;
	/** Oldest first. */
	ofKey(key: string): Promise<Receiver[]>;
	ofSubscription(subscriptionId: string): Promise<Receiver[]>;
	/** Oldest first. */
	ofAccount(channel: ChannelId, account: string): Promise<Receiver[]>;
	/** Makes this one the only owner of its key. */
	setOwner(key: string, subscriptionId: string): Promise<void>;
	remove(key: string, subscriptionId: string): Promise<void>;
}

export interface TestListeners {
	/** Inserts or replaces the one of this subscription. */
	put(listener: TestListener): Promise<void>;
	/** False when there was none. */
	remove(subscriptionId: string): Promise<boolean>;
	/** Those whose time is not over. */
	live(now: EpochMs): Promise<TestListener[]>;
}

export interface Fetches {
	insert(fetch: Fetch): Promise<void>;
	/** Due ones of these accounts, oldest first, claimed by moving `nextAt` on; `attempts` + 1. */
	claimDue(claim: {
		accounts: readonly { channel: ChannelId; account: string }[];
		now: EpochMs;
		nextAt: EpochMs;
		limit: number;
	}): Promise<Fetch[]>;
	retryAt(id: string, nextAt: EpochMs): Promise<void>;
	/** It has been fetched, or never will be. */
	finish(id: string): Promise<void>;
	/** The earliest `nextAt` of these accounts. */
	nextAt(accounts: readonly { channel: ChannelId; account: string }[]): Promise<EpochMs | undefined>;
	/** How many are left of a message. */
	leftOf(messageId: string): Promise<number>;
	/** Of any account, made before `olderThan`: nobody has the credential any more. Oldest first. */
	stale(olderThan: EpochMs, limit: number): Promise<Fetch[]>;
}

export interface EarlyReceipts {
	keep(receipt: EarlyReceipt): Promise<void>;
	/** Those of these ids, oldest first; they are gone then. */
	take(channel: ChannelId, account: string, externalIds: readonly string[]): Promise<EarlyReceipt[]>;
	deleteBefore(at: EpochMs): Promise<void>;
}

/** What was used of a provider's allowance in a period, e.g. '2026-11'. */
export interface Quotas {
	/** Adds one unless `limit` is reached. False: it is. */
	reserve(channel: ChannelId, account: string, period: string, limit: number): Promise<boolean>;
	/** Gives one back that was surely not used. */
	release(channel: ChannelId, account: string, period: string): Promise<void>;
	used(channel: ChannelId, account: string, period: string): Promise<number>;
}

/** Turns that were taken under providers' rates, for all processes. By account, or by person on an account. */
export interface Rates {
	get(key: string): Promise<RateLine | undefined>;
	/** `quietAt`: from then on it may be forgotten. */
	put(key: string, line: RateLine, quietAt: EpochMs): Promise<void>;
	/** Those that are quiet; at most `limit`. Returns how many. */
	forget(now: EpochMs, limit: number): Promise<number>;
}

/** How receiving goes, by what the provider keys the account's address by. */
export interface ReceiverStates {
	get(key: string): Promise<ReceiverState | undefined>;
	/** Where news was read up to. */
	setCursor(key: string, cursor: string): Promise<void>;
	/** All was well at this time: what was wrong is over, and so is the end of receiving. */
	worked(key: string, at: EpochMs): Promise<void>;
	/** A sentence about what is wrong; since when it is stays what it was. */
	failed(key: string, problem: string, at: EpochMs): Promise<void>;
	/** No active trigger receives for it any more. The cursor stays, for one that comes soon. */
	ended(key: string, at: EpochMs): Promise<void>;
}

/** Providers' tokens, sealed: nobody can read them who has the store alone. */
export interface SealedTokens {
	get(key: string): Promise<Uint8Array | undefined>;
	put(key: string, sealed: Uint8Array, at: EpochMs): Promise<void>;
	/** One caller at a time may ask for a new one, until `until`. False: another one has the turn at `now`. */
	claim(key: string, by: string, now: EpochMs, until: EpochMs): Promise<boolean>;
	/** Gives the turn back. */
	release(key: string, by: string): Promise<void>;
	/** Not put since `olderThan`: of credentials that are gone. */
	deleteBefore(olderThan: EpochMs): Promise<void>;
}
