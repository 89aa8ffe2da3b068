import { createHash } from 'node:crypto';
import { LoggerProxy, type IExecuteFunctions, type IHookFunctions, type ITriggerFunctions, type IWebhookFunctions, type WebhookType } from 'n8n-workflow';
import type { ChannelId } from '../core/channel';
import type { EventType, Source, Subscription, SubscriptionFilter } from '../core/records';
import type { Host } from './host';
import { chosenChannel, chosenProviders, sentenceOf, type TriggerLike } from './receivers/chosen';

type TriggerContext = ITriggerFunctions | IHookFunctions | IExecuteFunctions | IWebhookFunctions;
type Activating = ITriggerFunctions | IHookFunctions;

/** Found again after a restart, since it is made from what does not change. */
export function subscriptionId(ctx: Pick<TriggerContext, 'getNode' | 'getInstanceId' | 'getWorkflow'>): string {
	const { id } = ctx.getNode();
	const key = [ctx.getInstanceId(), String(ctx.getWorkflow().id ?? ''), id].join('/');
	return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** The account of a website chat: its page belongs to one trigger. */
export function webchatAccount(node: { webhookId?: string; id: string }): string {
	return node.webhookId ?? node.id;
}

/** The events that a Conversation Event Trigger is asked for; null: the trigger is of another kind. */
export function chosenEvents(ctx: Pick<TriggerLike, 'getNodeParameter'>): EventType[] | null {
	const events = ctx.getNodeParameter('events', false);
	return Array.isArray(events) ? (events as EventType[]) : null;
}

/** Notes the trigger's wish in the store, so that events count for it from the moment its addresses work. */
export async function subscribe(ctx: Activating, host: Host): Promise<Subscription> {
	const id = subscriptionId(ctx);
	const { store } = host.desk;
	const earlier = await store.records.subscriptions.get(id);
	const filter = await filterOf(ctx, earlier);
	const now = host.desk.now();
	return await store.atomically(async (records) => {
		const subscription: Subscription = {
			id,
			instanceId: ctx.getInstanceId(),
			workflowId: String(ctx.getWorkflow().id ?? ''),
			nodeId: ctx.getNode().id,
			filter,
			// n8n tells the address only where it registers it.
			baseUrl: baseUrlOf(ctx) ?? (await records.subscriptions.get(id))?.baseUrl ?? null,
			endedAt: null,
			seenAt: now,
			createdAt: now,
		};
		await records.subscriptions.upsert(subscription);
		return subscription;
	});
}

/** A credential that cannot be read now leaves what was known of it: its events still count. */
async function accountsOf(ctx: Activating, earlier: Subscription | undefined): Promise<Partial<Record<ChannelId, string[]>>> {
	// Conversations belong to the page they were begun on; events are wanted from every page, since there is no account to choose.
	const accounts: Partial<Record<ChannelId, string[]>> = chosenEvents(ctx) ? {} : { webchat: [webchatAccount(ctx.getNode())] };
	for (const channel of chosenProviders(ctx)) {
		try {
			accounts[channel] = [(await chosenChannel(ctx, channel)).account];
		} catch (error) {
			const sentence = sentenceOf(error);
			if (sentence === undefined) throw error;
			LoggerProxy.warn(`Conversations: ${sentence}`);
			accounts[channel] = earlier?.filter.accounts?.[channel] ?? [];
		}
	}
	return accounts;
}

const ANY_ENTRY = 'webchat';

function baseUrlOf(ctx: Activating): string | undefined {
	if (!('getNodeWebhookUrl' in ctx)) return undefined;
	return ctx.getNodeWebhookUrl(ANY_ENTRY as string as WebhookType)?.replace(new RegExp(`/${ANY_ENTRY}$`), '');
}

interface TriggerOptions {
	groupMessagesSeconds?: number;
	orderMaxWaitSeconds?: number;
	allActivityOpens?: boolean;
	includeOwnMessages?: boolean;
}

const seconds = (value: unknown): number => Math.max(0, Number(value) || 0) * 1000;

/** `earlier`: as it was noted before. */
export async function filterOf(ctx: Activating, earlier?: Subscription): Promise<SubscriptionFilter> {
	const options = ctx.getNodeParameter('options', {}) as TriggerOptions;
	const channels = ctx.getNodeParameter('channels', []) as ChannelId[];
	const common = {
		channels,
		accounts: await accountsOf(ctx, earlier),
		sources: ctx.getNodeParameter('sources', []) as Source[],
		// A trigger that only listens leaves what others receive as it is.
		activityOpens: options.allActivityOpens === true && channels.length > 0,
		groupMs: seconds(options.groupMessagesSeconds),
		orderMs: seconds(options.orderMaxWaitSeconds ?? 60),
	};
	const events = chosenEvents(ctx);
	if (events) return { ...common, types: events, contactType: 'any', oncePerContact: false, includeOwn: options.includeOwnMessages === true };
	return {
		...common,
		types: ['conversation.opened'],
		contactType: ctx.getNodeParameter('contactType', 'any') as SubscriptionFilter['contactType'],
		oncePerContact: ctx.getNodeParameter('oncePerContact', false) as boolean,
	};
}
