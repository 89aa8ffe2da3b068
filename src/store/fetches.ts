import type { EpochMs } from '../core/channel';
import type { Fetch } from '../core/records';
import type { Fetches } from '../core/provider-store';
import { json, mapping, plain } from './mapping';
import type { FetchesTable } from './schema';
import type { Scope } from './scope';

const fetch = mapping<Fetch, FetchesTable>()({
	id: plain('id'),
	kind: plain('kind'),
	channel: plain('channel'),
	account: plain('account'),
	contactId: plain('contact_id'),
	addressId: plain('address_id'),
	messageId: plain('message_id'),
	position: plain('position'),
	source: json('source'),
	attempts: plain('attempts'),
	nextAt: plain('next_at'),
	createdAt: plain('created_at'),
});

export function fetches(scope: Scope): Fetches {
	return {
		async insert(record) {
			await scope.db.insertInto('fetches').values(fetch.row(record)).execute();
		},
		claimDue: ({ accounts, now, nextAt, limit }) =>
			scope.whole(async (db) => {
				await scope.lock(db, 'fetches.claim');
				const due: Pick<FetchesTable, 'id' | 'next_at'>[] = [];
				// One by one: for each of them the index has the oldest in front.
				for (const { channel, account } of accounts)
					due.push(
						...(await db
							.selectFrom('fetches')
							.select(['id', 'next_at'])
							.where('channel', '=', channel)
							.where('account', '=', account)
							.where('next_at', '<=', now)
							.orderBy('next_at')
							.orderBy('id')
							.limit(limit)
							.execute()),
					);
				const ids = due
					.sort((a, b) => a.next_at - b.next_at || (a.id < b.id ? -1 : 1))
					.slice(0, limit)
					.map(({ id }) => id);
				if (ids.length === 0) return [];
				const rows = await db
					.updateTable('fetches')
					.set(({ eb }) => ({ next_at: nextAt, attempts: eb('attempts', '+', 1) }))
					.where('id', 'in', ids)
					.returning(fetch.columns)
					.execute();
				return rows.map(fetch.record).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
			}),
		async retryAt(id, nextAt) {
			await scope.db.updateTable('fetches').set({ next_at: nextAt }).where('id', '=', id).execute();
		},
		async finish(id) {
			await scope.db.deleteFrom('fetches').where('id', '=', id).execute();
		},
		async nextAt(accounts) {
			let earliest: EpochMs | undefined;
			for (const { channel, account } of accounts) {
				const row = await scope.db
					.selectFrom('fetches')
					.select('next_at')
					.where('channel', '=', channel)
					.where('account', '=', account)
					.orderBy('next_at')
					.limit(1)
					.executeTakeFirst();
				if (row && (earliest === undefined || row.next_at < earliest)) earliest = row.next_at;
			}
			return earliest;
		},
		async leftOf(messageId) {
			const { count } = await scope.db
				.selectFrom('fetches')
				.select(({ fn }) => fn.countAll().as('count'))
				.where('message_id', '=', messageId)
				.executeTakeFirstOrThrow();
			return Number(count);
		},
		async stale(olderThan, limit) {
			const rows = await scope.db
				.selectFrom('fetches')
				.select(fetch.columns)
				.where('created_at', '<', olderThan)
				.orderBy('created_at')
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(fetch.record);
		},
	};
}
