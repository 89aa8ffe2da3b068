import { LoggerProxy, type INodeExecutionData } from 'n8n-workflow';
import { addressKey } from '../core/channel';
import type { Desk } from '../core/desk';
import { mayBeBurst, publish } from '../core/events';
import type { Delivery, Subscription } from '../core/records';
import type { Activity } from './activity';
import { triggerItem } from './items';
import { isSurelyGone, PROCESS_ID } from './processes';
import type { Kept } from './receivers/keeper';
import { WorkLoop } from './work-loop';

/** An active trigger node in this process. */
export interface Served {
	subscription: Subscription;
	/** Starts an execution; resolves when it has ended or waits. Rejects when it could not start. */
	emit(items: INodeExecutionData[][], deduplicationKey: string): Promise<void>;
	since: number;
	/** Its provider channels. Absent: it was served by a build that had none. */
	receivers?: readonly Kept[];
}

const POLL_MS = 5_000;
/** How long a claim holds; renewed well before. Only matters for processes on other machines. */
const CLAIM_MS = 30_000;
const BATCH = 25;
/** n8n runs executions that were queued when it died before it starts triggers; this is time for them to begin. */
const RECOVERY_QUIET_MS = 10_000;
/** With a concurrency limit they queue again; while any of them begins, the rest is given time. */
const RECOVERY_QUIET_LIMITED_MS = 120_000;
/** An execution whose end we cannot see (recovered by n8n) no longer holds up its contact after this. */
const UNWATCHED_MS = 60_000;
/** After a start, triggers have this long to come back. */
const UNSEEN_MS = 10 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const START_TRIES_MAX = 5;
/** A workflow waits this long for files and names that are still being fetched. */
const FETCH_HOLD_MS = 20_000;

/** Hands deliveries of the triggers served here to n8n, each once. */
export class Dispatcher {
	private readonly served = new Map<string, Served>();
	private readonly loop: WorkLoop;
	private readonly forget: () => void;
	private readonly startedAt: number;
	private orphans = { count: 0, changedAt: 0 };

	constructor(
		private readonly desk: Desk,
		private readonly activity: Activity,
	) {
		this.startedAt = desk.now();
		this.loop = new WorkLoop('starting workflows', POLL_MS, () => this.work());
		this.forget = desk.store.onChange('deliveries', () => this.loop.wake());
	}

	serve(served: Served): void {
		this.served.set(served.subscription.id, served);
		this.loop.wake();
	}

	release(subscriptionId: string): void {
		this.served.delete(subscriptionId);
	}

	/** Stops without touching deliveries, and gives the triggers to whoever takes over. */
	async stop(): Promise<Served[]> {
		this.forget();
		await this.loop.stop();
		return [...this.served.values()];
	}

	/** Called now and then: keeps claims alive and picks up what dead processes left. */
	async heartbeat(): Promise<void> {
		const ids = [...this.served.keys()];
		if (ids.length === 0) return;
		const { deliveries, subscriptions } = this.desk.store.records;
		await subscriptions.seen(ids, this.desk.now());
		await deliveries.renew(PROCESS_ID, this.desk.now() + CLAIM_MS);
		await this.endUnseen();
		await this.recover(ids);
		for (const delivery of await deliveries.stale(ids, this.desk.now() - DAY_MS, BATCH)) {
			if (!(await deliveries.finish(delivery.id, 'expired'))) continue;
			LoggerProxy.warn(
				`Conversations: event ${delivery.eventId} started no workflow because it is more than a day old.`,
			);
		}
	}

	/** A trigger that did not come back after a restart (its workflow was deleted, say) wants nothing any more. */
	private async endUnseen(): Promise<void> {
		const now = this.desk.now();
		if (now - this.startedAt < UNSEEN_MS) return;
		const { subscriptions } = this.desk.store.records;
		const instances = new Set([...this.served.values()].map(({ subscription }) => subscription.instanceId));
		for (const { id, instanceId, seenAt, workflowId } of await subscriptions.active()) {
			if (!instances.has(instanceId) || now - seenAt < UNSEEN_MS) continue;
			await subscriptions.end(id, now);
			LoggerProxy.info(`Conversations: a trigger of workflow ${workflowId} is no longer active; nothing is kept for it.`);
		}
	}

	private async work(): Promise<number | undefined> {
		const subscriptions = [...this.served.values()].map(({ subscription: { id, filter } }) => ({
			id,
			orderMs: filter.orderMs,
		}));
		if (subscriptions.length === 0) return undefined;
		const { deliveries } = this.desk.store.records;
		for (;;) {
			const now = this.desk.now();
			const claimed = await this.desk.store.atomically((records) =>
				records.deliveries.claimDue({
					subscriptions,
					now,
					fetchesSince: now - FETCH_HOLD_MS,
					claimedBy: PROCESS_ID,
					claimUntil: now + CLAIM_MS,
					limit: BATCH,
				}),
			);
			for (const delivery of claimed) await this.start(delivery);
			if (claimed.length < BATCH) break;
		}
		const nextAt = await deliveries.nextDueAt(subscriptions.map(({ id }) => id));
		// What is due but had to be left waits for an earlier run of the same contact, whose end wakes us.
		const inMs = (nextAt ?? 0) - this.desk.now();
		return inMs > 0 ? inMs : undefined;
	}

