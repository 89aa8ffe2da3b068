import { join } from 'node:path';
import type { Store } from '../../../src/core/store';
import { openStore } from '../../../src/store';
import { seal } from '../../../src/n8n/calls/sealing';
import { TokenVault } from '../../../src/n8n/calls/token-vault';
import { TokenKeeper, type Clock } from '../../../src/n8n/calls/tokens';
import { TOKEN } from '../../fakes/provider';
import { KEY, LIFE_MS, MARGIN_MS, testClock, tokenHttp, tokenServer, type TokenServer } from '../../fakes/token-provider';
import { aFolder } from '../../store/sqlite-engine';

/** Keepers with a store each on one file, as processes of one n8n have them. */
let server: TokenServer;
let place: ReturnType<typeof aFolder>;
let stores: Store[];
let clock: ReturnType<typeof testClock>;
beforeEach(async () => {
	[server, place, clock] = [await tokenServer(), aFolder(), testClock()];
	const open = () => openStore({ kind: 'sqlite', file: join(place.folder, 'conversations.sqlite') });
	stores = [await open(), await open()];
});
afterEach(async () => {
	for (const { close } of [server, ...stores]) await close();
	place.remove();
});

const ME = { method: 'GET', url: '/me' } as const;
const keptBy = (index: number) => {
	const store = stores[index];
	if (!store) throw new Error('no such process');
	return store.records.sealedTokens;
};
const aProcess = (index: number, time: Clock = clock) => tokenHttp(server, new TokenKeeper(new TokenVault(() => keptBy(index)), time));
const twice = async (work: () => Promise<{ status: number }>[]) => (await Promise.all(work())).map(({ status }) => status);

test('two processes that need a token at once ask for it once', async () => {
	const [one, two] = [aProcess(0), aProcess(1)];
	expect(await twice(() => [one(ME), two(ME), one(ME), two(ME)])).toEqual([200, 200, 200, 200]);
	expect(server.asked()).toHaveLength(1);
});

test('so do two whose token is refused; whoever comes later finds the new one', async () => {
	const [one, two, three] = [aProcess(0), aProcess(1), aProcess(1)];
	for (const each of [one, two, three]) await each(ME);
	server.revoke();
	expect(await twice(() => [one(ME), two(ME)])).toEqual([200, 200]);
	expect(server.issued).toHaveLength(2);
	expect(await three(ME)).toMatchObject({ status: 200 });
	expect(server.issued).toHaveLength(2);
});

test('what is renewed with serves once: each process takes the one that came last', async () => {
	server.refresh = 'refresh-0';
	const source = { given: () => ({ token: '', until: 0, refresh: 'refresh-0' }) };
	const [one, two, seldom] = [0, 1, 1].map((index) => tokenHttp(server, new TokenKeeper(new TokenVault(() => keptBy(index)), clock), { source }));
	await seldom?.(ME);
	for (let round = 1; round <= 3; round += 1) {
		for (const http of [one, two]) expect(await http?.(ME)).toMatchObject({ status: 200 });
		expect(server.issued).toHaveLength(round);
		clock.at += LIFE_MS;
	}
	expect(await seldom?.(ME)).toMatchObject({ status: 200 });
});

test('one renews ahead, the others neither wait nor ask', async () => {
	const [one, two] = [aProcess(0), aProcess(1)];
	for (const each of [one, two]) await each(ME);
	clock.at += LIFE_MS - MARGIN_MS;
	expect(await keptBy(0).claim(KEY, 'another process', clock.at, clock.at + 30_000)).toBe(true);
	const before = clock.at;
	expect(await twice(() => [one(ME), two(ME)])).toEqual([200, 200]);
	expect(clock.at).toBe(before);
	expect(server.issued).toHaveLength(1);
});

test('a process that died while it asked holds up the others until its turn is over', async () => {
	const passing = testClock({ passing: true });
	const started = passing.at;
	await keptBy(0).claim(KEY, 'the dead', started, started + 40_000);
	expect(await aProcess(1, passing)(ME)).toMatchObject({ status: 200 });
	expect(passing.at - started).toBe(40_000);
	expect(server.asked()).toHaveLength(1);
});

test('one that failed gives its turn to the next', async () => {
	server.next('/token', { status: 500 });
	await expect(aProcess(0)(ME)).rejects.toMatchObject({ failure: { code: 'provider_unavailable' } });
	expect(await aProcess(1)(ME)).toMatchObject({ status: 200 });
});

test('the token that another one gets ends the wait', async () => {
	await keptBy(0).claim(KEY, 'another process', clock.at, clock.at + 40_000);
	server.next('/me', { status: 200 });
	const waiting = aProcess(1)(ME);
	await keptBy(0).put(KEY, seal({ token: 'theirs', until: clock.at + LIFE_MS }, { secret: TOKEN, key: KEY }), clock.at);
	expect(await waiting).toMatchObject({ status: 200 });
	expect(server.requests).toMatchObject([{ path: '/me', headers: { authorization: 'Bearer theirs' } }]);
});

test('nobody waits for ever', async () => {
	const passing = testClock({ passing: true });
	const started = passing.at;
	await keptBy(0).claim(KEY, 'the stuck', started, started + 3_600_000);
	const failure = { code: 'provider_unavailable', retryable: true, reason: expect.stringMatching(/another process.+try again/i) as string };
	await expect(aProcess(1, passing)(ME)).rejects.toMatchObject({ failure });
	expect(passing.at - started).toBe(60_000);
	expect(server.requests).toEqual([]);
});
