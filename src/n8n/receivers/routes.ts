import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import { MalformedPayload, type ChannelId, type WebhookReply } from '../../core/channel';
import type { Received } from '../../core/inbox';
import type { Provider } from '../../core/provider';
import { accountOf, callPorts } from '../calls/accounts';
import type { Host } from '../host';
import { testItem } from '../items';
import { ANSWERED, type Route } from '../route';
import { chosenEvents, subscriptionId } from '../subscriptions';
import { credentialOf, receiverSecret, type TriggerLike } from './chosen';
import { requestOf } from './request';
import { takeIn, type Source } from './take-in';
import { COPY_HEADER, copiedEvent, listenerId } from './test-runs';

/** A test run waits this long for files and the name of whoever wrote. */
const TEST_FETCH_MS = 8_000;

const providerOf = (id: ChannelId): Provider[] => {
	const { provider } = channels[id];
	return provider ? [provider] : [];
};

/** 'custom', 'channel/webhook' → 'customChannelWebhook' */
const entryName = (id: ChannelId, path: string) => id + path.replace(/(?:^|\/)(.)/g, (_whole, first: string) => first.toUpperCase());

/** Where providers make sure that the address is ours. */
export const handshakeRoutes: readonly Route[] = channelIds.flatMap((id) =>
	providerOf(id).map((provider): Route => ({
		channel: id,
		name: `${id}Get`,
		method: 'GET',
		path: id,
		shown: false,
		handle: (ctx, host) => handshake(ctx, host, id, provider),
	})),
);

/** Where providers post besides: what comes there is the same. Listed first, so that they answer while the next are registered. */
export const furtherRoutes: readonly Route[] = channelIds.flatMap((id) =>
	providerOf(id).flatMap((provider) =>
		(channels[id].webhook.paths ?? []).map((path): Route => ({
			channel: id,
			name: entryName(id, path),
			method: 'POST',
			path: `${id}/${path}`,
			shown: false,
			handle: (ctx, host) => post(ctx, host, id, provider),
		})),
	),
);

/** Where providers post. Where they do not, it is what n8n calls when a trigger is published, and takes copies for test runs. */
export const receiverRoutes: readonly Route[] = channelIds.flatMap((id) =>
	providerOf(id).map((provider): Route => ({
		channel: id,
		name: id,
		method: 'POST',
		path: id,
		shown: !provider.onlyPolls,
		handle: (ctx, host) => post(ctx, host, id, provider),
	})),
);

async function handshake(ctx: IWebhookFunctions, host: Host, id: ChannelId, provider: Provider): Promise<IWebhookResponseData> {
	const fields = await credentialOf(ctx, provider, channels[id].name);
	const request = await requestOf(ctx, host);
	return reply(ctx, channels[id].webhook.handshake?.(request, provider.read(fields)) ?? { status: 403 });
}

async function post(ctx: IWebhookFunctions, host: Host, id: ChannelId, provider: Provider): Promise<IWebhookResponseData> {
	const isTest = ctx.getMode() === 'manual';
	const request = await requestOf(ctx, host);
	const fields = await credentialOf(ctx, provider, channels[id].name);
	const credential = provider.read(fields);
	const account = await accountFor(ctx, host, id, provider, fields);
	if (!channels[id].webhook.isAuthentic(request, credential, account, receiverSecret(provider, credential, ctx.getNode()))) {
		return reply(ctx, { status: 401 });
	}
	const source: Source = { channel: id, provider, account, credential, ports: callPorts(provider, fields) };
	// Files are asked for here, too, where no trigger is served in this process.
	host.fetcher.know(id, account, source.ports);
	try {
		const received = await takeIn(host.desk, source, request, isTest ? listenerId(subscriptionId(ctx), id) : undefined);
		// Where it is asked for events, it gets a copy of the one that fits.
		const event = isTest && chosenEvents(ctx) === null ? firstMessage(received) : null;
		return event === null ? reply(ctx, answerOf(id, null)) : await startTest(ctx, host, event, answerOf(id, null));
	} catch (error) {
		if (!(error instanceof MalformedPayload)) throw error;
		return reply(ctx, answerOf(id, error));
	}
}

/** What the provider expects to hear. */
function answerOf(id: ChannelId, refused: MalformedPayload | null): WebhookReply {
	return channels[id].webhook.answer?.(refused) ?? { status: refused?.status ?? 200 };
}

/** What was noted when the trigger was registered saves a call; a test may be the first to need it. */
async function accountFor(ctx: TriggerLike & IWebhookFunctions, host: Host, id: ChannelId, provider: Provider, fields: IDataObject): Promise<string> {
	const rows = await host.desk.store.records.receivers.ofSubscription(subscriptionId(ctx));
	const known = rows.find(({ channel }) => channel === id);
	return known?.account ?? (await accountOf(provider, fields)).account;
}

function firstMessage(received: readonly Received[]): string | null {
	for (const each of received) if (each.kind === 'message' && each.isNew) return each.eventId;
	return null;
}

/** A copy of an event starts the test that it is for, at whichever of its addresses. Null: it is no copy. */
export async function takeCopy(ctx: IWebhookFunctions, openHost: () => Promise<Host>): Promise<IWebhookResponseData | null> {
	const copy = ctx.getMode() === 'manual' ? ctx.getRequestObject().headers[COPY_HEADER] : undefined;
	if (typeof copy !== 'string') return null;
	const host = await openHost();
	return await startTest(ctx, host, await copiedEvent(host.desk.store, copy));
}

/** In a test run any message starts the workflow, also one of a conversation that is open already. */
async function startTest(ctx: IWebhookFunctions, host: Host, eventId: string | null, answer: WebhookReply = { status: 200 }): Promise<IWebhookResponseData> {
	const { records } = host.desk.store;
	const event = eventId === null ? undefined : await records.events.get(eventId);
	if (!event) return reply(ctx, { status: 401 });
	reply(ctx, answer);
	if (event.contactId !== null) await host.fetcher.settled(event.contactId, TEST_FETCH_MS);
	return { ...ANSWERED, workflowData: [[await testItem(records, event.id)]] };
}

function reply(ctx: IWebhookFunctions, { status, headers = {}, body }: WebhookReply): IWebhookResponseData {
	const res = ctx.getResponseObject();
	res.status(status);
	for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
	if (body === undefined) res.end();
	else res.end(body);
	return ANSWERED;
}
