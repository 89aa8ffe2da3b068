import { addressKey, type Capabilities, type ChannelId, type EpochMs, type Rate } from './channel';
import type { RateLine } from './records';
import type { Records } from './store';

/** Whoever would have to wait longer is told when to come back instead. */
const WAIT_MAX_MS = 60_000;
/** No turn is given further ahead, also by a clock that is a minute fast: one that is was given before a clock was put back. */
const AHEAD_MAX_MS = 2 * WAIT_MAX_MS;

export interface PacedAccount {
	channel: ChannelId;
	account: string;
	rates: Capabilities['rates'];
}

/** Somebody wants to write to `user`. `isBack`: was told to ask again, and the time has come. */
export interface Ask {
	user: string;
	isBack: boolean;
}

export interface Turn {
	kind:
		/** It is taken: the call may be made after the wait. */
		| 'taken'
		/** The person takes nothing more before: ask again after the wait. The place among those who write to the person is kept. */
		| 'later'
		/** It is further away than anybody waits for, and nothing was taken. */
		| 'tooFar';
	/** From `now` on; whole. */
	waitMs: number;
}

/**
 * Gives turns under a channel's rates in the order of the asks, to all processes of this store: what was taken is in the
 * store, and one transaction at a time decides for an account. To be called in a transaction of its own, which ends before
 * anybody waits.
 *
 * The person's turn comes first, and the account's is taken only then, so that somebody who gets much holds up nobody
 * else. Both are taken at once when the person's is now.
 *
 * `now` is by the caller's own clock. Where those of two processes differ, their calls may come that much closer to each
 * other than the rate says, and those of one never do.
 */
export async function takeTurns(records: Records, paced: PacedAccount, asks: readonly Ask[], now: EpochMs): Promise<Turn[]> {
	const { channel, account, rates } = paced;
	await records.lock(`rate:${channel}/${account}`);
	const book = new Book(records, now);
	const turns: Turn[] = [];
	for (const { user, isBack } of asks) {
		const person = rates.recipient && (await book.line(`person:${addressKey({ channel, account, user })}`, rates.recipient, 1));
		const all = rates.account && (await book.line(`account:${channel}/${account}`, rates.account, rates.account.count));
		turns.push(turnOf(person, all, isBack, now));
	}
	await book.save();
	return turns;
}

function turnOf(person: Line | null, account: Line | null, isBack: boolean, now: EpochMs): Turn {
	const at = Math.max(now, account?.paced ?? 0, account?.room ?? 0);
	const begins = Math.max(now, isBack ? 0 : (person?.paced ?? 0));
	// Calls that wait for the account may go closer to each other than their turns with the person were.
	const room = person?.room ?? 0;
	const from = room > at ? Math.max(begins, room) : begins;
	const turn = (kind: Turn['kind'], time: EpochMs): Turn => ({ kind, waitMs: Math.ceil(time - now) });
	if (Math.max(at, from) - now > WAIT_MAX_MS) return turn('tooFar', Math.max(at, from));
	if (!isBack) person?.use(from);
	if (from > now) return turn('later', from);
	person?.note(at);
	account?.use(at);
	account?.note(at);
	return turn('taken', at);
}

/** The lines that one transaction reads and changes. */
class Book {
	private readonly lines = new Map<string, Line>();

	constructor(
		private readonly records: Records,
		private readonly now: EpochMs,
	) {}

	async line(key: string, rate: Rate, usualBurst: number): Promise<Line> {
		const known = this.lines.get(key);
		if (known) return known;
		const line = new Line(rate, usualBurst, await this.records.rates.get(key), this.now);
		this.lines.set(key, line);
		return line;
	}

	async save(): Promise<void> {
		for (const [key, line] of this.lines) if (line.isChanged) await this.records.rates.put(key, line.kept, line.quietAt);
	}
}

/**
 * The turns of one account or person. `usedUntil` is when calls at the steady pace would have used up all that was taken
 * (the generic cell rate algorithm): a burst may run ahead of it. Where no burst beyond `count` is allowed, the times of
 * the last `count` calls are kept too, so that a burst and the pace after it do not come to more than `count` in `perMs`.
 */
class Line {
	isChanged = false;
	private usedUntil: EpochMs;
	private recent: EpochMs[];
	private readonly everyMs: number;
	private readonly burst: number;

	constructor(
		private readonly rate: Rate,
		usualBurst: number,
		kept: RateLine | undefined,
		now: EpochMs,
	) {
		this.everyMs = rate.perMs / rate.count;
		this.burst = rate.burst ?? usualBurst;
		const isBelieved = kept !== undefined && kept.usedUntil <= now + AHEAD_MAX_MS + this.everyMs * this.burst;
		this.usedUntil = isBelieved ? kept.usedUntil : 0;
		this.recent = kept?.recent.filter((at) => at <= now + AHEAD_MAX_MS) ?? [];
	}

	get kept(): RateLine {
		return { usedUntil: this.usedUntil, recent: this.recent };
	}

	/** When the pace, with its burst, has the next turn. */
	get paced(): EpochMs {
		return this.usedUntil - this.everyMs * (this.burst - 1);
	}

	/** From when on a call makes no more than `count` in `perMs`. */
	get room(): EpochMs {
		const first = this.recent.at(-this.rate.count);
		return first === undefined ? 0 : first + this.rate.perMs;
	}

	/** From then on a new line would give the same turns. */
	get quietAt(): EpochMs {
		return Math.max(this.usedUntil, (this.recent.at(-1) ?? 0) + this.rate.perMs);
	}

	/** Takes the turn at this time. */
	use(at: EpochMs): void {
		this.usedUntil = Math.max(this.usedUntil, at) + this.everyMs;
		this.isChanged = true;
	}

	/** Keeps the time of a call. */
	note(at: EpochMs): void {
		if (this.burst > this.rate.count) return;
		// Another process's clock may be ahead of ours.
		this.recent = [...this.recent, at].sort((a, b) => a - b).slice(-this.rate.count);
		this.isChanged = true;
	}
}
