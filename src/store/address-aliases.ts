import { expressionBuilder, type Kysely } from 'kysely';
import type { Addresses } from '../core/store';
import type { AddressesTable, Tables } from './schema';
import type { Scope } from './scope';

type Name = Pick<AddressesTable, 'channel' | 'account' | 'user_id'>;

const { exists, not, selectFrom } = expressionBuilder<Tables>();

const known = ({ channel, account, user_id }: Name) =>
	selectFrom('addresses as known')
		.select('known.id')
		.where('known.channel', '=', channel)
		.where('known.account', '=', account)
		.where('known.user_id', '=', user_id);

export const byAlias = ({ channel, account, user_id }: Name) =>
	selectFrom('address_aliases as alias')
		.select('alias.address_id')
		.where('alias.channel', '=', channel)
		.where('alias.account', '=', account)
		.where('alias.user_id', '=', user_id);

export const isNobodysAlias = (name: Name) => not(exists(byAlias(name)));

export function addressAliases(scope: Scope): Pick<Addresses, 'addAliases' | 'rename'> {
	return {
		async addAliases(id, users) {
			if (users.length === 0) return;
			await scope.whole(async (db) => {
				const own = await nameOf(db, id);
				if (own) for (const user_id of new Set(users)) await addAlias(db, id, { ...own, user_id });
			});
		},
		rename: (id, user) =>
			scope.whole(async (db) => {
				const before = await nameOf(db, id);
				if (!before) return false;
				if (before.user_id === user) return true;
				const after = { ...before, user_id: user };
				await db
					.deleteFrom('address_aliases')
					.where('channel', '=', after.channel)
					.where('account', '=', after.account)
					.where('user_id', '=', after.user_id)
					.where('address_id', '=', id)
					.execute();
				const { numUpdatedRows } = await db
					.updateTable('addresses')
					.set({ user_id: after.user_id })
					.where('id', '=', id)
					.where(not(exists(known(after))))
					.where(isNobodysAlias(after))
					.executeTakeFirst();
				if (numUpdatedRows !== 1n) return false;
				await addAlias(db, id, before);
				return true;
			}),
	};
}

function nameOf(db: Kysely<Tables>, id: string): Promise<Name | undefined> {
	return db.selectFrom('addresses').select(['channel', 'account', 'user_id']).where('id', '=', id).executeTakeFirst();
}

/** Unless it is the own id of an address, or an alias already. */
async function addAlias(db: Kysely<Tables>, id: string, name: Name): Promise<void> {
	await db
		.insertInto('address_aliases')
		.columns(['channel', 'account', 'user_id', 'address_id'])
		.expression(
			db
				.selectNoFrom(({ val }) => [
					val(name.channel).as('channel'),
					val(name.account).as('account'),
					val(name.user_id).as('user_id'),
					val(id).as('address_id'),
				])
				.where(not(exists(known(name)))),
		)
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}
