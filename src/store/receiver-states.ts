import type { ReceiverStates } from '../core/provider-store';
import type { ReceiverState } from '../core/records';
import { mapping, plain } from './mapping';
import type { ReceiverStatesTable } from './schema';
import type { Scope } from './scope';

const state = mapping<ReceiverState, ReceiverStatesTable>()({
	key: plain('key'),
	cursor: plain('cursor'),
	okAt: plain('ok_at'),
	problem: plain('problem'),
	problemSince: plain('problem_since'),
	endedAt: plain('ended_at'),
});

const NEW: Omit<ReceiverState, 'key'> = { cursor: null, okAt: null, problem: null, problemSince: null, endedAt: null };

export function receiverStates(scope: Scope): ReceiverStates {
	return {
		async get(key) {
			const row = await scope.db
				.selectFrom('receiver_states')
				.select(state.columns)
				.where('key', '=', key)
				.executeTakeFirst();
			return row && state.record(row);
		},
		async setCursor(key, cursor) {
			await scope.db
				.insertInto('receiver_states')
				.values(state.row({ ...NEW, key, cursor }))
				.onConflict((conflict) => conflict.column('key').doUpdateSet({ cursor }))
				.execute();
		},
		async worked(key, at) {
			await scope.db
				.insertInto('receiver_states')
				.values(state.row({ ...NEW, key, okAt: at }))
				.onConflict((conflict) => conflict.column('key').doUpdateSet({ ok_at: at, problem: null, problem_since: null, ended_at: null }))
				.execute();
		},
		async failed(key, problem, at) {
			await scope.db
				.insertInto('receiver_states')
				.values(state.row({ ...NEW, key, problem, problemSince: at }))
				.onConflict((conflict) =>
					conflict.column('key').doUpdateSet(({ fn, ref, val }) => ({
						problem,
						problem_since: fn.coalesce(ref('receiver_states.problem_since'), val(at)),
					})),
				)
				.execute();
		},
		async ended(key, at) {
			await scope.db
				.updateTable('receiver_states')
				.set({ problem: null, problem_since: null, ended_at: at })
				.where('key', '=', key)
				.execute();
		},
	};
}
