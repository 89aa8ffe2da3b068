import type { Kysely } from 'kysely';
import type { Conversation } from '../core/records';
import type { Conversations } from '../core/store';
import { mapping, plain } from './mapping';
import type { ConversationsTable, Tables } from './schema';
import { bounds, type Scope, word } from './scope';

const conversation = mapping<Conversation, ConversationsTable>()({
	id: plain('id'),
	contactId: plain('contact_id'),
	status: plain('status'),
	openedAt: plain('opened_at'),
	openedBy: plain('opened_by'),
	channel: plain('channel'),
	account: plain('account'),
	assigneeId: plain('assignee_id'),
	teamId: plain('team_id'),
	closedAt: plain('closed_at'),
	closedBy: plain('closed_by'),
	closingCategory: plain('closing_category'),
	closingSummary: plain('closing_summary'),
	handledById: plain('handled_by_id'),
	firstResponseAt: plain('first_response_at'),
	lastMessageAt: plain('last_message_at'),
	takenOverAt: plain('taken_over_at'),
});

export function conversations(scope: Scope): Conversations {
	const select = () => scope.db.selectFrom('conversations').select(conversation.columns);
	const openOf: Conversations['openOf'] = async (contactId) => {
		const row = await select()
			.where('contact_id', '=', contactId)
			.where('status', '=', word('open'))
			.executeTakeFirst();
		return row && conversation.record(row);
	};
	return {
		openOf,
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && conversation.record(row);
		},
		async latestOf(contactId) {
			const open = await openOf(contactId);
			if (open) return open;
			const row = await select()
				.where('contact_id', '=', contactId)
				.where('status', '=', 'closed')
				.orderBy('closed_at', 'desc')
				.orderBy('id', 'desc')
				.limit(1)
				.executeTakeFirst();
			return row && conversation.record(row);
		},
		async countOf(contactId) {
			const { count } = await scope.db
				.selectFrom('conversations')
				.select(({ fn }) => fn.countAll().as('count'))
				.where('contact_id', '=', contactId)
				.executeTakeFirstOrThrow();
			return Number(count);
		},
		async list({ contactId, status, assigneeId, channel }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (contactId !== undefined) query = query.where('contact_id', '=', contactId);
			if (status !== undefined) query = query.where('status', '=', status);
			if (assigneeId !== undefined)
				query = query.where('assignee_id', assigneeId === null ? 'is' : '=', assigneeId);
			if (channel !== undefined) query = query.where('channel', '=', channel);
			const rows = await query
				.orderBy('opened_at', 'desc')
				.orderBy('id', 'desc')
				.limit(limit)
				.offset(offset)
				.execute();
			return rows.map(conversation.record);
		},
		insertOpen: (record) =>
			scope.whole(async (db) => {
				const { numInsertedOrUpdatedRows } = await db
					.insertInto('conversations')
					.values({ ...conversation.row(record), status: 'open' })
					.onConflict((conflict) => conflict.doNothing())
					.executeTakeFirstOrThrow();
				if (numInsertedOrUpdatedRows !== 1n) return false;
				await tellContact(db, record.id);
				return true;
			}),
		async update(id, changes) {
			const columns = conversation.changes(changes);
			if (!columns) return;
			await scope.whole(async (db) => {
				await db.updateTable('conversations').set(columns).where('id', '=', id).execute();
				if (changes.status !== undefined) await tellContact(db, id);
			});
		},
		close: (id, changes) =>
			scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('conversations')
					.set({ ...conversation.changes(changes), status: 'closed' })
					.where('id', '=', id)
					.where('status', '=', 'open')
					.executeTakeFirst();
				if (numUpdatedRows !== 1n) return false;
				await tellContact(db, id);
				return true;
			}),
		async openPerAgent(agentIds) {
			if (agentIds.length === 0) return new Map();
			const rows = await scope.db
				.selectFrom('conversations')
				.select(({ fn }) => ['assignee_id', fn.countAll().as('count')])
				.where('status', '=', 'open')
				.where('assignee_id', 'in', agentIds)
				.groupBy('assignee_id')
				.execute();
			return new Map(rows.map(({ assignee_id, count }) => [String(assignee_id), Number(count)]));
		},
	};
}

/** Contacts are listed by whether they have an open conversation: they carry it. */
async function tellContact(db: Kysely<Tables>, conversationId: string): Promise<void> {
	await db
		.updateTable('contacts')
		.set(({ selectFrom, exists, case: when }) => ({
			conversation_status: when()
				.when(
					exists(
						selectFrom('conversations')
							.select('conversations.id')
							.whereRef('conversations.contact_id', '=', 'contacts.id')
							.where('conversations.status', '=', word('open')),
					),
				)
				.then(word('open'))
				.else(word('closed'))
				.end(),
		}))
		.where('id', '=', ({ selectFrom }) =>
			selectFrom('conversations').select('contact_id').where('conversations.id', '=', conversationId),
		)
		.execute();
}
