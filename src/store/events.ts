import type { ConversationEvent } from '../core/records';
import type { Events } from '../core/store';
import { json, mapping, plain } from './mapping';
import type { EventsTable } from './schema';
import { bounds, type Scope } from './scope';

const event = mapping<ConversationEvent, EventsTable>()({
	id: plain('id'),
	type: plain('type'),
	source: plain('source'),
	at: plain('at'),
	contactId: plain('contact_id'),
	conversationId: plain('conversation_id'),
	messageId: plain('message_id'),
	channel: plain('channel'),
	account: plain('account'),
	data: json('data'),
});

export function events(scope: Scope): Events {
	const select = () => scope.db.selectFrom('events').select(event.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && event.record(row);
		},
		async append(record) {
			await scope.db.insertInto('events').values(event.row(record)).execute();
		},
		async list({ contactId, conversationId, type }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (contactId !== undefined) query = query.where('contact_id', '=', contactId);
			if (conversationId !== undefined) query = query.where('conversation_id', '=', conversationId);
			if (type !== undefined) query = query.where('type', '=', type);
			const rows = await query.orderBy('id', 'desc').limit(limit).offset(offset).execute();
			return rows.map(event.record);
		},
	};
}
