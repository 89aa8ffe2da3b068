import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosResponse } from 'axios';
import { useAgent as filteringAgent } from 'request-filtering-agent';
import { ConversationsError, failure } from '../../core/failure';
import { AnswerTooLarge, Unanswered, type Http, type HttpRequest, type HttpResponse } from '../../core/http';
import type { Provider } from '../../core/provider';
import { Departure } from './departure';
import { encodeBody } from './http-body';
import { tokenKeeper, tokenOwner, type TokenKeeper } from './tokens';

const TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 1024 * 1024;
const REDIRECTS_MAX = 3;

/** `timeout`: how long an unused connection is kept; well below what servers do, so that it is seldom closed under us. */
const KEEP_ALIVE = { keepAlive: true, maxSockets: 50, maxFreeSockets: 10, timeout: 15_000 };
const httpAgent = new HttpAgent(KEEP_ALIVE);
const httpsAgent = new HttpsAgent(KEEP_ALIVE);

/** Who makes connections. */
export interface Agents {
	/** To the provider. */
	known(url: URL): HttpAgent;
	/** To anybody else: never into a private network. */
	foreign(url: URL): HttpAgent;
}

const AGENTS: Agents = {
	known: ({ protocol }) => (protocol === 'https:' ? httpsAgent : httpAgent),
	foreign: ({ href }) => filteringAgent(href),
};

/**
 * Calls of one account to its provider. The secret goes to the credential's base URLs and the provider's own hosts only;
 * any other address (a file a person sent) is fetched without it, and never from inside a private network. Redirects are
 * followed for GET only; where one leads to another host, what belonged to the request stays behind.
 *
 * Where the provider gives tokens that end, a call goes with the one that counts now. One whose token was refused is
 * repeated once with a fresh one: the provider says that nothing was done.
 *
 * `agents`, `keeper`: replaced in tests, whose servers are on this machine and whose tokens are their own.
 */
export function httpFor<C>(provider: Provider<C>, credential: C, agents: Agents = AGENTS, keeper: TokenKeeper = tokenKeeper): Http {
	const bases = provider.bases(credential);
	const [usual = ''] = Object.values(bases);
	const origins = new Set(Object.values(bases).map((base) => new URL(base).origin));
	const isKnown = (url: URL) => origins.has(url.origin) || (url.protocol === 'https:' && isOneOf(provider.secretHosts, url.hostname));

	const isOwn = ({ url }: HttpRequest) => url.startsWith('/') || isKnown(webAddress(url));

	const withSecret = async (request: HttpRequest, token?: string) => {
		const authorized = provider.authorize(request, credential, token);
		checkHeaders(authorized);
		const url = authorized.url.startsWith('/') ? `${bases[request.base ?? ''] ?? usual}${authorized.url}` : authorized.url;
		if (!isKnown(webAddress(url))) throw new Error('A request with a secret was about to leave for a foreign host');
		return await exchange({ ...authorized, url }, isKnown, agents);
	};
	const withoutToken: Http = async (request) =>
		isOwn(request) ? await withSecret(request) : await exchange(request, isKnown, agents);

	const { tokens } = provider;
	if (!tokens) return withoutToken;
	const owner = tokenOwner(provider, tokens, credential, withoutToken);
	return async (request) => {
		if (!isOwn(request)) return await withoutToken(request);
		const token = await keeper.usable(owner);
		const answer = await withSecret(request, token);
		return tokens.isRefused(answer) ? await withSecret(request, await keeper.insteadOf(token, owner)) : answer;
	};
}

const isOneOf = (hosts: readonly string[], hostname: string) =>
	hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));

/** @throws Unanswered for what is no address of the web: data, a file of this machine, nonsense. */
function webAddress(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new Unanswered('before');
	return url;
}

/** A secret that was copied with a line break or a look-alike letter cannot go into a header. */
function checkHeaders({ headers = {} }: HttpRequest): void {
	if (Object.values(headers).every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value))) return;
	throw new ConversationsError(
		failure(
			'credential_invalid',
			'The credential holds a character that cannot be sent, such as a line break or a letter of another alphabet. Copy its secret fields anew from the provider.',
		),
	);
}

async function exchange(request: HttpRequest, isKnown: (url: URL) => boolean, agents: Agents): Promise<HttpResponse> {
	let url = webAddress(request.url);
	for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
	const body = await encodeBody(request.body);
	let own: Readonly<Record<string, string>> = { ...body.headers, ...request.headers };
	for (let hops = 0; ; hops++) {
		const answer = await ask(request, { url, bytes: body.bytes, headers: own }, isKnown(url), agents);
		const next = request.method === 'GET' && hops < REDIRECTS_MAX ? redirection(answer, url, isKnown) : null;
		if (!next) return answer;
		if (next.origin !== url.origin) own = {};
		url = next;
	}
}

interface Step {
	url: URL;
	bytes: Buffer | undefined;
	headers: Readonly<Record<string, string>>;
}

async function ask(
	{ method, maxBytes = ANSWER_MAX_BYTES, timeoutMs = TIMEOUT_MS }: HttpRequest,
	{ url, bytes, headers }: Step,
	known: boolean,
	agents: Agents,
): Promise<HttpResponse> {
	const departure = new Departure();
	const agent = known ? agents.known(url) : agents.foreign(url);
	try {
		const response = await axios.request<Buffer>({
			url: url.href,
			method,
			data: bytes,
			// Left to itself axios says that nothing is a form.
			headers: { 'User-Agent': 'n8n-nodes-conversations', ...(bytes === undefined && { 'Content-Type': false }), ...headers },
			responseType: 'arraybuffer',
			adapter: 'http',
			transport: departure.transport,
			httpAgent: agent,
			httpsAgent: agent,
			// Behind a proxy nobody could check where a foreign name leads.
			...(!known && { proxy: false as const }),
			maxRedirects: 0,
			maxBodyLength: Infinity,
			maxContentLength: maxBytes,
			validateStatus: () => true,
			signal: AbortSignal.timeout(timeoutMs),
		});
		return answerOf(response);
	} catch (error) {
		// What axios throws holds the whole request, secrets included: none of it goes further.
		if (error instanceof Error && /maxContentLength/.test(error.message)) throw new AnswerTooLarge(maxBytes);
		throw new Unanswered(departure.mayHaveLeft ? 'after' : 'before');
	}
}

/** Where the answer sends us on to: to the provider's own hosts, or anywhere by https. */
function redirection({ status, headers }: HttpResponse, from: URL, isKnown: (url: URL) => boolean): URL | null {
	const target = headers['location'];
	if (status < 300 || status >= 400 || target === undefined || !URL.canParse(target, from.href)) return null;
	const next = new URL(target, from);
	return next.protocol === 'https:' || isKnown(next) ? next : null;
}

function answerOf({ status, headers, data }: AxiosResponse<Buffer>): HttpResponse {
	const lower = Object.entries(headers).flatMap(([name, value]) =>
		typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
	);
	return { status, headers: Object.fromEntries(lower), bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
