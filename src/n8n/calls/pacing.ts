import { setImmediate as nextTurnOfTheEventLoop } from 'node:timers/promises';
import type { Address, Channel, ChannelId, EpochMs } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import { takeTurns, type Ask, type PacedAccount, type Turn } from '../../core/rates';
import type { Store } from '../../core/store';

/** So many turns are asked for at once, so that a transaction stays short. */
const BATCH_MAX = 50;

/** Keeps the rates that channels state in `can.rates`, for each person and for each account, by waiting for the turns that the store gives. */
export class Pacer {
	private readonly counters = new Map<string, Counter>();

	constructor(
		private readonly channelOf: (id: ChannelId) => Pick<Channel, 'name' | 'can'>,
		private readonly store: Store,
		private readonly now: () => EpochMs,
		/** Resolves after `ms`, or when the signal says so. */
		private readonly wait: (ms: number, signal: AbortSignal | null) => Promise<void>,
	) {}

	/**
	 * Resolves when this person may be written to, or when `signal` ends the wait: then a turn that was taken is lost.
	 * @throws ConversationsError `rate_limited` when that is more than a minute away; StoreError
	 */
	async pace({ channel, account, user }: Address, signal: AbortSignal | null = null): Promise<void> {
		const { name, can } = this.channelOf(channel);
		if (!can.rates.account && !can.rates.recipient) return;
		for (let isBack = false; !signal?.aborted; isBack = true) {
			const { kind, waitMs } = await this.ask({ channel, account, rates: can.rates }, { user, isBack });
			if (kind === 'tooFar') throw tooFar(channel, name, waitMs);
			if (waitMs > 0 && !signal?.aborted) await this.wait(waitMs, signal);
			if (kind === 'taken') return;
		}
	}

	private async ask(paced: PacedAccount, ask: Ask): Promise<Turn> {
		const key = `${paced.channel}/${paced.account}`;
		const counter = this.counters.get(key) ?? new Counter((asks) => this.take(paced, asks), () => this.counters.delete(key));
		this.counters.set(key, counter);
		return await counter.ask(ask);
	}

	private take(paced: PacedAccount, asks: readonly Ask[]): Promise<Turn[]> {
		return this.store.atomically((records) => takeTurns(records, paced, asks, this.now()));
	}
}

interface Waiting {
	ask: Ask;
	resolve(turn: Turn): void;
	reject(cause: unknown): void;
}

/** Where the turns of one account are asked for: whoever comes while a transaction is under way goes with the next one. */
class Counter {
	private readonly waiting: Waiting[] = [];
	private isOpen = false;

	constructor(
		private readonly take: (asks: readonly Ask[]) => Promise<Turn[]>,
		private readonly closed: () => void,
	) {}

	ask(ask: Ask): Promise<Turn> {
		return new Promise((resolve, reject) => {
			this.waiting.push({ ask, resolve, reject });
			if (!this.isOpen) void this.open();
		});
	}

	private async open(): Promise<void> {
		this.isOpen = true;
		while (this.waiting.length > 0) {
			// With all who come now.
			await nextTurnOfTheEventLoop();
			await this.serve(this.waiting.splice(0, BATCH_MAX));
		}
		this.closed();
	}

	private async serve(batch: readonly Waiting[]): Promise<void> {
		try {
			const turns = await this.take(batch.map(({ ask }) => ask));
			for (const [index, { resolve, reject }] of batch.entries()) {
				const turn = turns[index];
				if (turn) resolve(turn);
				else reject(new Error('A turn was asked for and not answered'));
			}
		} catch (error) {
			for (const { reject } of batch) reject(error);
		}
	}
}

function tooFar(channel: ChannelId, name: string, waitMs: number): ConversationsError {
	const reason = `There is more to send on ${name} than it takes in a minute, so this message was not sent. Send it again later, or send fewer messages at once.`;
	return new ConversationsError(failure('rate_limited', reason, { channel, retryAfterMs: waitMs }));
}
