import { type Kysely, sql } from 'kysely';
import type { EpochMs } from '../core/channel';
import type { Delivery } from '../core/records';
import type { Deliveries } from '../core/workflow-store';
import { flag, mapping, plain } from './mapping';
import type { DeliveriesTable, Tables } from './schema';
import type { Scope } from './scope';

const delivery = mapping<Delivery, DeliveriesTable>()({
	id: plain('id'),
	subscriptionId: plain('subscription_id'),
	eventId: plain('event_id'),
	contactId: plain('contact_id'),
	conversationId: plain('conversation_id'),
	state: plain('state'),
	dueAt: plain('due_at'),
	attempt: plain('attempt'),
	claimedBy: plain('claimed_by'),
	claimUntil: plain('claim_until'),
	executionId: plain('execution_id'),
	watched: flag('watched'),
	emittedAt: plain('emitted_at'),
	createdAt: plain('created_at'),
});

const RUNNING = ['emitted', 'started'] as const;

export function deliveries(scope: Scope): Deliveries {
	const select = () => scope.db.selectFrom('deliveries').select(delivery.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && delivery.record(row);
		},
		async insert(record) {
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('deliveries')
				.values(delivery.row(record))
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async byEvent(subscriptionId, eventId) {
			const row = await select()
				.where('subscription_id', '=', subscriptionId)
				.where('event_id', '=', eventId)
				.executeTakeFirst();
			return row && delivery.record(row);
		},
		async postpone(conversationId, subscriptionId, dueAt, maxMs) {
			await scope.db
				.updateTable('deliveries')
				.set({
					due_at: sql<number>`case when created_at + ${maxMs} < ${dueAt} then created_at + ${maxMs} else ${dueAt} end`,
				})
				.where('conversation_id', '=', conversationId)
				.where('subscription_id', '=', subscriptionId)
				.where('state', '=', 'pending')
				.execute();
		},
		claimDue: (claim) =>
			scope.whole(async (db) => {
				const { subscriptions, now, claimedBy, claimUntil, limit } = claim;
				await scope.lock(db, 'deliveries.claim');
				const due: Due[] = [];
				for (const subscription of subscriptions) due.push(...(await dueOf(db, subscription, claim)));
				const ids = due.sort(oldestFirst).slice(0, limit).map(({ id }) => id);
				if (ids.length === 0) return [];
				const rows = await db
					.updateTable('deliveries')
					.set(({ eb }) => ({
						state: 'emitted',
						claimed_by: claimedBy,
						claim_until: claimUntil,
						attempt: eb('attempt', '+', 1),
						emitted_at: now,
					}))
					.where('id', 'in', ids)
					.where('state', '=', 'pending')
					.returning(delivery.columns)
					.execute();
				return rows.sort(oldestFirst).map(delivery.record);
			}),
		async nextDueAt(subscriptionIds) {
			let earliest: EpochMs | undefined;
			// One by one: for each of them the index has the answer in front.
			for (const id of subscriptionIds) {
				const row = await scope.db
					.selectFrom('deliveries')
					.select('due_at')
					.where('subscription_id', '=', id)
					.where('state', '=', 'pending')
					.orderBy('due_at')
					.limit(1)
					.executeTakeFirst();
				if (row && (earliest === undefined || row.due_at < earliest)) earliest = row.due_at;
			}
			return earliest;
		},
		async renew(claimedBy, claimUntil) {
			await scope.db
				.updateTable('deliveries')
				.set({ claim_until: claimUntil })
				.where('claimed_by', '=', claimedBy)
				.where('state', 'in', RUNNING)
				.execute();
		},
		start: (id, executionId, watched) =>
			scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('deliveries')
					.set({
						state: 'started',
						execution_id: executionId,
						watched: sql<number>`case when claimed_by is null then 0 else ${watched ? 1 : 0} end`,
					})
					.where('id', '=', id)
					.where('state', 'in', ['pending', 'emitted'])
					.executeTakeFirst();
				if (numUpdatedRows === 1n) return 'started';
				const mine = await db
					.selectFrom('deliveries')
					.select('id')
					.where('id', '=', id)
					.where('execution_id', '=', executionId)
					.where('state', 'in', ['started', 'done'])
					.executeTakeFirst();
				return mine ? 'started' : 'taken';
			}),
		async claimants(subscriptionIds) {
			if (subscriptionIds.length === 0) return [];
			const rows = await scope.db
				.selectFrom('deliveries')
				.select('claimed_by')
				.distinct()
				.where('subscription_id', 'in', subscriptionIds)
				.where('state', 'in', RUNNING)
				.where('claimed_by', 'is not', null)
				.execute();
			return rows.flatMap(({ claimed_by }) => (claimed_by === null ? [] : [claimed_by]));
		},
		async finish(id, state) {
			const { numUpdatedRows } = await scope.db
				.updateTable('deliveries')
				.set({ state })
				.where('id', '=', id)
				.where('state', 'in', state === 'expired' ? ['pending', 'emitted'] : RUNNING)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
		async abandoned(subscriptionIds, now, living) {
			if (subscriptionIds.length === 0) return [];
			const rows = await select()
				.where('subscription_id', 'in', subscriptionIds)
				.where('state', 'in', RUNNING)
				.where(({ or, and, eb }) =>
					or([
						eb('claimed_by', 'is', null),
						eb('claim_until', '<', now),
						...(living.length === 0 ? [eb('claimed_by', 'is not', null)] : [eb('claimed_by', 'not in', living)]),
						and([eb('state', '=', 'started'), eb('watched', '=', 0)]),
					]),
				)
				.execute();
			return rows.sort(oldestFirst).map(delivery.record);
		},
		async requeue(id, attempt) {
			const { numUpdatedRows } = await scope.db
				.updateTable('deliveries')
				.set({ state: 'pending', claimed_by: null, claim_until: null })
				.where('id', '=', id)
				.where('state', '=', 'emitted')
				.where('attempt', '=', attempt)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
		async stale(subscriptionIds, olderThan, limit) {
			if (subscriptionIds.length === 0) return [];
			const rows = await select()
				.where('subscription_id', 'in', subscriptionIds)
				.where('state', '=', 'pending')
				.where('created_at', '<', olderThan)
				.orderBy('created_at')
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(delivery.record);
		},
	};
}

