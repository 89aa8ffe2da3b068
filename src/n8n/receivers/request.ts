import type { IWebhookFunctions, WebhookType } from 'n8n-workflow';
import type { WebhookRequest } from '../../core/channel';
import type { Host } from '../host';

/** The request as channels read it. */
export async function requestOf(ctx: IWebhookFunctions, host: Host): Promise<WebhookRequest> {
	const req = ctx.getRequestObject();
	await req.readRawBody();
	return {
		method: req.method,
		// Few ask for it, and every message passes here.
		get url() {
			return publicAddress(ctx, req.originalUrl ?? req.url);
		},
		headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value[0] : value])),
		query: queryOf(req.url),
		body: Buffer.isBuffer(req.rawBody) ? req.rawBody : Buffer.alloc(0),
		receivedAt: host.desk.now(),
	};
}

/** As it came, first one of each name: n8n's own reading makes objects of 'hub[mode]'. */
function queryOf(url: string): Record<string, string> {
	const query: Record<string, string> = {};
	for (const [name, value] of new URL(url, 'http://localhost').searchParams) query[name] ??= value;
	return query;
}

/**
 * The address that was called, as the caller knows it: from the public address of this n8n, whatever a proxy on the way made
 * of the rest. `called`: path and query as they came, `/webhook/<id>/conversations/sms/status?x=1`.
 */
function publicAddress(ctx: IWebhookFunctions, called: string): string | undefined {
	const own = ownAddress(ctx, called);
	const [start, end] = [markIn(called), own === undefined ? -1 : markIn(own)];
	return own === undefined || start < 0 || end < 0 ? undefined : own.slice(0, end) + called.slice(start);
}

/** In a test run it can be on another host than in production (N8N_EDITOR_BASE_URL). */
function ownAddress(ctx: Older<IWebhookFunctions>, called: string): string | undefined {
	const name = ctx.getWebhookName() as WebhookType;
	if (ctx.getWebhookResourceUrl) return ctx.getWebhookResourceUrl(name);
	const live = ctx.getNodeWebhookUrl(name);
	const endpoint = ENDPOINT.exec(pathOf(called))?.[1];
	return ctx.getMode() === 'manual' && endpoint !== undefined ? live?.replace(ENDPOINT, `/${endpoint}$2`) : live;
}

/** Earlier versions of n8n 2 name the production address only, which differs in the part before the id. */
type Older<T extends IWebhookFunctions> = Omit<T, 'getWebhookResourceUrl'> & Partial<Pick<T, 'getWebhookResourceUrl'>>;

/** 'webhook-test' in `/webhook-test/<id>/conversations/sms`, and what follows it. */
const ENDPOINT = /\/([^/]+)(\/[^/]+\/conversations\/.*)$/;

/** Where the channel's own path begins. A part of the base address may be called the same. */
const markIn = (address: string) => pathOf(address).lastIndexOf('/conversations/');

const pathOf = (address: string) => address.split('?', 1)[0] ?? '';
