import type { CallPorts } from '../../../src/core/provider';
import { credentialTest } from '../../../src/n8n/calls/credential-tests';
import { closeHost, openDesk, type openHost } from '../../../src/n8n/host';
import { openSealedTokens } from '../../../src/n8n/host-slot';
import { plainFields } from '../../fakes/provider';
import { KEY, tokenHttp, tokenProvider, tokenServer, type TokenServer } from '../../fakes/token-provider';
import { closeWorkspace, openWorkspace } from '../../nodes/workspace';

/** What this process keeps for itself: tokens in the store of its one host. */
const DAY = 24 * 60 * 60_000;
const ME = { method: 'GET', url: '/me' } as const;

let server: TokenServer;
beforeEach(async () => {
	server = await tokenServer();
	await openWorkspace();
});
afterEach(async () => {
	await Promise.all([server.close(), closeWorkspace()]);
});

test('a token is kept in the store of the host that is open', async () => {
	await tokenHttp(server, undefined)(ME);
	expect(await (await openDesk()).store.records.sealedTokens.get(KEY)).toBeDefined();
});

test('while no host is open it is in memory, and none is opened for it', async () => {
	await closeHost();
	const http = tokenHttp(server, undefined);
	await http(ME);
	await http(ME);
	expect(server.asked()).toHaveLength(1);
	expect(openSealedTokens()).toBeUndefined();
	const { sealedTokens } = (await openDesk()).store.records;
	expect(await sealedTokens.get(KEY)).toBeUndefined();
	await http(ME);
	expect(await sealedTokens.get(KEY)).toBeDefined();
});

test('a build that takes over has a place for tokens all the while, and the earlier one finds it', async () => {
	const earlier = openSealedTokens();
	let later: typeof openHost | undefined;
	jest.isolateModules(() => {
		later = jest.requireActual<typeof import('../../../src/n8n/host')>('../../../src/n8n/host').openHost;
	});
	const taking = later?.();
	expect(earlier).toBeDefined();
	expect(openSealedTokens()).toBe(earlier);
	const host = await taking;
	expect(openSealedTokens()).toBe(host?.desk.store.records.sealedTokens);
	expect(openSealedTokens()).not.toBe(earlier);
	await tokenHttp(server, undefined)(ME);
	expect(await host?.desk.store.records.sealedTokens.get(KEY)).toBeDefined();
});

test('tokens that nobody renewed for more than a year are removed', async () => {
	const { store, now } = await openDesk();
	for (const [key, days] of [['old', 401], ['new', 399]] as const) await store.records.sealedTokens.put(key, Uint8Array.of(1), now() - days * DAY);
	await closeHost();
	const { sealedTokens } = (await openDesk()).store.records;
	expect([await sealedTokens.get('old'), await sealedTokens.get('new')]).toEqual([undefined, Uint8Array.of(1)]);
});

describe('the test of a credential', () => {
	const answerOf = async () => {
		const provider = { ...tokenProvider(), test: async ({ http }: Pick<CallPorts, 'http'>) => `Answered ${(await http(ME)).status}.` };
		const test = credentialTest('Plain', provider);
		return await test.call({} as ThisParameterType<typeof test>, { id: '1', name: 'Mine', type: 'x', data: plainFields(server.url) as never });
	};

	test('keeps the token it was given, as the first thing that happens', async () => {
		await closeHost();
		expect(await answerOf()).toEqual({ status: 'OK', message: 'Answered 200.' });
		expect(await (await openDesk()).store.records.sealedTokens.get(KEY)).toBeDefined();
	});

	test('says its part where no store can be opened', async () => {
		await closeWorkspace();
		process.env['N8N_USER_FOLDER'] = '/nowhere/at/all';
		expect(await answerOf()).toEqual({ status: 'OK', message: 'Answered 200.' });
		expect(openSealedTokens()).toBeUndefined();
	});
});
