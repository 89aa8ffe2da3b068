import type { Rate } from '../../src/core/channel';
import { takeTurns, type Turn } from '../../src/core/rates';
import { START, testDesk, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const HOUR = 60 * 60_000;

/** What `asks` who come at this time, by the clock of whoever asks, are told. */
async function ask(rates: { account?: Rate; recipient?: Rate }, at: number, asks = 1): Promise<Turn[]> {
	const paced = { channel: 'telegram' as const, account: 'bot-1', rates: { account: rates.account ?? null, recipient: rates.recipient ?? null } };
	return await desk.store.atomically((records) => takeTurns(records, paced, Array<{ user: string; isBack: boolean }>(asks).fill({ user: 'ann', isBack: false }), START + at));
}

const taken = (waitMs: number) => ({ kind: 'taken', waitMs });

test('what an account has room for only in an hour is told to the millisecond', async () => {
	const account = { count: 2, perMs: HOUR };
	expect(await ask({ account }, 0, 2)).toEqual([taken(0), taken(0)]);
	expect(await ask({ account }, 10 * 60_000)).toEqual([{ kind: 'tooFar', waitMs: 50 * 60_000 }]);
	expect(await ask({ account }, HOUR - 60_000)).toEqual([taken(60_000)]);
});

test('when the channel allows less from now on, no stretch holds more than that', async () => {
	await ask({ account: { count: 5, perMs: 1_000 } }, 0, 5);
	expect(await ask({ account: { count: 2, perMs: 1_000 } }, 1, 3)).toEqual([taken(999), taken(999), taken(1_999)]);
});

test('by a clock that is 20 seconds slow the turns of the other process still count', async () => {
	const account = { count: 2, perMs: 1_000 };
	await ask({ account }, 20_000, 6);
	expect(await ask({ account }, 0, 2)).toEqual([taken(23_000), taken(23_000)]);
});

test('a clock that is a little slow gives a turn before the last one, and the next stretch holds no more for that', async () => {
	const account = { count: 3, perMs: 1_000 };
	expect(await ask({ account }, 100)).toEqual([taken(0)]);
	expect(await ask({ account }, 0)).toEqual([taken(0)]);
	expect(await ask({ account }, 900, 3)).toEqual([taken(0), taken(100), taken(200)]);
});

test('after a clock was put back by an hour nobody waits for what was sent before', async () => {
	const rates = { account: { count: 30, perMs: 1_000 }, recipient: { count: 1, perMs: 1_000, burst: 3 } };
	await ask(rates, HOUR, 5);
	expect(await ask(rates, 0)).toEqual([taken(0)]);
});
