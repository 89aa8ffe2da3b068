import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { Wait } from '../core/records';
import type { Waits } from '../core/workflow-store';
import { mapping, plain } from './mapping';
import type { Tables, WaitsTable } from './schema';
import type { Scope } from './scope';
import { waitItem, waitItems } from './wait-items';

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

type ToPost = (eb: ExpressionBuilder<Tables, 'waits'>) => Expression<SqlBool>;

const isOpen: ToPost = (eb) => eb('state', '=', 'open');
const isDue: ToPost = (eb) => eb('state', '=', 'due');
/** Written out, since the index of these rows serves only what repeats its condition. */
const isAsking: ToPost = (eb) => eb('asking', '=', sql.lit(1));

export function waits(scope: Scope): Waits {
	const select = () => scope.db.selectFrom('waits').select(wait.columns);
	return {
		...waitItems(scope),
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
		async markDue(id, nextAttemptAt) {
			const { numUpdatedRows } = await scope.db
				.updateTable('waits')
				.set({ state: 'due', next_attempt_at: nextAttemptAt, attempts: 0, asking: 0 })
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
			const claim = async (isToPost: ToPost, most: number) =>
				await scope.db
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
							.limit(most),
					)
					// Once more, for what another process claimed since the inner query looked.
					.where(isToPost)
					.where('next_attempt_at', '<=', now)
					.returning(wait.columns)
					.execute();
			const due = await claim(isDue, limit);
			const asking = due.length < limit ? await claim(isAsking, limit - due.length) : [];
			return [...due, ...asking].map(wait.record).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		},
		async retryAt(id, nextAttemptAt) {
			await scope.db
				.updateTable('waits')
				.set({ next_attempt_at: nextAttemptAt })
				.where('id', '=', id)
				.where(({ eb, or }) => or([isDue(eb), isAsking(eb)]))
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
			const earliest = async (column: 'until' | 'next_attempt_at', which: ToPost) =>
				await scope.db
					.selectFrom('waits')
					.select(sql.ref<number>(column).as('at'))
					.where(which)
					.orderBy(column)
					.limit(1)
					.executeTakeFirst();
			const rows = [
				await earliest('until', isOpen),
				await earliest('next_attempt_at', isDue),
				await earliest('next_attempt_at', isAsking),
			];
			const times = rows.flatMap((row) => (row ? [row.at] : []));
			return times.length === 0 ? undefined : Math.min(...times);
		},
	};
}