	private async start(delivery: Delivery): Promise<void> {
		const { records } = this.desk.store;
		const served = this.served.get(delivery.subscriptionId);
		if (!served) {
			await records.deliveries.requeue(delivery.id, delivery.attempt);
			return;
		}
		const item = await triggerItem(records, delivery, served.subscription.filter.groupMs > 0);
		if (!item) {
			// The contact was deleted in the meantime.
			await records.deliveries.finish(delivery.id, 'expired');
			return;
		}
		const typing = await this.typing(delivery);
		typing(true);
		void served.emit([[item]], `conversations-${delivery.id}-${delivery.attempt}`).then(
			() => this.ended(delivery),
			(error: Error) => this.notStarted(delivery, error),
		).catch((error: Error) => {
			LoggerProxy.error(`Conversations: the end of a workflow could not be noted. ${error.message}`);
		}).finally(() => typing(false));
	}

	/** Whoever wrote sees that an answer is being worked on. */
	private async typing(delivery: Delivery): Promise<(on: boolean) => void> {
		const event = await this.desk.store.records.events.get(delivery.eventId);
		const message = event?.messageId && mayBeBurst(event.type) ? await this.desk.store.records.messages.get(event.messageId) : undefined;
		const address = message && (await this.desk.store.records.addresses.get(message.addressId));
		return (on) => address && this.activity.working(addressKey(address), on);
	}

	private async ended(delivery: Delivery): Promise<void> {
		await this.desk.store.records.deliveries.finish(delivery.id, 'done');
		this.loop.wake();
	}

	private async notStarted(delivery: Delivery, error: Error): Promise<void> {
		const { deliveries } = this.desk.store.records;
		const state = (await deliveries.get(delivery.id))?.state;
		if (state === 'emitted' && delivery.attempt < START_TRIES_MAX) {
			LoggerProxy.warn(`Conversations: n8n did not start a workflow, it is tried again. ${error.message}`);
			await deliveries.requeue(delivery.id, delivery.attempt);
			return;
		}
		await deliveries.finish(delivery.id, 'done');
		this.loop.wake();
	}

	private async recover(ids: string[]): Promise<void> {
		const { deliveries } = this.desk.store.records;
		const living = (await deliveries.claimants(ids)).filter((id) => !isSurelyGone(id));
		const abandoned = await deliveries.abandoned(ids, this.desk.now(), [PROCESS_ID, ...living]);
		for (const delivery of abandoned) {
			if (delivery.state !== 'started') continue;
			if (delivery.watched) await this.interrupted(delivery);
			else if ((delivery.emittedAt ?? 0) + UNWATCHED_MS < this.desk.now()) {
				await deliveries.finish(delivery.id, 'done');
			}
		}
		await this.emitAgain(abandoned.filter(({ state }) => state === 'emitted'));
	}

	/** Started and cut by a crash: running it again could double what it did, so it is only told. */
	private async interrupted(delivery: Delivery): Promise<void> {
		const isNew = await this.desk.store.atomically(async (records) => {
			if (!(await records.deliveries.finish(delivery.id, 'interrupted'))) return false;
			const event = await records.events.get(delivery.eventId);
			// A workflow that takes n8n down each time it hears of that is not started by it again.
			if (event?.type === 'workflow.interrupted') return true;
			await publish(this.desk, records, {
				type: 'workflow.interrupted',
				source: 'system',
				contactId: delivery.contactId,
				conversationId: delivery.conversationId,
				messageId: event?.messageId ?? null,
				channel: event?.channel ?? null,
				account: event?.account ?? null,
				data: { executionId: delivery.executionId, eventId: delivery.eventId },
			});
			return true;
		});
		if (!isNew) return;
		LoggerProxy.warn(
			`Conversations: execution ${delivery.executionId ?? '?'} was cut off when n8n stopped. It is not run again; look at it in the executions list.`,
		);
		this.loop.wake();
	}

	/** Handed to n8n by a process that died, and never begun: once n8n's own recovery is over, they are emitted again. */
	private async emitAgain(orphans: Delivery[]): Promise<void> {
		const now = this.desk.now();
		if (orphans.length !== this.orphans.count) this.orphans = { count: orphans.length, changedAt: now };
		const limited = Number(process.env['N8N_CONCURRENCY_PRODUCTION_LIMIT'] ?? -1) > 0;
		const quietMs = limited ? RECOVERY_QUIET_LIMITED_MS : RECOVERY_QUIET_MS;
		for (const { id, attempt, subscriptionId } of orphans) {
			const since = Math.max(this.served.get(subscriptionId)?.since ?? now, this.orphans.changedAt);
			if (now - since < quietMs) continue;
			await this.desk.store.records.deliveries.requeue(id, attempt);
			this.loop.wake();
		}
	}
}
