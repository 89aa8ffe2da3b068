import type { StreamEvents } from '../../channels/webchat/wire';
import type { Later, Settled } from './answers';
import { Pause, type RetryPolicy } from './retry';
import { streamEvent, type StreamEvent } from './wire-checks';

export interface ConnectionPorts {
	/** Opens one stream and reads it to its end. */
	read(onEvent: (name: string, data: unknown) => void, signal: AbortSignal): Promise<Settled<'closed'>>;
	retryAfter: RetryPolicy;
	now(): number;
	/** @param askedAt when this stream was asked for: its snapshot holds all that was stored before */
	onSnapshot(snapshot: StreamEvents['snapshot'], askedAt: number): void;
	onEvent(event: Exclude<StreamEvent, { name: 'snapshot' }>): void;
	onChange(): void;
}

/** A stream that held for this long counts as good: the next attempt is made without the accumulated backoff. */
const GOOD_AFTER_MS = 10_000;
/** So that a server which closes streams at once is not asked in a tight loop. */
const CLOSED: Later = { kind: 'later', cause: 'unreachable', sentence: '', afterMs: null };

/**
 * `connecting`: not yet heard from the server. `online`: snapshot received; stays so while a stream that merely ended is
 * being replaced. `offline`: an attempt has failed.
 */
export type ConnectionState = 'connecting' | 'online' | 'offline';

/** Keeps one event stream open for as long as it is wanted. */
export class Connection {
	state: ConnectionState = 'connecting';
	/** Why the last attempt failed; null while online. */
	trouble: Later | null = null;
	private wanted = false;
	private running = false;
	private failures = 0;
	private current: AbortController | null = null;
	/** The stream was given up from here: that is no failure, and the next one is opened at once. */
	private givenUp = false;
	private readonly pause = new Pause();

	constructor(private readonly ports: ConnectionPorts) {}

	open(): void {
		this.wanted = true;
		void this.run();
	}

	/** Closes the stream until it is opened again, e.g. while the page is hidden for long. */
	close(): void {
		this.wanted = false;
		this.giveUp();
		this.pause.wake();
	}

	/** The network or the page is back: an attempt that waits is made now. */
	nudge(): void {
		if (this.trouble?.cause === 'too_many') return;
		this.failures = 0;
		this.pause.wake();
	}

	/** Gives up a stream that may be dead without anybody knowing, e.g. after a sleep of the computer. */
	renew(): void {
		this.giveUp();
		this.nudge();
	}

	private giveUp(): void {
		if (!this.current) return;
		this.givenUp = true;
		this.current.abort();
	}

	private async run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		while (this.wanted) {
			const failed = await this.once();
			if (!this.wanted) break;
			if (this.givenUp) continue;
			this.failures++;
			await this.pause.for(this.ports.retryAfter(failed, this.failures));
		}
		this.running = false;
	}

	/** One stream from its opening to its end; gives why and how to go on. */
	private async once(): Promise<Later> {
		const askedAt = this.ports.now();
		this.current = new AbortController();
		this.givenUp = false;
		const outcome = await this.ports.read((name, data) => {
			const event = streamEvent(name, data);
			if (event?.name === 'snapshot') {
				this.change('online', null);
				this.ports.onSnapshot(event.data, askedAt);
			} else if (event) this.ports.onEvent(event);
		}, this.current.signal);
		this.current = null;
		if (outcome.kind === 'done') {
			if (this.ports.now() - askedAt > GOOD_AFTER_MS) this.failures = 0;
			return CLOSED;
		}
		const failed = outcome.kind === 'later' ? outcome : CLOSED;
		if (!this.givenUp) this.change('offline', failed);
		return failed;
	}

	private change(state: ConnectionState, trouble: Later | null): void {
		if (state === this.state && trouble?.cause === this.trouble?.cause) return;
		this.state = state;
		this.trouble = trouble;
		this.ports.onChange();
	}
}
