import { ConversationsError } from '../../../src/core/failure';
import { eachWithPacers, ANN, BOB, most, times } from './pacers';

const pacer = eachWithPacers();

test('40 at once at 10 a second: the first 10 go, the rest in exact steps, in the order they came', async () => {
	const { ask, clock, turns } = await pacer({ account: { count: 10, perMs: 1_000 } });
	for (const index of times(40)) void ask({ ...ANN, user: `user-${index}` }, String(index));
	await clock.runTo(10_000);
	expect(turns).toEqual(times(40).map((index) => [String(index), Math.floor(index / 10) * 1_000]));
});

test('no second holds more than is allowed, whenever the calls come', async () => {
	const { ask, clock, times: taken } = await pacer({ account: { count: 30, perMs: 1_000 } });
	for (const at of [0, 0, 10, 500, 990, 1_000, 1_001, 1_700, 2_500]) {
		await clock.runTo(at);
		for (const index of times(25)) void ask({ ...ANN, user: `user-${index}` });
	}
	await clock.runTo(60_000);
	const all = taken();
	expect(all).toHaveLength(9 * 25);
	expect(most(all, 1_000)).toBe(30);
	// And no longer than that takes: 225 calls, 30 a second.
	expect(Math.max(...all)).toBeLessThanOrEqual(8_500);
});

test('with a burst of one, calls are evenly spaced', async () => {
	const { ask, clock, times: taken } = await pacer({ account: { count: 4, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 6; count += 1) void ask(ANN);
	await clock.runTo(5_000);
	expect(taken()).toEqual([0, 250, 500, 750, 1_000, 1_250]);
});

test('a person gets one at a time unless the channel states a burst', async () => {
	const { ask, clock, times: taken } = await pacer({ recipient: { count: 1, perMs: 1_000 } });
	for (let count = 0; count < 3; count += 1) void ask(ANN);
	await clock.runTo(5_000);
	expect(taken()).toEqual([0, 1_000, 2_000]);
});

test('a burst is there again after a quiet time, and not before', async () => {
	const { ask, clock, times: taken } = await pacer({ recipient: { count: 1, perMs: 6_000, burst: 3 } });
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
	const { ask, clock, times: taken } = await pacer({ recipient: { count: 1, perMs: 1_000 } });
	void ask(ANN);
	await clock.runTo(999);
	void ask(ANN);
	await clock.runTo(999);
	expect(taken()).toEqual([0]);
	await clock.runTo(1_000);
	expect(taken()).toEqual([0, 1_000]);
});

test('a pace that is no whole number of milliseconds does not drift', async () => {
	const { ask, clock, times: taken } = await pacer({ account: { count: 3, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 31; count += 1) void ask(ANN);
	await clock.runTo(20_000);
	expect(taken()[30]).toBeGreaterThanOrEqual(10_000);
	expect(taken()[30]).toBeLessThanOrEqual(10_001);
});

test('persons and accounts do not wait for each other', async () => {
	const { ask, clock, turns } = await pacer({ recipient: { count: 1, perMs: 1_000 }, account: { count: 2, perMs: 1_000 } });
	void ask(ANN);
	void ask(ANN);
	void ask(BOB);
	void ask({ ...ANN, account: 'other' }, 'other');
	await clock.runTo(5_000);
	expect(turns).toEqual([['ann', 0], ['bob', 0], ['other', 0], ['ann', 1_000]]);
});

test('a person who is sent much does not hold up the account', async () => {
	const { ask, clock, turns } = await pacer({ recipient: { count: 1, perMs: 1_000 }, account: { count: 10, perMs: 1_000, burst: 1 } });
	for (let count = 0; count < 20; count += 1) void ask(ANN);
	void ask(BOB);
	await clock.runTo(30_000);
	expect(turns.find(([name]) => name === 'bob')).toEqual(['bob', 100]);
	expect(turns.filter(([name]) => name === 'ann')).toHaveLength(20);
});

test('a turn that is a minute away is waited for, one that is further away is refused and takes nothing', async () => {
	const { ask, clock, refused, times: taken } = await pacer({ recipient: { count: 1, perMs: 1_000 } });
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

test('a channel without rates waits for nothing and asks nobody', async () => {
	const { ask, clock, queries, turns } = await pacer({});
	await Promise.all(times(100).map(() => ask(ANN)));
	expect([turns.length, clock.now, queries]).toEqual([100, 0, []]);
});

test('those who come at once are given their turns at once', async () => {
	const { ask, clock, queries, times: taken } = await pacer({ account: { count: 10, perMs: 1_000 } });
	for (const index of times(40)) void ask({ ...ANN, user: `user-${index}` });
	await clock.runTo(0);
	expect(queries.filter((query) => query.startsWith('insert'))).toHaveLength(1);
	await clock.runTo(5_000);
	expect([taken().length, queries.filter((query) => query.startsWith('insert')).length]).toEqual([40, 1]);
});

test('whoever is cancelled waits no longer, and the others keep their turns', async () => {
	const { ask, clock, turns } = await pacer({ recipient: { count: 1, perMs: 1_000 } });
	const execution = new AbortController();
	for (const name of ['one', 'two', 'three']) void ask(ANN, name, { signal: name === 'two' ? execution.signal : null });
	await clock.runTo(300);
	execution.abort();
	await clock.runTo(10_000);
	expect(turns).toEqual([['one', 0], ['two', 300], ['three', 2_000]]);
});

test('whoever is cancelled already takes no turn', async () => {
	const { ask, clock, turns } = await pacer({ recipient: { count: 1, perMs: 1_000 } });
	await ask(ANN, 'cancelled', { signal: AbortSignal.abort() });
	void ask(ANN);
	await clock.runTo(0);
	expect(turns).toEqual([['cancelled', 0], ['ann', 0]]);
});

test('what the store says is what whoever waits hears', async () => {
	const { ask, clock, refused, stores } = await pacer({ account: { count: 1, perMs: 1_000 } });
	await stores[0]?.close();
	for (const to of [ANN, BOB]) void ask(to);
	await clock.runTo(0);
	expect(refused).toMatchObject([{ name: 'StoreError', kind: 'closed' }, { name: 'StoreError', kind: 'closed' }]);
});