type Due = Pick<DeliveriesTable, 'id' | 'due_at'>;

function oldestFirst(a: Due, b: Due): number {
	return a.due_at - b.due_at || (a.id < b.id ? -1 : 1);
}

type Claim = Parameters<Deliveries['claimDue']>[0];

/**
 * Due ones whose turn it is: nothing of the contact is being fetched, and no earlier one of the same contact is pending
 * or runs since less than `orderMs`.
 */
function dueOf(
	db: Kysely<Tables>,
	{ id: subscriptionId, orderMs }: Claim['subscriptions'][number],
	{ now, fetchesSince, limit }: Claim,
): Promise<Due[]> {
	let query = db
		.selectFrom('deliveries as due')
		.select(['due.id', 'due.due_at'])
		.where('due.subscription_id', '=', subscriptionId)
		.where('due.state', '=', 'pending')
		.where('due.due_at', '<=', now)
		.where(({ exists, not, selectFrom }) =>
			not(
				exists(
					selectFrom('fetches')
						.select('fetches.id')
						.whereRef('fetches.contact_id', '=', 'due.contact_id')
						.where('fetches.created_at', '>', fetchesSince),
				),
			),
		);
	if (orderMs > 0)
		query = query.where(({ exists, not, selectFrom }) =>
			not(
				exists(
					selectFrom('deliveries as earlier')
						.select('earlier.id')
						.whereRef('earlier.contact_id', '=', 'due.contact_id')
						.where('earlier.subscription_id', '=', subscriptionId)
						.where('earlier.state', 'in', ['pending', ...RUNNING])
						.where(({ eb, refTuple }) =>
							eb(
								refTuple('earlier.created_at', 'earlier.id'),
								'<',
								refTuple('due.created_at', 'due.id'),
							),
						)
						.where(({ eb, or }) =>
							or([eb('earlier.state', '=', 'pending'), eb('earlier.emitted_at', '>', now - orderMs)]),
						),
				),
			),
		);
	return query.orderBy('due.due_at').orderBy('due.id').limit(limit).execute();
}
