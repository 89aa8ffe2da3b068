import type { Keys } from '../core/store';
import type { Scope } from './scope';

export function keys(scope: Scope): Keys {
	const read = async (name: string): Promise<Uint8Array | undefined> => {
		const row = await scope.db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst();
		return row && new Uint8Array(row.value);
	};
	return {
		async claimInbound(channel, account, key, at) {
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('inbound_keys')
				.values({ channel, account, key, at })
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async secret(name, fresh) {
			const known = await read(name);
			if (known) return known;
			const value = fresh();
			await scope.db
				.insertInto('secrets')
				.values({ name, value })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			// Whoever was first has made it.
			return (await read(name)) ?? value;
		},
	};
}
