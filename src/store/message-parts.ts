import type { MessagePart } from '../core/records';
import type { Messages } from '../core/store';
import { mapping, plain } from './mapping';
import type { MessagePartsTable } from './schema';
import type { Scope } from './scope';

const part = mapping<MessagePart, MessagePartsTable>()({
	messageId: plain('message_id'),
	position: plain('position'),
	channel: plain('channel'),
	account: plain('account'),
	providerId: plain('provider_id'),
	status: plain('status'),
});

export function messageParts(scope: Scope): Pick<Messages, 'parts' | 'insertParts' | 'advancePart'> {
	return {
		async parts(messageId) {
			const rows = await scope.db
				.selectFrom('message_parts')
				.select(part.columns)
				.where('message_id', '=', messageId)
				.orderBy('position')
				.execute();
			return rows.map(part.record);
		},
		async insertParts(records) {
			if (records.length === 0) return;
			await scope.db
				.insertInto('message_parts')
				.values(records.map(part.row))
				// Told twice. What went out must not be undone by that.
				.onConflict((conflict) => conflict.doNothing())
				.execute();
		},
		async advancePart({ channel, account, providerId }, from, to) {
			if (from.length === 0) return false;
			const { numUpdatedRows } = await scope.db
				.updateTable('message_parts')
				.set({ status: to })
				.where('channel', '=', channel)
				.where('account', '=', account)
				.where('provider_id', '=', providerId)
				.where('status', 'in', from)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
	};
}
