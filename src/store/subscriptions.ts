import type { Subscription } from '../core/records';
import type { Subscriptions } from '../core/workflow-store';
import { json, mapping, plain } from './mapping';
import type { SubscriptionsTable } from './schema';
import type { Scope } from './scope';

const subscription = mapping<Subscription, SubscriptionsTable>()({
	id: plain('id'),
	instanceId: plain('instance_id'),
	workflowId: plain('workflow_id'),
	nodeId: plain('node_id'),
	filter: json('filter'),
	baseUrl: plain('base_url'),
	endedAt: plain('ended_at'),
	seenAt: plain('seen_at'),
	createdAt: plain('created_at'),
});

export function subscriptions(scope: Scope): Subscriptions {
	const select = () => scope.db.selectFrom('subscriptions').select(subscription.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && subscription.record(row);
		},
		async active() {
			const rows = await select()
				.where('ended_at', 'is', null)
				.orderBy('created_at')
				.orderBy('id')
				.execute();
			return rows.map(subscription.record);
		},
		async upsert(record) {
			const { id, created_at, ...changing } = subscription.row({ ...record, endedAt: null });
			await scope.db
				.insertInto('subscriptions')
				.values({ id, created_at, ...changing })
				.onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
				.execute();
		},
		async end(id, at) {
			await scope.db
				.updateTable('subscriptions')
				.set({ ended_at: at })
				.where('id', '=', id)
				.where('ended_at', 'is', null)
				.execute();
		},
		async seen(ids, at) {
			if (ids.length === 0) return;
			await scope.db.updateTable('subscriptions').set({ seen_at: at }).where('id', 'in', ids).execute();
		},
		async enrol(subscriptionId, contactId, at) {
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('enrolments')
				.values({ subscription_id: subscriptionId, contact_id: contactId, at })
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
	};
}
