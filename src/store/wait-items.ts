import type { Wait, WaitItem } from '../core/records';
import type { Waits } from '../core/workflow-store';
import { json, mapping, plain } from './mapping';
import type { WaitItemsTable } from './schema';
import type { Scope } from './scope';

export const waitItem = mapping<WaitItem, WaitItemsTable>()({
	waitId: plain('wait_id'),
	index: plain('position'),
	contactId: plain('contact_id'),
	messageId: plain('message_id'),
	item: json('item'),
	result: json('result'),
	question: json('question'),
	tries: plain('tries'),
	refused: plain('refused'),
});
const itemColumns = waitItem.columns.map((column) => `wait_items.${column}` as const);

/** Unless something else of this wait is to be asked for again. */
async function askNoMore(db: Scope['db'], waitId: string): Promise<void> {
	await db
		.updateTable('waits')
		.set({ asking: 0 })
		.where('id', '=', waitId)
		.where('asking', '=', 1)
		.where(({ exists, not, selectFrom }) =>
			not(
				exists(
					selectFrom('wait_items')
						.select('position')
						.where('wait_id', '=', waitId)
						.where('refused', 'is not', null)
						.where('result', 'is', null),
				),
			),
		)
		.execute();
}

type OfItems = Pick<
	Waits,
	'items' | 'openForReply' | 'openForDelivery' | 'settle' | 'unsettled' | 'refuse' | 'askedAgain'
>;

/** What a wait waits for. */
export function waitItems(scope: Scope): OfItems {
	const selectItems = () => scope.db.selectFrom('wait_items').select(itemColumns);
	const waiting = (kind: Wait['kind']) =>
		selectItems()
			.innerJoin('waits', 'waits.id', 'wait_items.wait_id')
			.where('waits.kind', '=', kind)
			.where('waits.state', '=', 'open')
			.where('wait_items.result', 'is', null)
			.orderBy('waits.created_at')
			.orderBy('waits.id')
			.orderBy('wait_items.position');
	return {
		async items(waitId) {
			const rows = await selectItems().where('wait_id', '=', waitId).orderBy('position').execute();
			return rows.map(waitItem.record);
		},
		async openForReply(contactId) {
			const rows = await waiting('reply').where('wait_items.contact_id', '=', contactId).execute();
			return rows.map(waitItem.record);
		},
		async openForDelivery(messageId) {
			const rows = await waiting('delivery').where('wait_items.message_id', '=', messageId).execute();
			return rows.map(waitItem.record);
		},
		settle: (waitId, index, result) =>
			scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('wait_items')
					.set({ result: JSON.stringify(result) })
					.where('wait_id', '=', waitId)
					.where('position', '=', index)
					.where('result', 'is', null)
					.executeTakeFirst();
				if (numUpdatedRows === 1n) await askNoMore(db, waitId);
				return numUpdatedRows === 1n;
			}),
		async unsettled(waitId) {
			const { count } = await scope.db
				.selectFrom('wait_items')
				.select(({ fn }) => fn.countAll().as('count'))
				.where('wait_id', '=', waitId)
				.where('result', 'is', null)
				.executeTakeFirstOrThrow();
			return Number(count);
		},
		refuse: (waitId, index, messageId, at) =>
			scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('wait_items')
					.set(({ eb }) => ({ refused: messageId, tries: eb('tries', '+', 1) }))
					.where('wait_id', '=', waitId)
					.where('position', '=', index)
					.where('result', 'is', null)
					.where('refused', 'is', null)
					.executeTakeFirst();
				if (numUpdatedRows !== 1n) return false;
				await db
					.updateTable('waits')
					.set({ asking: 1, next_attempt_at: at, attempts: 0 })
					.where('id', '=', waitId)
					.where('state', '=', 'open')
					.execute();
				return true;
			}),
		askedAgain: (waitId, index, messageId) =>
			scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('wait_items')
					.set({ refused: null })
					.where('wait_id', '=', waitId)
					.where('position', '=', index)
					.where('refused', '=', messageId)
					.executeTakeFirst();
				if (numUpdatedRows === 1n) await askNoMore(db, waitId);
				return numUpdatedRows === 1n;
			}),
	};
}
