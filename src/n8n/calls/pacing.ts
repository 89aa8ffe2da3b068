import type { Address, Channel, ChannelId, EpochMs, Rate } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';

/** Who would have to wait longer is told when to come back instead. */
const WAIT_MAX_MS = 60_000;
/** Keys that have been quiet are forgotten once there are this many; the next look is at twice as many as are left. */
const FORGET_FROM = 1_000;

/**
 * Keeps the rates that channels state in `can.rates`, for each person and for each account, by giving turns in the order
 * of arrival. A person's turn is waited for first, so that somebody who gets much holds up nobody else.
 */
export class Pacer {
	private readonly lines = new Map<string, Line>();
	private forgetFrom = FORGET_FROM;

	constructor(
		private readonly channelOf: (id: ChannelId) => Pick<Channel, 'name' | 'can'>,
		private readonly now: () => EpochMs,
		/** Resolves after `ms`. */
		private readonly wait: (ms: number) => Promise<void>,
	) {}

	/**
	 * Resolves when this person may be written to.
	 * @throws ConversationsError `rate_limited` when that is more than a minute away.
	 */
	async pace({ channel, account, user }: Address): Promise<void> {
		const { rates } = this.channelOf(channel).can;
		if (rates.recipient) await this.turn(channel, `${channel}/${account}/${user}`, rates.recipient, 1);
		if (rates.account) await this.turn(channel, `${channel}/${account}`, rates.account, rates.account.count);
	}

	private async turn(channel: ChannelId, key: string, rate: Rate, usualBurst: number): Promise<void> {
		const now = this.now();
		const line = this.lines.get(key) ?? new Line(rate, usualBurst);
		const waitMs = Math.ceil(line.next(now) - now);
		if (waitMs > WAIT_MAX_MS) throw tooLong(channel, this.channelOf(channel).name, waitMs);
		line.take(now);
		this.lines.set(key, line);
		this.forget(now);
		if (waitMs > 0) await this.wait(waitMs);
	}

	private forget(now: EpochMs): void {
		if (this.lines.size < this.forgetFrom) return;
		for (const [key, line] of this.lines) if (line.isQuiet(now)) this.lines.delete(key);
		this.forgetFrom = Math.max(FORGET_FROM, this.lines.size * 2);
	}
}

/**
 * The turns of one key. `usedUntil` is when calls at the steady pace would have used up all that was taken (the generic
 * cell rate algorithm): a burst may run ahead of it. Where no burst beyond `count` is allowed, the last `count` turns are
 * remembered too, so that a burst and the pace after it do not come to more than `count` in `perMs`.
 */
class Line {
	private usedUntil: EpochMs = 0;
	private readonly recent: EpochMs[] = [];
	private readonly everyMs: number;
	private readonly burst: number;

	constructor(
		private readonly rate: Rate,
		usualBurst: number,
	) {
		this.everyMs = rate.perMs / rate.count;
		this.burst = rate.burst ?? usualBurst;
	}

	/** When the next turn is. */
	next(now: EpochMs): EpochMs {
		const paced = this.usedUntil - this.everyMs * (this.burst - 1);
		const [oldest] = this.recent;
		const room = oldest !== undefined && this.recent.length >= this.rate.count ? oldest + this.rate.perMs : 0;
		return Math.max(now, paced, room);
	}

	take(now: EpochMs): void {
		const turn = this.next(now);
		this.usedUntil = Math.max(this.usedUntil, turn) + this.everyMs;
		if (this.burst > this.rate.count) return;
		this.recent.push(turn);
		if (this.recent.length > this.rate.count) this.recent.shift();
	}

	/** Whether a new line would give the same turns. */
	isQuiet(now: EpochMs): boolean {
		return this.usedUntil <= now && (this.recent.at(-1) ?? 0) + this.rate.perMs <= now;
	}
}

function tooLong(channel: ChannelId, name: string, waitMs: number): ConversationsError {
	const reason = `There is more to send on ${name} than it takes in a minute, so this message was not sent. Send it again later, or send fewer messages at once.`;
	return new ConversationsError(failure('rate_limited', reason, { channel, retryAfterMs: waitMs }));
}
