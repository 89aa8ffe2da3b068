import type { Receiver } from '../core/records';
import type { Receivers } from '../core/provider-store';
import { flag, mapping, plain } from './mapping';
import type { ReceiversTable } from './schema';
import type { Scope } from './scope';

const receiver = mapping<Receiver, ReceiversTable>()({
	key: plain('key'),
	subscriptionId: plain('subscription_id'),
	channel: plain('channel'),
	account: plain('account'),
	url: plain('url'),
	by: plain('receive_by'),
	owner: flag('owner'),
	createdAt: plain('created_at'),
});

export function receivers(scope: Scope): Receivers {
	const select = () => scope.db.selectFrom('receivers').select(receiver.columns);
	return {
		async upsert(record) {
			const { key, subscription_id, owner, ...changing } = receiver.row(record);
			await scope.db
				.insertInto('receivers')
				.values({ key, subscription_id, owner, ...changing })
				.onConflict((conflict) => conflict.columns(['key', 'subscription_id']).doUpdateSet(changing))
				.execute();
		},
		async get(key, subscriptionId) {
			const row = await select()
				.where('key', '=', key)
				.where('subscription_id', '=', subscriptionId)
				.executeTakeFirst();
			return row && receiver.record(row);
		},
		async ofKey(key) {
			const rows = await select()
				.where('key', '=', key)
				.orderBy('created_at')
				.orderBy('subscription_id')
				.execute();
			return rows.map(receiver.record);
		},
		async ofSubscription(subscriptionId) {
			const rows = await select()
				.where('subscription_id', '=', subscriptionId)
				.orderBy('created_at')
				.orderBy('key')
				.execute();
			return rows.map(receiver.record);
		},
		async ofAccount(channel, account) {
			const rows = await select()
				.where('channel', '=', channel)
				.where('account', '=', account)
				.orderBy('created_at')
				.orderBy('subscription_id')
				.execute();
			return rows.map(receiver.record);
		},
		setOwner: (key, subscriptionId) =>
			scope.whole(async (db) => {
				const there = await db
					.selectFrom('receivers')
					.select('key')
					.where('key', '=', key)
					.where('subscription_id', '=', subscriptionId)
					.executeTakeFirst();
				// Removed meanwhile: the owner there is stays.
				if (!there) return;
				await db.updateTable('receivers').set({ owner: 0 }).where('key', '=', key).execute();
				await db
					.updateTable('receivers')
					.set({ owner: 1 })
					.where('key', '=', key)
					.where('subscription_id', '=', subscriptionId)
					.execute();
			}),
		async remove(key, subscriptionId) {
			await scope.db
				.deleteFrom('receivers')
				.where('key', '=', key)
				.where('subscription_id', '=', subscriptionId)
				.execute();
		},
	};
}
