import { ConversationsError, failure } from '../../src/core/failure';
import type { Http } from '../../src/core/http';
import type { Provider, ProviderToken, TokenSource } from '../../src/core/provider';
import { httpFor, type Agents } from '../../src/n8n/calls/http';
import type { Clock, TokenKeeper } from '../../src/n8n/calls/tokens';
import { plainFields, plainProvider, TOKEN, type PlainCredential } from './provider';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';

/** Of the one token in these tests. */
export const KEY = 'wechat/app-1';
export const LIFE_MS = 7_200_000;
export const MARGIN_MS = 300_000;

/** Stands still until it is moved. `passing`: waiting moves it. */
export function testClock({ passing = false } = {}): Clock & { at: number } {
	const clock = {
		at: Date.parse('2026-11-22T10:00:00Z'),
		now: () => clock.at,
		wait: async (ms: number) => {
			if (passing) clock.at += ms;
			await new Promise((resolve) => setTimeout(resolve, 2));
		},
	};
	return clock;
}

/** A provider whose tokens end: '/token' gives one for the secret, any other path wants the newest. */
export interface TokenServer extends FakeServer {
	/** Oldest first. */
	issued: string[];
	/** The newest is not taken any more. */
	revoke(): void;
	/** Every token is refused. */
	refusesAll: boolean;
	/** Gives the newest once more unless it is told that it was refused. */
	isStable: boolean;
	/** What the next token is asked for with, and serves once; null: the secret alone does. */
	refresh: string | null;
	lifeMs: number;
	/** Calls of '/token', and of the rest. */
	asked(): Seen[];
	calls(): Seen[];
}

export async function tokenServer(): Promise<TokenServer> {
	let good: string | null = null;
	const issue = (): Answer => {
		good = `issued-topsecret-${server.issued.length + 1}`;
		server.issued.push(good);
		if (server.refresh !== null) server.refresh = `refresh-topsecret-${server.issued.length}`;
		return given(good);
	};
	const given = (token: string): Answer => ({ json: { token, lifeMs: server.lifeMs, refresh: server.refresh } });
	const giveToken = ({ headers, json }: Seen): Answer => {
		const { wasRefused, refresh } = json as { wasRefused: boolean; refresh?: string };
		if ('authorization' in headers || headers['x-secret'] !== TOKEN) return { status: 403 };
		if (server.refresh !== null && refresh !== server.refresh) return { status: 403 };
		return server.isStable && good !== null && !wasRefused ? given(good) : issue();
	};
	const base = await fakeServer((seen) => {
		if (seen.path === '/token') return giveToken(seen);
		return good !== null && seen.headers['authorization'] === `Bearer ${good}` && !server.refusesAll ? { json: { ok: true } } : { status: 401 };
	});
	const server: TokenServer = {
		...base,
		issued: [],
		revoke: () => void (good = null),
		refusesAll: false,
		isStable: false,
		refresh: null,
		lifeMs: LIFE_MS,
		asked: () => base.requests.filter(({ path }) => path === '/token'),
		calls: () => base.requests.filter(({ path }) => path !== '/token'),
	};
	return server;
}

export function tokenProvider(more: Partial<TokenSource<PlainCredential>> = {}): Provider<PlainCredential> {
	return plainProvider({
		authorize: (request, { token: secret }, token) => ({
			...request,
			headers: { ...request.headers, ...(token === undefined ? { 'x-secret': secret } : { authorization: `Bearer ${token}` }) },
		}),
		tokens: {
			key: () => KEY,
			marginMs: MARGIN_MS,
			given: () => null,
			renew: (before, wasRefused, { http, now }) => renew(http, now(), before?.refresh, wasRefused),
			isRefused: ({ status }) => status === 401,
			...more,
		},
	});
}

async function renew(http: Http, now: number, refresh: string | undefined, wasRefused: boolean): Promise<ProviderToken> {
	const { status, bytes } = await http({ method: 'POST', url: '/token', body: { json: { wasRefused, refresh } } });
	if (status === 403) throw new ConversationsError(failure('credential_invalid', 'The secret is wrong. Copy it anew.'));
	if (status === 504) throw new ConversationsError(failure('outcome_unknown', 'The gateway had no answer.'));
	if (status !== 200) throw new ConversationsError(failure('provider_unavailable', 'The provider is away. Try again later.'));
	const given = JSON.parse(Buffer.from(bytes).toString()) as { token: string; lifeMs: number; refresh: string | null };
	return { token: given.token, until: now + given.lifeMs, ...(given.refresh !== null && { refresh: given.refresh }) };
}

/** The calls of one account whose tokens this keeper looks after. */
export function tokenHttp(
	server: FakeServer,
	keeper: TokenKeeper | undefined,
	{ fields = {}, source = {}, agents }: { fields?: object; source?: Partial<TokenSource<PlainCredential>>; agents?: Agents } = {},
): Http {
	const provider = tokenProvider(source);
	return httpFor(provider, provider.read(plainFields(server.url, { ...fields })), agents, keeper);
}
