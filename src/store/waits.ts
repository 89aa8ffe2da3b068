import { sql, type ExpressionBuilder } from 'kysely';
import type { Wait, WaitItem } from '../core/records';
import type { Waits } from '../core/store';
import { json, mapping, plain } from './mapping';
import type { Tables, WaitItemsTable, WaitsTable } from './schema';
import type { Scope } from './scope';

const wait = mapping<Wait, WaitsTable>()({
	id: plain('id'),
	executionId: plain('execution_id'),
	nodeId: plain('node_id'),
	workflowId: plain('workflow_id'),
	kind: plain('kind'),
	resumeUrl: plain('resume_url'),
	until: plain('until'),
	state: plain('state'),
	attempts: plain('attempts'),
	nextAttemptAt: plain('next_attempt_at'),
	createdAt: plain('created_at'),
});

const waitItem = mapping<WaitItem, WaitItemsTable>()({
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

/** It is over, or an answer has to be asked for again. */
const isToPost = (eb: ExpressionBuilder<Tables, 'waits'>) => eb.or([eb('state', '=', 'due'), eb('asking', '=', 1)]);

export function waits(scope: Scope): Waits {
	const select = () => scope.db.selectFrom('waits').select(wait.columns);
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
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && wait.record(row);
		},
		async find(executionId, nodeId) {
			const row = await select()
				.where('execution_id', '=', executionId)
				.where('node_id', '=', nodeId)
				.where('state', 'in', ['open', 'due'])
				.orderBy('created_at', 'desc')
				.orderBy('id', 'desc')
				.limit(1)
				.executeTakeFirst();
			return row && wait.record(row);
		},
		async insert(record, items) {
			await scope.whole(async (db) => {
				await db.insertInto('waits').values({ ...wait.row(record), asking: 0 }).execute();
				for (const item of items) await db.insertInto('wait_items').values(waitItem.row(item)).execute();
			});
		},
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
		async settle(waitId, index, result) {
			const { numUpdatedRows } = await scope.db
				.updateTable('wait_items')
				.set({ result: JSON.stringify(result) })
				.where('wait_id', '=', waitId)
				.where('position', '=', index)
				.where('result', 'is', null)
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
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
				if (numUpdatedRows !== 1n) return false;
				await db
					.updateTable('waits')
					.set({ asking: 0 })
					.where('id', '=', waitId)
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
				return true;
			}),
		async markDue(id, nextAttemptAt) {
			const { numUpdatedRows } = await scope.db
				.updateTable('waits')
				.set({ state: 'due', next_attempt_at: nextAttemptAt, asking: 0 })
				.where('id', '=', id)
				.where('state', '=', 'open')
				.executeTakeFirst();
			return numUpdatedRows === 1n;
		},
		async outOfTime(now, limit) {
			const rows = await select()
				.where('state', '=', 'open')
				.where('until', '<=', now)
				.orderBy('until')
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(wait.record);
		},
		async claimDue(now, nextAttemptAt, limit) {
			const rows = await scope.db
				.updateTable('waits')
				.set(({ eb }) => ({ next_attempt_at: nextAttemptAt, attempts: eb('attempts', '+', 1) }))
				.where('id', 'in', (from) =>
					from
						.selectFrom('waits')
						.select('id')
						.where(isToPost)
						.where('next_attempt_at', '<=', now)
						.orderBy('next_attempt_at')
						.orderBy('id')
						.limit(limit),
				)
				// Once more, for what another process claimed since the inner query looked.
				.where(isToPost)
				.where('next_attempt_at', '<=', now)
				.returning(wait.columns)
				.execute();
			return rows.map(wait.record).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		},
		async retryAt(id, nextAttemptAt) {
			await scope.db
				.updateTable('waits')
				.set({ next_attempt_at: nextAttemptAt })
				.where('id', '=', id)
				.where(isToPost)
				.execute();
		},
		async finish(id, state) {
			await scope.db
				.updateTable('waits')
				.set({ state, asking: 0 })
				.where('id', '=', id)
				.where('state', 'in', ['open', 'due'])
				.execute();
			await scope.db.deleteFrom('wait_items').where('wait_id', '=', id).execute();
		},
		async nextAt() {
			const first = (state: 'open' | 'due', column: 'until' | 'next_attempt_at') =>
				scope.db.selectFrom('waits').select(sql.ref<number>(column).as('at')).where('state', '=', state).orderBy(column).limit(1).executeTakeFirst();
			const asking = scope.db.selectFrom('waits').select('next_attempt_at as at').where('asking', '=', 1).orderBy('next_attempt_at').limit(1).executeTakeFirst();
			const rows = [await first('open', 'until'), await first('due', 'next_attempt_at'), await asking];
			const times = rows.flatMap((row) => (row ? [row.at] : []));
			return times.length === 0 ? undefined : Math.min(...times);
		},
	};
}
