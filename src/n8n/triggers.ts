import { createHash } from 'node:crypto';
import {
	NodeOperationError,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import type { ChannelId } from '../core/channel';
import type { Source, Subscription, SubscriptionFilter } from '../core/records';
import { StoreError } from '../core/store';
import { InputError } from '../core/failure';
import { openHost, type Host } from './host';
import { attachFiles } from './trigger-files';
import { PROCESS_ID, isWorker } from './processes';

type TriggerContext = ITriggerFunctions | IHookFunctions | IExecuteFunctions;

/** Found again after a restart, since it is made from what does not change. */
export function subscriptionId(ctx: TriggerContext): string {
	const { id } = ctx.getNode();
	const key = [ctx.getInstanceId(), String(ctx.getWorkflow().id ?? ''), id].join('/');
	return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** The account of a website chat: its page belongs to one trigger. */
export function webchatAccount(node: { webhookId?: string; id: string }): string {
	return node.webhookId ?? node.id;
}

/** Notes the trigger's wish in the store, so that events count for it from the moment its addresses work. */
export async function subscribe(ctx: ITriggerFunctions | IHookFunctions, host: Host): Promise<Subscription> {
	const now = host.desk.now();
	const subscription: Subscription = {
		id: subscriptionId(ctx),
		instanceId: ctx.getInstanceId(),
		workflowId: String(ctx.getWorkflow().id ?? ''),
		nodeId: ctx.getNode().id,
		filter: openedFilter(ctx),
		endedAt: null,
		seenAt: now,
		createdAt: now,
	};
	await host.desk.store.atomically((records) => records.subscriptions.upsert(subscription));
	return subscription;
}

const seconds = (value: unknown): number => Math.max(0, Number(value) || 0) * 1000;

function openedFilter(ctx: ITriggerFunctions | IHookFunctions): SubscriptionFilter {
	const options = ctx.getNodeParameter('options', {}) as { groupMessagesSeconds?: number; orderMaxWaitSeconds?: number };
	return {
		types: ['conversation.opened'],
		channels: ctx.getNodeParameter('channels', []) as ChannelId[],
		accounts: { webchat: [webchatAccount(ctx.getNode())] },
		sources: ctx.getNodeParameter('sources', []) as Source[],
		contactType: ctx.getNodeParameter('contactType', 'any') as SubscriptionFilter['contactType'],
		oncePerContact: ctx.getNodeParameter('oncePerContact', false) as boolean,
		groupMs: seconds(options.groupMessagesSeconds),
		orderMs: seconds(options.orderMaxWaitSeconds ?? 60),
	};
}

/** Serves the trigger in this process: its deliveries become executions. Not called in test runs. */
export async function openedTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	const host = await hostOrSentence(this);
	const subscription = await subscribe(this, host);
	host.serve({
		subscription,
		since: host.desk.now(),
		emit: async (items, deduplicationKey) => {
			const done = this.helpers.createDeferredPromise<IRun>();
			this.emit(items, undefined, done, deduplicationKey);
			await done.promise;
		},
	});
	return {
		// After an update of the package another host may serve it by now.
		closeFunction: async () => {
			const current = await openHost();
			current.release(subscription.id);
			// 'Not seen' tells a `delete` that follows that nobody serves it any more.
			await current.desk.store.records.subscriptions.seen([subscription.id], 0);
		},
	};
}

async function hostOrSentence(ctx: ITriggerFunctions): Promise<Host> {
	try {
		return await openHost();
	} catch (error) {
		if (error instanceof StoreError || error instanceof InputError) {
			throw new NodeOperationError(ctx.getNode(), error.message);
		}
		throw error;
	}
}

/**
 * The trigger's first step in each execution: marks the delivery started, so that it is never started again, and
 * attaches files. Whoever comes second gets nothing to do.
 */
export async function startExecution(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData();
	if (this.getMode() === 'trigger' && !(await isFirst(this, items))) return [[]];
	const options = this.getNodeParameter('options', 0, {}) as { includeFiles?: boolean };
	if (options.includeFiles === false) return [items];
	return [await attachFiles(this, (await openHost()).desk.store.records, items)];
}

async function isFirst(ctx: IExecuteFunctions, items: INodeExecutionData[]): Promise<boolean> {
	const event = items[0]?.json['event'] as { id?: string } | undefined;
	if (!event?.id) return true;
	const { deliveries } = (await openHost()).desk.store.records;
	const delivery = await deliveries.byEvent(subscriptionId(ctx), event.id);
	if (!delivery) return true;
	// Whether the process that emitted it is alive to see the end: in a worker only its claim tells.
	const watched = isWorker() ? (delivery.claimUntil ?? 0) > Date.now() : delivery.claimedBy === PROCESS_ID;
	return (await deliveries.start(delivery.id, ctx.getExecutionId(), watched)) === 'started';
}
