import type { TestListener } from '../core/records';
import type { TestListeners } from '../core/provider-store';
import { json, mapping, plain } from './mapping';
import type { TestListenersTable } from './schema';
import type { Scope } from './scope';

const testListener = mapping<TestListener, TestListenersTable>()({
	subscriptionId: plain('subscription_id'),
	channels: json('channels'),
	accounts: json('accounts'),
	url: plain('url'),
	until: plain('until'),
});

export function testListeners(scope: Scope): TestListeners {
	return {
		async put(record) {
			const row = testListener.row(record);
			await scope.db
				.insertInto('test_listeners')
				.values(row)
				.onConflict((conflict) => conflict.column('subscription_id').doUpdateSet(row))
				.execute();
		},
		async remove(subscriptionId) {
			const { numDeletedRows } = await scope.db
				.deleteFrom('test_listeners')
				.where('subscription_id', '=', subscriptionId)
				.executeTakeFirst();
			return numDeletedRows === 1n;
		},
		async live(now) {
			const rows = await scope.db
				.selectFrom('test_listeners')
				.select(testListener.columns)
				.where('until', '>', now)
				.orderBy('until')
				.orderBy('subscription_id')
				.execute();
			return rows.map(testListener.record);
		},
	};
}
