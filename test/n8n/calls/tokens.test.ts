import { readFileSync, readdirSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { ConversationsError } from '../../../src/core/failure';
import type { HttpRequest } from '../../../src/core/http';
import { StoreError, type Store } from '../../../src/core/store';
import { openStore } from '../../../src/store';
import { TokenVault } from '../../../src/n8n/calls/token-vault';
import { TokenKeeper } from '../../../src/n8n/calls/tokens';
import { fakeServer } from '../../fakes/server';
import { KEY, LIFE_MS, MARGIN_MS, testClock, tokenHttp, tokenServer, type TokenServer } from '../../fakes/token-provider';
import { aFolder } from '../../store/sqlite-engine';

let server: TokenServer;
let place: ReturnType<typeof aFolder>;
let store: Store;
let clock: ReturnType<typeof testClock>;
const open = () => openStore({ kind: 'sqlite', file: join(place.folder, 'conversations.sqlite') });
beforeEach(async () => {
	[server, place, clock] = [await tokenServer(), aFolder(), testClock()];
	store = await open();
});
afterEach(async () => {
	await Promise.all([server.close(), store.close()]);
	place.remove();
});

const kept = () => store.records.sealedTokens;
const newKeeper = () => new TokenKeeper(new TokenVault(kept), clock);
const ME: HttpRequest = { method: 'GET', url: '/me' };
const tokensOf = () => server.calls().map(({ headers }) => headers['authorization']?.replace('Bearer ', ''));

async function refusal(work: Promise<unknown>): Promise<ConversationsError> {
	const error: unknown = await work.then(
		() => new Error('It was answered.'),
		(reason: unknown) => reason,
	);
	if (!(error instanceof ConversationsError)) throw error;
	expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/topsecret/);
	return error;
}

describe('getting a token', () => {
	test('many calls that need one at once ask for it once', async () => {
		const http = tokenHttp(server, newKeeper());
		const answers = await Promise.all(Array.from({ length: 20 }, () => http(ME)));
		expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
		expect(server.asked()).toMatchObject([{ method: 'POST', json: { wasRefused: false } }]);
		await tokenHttp(server, newKeeper())(ME);
		expect(server.asked()).toHaveLength(1);
	});

	test('the call for it goes with the secret and without a token, the others with the token alone', async () => {
		await tokenHttp(server, newKeeper())(ME);
		expect(server.asked()[0]?.headers).toMatchObject({ 'x-secret': 'topsecret-1234' });
		expect(server.asked()[0]?.headers).not.toHaveProperty('authorization');
		expect(server.calls()[0]?.headers).toMatchObject({ authorization: `Bearer ${server.issued[0]}` });
		expect(server.calls()[0]?.headers).not.toHaveProperty('x-secret');
	});

	test('the token of the credential is used as long as it is taken, and nothing is kept of it', async () => {
		const http = tokenHttp(server, newKeeper(), { source: { given: () => ({ token: 'given', until: null }) } });
		server.next('/me', { status: 200 }, { status: 200 });
		await http(ME);
		clock.at += 10 * LIFE_MS;
		await http(ME);
		expect(tokensOf()).toEqual(['given', 'given']);
		expect(await kept().get(KEY)).toBeUndefined();
		await http(ME);
		expect(tokensOf().slice(2)).toEqual(['given', server.issued[0]]);
	});

	test('another secret or another server has another token', async () => {
		const keeper = newKeeper();
		await tokenHttp(server, keeper)(ME);
		const other = await tokenServer();
		store.records.sealedTokens.get = () => Promise.resolve(undefined);
		expect(await tokenHttp(other, keeper)(ME)).toMatchObject({ status: 200 });
		expect(other.asked()).toHaveLength(1);
		await other.close();
		expect((await refusal(tokenHttp(server, keeper, { fields: { token: 'mistyped' } })(ME))).failure.code).toBe('credential_invalid');
	});

	test.each([
		['hang up' as const, 'provider_unavailable'],
		[{ status: 504 }, 'provider_unavailable'],
		[{ bytes: Buffer.alloc(2 * 1024 * 1024) }, 'provider_unavailable'],
		[{ status: 500 }, 'provider_unavailable'],
		[{ status: 403 }, 'credential_invalid'],
	])('%p instead of it: the caller hears why, and that nothing was sent', async (behaviour, code) => {
		server.next('/token', behaviour);
		const http = tokenHttp(server, newKeeper());
		const { failure } = await refusal(http({ method: 'POST', url: '/send', body: { json: {} } }));
		expect(failure).toMatchObject({ code, retryable: code === 'provider_unavailable' });
		expect(server.calls()).toEqual([]);
		expect(await http(ME)).toMatchObject({ status: 200 });
	});

	test('it goes to the provider only', async () => {
		const foreign = await fakeServer(() => ({ text: 'a file' }));
		const agents = { known: () => new Agent(), foreign: () => new Agent() };
		const http = tokenHttp(server, newKeeper(), { agents });
		await http({ method: 'GET', url: `${foreign.url}/file` });
		// A file is not a reason to ask for a token.
		expect(server.requests).toEqual([]);
		server.next('/file', { status: 302, headers: { location: `${foreign.url}/there` } });
		await tokenHttp(server, newKeeper(), { agents, fields: { filesUrl: foreign.url } })({ method: 'GET', url: '/file' });
		await foreign.close();
		expect(foreign.requests.map(({ path }) => path)).toEqual(['/file', '/there']);
		expect(JSON.stringify(foreign.requests.map(({ headers }) => headers))).not.toContain('topsecret');
	});
});

