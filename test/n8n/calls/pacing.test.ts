import type { Address, Channel, Rate } from '../../../src/core/channel';
import { channels } from '../../../src/channels';
import { ConversationsError } from '../../../src/core/failure';
import { Pacer } from '../../../src/n8n/calls/pacing';

/** A clock that stands until everybody waits, and then moves on to whoever is next. */
class Clock {
	now = 0;
	private readonly waiting: { at: number; go: () => void }[] = [];

	wait = (ms: number): Promise<void> => new Promise((go) => void this.waiting.push({ at: this.now + ms, go }));

	async runTo(end: number): Promise<void> {
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			this.waiting.sort((a, b) => a.at - b.at);
			if (this.waiting[0] === undefined || this.waiting[0].at > end) break;
			const next = this.waiting.shift();
			this.now = next?.at ?? this.now;
			next?.go();
		}
		this.now = end;
	}
}

const ANN: Address = { channel: 'webchat', account: 'shop', user: 'ann' };
const BOB = { ...ANN, user: 'bob' };

function pacer(rates: { account?: Rate; recipient?: Rate }) {
	const clock = new Clock();
	const channel: Channel = {
		...channels.webchat,
		can: { ...channels.webchat.can, rates: { account: rates.account ?? null, recipient: rates.recipient ?? null } },
	};
	const paced = new Pacer(() => channel, () => clock.now, clock.wait);
	const turns: [string, number][] = [];
	const refused: ConversationsError[] = [];
	const ask = (to: Address, name = to.user) =>
		paced.pace(to).then(
			() => void turns.push([name, clock.now]),
			(error: unknown) => void refused.push(error as ConversationsError),
		);
	return { clock, paced, turns, refused, ask, times: () => turns.map(([, at]) => at) };
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

test('40 at once at 10 a second: the first 10 go, the rest in exact steps, in the order they came', async () => {
	const { ask, clock, turns } = pacer({ account: { count: 10, perMs: 1_000 } });
	for (const index of times(40)) void ask({ ...ANN, user: `user-${index}` }, String(index));
	await clock.runTo(10_000);
	expect(turns).toEqual(times(40).map((index) => [String(index), Math.floor(index / 10) * 1_000]));
});

test('no second holds more than is allowed, whenever the calls come', async () => {
	const { ask, clock, times: taken } = pacer({ account: { count: 30, perMs: 1_000 } });
	for (const at of [0, 0, 10, 500, 990, 1_000, 1_001, 1_700, 2_500]) {
		await clock.runTo(at);
		for (const index of times(25)) void ask({ ...ANN, user: `user-${index}` });
	}
	await clock.runTo(60_000);
	const all = taken();
	expect(all).toHaveLength(9 * 25);
	for (const from of all) expect(all.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(30);
	// And no longer than that takes: 225 calls, 30 a second.
	expect(Math.max(...all)).toBeLessThanOrEqual(8_500);
});

test('with a burst of one, calls are evenly spaced', async () => {
	const { ask, clock, times: taken } = pacer({ account: { count: 4, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 6; count += 1) void ask(ANN);
	await clock.runTo(5_000);
	expect(taken()).toEqual([0, 250, 500, 750, 1_000, 1_250]);
});

test('a person gets one at a time unless the channel states a burst', async () => {
	const { ask, clock, times: taken } = pacer({ recipient: { count: 1, perMs: 1_000 } });
	for (let count = 0; count < 3; count += 1) void ask(ANN);
	await clock.runTo(5_000);
	expect(taken()).toEqual([0, 1_000, 2_000]);
});

test('a burst is there again after a quiet time, and not before', async () => {
	const { ask, clock, times: taken } = pacer({ recipient: { count: 1, perMs: 6_000, burst: 3 } });
	const five = () => times(5).forEach(() => void ask(ANN));
	five();
	await clock.runTo(30_000);
	expect(taken()).toEqual([0, 0, 0, 6_000, 12_000]);
	five();
	await clock.runTo(60_000);
	// All that had been taken was used up at 30 000.
	expect(taken().slice(5)).toEqual([30_000, 30_000, 30_000, 36_000, 42_000]);
});

test('one millisecond before its time a turn is not given', async () => {
	const { ask, clock, times: taken } = pacer({ recipient: { count: 1, perMs: 1_000 } });
	void ask(ANN);
	await clock.runTo(999);
	void ask(ANN);
	await clock.runTo(999);
	expect(taken()).toEqual([0]);
	await clock.runTo(1_000);
	expect(taken()).toEqual([0, 1_000]);
});

test('a pace that is no whole number of milliseconds does not drift', async () => {
	const { ask, clock, times: taken } = pacer({ account: { count: 3, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 31; count += 1) void ask(ANN);
	await clock.runTo(20_000);
	expect(taken()[30]).toBeGreaterThanOrEqual(10_000);
	expect(taken()[30]).toBeLessThanOrEqual(10_001);
});

test('persons and accounts do not wait for each other', async () => {
	const { ask, clock, turns } = pacer({ recipient: { count: 1, perMs: 1_000 }, account: { count: 2, perMs: 1_000 } });
	void ask(ANN);
	void ask(ANN);
	void ask(BOB);
	void ask({ ...ANN, account: 'other' }, 'other');
	await clock.runTo(5_000);
	expect(turns).toEqual([['ann', 0], ['bob', 0], ['other', 0], ['ann', 1_000]]);
});

test('a person who is sent much does not hold up the account', async () => {
	const { ask, clock, turns } = pacer({ recipient: { count: 1, perMs: 1_000 }, account: { count: 10, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 20; count += 1) void ask(ANN);
	void ask(BOB);
	await clock.runTo(30_000);
	expect(turns.find(([name]) => name === 'bob')).toEqual(['bob', 100]);
	expect(turns.filter(([name]) => name === 'ann')).toHaveLength(20);
});

test('a turn that is a minute away is waited for, one that is further away is refused and takes nothing', async () => {
	const { ask, clock, refused, times: taken } = pacer({ recipient: { count: 1, perMs: 1_000 } });
	for (let count = 0; count < 63; count += 1) void ask(ANN);
	await clock.runTo(0);
	expect(refused.map(({ failure }) => failure)).toEqual(
		Array(2).fill(expect.objectContaining({ code: 'rate_limited', channel: 'webchat', retryable: true, retryAfterMs: 61_000 })),
	);
	expect(refused[0]).toBeInstanceOf(ConversationsError);
	await clock.runTo(60_000);
	expect(taken()).toEqual(times(61).map((index) => index * 1_000));
	void ask(ANN);
	await clock.runTo(61_000);
	expect(taken().at(-1)).toBe(61_000);
});

test('who has been quiet is forgotten', async () => {
	const { ask, clock, paced } = pacer({ recipient: { count: 1, perMs: 1_000 }, account: { count: 1_000, perMs: 1 } });
	for (let round = 0; round < 20; round += 1) {
		await Promise.all(times(500).map((index) => ask({ ...ANN, user: `user-${round}-${index}` })));
		await clock.runTo(clock.now + 10_000);
	}
	const { lines } = paced as unknown as { lines: Map<string, unknown> };
	expect(lines.size).toBeLessThan(1_600);
});

test('a channel without rates waits for nothing', async () => {
	const { ask, clock, turns } = pacer({});
	await Promise.all(times(100).map(() => ask(ANN)));
	expect([turns.length, clock.now]).toEqual([100, 0]);
});
