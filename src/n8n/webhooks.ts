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
import { openHost } from './host';
import { subscribe, subscriptionId } from './triggers';
import { webchatRoutes, type Route } from './webchat/routes';

/** A subscription whose trigger was seen within this time is alive. */
const ALIVE_MS = 60_000;

/** What n8n registers for a trigger: every channel's addresses, whatever is chosen, and all of them static for speed. */
const ROUTES: readonly Route[] = [...webchatRoutes];

/** n8n's type knows only 'default' and 'setup'; any other name works as well. */
const webhookName = (name: string) => name as WebhookType;

export const conversationWebhooks: IWebhookDescription[] = ROUTES.map(({ name, method, path, shown }) => ({
	name: webhookName(name),
	httpMethod: method,
	path: `conversations/${path}`,
	responseMode: 'onReceived',
	responseData: '',
	ndvHideUrl: !shown,
	ndvHideMethod: true,
}));

/** Only the last entry of a channel has these, so that its other addresses answer while it is being registered. */
export const conversationWebhookMethods: NonNullable<INodeType['webhookMethods']> = byEntryName({
	webchat: {
		checkExists: () => Promise.resolve(false),
		/** Notes the subscription before the first message can come. A test run changes nothing in production. */
		async create(this: IHookFunctions): Promise<boolean> {
			if (this.getActivationMode() !== 'manual') await subscribe(this, await openHost());
			return true;
		},
		/** n8n calls this at the end of a test run as well: a subscription whose trigger lives is left alone. */
		async delete(this: IHookFunctions): Promise<boolean> {
			const { desk } = await openHost();
			const { subscriptions } = desk.store.records;
			const subscription = await subscriptions.get(subscriptionId(this));
			if (subscription && desk.now() - subscription.seenAt > ALIVE_MS) {
				await subscriptions.end(subscription.id, desk.now());
			}
			return true;
		},
	},
});

/** n8n looks methods up by the entry's name, whatever it is; its type knows only 'default' and 'setup'. */
function byEntryName(methods: Record<string, NonNullable<NonNullable<INodeType['webhookMethods']>['default']>>) {
	return methods as NonNullable<INodeType['webhookMethods']>;
}

/** Answers whatever is asked of a trigger's addresses. Never throws: n8n would make a failed execution of it. */
export async function conversationWebhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const res = this.getResponseObject();
	try {
		const route = ROUTES.find(({ name }) => name === this.getWebhookName());
		const chosen = this.getNodeParameter('channels', []) as ChannelId[];
		if (!route || !chosen.includes(route.channel)) {
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
				error: { code: 'unavailable', message: 'The chat cannot take messages at the moment.', retryAfterMs: 5_000 },
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