describe('keeping it', () => {
	test('it serves on after a restart, and nobody can read it in the store', async () => {
		server.refresh = 'refresh-topsecret-0';
		const given = { token: '', until: 0, refresh: 'refresh-topsecret-0' };
		await tokenHttp(server, newKeeper(), { source: { given: () => given } })(ME);
		await store.close();
		for (const name of readdirSync(place.folder)) expect(readFileSync(join(place.folder, name)).includes('topsecret')).toBe(false);
		store = await open();
		await tokenHttp(server, newKeeper(), { source: { given: () => given } })(ME);
		expect(server.asked()).toHaveLength(1);

		// What it is renewed with came with it, and serves once.
		clock.at += LIFE_MS;
		await tokenHttp(server, newKeeper(), { source: { given: () => given } })(ME);
		await tokenHttp(server, newKeeper(), { source: { given: () => given } })(ME);
		expect(server.asked().map(({ json }) => json)).toMatchObject([
			{ refresh: 'refresh-topsecret-0' },
			{ refresh: 'refresh-topsecret-1' },
		]);
	});

	test('another secret does not open it', async () => {
		await tokenHttp(server, newKeeper())(ME);
		const sealed = await kept().get(KEY);
		const { failure } = await refusal(tokenHttp(server, newKeeper(), { fields: { token: 'mistyped' } })(ME));
		expect(failure.code).toBe('credential_invalid');
		expect(server.asked()).toHaveLength(2);
		expect(await kept().get(KEY)).toEqual(sealed);
	});

	test('what cannot be opened counts as not there', async () => {
		await kept().put(KEY, Buffer.from('garbage'), clock.at);
		expect(await tokenHttp(server, newKeeper())(ME)).toMatchObject({ status: 200 });
		await tokenHttp(server, newKeeper())(ME);
		expect(server.asked()).toHaveLength(1);
	});

	test('without a store it is in memory, and kept when there is one', async () => {
		let isOpen = false;
		const keeper = new TokenKeeper(new TokenVault(() => (isOpen ? kept() : undefined)), clock);
		const http = tokenHttp(server, keeper);
		await http(ME);
		await http(ME);
		expect(server.asked()).toHaveLength(1);
		isOpen = true;
		await http(ME);
		await tokenHttp(server, newKeeper())(ME);
		expect(server.asked()).toHaveLength(1);
	});

	test('a store that does not answer is told of, and nothing was asked for', async () => {
		const sealedTokens = { ...kept(), get: () => Promise.reject(new StoreError('locked', 'The database is locked.')) };
		const http = tokenHttp(server, new TokenKeeper(new TokenVault(() => sealedTokens), clock));
		const { failure } = await refusal(http(ME));
		expect(failure).toMatchObject({ code: 'provider_unavailable', retryable: true, reason: expect.stringContaining('The database is locked.') });
		expect(server.requests).toEqual([]);
	});

	test('a token that could not be kept serves all the same, and is kept a minute later', async () => {
		let isFull = true;
		const full = { ...kept(), put: () => Promise.reject(new StoreError('full', 'There is no room.')) };
		const http = tokenHttp(server, new TokenKeeper(new TokenVault(() => (isFull ? full : kept())), clock));
		for (let call = 0; call < 3; call += 1) expect(await http(ME)).toMatchObject({ status: 200 });
		expect(await kept().get(KEY)).toBeUndefined();
		isFull = false;
		await http(ME);
		expect(await kept().get(KEY)).toBeUndefined();
		clock.at += 60_000;
		await http(ME);
		await tokenHttp(server, newKeeper())(ME);
		expect(server.asked()).toHaveLength(1);
	});
});

