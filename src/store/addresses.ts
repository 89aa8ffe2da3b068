import { sql } from 'kysely';
import type { EpochMs } from '../core/channel';
import type { ContactAddress } from '../core/records';
import type { Addresses } from '../core/store';
import { addressAliases, byAlias, isNobodysAlias } from './address-aliases';
import { group, mapping, plain } from './mapping';
import type { AddressesTable } from './schema';
import type { Scope } from './scope';

const address = mapping<ContactAddress, AddressesTable>()({
	id: plain('id'),
	contactId: plain('contact_id'),
	channel: plain('channel'),
	account: plain('account'),
	user: plain('user_id'),
	lastInboundAt: plain('last_inbound_at'),
	sentSinceInbound: plain('sent_since_inbound'),
	lastInteractionAt: plain('last_interaction_at'),
	blockedAt: plain('blocked_at'),
	reply: group({ token: 'reply_token', until: 'reply_until' }),
	createdAt: plain('created_at'),
});

const later = (at: EpochMs) =>
	sql<number>`case when last_interaction_at < ${at} then ${at} else last_interaction_at end`;

const without = (count: number) =>
	sql<number>`case when sent_since_inbound > ${count} then sent_since_inbound - ${count} else 0 end`;

export function addresses(scope: Scope): Addresses {
	const select = () => scope.db.selectFrom('addresses').select(address.columns);
	return {
		...addressAliases(scope),
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && address.record(row);
		},
		async find({ channel, account, user }) {
			const row = await select()
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('user_id', '=', user)
				.executeTakeFirst();
			if (row) return address.record(row);
			const other = await select().where('id', '=', byAlias({ channel, account, user_id: user })).executeTakeFirst();
			return other && address.record(other);
		},
		async ofContact(contactId) {
			const rows = await select()
				.where('contact_id', '=', contactId)
				.orderBy('last_interaction_at', 'desc')
				.orderBy('id', 'desc')
				.execute();
			return rows.map(address.record);
		},
		async insert(record) {
			const row = address.row(record);
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('addresses')
				.columns(address.columns)
				.expression(
					scope.db
						.selectNoFrom(({ val }) => address.columns.map((column) => val(row[column]).as(column)))
						.where(isNobodysAlias(row)),
				)
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async touchInbound(id, at) {
			await scope.db
				.updateTable('addresses')
				.set({ last_inbound_at: at, sent_since_inbound: 0, last_interaction_at: later(at), blocked_at: null })
				.where('id', '=', id)
				// A message that a provider brings late was not the contact's last one.
				.where(({ or, eb }) => or([eb('last_inbound_at', 'is', null), eb('last_inbound_at', '<=', at)]))
				.execute();
		},
		async touchOutbound(id, at, count = 1) {
			await scope.db
				.updateTable('addresses')
				.set(({ eb }) => ({
					sent_since_inbound: eb('sent_since_inbound', '+', count),
					last_interaction_at: later(at),
				}))
				.where('id', '=', id)
				.execute();
		},
		async reserve(id, count, limit) {
			const { numUpdatedRows } = await scope.db
				.updateTable('addresses')
				.set(({ eb }) => ({ sent_since_inbound: eb('sent_since_inbound', '+', count) }))
				.where('id', '=', id)
				.where('sent_since_inbound', '<=', limit - count)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
		async release(id, count, lastInboundAt) {
			await scope.db
				.updateTable('addresses')
				.set({ sent_since_inbound: without(count) })
				.where('id', '=', id)
				.where('last_inbound_at', lastInboundAt === null ? 'is' : '=', lastInboundAt)
				.execute();
		},
		async setBlocked(id, at) {
			await scope.db.updateTable('addresses').set({ blocked_at: at }).where('id', '=', id).execute();
		},
		async setReply(id, reply) {
			const columns = address.changes({ reply });
			if (columns) await scope.db.updateTable('addresses').set(columns).where('id', '=', id).execute();
		},
		takeReply: (id, now) =>
			scope.whole(async (db) => {
				const row = await db
					.selectFrom('addresses')
					.select(address.columns)
					.where('id', '=', id)
					.where('reply_until', '>', now)
					.executeTakeFirst();
				const reply = row && address.record(row).reply;
				if (!reply) return null;
				const { numUpdatedRows } = await db
					.updateTable('addresses')
					.set({ reply_token: null, reply_until: null })
					.where('id', '=', id)
					.where('reply_token', '=', reply.token)
					.executeTakeFirst();
				return numUpdatedRows === 1n ? reply : null;
			}),
	};
}
