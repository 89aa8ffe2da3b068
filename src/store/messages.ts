import { sql } from 'kysely';
import type { Message } from '../core/records';
import type { Messages } from '../core/store';
import { detachFiles } from './files';
import { json, mapping, plain } from './mapping';
import { messageParts } from './message-parts';
import type { MessagesTable } from './schema';
import { bounds, type Scope, word } from './scope';

const message = mapping<Message, MessagesTable>()({
	id: plain('id'),
	contactId: plain('contact_id'),
	conversationId: plain('conversation_id'),
	addressId: plain('address_id'),
	channel: plain('channel'),
	account: plain('account'),
	direction: plain('direction'),
	source: plain('source'),
	type: plain('type'),
	text: plain('text'),
	attachments: json('attachments'),
	choices: json('choices'),
	choice: json('choice'),
	details: json('details'),
	status: plain('status'),
	providerId: plain('provider_id'),
	failure: json('failure'),
	unfilled: json('unfilled'),
	idempotencyKey: plain('idempotency_key'),
	at: plain('at'),
	sentAt: plain('sent_at'),
	deliveredAt: plain('delivered_at'),
	readAt: plain('read_at'),
	execution: json('execution'),
});

const SENT_OR_MADE = sql<number>`coalesce(sent_at, at)`;

export function messages(scope: Scope): Messages {
	const select = () => scope.db.selectFrom('messages').select(message.columns);
	return {
		...messageParts(scope),
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && message.record(row);
		},
		async byIdempotencyKey(key) {
			const row = await select().where('idempotency_key', '=', key).executeTakeFirst();
			return row && message.record(row);
		},
		async byProviderId(channel, account, providerId) {
			const row = await select()
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('provider_id', '=', providerId)
				.executeTakeFirst();
			if (row) return message.record(row);
			const ofPart = await select()
				.where('id', '=', (from) =>
					from
						.selectFrom('message_parts')
						.select('message_id')
						.where('message_parts.channel', '=', channel)
						.where('message_parts.account', '=', account)
						.where('message_parts.provider_id', '=', providerId),
				)
				.executeTakeFirst();
			return ofPart && message.record(ofPart);
		},
		async outgoing(addressId, statuses, before, limit) {
			if (statuses.length === 0) return [];
			const rows = await select()
				.where('address_id', '=', addressId)
				.where('direction', '=', word('out'))
				.where('status', 'in', statuses)
				.where(SENT_OR_MADE, '<=', before)
				.orderBy(SENT_OR_MADE, 'desc')
				.orderBy('id', 'desc')
				.limit(limit)
				.execute();
			return rows.map(message.record);
		},
		async latestChoices(addressId) {
			const row = await select()
				.where('address_id', '=', addressId)
				.where('choices', '<>', word('[]'))
				.orderBy('at', 'desc')
				.orderBy('id', 'desc')
				.limit(1)
				.executeTakeFirst();
			return row && message.record(row);
		},
		async ofAddress(addressId, { limit, before, statuses }) {
			let query = select().where('address_id', '=', addressId);
			if (statuses !== undefined) query = query.where('status', 'in', [...statuses]);
			if (before !== undefined)
				query = query.where(({ eb, refTuple, selectFrom }) =>
					eb(
						refTuple('at', 'id'),
						'<',
						selectFrom('messages as earlier')
							.select(['earlier.at', 'earlier.id'])
							.where('earlier.id', '=', before)
							.$asTuple('at', 'id'),
					),
				);
			const rows = await query
				.orderBy('at', 'desc')
				.orderBy('id', 'desc')
				.limit(bounds({ limit, offset: 0 }).limit)
				.execute();
			return rows.reverse().map(message.record);
		},
		async list({ contactId, conversationId, direction }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (contactId !== undefined) query = query.where('contact_id', '=', contactId);
			if (conversationId !== undefined) query = query.where('conversation_id', '=', conversationId);
			if (direction !== undefined) query = query.where('direction', '=', direction);
			const rows = await query
				.orderBy('at', 'desc')
				.orderBy('id', 'desc')
				.limit(limit)
				.offset(offset)
				.execute();
			return rows.map(message.record);
		},
		async receivedSince(conversationId, since, limit) {
			const rows = await select()
				.where('conversation_id', '=', conversationId)
				.where('at', '>=', since)
				.where('direction', '=', 'in')
				.orderBy('at')
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(message.record);
		},
		async insert(record) {
			const { numInsertedOrUpdatedRows } = await scope.db
				.insertInto('messages')
				.values(message.row(record))
				.onConflict((conflict) => conflict.doNothing())
				.executeTakeFirstOrThrow();
			return numInsertedOrUpdatedRows === 1n;
		},
		async update(id, changes) {
			const columns = message.changes(changes);
			if (columns) await scope.db.updateTable('messages').set(columns).where('id', '=', id).execute();
		},
		delete: (id) =>
			scope.whole(async (db) => {
				await detachFiles(db, id);
				await db.deleteFrom('messages').where('id', '=', id).execute();
			}),
		async advance(id, from, to, more = {}) {
			if (from.length === 0) return false;
			const { numUpdatedRows } = await scope.db
				.updateTable('messages')
				.set({ ...message.changes(more), status: to })
				.where('id', '=', id)
				.where('status', 'in', from)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
		async leftBehind(olderThan, limit) {
			const rows = await select()
				.where('status', 'in', [word('queued'), word('sending')])
				.where('at', '<', olderThan)
				.orderBy('at')
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(message.record);
		},
	};
}
