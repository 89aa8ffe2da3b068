import type { Kysely, Selectable } from 'kysely';
import type { Team } from '../core/records';
import type { Teams } from '../core/store';
import type { Tables, TeamsTable } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold } from './text';

export function teams(scope: Scope): Teams {
	const select = () => scope.db.selectFrom('teams').select(['id', 'name', 'created_at']);
	return {
		async get(id) {
			return (await withMembers(scope.db, await select().where('id', '=', id).execute()))[0];
		},
		async byName(name) {
			return (await withMembers(scope.db, await select().where('name_lower', '=', fold(name)).execute()))[0];
		},
		async list({ search }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (search !== undefined && search.trim() !== '')
				query = query.where(contains('name_lower', fold(search.trim())));
			return await withMembers(scope.db, await query.orderBy('name_lower').limit(limit).offset(offset).execute());
		},
		async insert({ id, name, memberIds, createdAt }) {
			await scope.whole(async (db) => {
				await db
					.insertInto('teams')
					.values({ id, name, name_lower: fold(name), created_at: createdAt })
					.execute();
				await addMembers(db, id, memberIds);
			});
		},
		async update(id, { name, memberIds }) {
			await scope.whole(async (db) => {
				if (name !== undefined)
					await db.updateTable('teams').set({ name, name_lower: fold(name) }).where('id', '=', id).execute();
				if (memberIds === undefined) return;
				await db.deleteFrom('team_members').where('team_id', '=', id).execute();
				await addMembers(db, id, memberIds);
			});
		},
		delete: (id) =>
			scope.whole(async (db) => {
				await db.updateTable('conversations').set({ team_id: null }).where('team_id', '=', id).execute();
				const { numDeletedRows } = await db.deleteFrom('teams').where('id', '=', id).executeTakeFirst();
				return numDeletedRows === 1n;
			}),
	};
}

async function addMembers(db: Kysely<Tables>, teamId: string, agentIds: readonly string[]): Promise<void> {
	const rows = [...new Set(agentIds)].map((agent_id, position) => ({ team_id: teamId, agent_id, position }));
	if (rows.length > 0) await db.insertInto('team_members').values(rows).execute();
}

type TeamRow = Pick<Selectable<TeamsTable>, 'id' | 'name' | 'created_at'>;

async function withMembers(db: Kysely<Tables>, rows: readonly TeamRow[]): Promise<Team[]> {
	if (rows.length === 0) return [];
	const members = await db
		.selectFrom('team_members')
		.select(['team_id', 'agent_id'])
		.where('team_id', 'in', rows.map(({ id }) => id))
		.orderBy('position')
		.execute();
	return rows.map(({ id, name, created_at }) => ({
		id,
		name,
		memberIds: members.filter(({ team_id }) => team_id === id).map(({ agent_id }) => agent_id),
		createdAt: created_at,
	}));
}
