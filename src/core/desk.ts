import type { Address, Channel, ChannelId, EpochMs } from './channel';
import type { Store } from './store';

/** All that the rules take from outside: the records, the channels, time and ids. */
export interface Desk {
	store: Store;
	channel(id: ChannelId): Channel;
	now(): EpochMs;
	/** A new UUIDv7: ascends with time, also within one millisecond. */
	newId(): string;
	/** Resolves after `ms`, or when the signal says that nobody waits any more. */
	wait(ms: number, signal?: AbortSignal | null): Promise<void>;
	/**
	 * Resolves when this person may be written to without breaking the channel's rates, or when `signal` ends the wait.
	 * @throws ConversationsError `rate_limited` when that would take too long to wait for.
	 */
	pace(to: Address, signal?: AbortSignal | null): Promise<void>;
	/** The one day that somebody names in a text, as YYYY-MM-DD; null: none, or several. Never throws. */
	readDate(text: string, reader: DateReader): Promise<string | null>;
}

/** What a text about a day is read by. */
export interface DateReader {
	now: EpochMs;
	/** IANA. */
	timeZone: string;
	/** BCP 47, of who wrote it; null: not known. */
	language: string | null;
}
