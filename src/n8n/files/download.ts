import type { Agent as HttpAgent } from 'node:http';
import axios, { AxiosError, type AxiosResponse } from 'axios';
import { useAgent as filteringAgent } from 'request-filtering-agent';
import type { Channel } from '../../core/channel';
import { ConversationsError, failure, type FailureCode } from '../../core/failure';

const TIMEOUT_MS = 30_000;
const REDIRECTS_MAX = 5;

export interface Downloaded {
	name: string;
	bytes: Uint8Array;
	/** As the server says; unknown when it says nothing. */
	mime: string | undefined;
}

export interface DownloadLimits {
	maxBytes: number;
	/** For which the file is meant. */
	channel: Pick<Channel, 'id' | 'name'>;
	/** Exactly these may be inside a private network. */
	ownOrigins?: readonly string[];
	/** Replaced in tests, whose servers are on this machine. */
	agentFor?: (url: string) => HttpAgent;
	timeoutMs?: number;
}

/**
 * Fetches a file from an address that a workflow's author or a contact supplied: http(s) only, never from a private,
 * loopback, link-local or metadata address but `ownOrigins`, neither at once nor by a redirect. The agent connects to the very address it
 * has checked, so that a name cannot change its meaning in between. Proxies of the environment are not used: behind one
 * nobody could check where the name leads.
 * @throws ConversationsError with a sentence that names 'Attachment URLs'.
 */
export async function downloadFile(address: string, limits: DownloadLimits): Promise<Downloaded> {
	const { agentFor = filteringAgent, timeoutMs = TIMEOUT_MS } = limits;
	const signal = AbortSignal.timeout(timeoutMs);
	let url = parseUrl(address, undefined, limits);
	for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
		const response = await get(url, signal, agentFor, limits);
		const target: unknown = response.headers['location'];
		if (response.status < 300 || response.status >= 400 || typeof target !== 'string') {
			return received(url, response, limits);
		}
		url = parseUrl(target, url, limits);
	}
	throw refusal(limits, 'content_unsupported', `The address at ${url.host} leads on from address to address. Give the file's own address`);
}

function refusal({ channel }: DownloadLimits, code: FailureCode, reason: string): ConversationsError {
	return new ConversationsError(failure(code, `${reason} in 'Attachment URLs'.`, { channel: channel.id }));
}

function parseUrl(text: string, base: URL | undefined, limits: DownloadLimits): URL {
	const url = URL.canParse(text, base) ? new URL(text, base) : null;
	if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
	throw refusal(limits, 'content_unsupported', 'An address is not one of the web. Use addresses that begin with https://');
}

async function get(
	url: URL,
	signal: AbortSignal,
	agentFor: (url: string) => HttpAgent,
	limits: DownloadLimits,
): Promise<AxiosResponse<Buffer>> {
	const agent = limits.ownOrigins?.includes(url.origin) === true ? undefined : agentFor(url.href);
	try {
		return await axios.get<Buffer>(url.href, {
			responseType: 'arraybuffer',
			adapter: 'http',
			...(agent && { httpAgent: agent, httpsAgent: agent }),
			proxy: false,
			maxRedirects: 0,
			maxContentLength: limits.maxBytes,
			validateStatus: () => true,
			signal,
			headers: { Accept: '*/*', 'User-Agent': 'n8n-nodes-conversations' },
		});
	} catch (error) {
		if (error instanceof AxiosError) throw explained(error, url, limits);
		throw error;
	}
}

/** No axios error goes further: it holds the whole request. */
function explained(error: AxiosError, { host }: URL, limits: DownloadLimits): ConversationsError {
	if (/is not allowed\. Because/.test(error.message)) {
		return refusal(
			limits,
			'content_unsupported',
			`The address at ${host} is inside a private network, where files are not fetched from. Use a public address`,
		);
	}
	if (/maxContentLength/.test(error.message)) return tooLarge(host, limits);
	if (error.code === AxiosError.ERR_CANCELED) {
		return refusal(limits, 'provider_unavailable', `${host} took too long to give the file. Try again, or use another address`);
	}
	return refusal(limits, 'provider_unavailable', `${host} cannot be reached. Try again, or check the address`);
}

function tooLarge(host: string, limits: DownloadLimits): ConversationsError {
	const megabytes = Math.floor(limits.maxBytes / 1_048_576);
	return refusal(
		limits,
		'content_unsupported',
		`The file at ${host} is larger than the ${megabytes} MB that ${limits.channel.name} takes. Use a smaller file`,
	);
}

function received(url: URL, { status, data, headers }: AxiosResponse<Buffer>, limits: DownloadLimits): Downloaded {
	if (status === 408 || status === 429 || status >= 500) {
		throw refusal(
			limits,
			'provider_unavailable',
			`${url.host} answered ${status} instead of the file. Try again later, or use another address`,
		);
	}
	if (status !== 200) {
		throw refusal(limits, 'content_unsupported', `${url.host} answered ${status} instead of the file. Check the address`);
	}
	const declared: unknown = headers['content-type'];
	return {
		name: nameOf(url, headers['content-disposition']),
		bytes: data,
		mime: typeof declared === 'string' ? declared.split(';')[0]?.trim().toLowerCase() : undefined,
	};
}

/** What the server calls it, else the last part of the address. */
function nameOf(url: URL, disposition: unknown): string {
	const header = typeof disposition === 'string' ? disposition : '';
	const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(header)?.[1];
	const plain = /filename="?([^";]+)"?/i.exec(header)?.[1];
	const last = url.pathname.split('/').findLast((part) => part !== '');
	const name = decoded(encoded) ?? plain ?? decoded(last) ?? url.hostname;
	// A name, not a path, and nothing that confuses a terminal or a browser.
	return name.replace(/[\\/\u0000-\u001f\u007f]/g, '_').slice(-200) || 'file';
}

function decoded(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	try {
		return decodeURIComponent(text);
	} catch (error) {
		if (error instanceof URIError) return text;
		throw error;
	}
}
