import type { IWebhookFunctions, WebhookType } from 'n8n-workflow';
import type { WebhookRequest } from '../../core/channel';
import type { Host } from '../host';

/** The request as channels read it. */
export async function requestOf(ctx: IWebhookFunctions, host: Host): Promise<WebhookRequest> {
	const req = ctx.getRequestObject();
	await req.readRawBody();
	const url = publicAddress(ctx, req.originalUrl ?? req.url);
	return {
		method: req.method,
		...(url !== undefined && { url }),
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
	const own = ctx.getNodeWebhookUrl(ctx.getWebhookName() as WebhookType);
	const start = called.indexOf(MARK);
	const end = own?.indexOf(MARK) ?? -1;
	if (own === undefined || start < 0 || end < 0) return undefined;
	// n8n names the production address in a test run, too: what differs is the part before the id, 'webhook-test'.
	const [ownBase, ownId] = beforeId(own.slice(0, end));
	const [calledBase] = beforeId(called.slice(0, start));
	const base = ctx.getMode() === 'manual' ? ownBase.replace(/[^/]*$/, '') + calledBase.replace(/^.*\//, '') : ownBase;
	return `${base}/${ownId}${called.slice(start)}`;
}

const MARK = '/conversations/';

function beforeId(path: string): [base: string, id: string] {
	const slash = path.lastIndexOf('/');
	return [path.slice(0, slash), path.slice(slash + 1)];
}
