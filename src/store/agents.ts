import type { Insertable, Updateable } from 'kysely';
import type { Agent } from '../core/records';
import type { Agents } from '../core/store';
import { mapping, plain } from './mapping';
import type { AgentsTable } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold } from './text';

const agent = mapping<Agent, AgentsTable>()({
	id: plain('id'),
	name: plain('name'),
	email: plain('email'),
	status: plain('status'),
	lastAssignedAt: plain('last_assigned_at'),
	createdAt: plain('created_at'),
});

export function agents(scope: Scope): Agents {
	const select = () => scope.db.selectFrom('agents').select(agent.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && agent.record(row);
		},
		async byEmail(email) {
			const row = await select().where('email_lower', '=', fold(email)).executeTakeFirst();
			return row && agent.record(row);
		},
		async list({ teamId, status, search }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (teamId !== undefined)
				query = query.where('id', 'in', (from) =>
					from.selectFrom('team_members').select('agent_id').where('team_id', '=', teamId),
				);
			if (status !== undefined) query = query.where('status', '=', status);
			if (search !== undefined && search.trim() !== '') {
				const part = fold(search.trim());
				query = query.where(({ or }) => or([contains('name_lower', part), contains('email_lower', part)]));
			}
			const rows = await query.orderBy('name_lower').orderBy('id').limit(limit).offset(offset).execute();
			return rows.map(agent.record);
		},
		async insert(record) {
			const row: Insertable<AgentsTable> = {
				...agent.row(record),
				name_lower: fold(record.name),
				email_lower: fold(record.email),
			};
			await scope.db.insertInto('agents').values(row).execute();
		},
		async update(id, changes) {
			const columns: Updateable<AgentsTable> | undefined = agent.changes(changes);
			if (!columns) return;
			if (changes.name !== undefined) columns.name_lower = fold(changes.name);
			if (changes.email !== undefined) columns.email_lower = fold(changes.email);
			await scope.db.updateTable('agents').set(columns).where('id', '=', id).execute();
		},
		delete: (id) =>
			scope.whole(async (db) => {
				await db.updateTable('contacts').set({ assignee_id: null }).where('assignee_id', '=', id).execute();
				await db.updateTable('conversations').set({ assignee_id: null }).where('assignee_id', '=', id).execute();
				const { numDeletedRows } = await db.deleteFrom('agents').where('id', '=', id).executeTakeFirst();
				return numDeletedRows === 1n;
			}),
	};
}
