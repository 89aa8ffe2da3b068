import { join } from 'node:path';
import type { Address, Channel, Rate } from '../../../src/core/channel';
import { channels } from '../../../src/channels';
import type { ConversationsError } from '../../../src/core/failure';
import type { Store } from '../../../src/core/store';
import { Pacer } from '../../../src/n8n/calls/pacing';
import { createStore } from '../../../src/store/create';
import { openSqlite } from '../../../src/store/engines/sqlite';
import { aFolder } from '../../store/sqlite-engine';

/** A clock that stands until everybody who is about something waits, and then moves on to whoever is next. */
class Clock {
	now = 0;
	private waiting: { at: number; go: () => void }[] = [];
	private working = 0;

	wait = (ms: number, signal: AbortSignal | null = null): Promise<void> => {
		this.working -= 1;
		return new Promise<void>((resolve) => {
			const one = { at: this.now + ms, go: resolve };
			this.waiting.push(one);
			signal?.addEventListener('abort', () => {
				this.waiting = this.waiting.filter((each) => each !== one);
				resolve();
			});
		}).then(() => void (this.working += 1));
	};

	/** Somebody is about this, and may wait meanwhile. */
	async during(work: Promise<void>): Promise<void> {
		this.working += 1;
		await work;
		this.working -= 1;
	}

	/** Until everybody waits. */
	async settle(): Promise<void> {
		do await new Promise((resolve) => setImmediate(resolve));
		while (this.working > 0);
	}

	async runTo(end: number): Promise<void> {
		for (await this.settle(); ; await this.settle()) {
			const next = Math.min(...this.waiting.map(({ at }) => at));
			if (next > end) break;
			this.now = next;
			const due = this.waiting.filter(({ at }) => at === next);
			this.waiting = this.waiting.filter(({ at }) => at > next);
			for (const { go } of due) go();
		}
		this.now = end;
	}
}

export const ANN: Address = { channel: 'webchat', account: 'shop', user: 'ann' };
export const BOB = { ...ANN, user: 'bob' };

export const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** The most calls that any stretch of `perMs` holds. */
export const most = (all: readonly number[], perMs: number) =>
	Math.max(...all.map((from) => all.filter((at) => at >= from && at < from + perMs).length));

interface Rates {
	account?: Rate;
	recipient?: Rate;
}

/** Opens pacers with a store each on one file, as processes of one n8n have them; a file for each test. */
export function eachWithPacers() {
	let stores: Store[];
	let place: ReturnType<typeof aFolder>;
	beforeEach(() => {
		[stores, place] = [[], aFolder()];
	});
	afterEach(async () => {
		for (const store of stores) await store.close();
		place.remove();
	});

	return async (rates: Rates, processes = 1) => {
		const clock = new Clock();
		const queries: string[] = [];
		const { can } = channels.webchat;
		const channel: Channel = {
			...channels.webchat,
			can: { ...can, rates: { account: rates.account ?? null, recipient: rates.recipient ?? null } },
		};
		const file = join(place.folder, 'conversations.sqlite');
		for (const _ of times(processes)) stores.push(await createStore(await openSqlite({ file, observe: (query) => void queries.push(query) })));
		queries.length = 0;
		const pacers = stores.map((store) => new Pacer(() => channel, store, () => clock.now, clock.wait));
		const turns: [string, number][] = [];
		const refused: ConversationsError[] = [];
		const askIn = async (pacer: Pacer | undefined, to: Address, name: string, signal: AbortSignal | null) => {
			try {
				await pacer?.pace(to, signal);
				turns.push([name, clock.now]);
			} catch (error) {
				refused.push(error as ConversationsError);
			}
		};
		return {
			clock,
			stores,
			/** That the stores were asked. */
			queries,
			/** Who was told to write when, and who was refused. */
			turns,
			refused,
			times: () => turns.map(([, at]) => at),
			ask: (to: Address, name = to.user, { process = 0, signal = null }: { process?: number; signal?: AbortSignal | null } = {}) =>
				clock.during(askIn(pacers[process], to, name, signal)),
		};
	};
}
