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
import type { Subscription } from '../core/records';
import type { Served } from './dispatcher';
import { chosenChannel, chosenProviders, isForUser, sentenceOf } from './receivers/chosen';
import type { Kept } from './receivers/keeper';
import { receiveBy } from './receivers/registration';
import { subscribe, subscriptionId } from './subscriptions';
import { attachFiles } from './files/trigger-files';
import { PROCESS_ID, isWorker } from './processes';

/** Serves a trigger in this process: its deliveries become executions. Not called in test runs. */
export async function conversationTrigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
	if (this.getMode() === 'manual') return {};
	const host = await hostOrSentence(this);
	let isClosed = false;
	const { id } = await serve(this, host, () => isClosed);
	return {
		// After an update of the package another host may serve it by now.
		closeFunction: async () => {
			isClosed = true;
			const current = await openHost();
			current.release(id);
			// 'Not seen' tells a `delete` that follows that nobody serves it any more.
			await current.desk.store.records.subscriptions.seen([id], 0);
		},
	};
}

/** What is not all there yet, because a provider was away, is tried again. */
async function serve(ctx: ITriggerFunctions, host: Host, isClosed: () => boolean): Promise<Subscription> {
	const subscription = await subscribe(ctx, host);
	const { kept, missing } = await keptOf(ctx, host, subscription.id);
	const served: Served = {
		subscription,
		since: host.desk.now(),
		receivers: kept,
		emit: async (items, deduplicationKey) => {
			const done = ctx.helpers.createDeferredPromise<IRun>();
			ctx.emit(items, undefined, done, deduplicationKey);
			await done.promise;
		},
	};
	host.serve(served);
	if (missing.length > 0) host.receivers.awaits({ subscriptionId: subscription.id, serve: () => serveMissing(ctx, host, served, missing, isClosed) });
	return subscription;
}

/** @throws what does not work still. */
async function serveMissing(
	ctx: ITriggerFunctions,
	host: Host,
	served: Served,
	missing: readonly Kept['channel'][],
	isClosed: () => boolean,
): Promise<void> {
	const kept: Kept[] = [];
	for (const channel of missing) kept.push({ ...(await keptOne(ctx, served.subscription.id, channel)), isLate: true });
	if (isClosed()) return;
	// The events of these accounts are wanted from now on.
	const subscription = await subscribe(ctx, host);
	host.serve({ ...served, subscription, receivers: [...(served.receivers ?? []), ...kept] });
}

async function keptOne(ctx: ITriggerFunctions, subscriptionId: string, channel: Kept['channel']): Promise<Kept> {
	const choose = async () => {
		const chosen = await chosenChannel(ctx, channel);
		(await openHost()).fetcher.know(channel, chosen.account, chosen.ports);
		return chosen;
	};
	const report = reportOf(ctx);
	const isPublished = ctx.getActivationMode() !== 'init';
	return { ...(await chosenChannel(ctx, channel)), subscriptionId, by: receiveBy(ctx, channel), isPublished, choose, report };
}

const reportOf = (ctx: ITriggerFunctions) => (sentence: string) => ctx.saveFailedExecution(new NodeOperationError(ctx.getNode(), sentence));

/** The provider channels that can be looked after; a credential that cannot be used is told, and the others go on. */
async function keptOf(ctx: ITriggerFunctions, host: Host, id: string): Promise<{ kept: Kept[]; missing: Kept['channel'][] }> {
	const report = reportOf(ctx);
	const kept: Kept[] = [];
	const missing: Kept['channel'][] = [];
	for (const channel of chosenProviders(ctx)) {
		try {
			kept.push(await keptOne(ctx, id, channel));
		} catch (error) {
			const sentence = sentenceOf(error);
			if (sentence === undefined) throw error;
			LoggerProxy.warn(`Conversations: ${sentence}`);
			await host.receivers.missed(id, channel, sentence);
			if (!isForUser(error)) missing.push(channel);
			// Otherwise publishing says it.
			else if (ctx.getActivationMode() === 'init') report(sentence);
		}
	}
	return { kept, missing };
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
