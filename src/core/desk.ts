import type { Channel, ChannelId, EpochMs } from './channel';
import type { Store } from './store';

/** All that the rules take from outside: the records, the channels, time and ids. */
export interface Desk {
	store: Store;
	channel(id: ChannelId): Channel;
	now(): EpochMs;
	/** A new UUIDv7: ascends with time, also within one millisecond. */
	newId(): string;
}
