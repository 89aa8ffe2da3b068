import type { Quotas } from '../core/provider-store';
import type { Scope } from './scope';

export function quotas(scope: Scope): Quotas {
	return {
		async reserve(channel, account, period, limit) {
			// What follows counts to one without looking at the limit.
			if (limit < 1) return false;
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('quotas')
				.values({ channel, account, period, used: 1 })
				.onConflict((conflict) =>
					conflict
						.columns(['channel', 'account', 'period'])
						.doUpdateSet(({ eb }) => ({ used: eb('quotas.used', '+', 1) }))
						.where('quotas.used', '<', limit),
				)
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async release(channel, account, period) {
			await scope.db
				.updateTable('quotas')
				.set(({ eb }) => ({ used: eb('used', '-', 1) }))
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('period', '=', period)
				.where('used', '>', 0)
				.execute();
		},
		async used(channel, account, period) {
			const row = await scope.db
				.selectFrom('quotas')
				.select('used')
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('period', '=', period)
				.executeTakeFirst();
			return row?.used ?? 0;
		},
	};
}
