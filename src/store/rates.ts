import type { Rates } from '../core/provider-store';
import type { RateLine } from '../core/records';
import type { Scope } from './scope';

export function rates(scope: Scope): Rates {
	return {
		async get(key) {
			const row = await scope.db.selectFrom('rate_lines').select('line').where('key', '=', key).executeTakeFirst();
			return row && (JSON.parse(row.line) as RateLine);
		},
		async put(key, line, quietAt) {
			const columns = { line: JSON.stringify(line), quiet_at: Math.ceil(quietAt) };
			await scope.db
				.insertInto('rate_lines')
				.values({ key, ...columns })
				.onConflict((conflict) => conflict.column('key').doUpdateSet(columns))
				.execute();
		},
		async forget(now, limit) {
			const { numDeletedRows } = await scope.db
				.deleteFrom('rate_lines')
				.where('key', 'in', (from) =>
					from.selectFrom('rate_lines').select('key').where('quiet_at', '<=', now).orderBy('quiet_at').limit(limit),
				)
				.where('quiet_at', '<=', now)
				.executeTakeFirst();
			return Number(numDeletedRows);
		},
	};
}
