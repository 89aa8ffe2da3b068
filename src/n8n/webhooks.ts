import {
	LoggerProxy,
	type IHookFunctions,
	type INodeType,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	type WebhookType,
} from 'n8n-workflow';
import type { ChannelId } from '../core/channel';
import { InputError } from '../core/failure';
import { StoreError } from '../core/store';
import { openHost, type Host } from './host';
import { mediaRoutes } from './files/media';
import { isChosen } from './receivers/chosen';
import { listenForEvents, stopListeningForEvents } from './receivers/event-tests';
import { listen, stopListening } from './receivers/listening';
import { closeReceiver, openReceiver } from './receivers/registration';
import { furtherRoutes, handshakeRoutes, receiverRoutes, takeCopy } from './receivers/routes';
import type { Route } from './route';
import { chosenEvents, subscribe, subscriptionId } from './subscriptions';
import { webchatRoutes } from './webchat/routes';

/** A subscription whose trigger was seen within this time is alive. */
const ALIVE_MS = 60_000;

/** What n8n registers for a trigger: every channel's addresses, whatever is chosen, and all of them static for speed. */
const ROUTES: readonly Route[] = [...handshakeRoutes, ...furtherRoutes, ...mediaRoutes, ...webchatRoutes, ...receiverRoutes];

type WebhookMethods = NonNullable<NonNullable<INodeType['webhookMethods']>['default']>;

/** n8n's type knows only 'default' and 'setup'; any other name works as well. */
const webhookName = (name: string) => name as WebhookType;

/** Only the editor reads this, so that it may be an expression. */
const hidden = ({ channel, shown }: Route) =>
	shown && channel !== null ? `={{ !($parameter["channels"] ?? []).includes(${JSON.stringify(channel)}) }}` : true;

export const conversationWebhooks: IWebhookDescription[] = ROUTES.map((route) => ({
	name: webhookName(route.name),
	httpMethod: route.method,
	path: `conversations/${route.path}`,
	responseMode: 'onReceived',
	responseData: '',
	ndvHideUrl: hidden(route),
	ndvHideMethod: true,
}));

/** Only the last entry of a channel has these, so that its other addresses answer while it is being registered. */
export const conversationWebhookMethods: NonNullable<INodeType['webhookMethods']> = byEntryName({
	webchat: {
		checkExists: () => Promise.resolve(false),
		/** Notes the subscription before the first message can come. A test run changes nothing in production. */
		async create(this: IHookFunctions): Promise<boolean> {
			if (this.getActivationMode() !== 'manual') await subscribe(this, await openHost());
			else if (chosenEvents(this)) await listenForEvents(this, await openHost());
			return true;
		},
		/** n8n calls this at the end of a test run as well: a subscription whose trigger lives is left alone. */
		async delete(this: IHookFunctions): Promise<boolean> {
			stopListeningForEvents(this);
			await endIfGone(this, await openHost());
			return true;
		},
	},
	...Object.fromEntries(receiverRoutes.map(({ name }) => [name, receiverMethods(name as ChannelId)])),
});

/** Of a provider channel. One that is not chosen is done with at once. */
function receiverMethods(channel: ChannelId): WebhookMethods {
	return {
		checkExists(this: IHookFunctions): Promise<boolean> {
			return Promise.resolve(!isChosen(this, channel));
		},
		async create(this: IHookFunctions): Promise<boolean> {
			const host = await openHost();
			if (this.getActivationMode() === 'manual') await listen(this, host, channel);
			else await openReceiver(this, host, channel);
			return true;
		},
		async delete(this: IHookFunctions): Promise<boolean> {
			const host = await openHost();
			const wasTest = await stopListening(this, host, channel);
			if (await endIfGone(this, host, wasTest)) await closeReceiver(this, host, channel);
			return true;
		},
	};
}

/**
 * Whether nobody serves the trigger any more; what it wanted has ended then. After a test only a trigger that was closed
 * counts: it was taken back while the editor listened.
 */
async function endIfGone(ctx: IHookFunctions, { desk }: Host, wasTest = false): Promise<boolean> {
	const { subscriptions } = desk.store.records;
	const subscription = await subscriptions.get(subscriptionId(ctx));
	if (!subscription) return true;
	if (wasTest ? subscription.seenAt > 0 : desk.now() - subscription.seenAt <= ALIVE_MS) return false;
	await subscriptions.end(subscription.id, desk.now());
	return true;
}

/** n8n looks methods up by the entry's name, whatever it is; its type knows only 'default' and 'setup'. */
function byEntryName(methods: Record<string, WebhookMethods>) {
	return methods as NonNullable<INodeType['webhookMethods']>;
}

/** Answers whatever is asked of a trigger's addresses. Never throws: n8n would make a failed execution of it. */
export async function conversationWebhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const res = this.getResponseObject();
	try {
		const copied = await takeCopy(this, openHost);
		if (copied) return copied;
		const route = ROUTES.find(({ name }) => name === this.getWebhookName());
		const chosen = this.getNodeParameter('channels', []) as ChannelId[];
		if (!route || (route.channel !== null && !chosen.includes(route.channel))) {
			res.status(404).end();
			return { noWebhookResponse: true };
		}
		return await route.handle(this, await openHost());
	} catch (error) {
		const known = error instanceof StoreError || error instanceof InputError;
		LoggerProxy.error(
			`Conversations: a request to '${this.getNode().name}' was not taken. ${known ? error.message : describeUnknown(error)}`,
		);
		if (!res.headersSent) {
			res.status(503).json({
				error: { code: 'unavailable', message: 'Messages cannot be taken at the moment.', retryAfterMs: 5_000 },
			});
		} else res.end();
		return { noWebhookResponse: true };
	}
}

/** Where an unexpected error came from, without its message, which could quote what a customer wrote. */
function describeUnknown(error: unknown): string {
	if (!(error instanceof Error)) return 'Unexpected error.';
	return [error.name, ...(error.stack ?? '').split('\n').filter((line) => line.startsWith('    at')).slice(0, 4)].join('\n');
}