test('what could not be kept is renewed with its own, not with what was kept before', async () => {
	server.refresh = 'refresh-topsecret-0';
	let isFull = false;
	const full = { ...kept(), put: () => Promise.reject(new StoreError('full', 'There is no room.')) };
	const source = { given: () => ({ token: '', until: 0, refresh: 'refresh-topsecret-0' }) };
	const http = tokenHttp(server, new TokenKeeper(new TokenVault(() => (isFull ? full : kept())), clock), { source });
	for (const becomesFull of [false, true, true]) {
		isFull = becomesFull;
		expect(await http(ME)).toMatchObject({ status: 200 });
		clock.at += LIFE_MS;
	}
	expect(server.issued).toHaveLength(3);
});

describe('renewing it ahead', () => {
	const nearItsEnd = () => (clock.at += LIFE_MS - MARGIN_MS);

	test('once, while the others go on with the one that holds', async () => {
		const http = tokenHttp(server, newKeeper());
		await http(ME);
		nearItsEnd();
		clock.at -= 1;
		await http(ME);
		expect(server.asked()).toHaveLength(1);
		clock.at += 1;
		server.next('/me', ...Array.from({ length: 20 }, () => ({ status: 200 })));
		await Promise.all(Array.from({ length: 20 }, () => http(ME)));
		expect(server.asked()).toHaveLength(2);
		const inMargin = tokensOf().slice(2);
		expect(new Set(inMargin)).toEqual(new Set(server.issued));
		await http(ME);
		expect(tokensOf().at(-1)).toBe(server.issued[1]);
	});

	test('what may pass is waited out as long as the one at hand holds', async () => {
		const http = tokenHttp(server, newKeeper());
		await http(ME);
		nearItsEnd();
		server.next('/token', 'hang up', { status: 500 }, { status: 504 }, 'hang up');
		for (let call = 0; call < 3; call += 1) expect(await http(ME)).toMatchObject({ status: 200 });
		// Not again and again.
		expect(server.asked()).toHaveLength(2);
		for (const more of [60_000, 60_000]) {
			clock.at += more;
			expect(await http(ME)).toMatchObject({ status: 200 });
		}
		expect(server.asked()).toHaveLength(4);
		clock.at += MARGIN_MS - 120_000;
		expect((await refusal(http(ME))).failure.code).toBe('provider_unavailable');
		expect(await http(ME)).toMatchObject({ status: 200 });
		expect(server.issued).toHaveLength(2);
	});

	test('what does not pass is told at once', async () => {
		const http = tokenHttp(server, newKeeper());
		await http(ME);
		nearItsEnd();
		server.next('/token', { status: 403 });
		expect((await refusal(http(ME))).failure.code).toBe('credential_invalid');
	});

	test('a token that ends within the margin from the start is not asked for with every call', async () => {
		server.lifeMs = MARGIN_MS;
		const http = tokenHttp(server, newKeeper());
		for (let call = 0; call < 5; call += 1) await http(ME);
		expect(server.asked()).toHaveLength(1);
		clock.at += 60_000;
		await http(ME);
		expect(server.asked()).toHaveLength(2);
	});
});
