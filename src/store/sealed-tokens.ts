import type { SealedTokens } from '../core/provider-store';
import type { Scope } from './scope';

export function sealedTokens(scope: Scope): SealedTokens {
	return {
		async get(key) {
			const row = await scope.db
				.selectFrom('sealed_tokens')
				.select('sealed')
				.where('key', '=', key)
				.executeTakeFirst();
			return row?.sealed ? new Uint8Array(row.sealed) : undefined;
		},
		async put(key, sealed, at) {
			await scope.db
				.insertInto('sealed_tokens')
				.values({ key, sealed, put_at: at })
				.onConflict((conflict) => conflict.column('key').doUpdateSet({ sealed, put_at: at }))
				.execute();
		},
		async claim(key, by, now, until) {
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('sealed_tokens')
				// Nothing is put yet: the row is as old as its first turn.
				.values({ key, put_at: now, turn_by: by, turn_until: until })
				.onConflict((conflict) =>
					conflict
						.column('key')
						.doUpdateSet({ turn_by: by, turn_until: until })
						.where(({ or, eb }) =>
							or([
								eb('sealed_tokens.turn_by', 'is', null),
								eb('sealed_tokens.turn_by', '=', by),
								eb('sealed_tokens.turn_until', '<=', now),
							]),
						),
				)
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async release(key, by) {
			await scope.db
				.updateTable('sealed_tokens')
				.set({ turn_by: null, turn_until: null })
				.where('key', '=', key)
				.where('turn_by', '=', by)
				.execute();
		},
		async deleteBefore(olderThan) {
			await scope.db
				.deleteFrom('sealed_tokens')
				.where('put_at', '<', olderThan)
				// Somebody is about to put a new one.
				.where(({ or, eb }) => or([eb('turn_until', 'is', null), eb('turn_until', '<', olderThan)]))
				.execute();
		},
	};
}
