import {
	LoggerProxy,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { StoreError } from '../core/store';
import { InputError } from '../core/failure';
import { openHost, type Host } from './host';
import { chosenChannel, chosenProviders, sentenceOf } from './receivers/chosen';
import type { Kept } from './receivers/keeper';
import { receiveBy } from './receivers/registration';
import { subscribe, subscriptionId } from './subscriptions';
import { attachFiles } from './trigger-files';
import { PROCESS_ID, isWorker } from './processes';

/** Serves the trigger in this process: its deliveries become executions. Not called in test runs. */
export async function openedTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	const host = await hostOrSentence(this);
	const subscription = await subscribe(this, host);
	host.serve({
		subscription,
		since: host.desk.now(),
		receivers: await keptOf(this, subscription.id),
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

/** The provider channels that can be looked after; a credential that cannot be used is told, and the others go on. */
async function keptOf(ctx: ITriggerFunctions, id: string): Promise<Kept[]> {
	const report = (sentence: string) => ctx.saveFailedExecution(new NodeOperationError(ctx.getNode(), sentence));
	const kept: Kept[] = [];
	for (const channel of chosenProviders(ctx)) {
		try {
			kept.push({ ...(await chosenChannel(ctx, channel)), subscriptionId: id, by: receiveBy(ctx, channel), report });
		} catch (error) {
			const sentence = sentenceOf(error);
			if (sentence === undefined) throw error;
			LoggerProxy.warn(`Conversations: ${sentence}`);
			report(sentence);
		}
	}
	return kept;
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
