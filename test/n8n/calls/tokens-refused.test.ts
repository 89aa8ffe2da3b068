import { TokenVault } from '../../../src/n8n/calls/token-vault';
import { TokenKeeper } from '../../../src/n8n/calls/tokens';
import { LIFE_MS, MARGIN_MS, testClock, tokenHttp, tokenProvider, tokenServer, type TokenServer } from '../../fakes/token-provider';

let server: TokenServer;
let clock: ReturnType<typeof testClock>;
beforeEach(async () => void ([server, clock] = [await tokenServer(), testClock()]));
afterEach(() => server.close());

const http = (more = {}) => tokenHttp(server, new TokenKeeper(new TokenVault(() => undefined), clock), more);
const SEND = { method: 'POST', url: '/send', query: { a: 'ä' }, body: { json: { text: 'hello' } } } as const;
const tokensOf = () => server.calls().map(({ headers }) => headers['authorization']);

test('a refused call is repeated once, as it was, with a fresh token', async () => {
	const ask = http();
	await ask(SEND);
	server.revoke();
	expect(await ask(SEND)).toMatchObject({ status: 200 });
	const [first, second] = server.issued;
	expect(tokensOf()).toEqual([first, first, second].map((token) => `Bearer ${token}`));
	expect(server.calls().map(({ method, path, query, json }) => ({ method, path, query, json }))).toEqual(
		Array(3).fill({ method: 'POST', path: '/send', query: { a: 'ä' }, json: { text: 'hello' } }),
	);
	expect(server.asked().map(({ json }) => json)).toEqual([{ wasRefused: false }, { wasRefused: true }]);
});

test('the second refusal is the answer', async () => {
	server.refusesAll = true;
	expect(await http()(SEND)).toMatchObject({ status: 401 });
	expect([server.asked().length, server.calls().length]).toEqual([2, 2]);
});

test.each([500, 403, 429])('any other answer is the answer: %d', async (status) => {
	const ask = http();
	server.next('/send', { status });
	expect(await ask(SEND)).toMatchObject({ status });
	expect([server.asked().length, server.calls().length]).toEqual([1, 1]);
});

test('no answer is not a refusal: nothing is repeated', async () => {
	server.next('/send', 'hang up');
	await expect(http()(SEND)).rejects.toMatchObject({ name: 'Unanswered', when: 'after' });
	expect(server.calls()).toHaveLength(1);
});

test('of many calls that are refused at once one asks for a fresh token', async () => {
	const ask = http();
	await ask(SEND);
	server.revoke();
	const answers = await Promise.all(Array.from({ length: 20 }, () => ask(SEND)));
	expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
	expect(server.issued).toHaveLength(2);
});

test('when there is no fresh one, the caller hears why', async () => {
	const ask = http();
	await ask(SEND);
	server.revoke();
	server.next('/token', { status: 403 }, { status: 500 });
	await expect(ask(SEND)).rejects.toMatchObject({ failure: { code: 'credential_invalid' } });
	await expect(ask(SEND)).rejects.toMatchObject({ failure: { code: 'provider_unavailable', retryable: true } });
	expect(await ask(SEND)).toMatchObject({ status: 200 });
});

test('a renewal that was under way and brought the refused token does not count', async () => {
	server.isStable = true;
	let refusals = 0;
	let go = () => {};
	const refused = new Promise<void>((resolve) => (go = resolve));
	const keeper = new TokenKeeper(new TokenVault(() => undefined), clock);
	const { renew, isRefused } = tokenProvider().tokens ?? {};
	if (!renew || !isRefused) throw new Error('no tokens');
	const ask = tokenHttp(server, keeper, {
		source: {
			renew: async (before, wasRefused, ports) => {
				if (before && !wasRefused) await refused;
				return await renew(before, wasRefused, ports);
			},
			// Called right before the renewal is joined.
			isRefused: (answer) => {
				if (isRefused(answer) && (refusals += 1) === 3) setImmediate(go);
				return isRefused(answer);
			},
		},
	});
	await ask(SEND);
	clock.at += LIFE_MS - MARGIN_MS;
	// One call renews ahead and is given the same token once more; the others are refused meanwhile.
	server.next('/send', { status: 401 }, { status: 401 }, { status: 401 });
	const answers = await Promise.all(Array.from({ length: 4 }, () => ask(SEND)));
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
	expect(server.asked().map(({ json }) => json)).toEqual([{ wasRefused: false }, { wasRefused: false }, { wasRefused: true }]);
	expect(server.issued).toHaveLength(2);
});
