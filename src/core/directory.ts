import { parseEmail } from './contact';
import type { Desk } from './desk';
import { InputError } from './failure';
import { empty, requireAgent, requireCategory, requireTeam } from './lookup';
import type { Agent, AgentStatus, ClosingNoteCategory, Team } from './records';
import type { Records } from './store';

/** What 'Create or Update' of an agent was given. Absent: stays as it is. */
export interface AgentDetails {
	/** Changes the agent with this id, e.g. its email; without it the email says who is meant. */
	id?: string;
	email?: string;
	name?: string;
	/** A new agent is online. */
	status?: AgentStatus;
}

/** @throws InputError unknown id, malformed or taken email, no name for a new agent. */
export async function saveAgent(desk: Desk, details: AgentDetails): Promise<Agent> {
	return await desk.store.atomically(async (records) => {
		await records.lock('directory');
		const email = details.email === undefined ? undefined : parseEmail('Email', details.email);
		const owner = email === undefined ? undefined : await records.agents.byEmail(email);
		const known = details.id === undefined ? owner : await requireAgent(records, details.id, 'Agent ID');
		if (owner && known && owner.id !== known.id) {
			throw new InputError('Email', `The email ${owner.email} belongs to another agent, ${owner.name} (${owner.id}).`);
		}
		if (known) {
			const changes = {
				...(email !== undefined && { email }),
				...(details.name !== undefined && { name: requireName(details.name) }),
				...(details.status !== undefined && { status: details.status }),
			};
			if (Object.keys(changes).length > 0) await records.agents.update(known.id, changes);
			return { ...known, ...changes };
		}
		if (email === undefined) throw empty('Email', 'An agent is known by an email address.');
		const agent: Agent = {
			id: desk.newId(),
			name: requireName(details.name),
			email,
			status: details.status ?? 'online',
			lastAssignedAt: null,
			createdAt: desk.now(),
		};
		await records.agents.insert(agent);
		return agent;
	});
}

function requireName(name: string | undefined): string {
	const trimmed = name?.trim() ?? '';
	if (trimmed === '') throw empty('Name', 'Give a name that people will see.');
	return trimmed;
}

/** @throws InputError unknown agent. */
export async function setAgentStatus(desk: Desk, idOrEmail: string, status: AgentStatus): Promise<Agent> {
	return await desk.store.atomically(async (records) => {
		const agent = await requireAgent(records, idOrEmail);
		await records.agents.update(agent.id, { status });
		return { ...agent, status };
	});
}

/** Its conversations and contacts become unassigned. @throws InputError unknown agent. */
export async function deleteAgent(desk: Desk, idOrEmail: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.lock('directory');
		await records.agents.delete((await requireAgent(records, idOrEmail)).id);
	});
}

export interface TeamDetails {
	/** Changes the team with this id, e.g. its name; without it the name says which is meant. */
	id?: string;
	name?: string;
	/** Ids or emails of agents; replaces all members. */
	members?: readonly string[];
}

/** @throws InputError unknown id or member, taken name, no name for a new team. */
export async function saveTeam(desk: Desk, details: TeamDetails): Promise<Team> {
	return await desk.store.atomically(async (records) => {
		await records.lock('directory');
		const members = details.members && (await memberIds(records, details.members));
		const name = details.name === undefined && details.id !== undefined ? undefined : requireName(details.name);
		const owner = name === undefined ? undefined : await records.teams.byName(name);
		const known = details.id === undefined ? owner : await requireTeam(records, details.id, 'Team ID');
		if (owner && known && owner.id !== known.id) throw nameTaken('team', owner);
		if (known) {
			const changes = { ...(name !== undefined && { name }), ...(members && { memberIds: members }) };
			if (Object.keys(changes).length > 0) await records.teams.update(known.id, changes);
			return { ...known, ...changes };
		}
		const team: Team = { id: desk.newId(), name: requireName(name), memberIds: members ?? [], createdAt: desk.now() };
		await records.teams.insert(team);
		return team;
	});
}

async function memberIds(records: Records, members: readonly string[]): Promise<string[]> {
	const ids = new Set<string>();
	for (const member of members) ids.add((await requireAgent(records, member, 'Members')).id);
	return [...ids];
}

function nameTaken(what: string, { name, id }: { name: string; id: string }): InputError {
	return new InputError('Name', `There is another ${what} called '${name}' (${id}). Choose another name.`);
}

/** @throws InputError unknown team. */
export async function deleteTeam(desk: Desk, idOrName: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.lock('directory');
		await records.teams.delete((await requireTeam(records, idOrName)).id);
	});
}

export interface CategoryDetails {
	/** Changes the category with this id, e.g. its name; without it the name says which is meant. */
	id?: string;
	name?: string;
	/** Null: is cleared. */
	description?: string | null;
}

/** @throws InputError unknown id, taken name, no name for a new category. */
export async function saveCategory(desk: Desk, details: CategoryDetails): Promise<ClosingNoteCategory> {
	return await desk.store.atomically(async (records) => {
		await records.lock('directory');
		const { description } = details;
		const name = details.name === undefined && details.id !== undefined ? undefined : requireName(details.name);
		const owner = name === undefined ? undefined : await records.categories.byName(name);
		const known = details.id === undefined ? owner : await requireCategory(records, details.id, 'Category ID');
		if (owner && known && owner.id !== known.id) throw nameTaken('closing note category', owner);
		if (known) {
			const changes = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
			if (Object.keys(changes).length > 0) await records.categories.update(known.id, changes);
			return { ...known, ...changes };
		}
		const category: ClosingNoteCategory = {
			id: desk.newId(),
			name: requireName(name),
			description: description ?? null,
			createdAt: desk.now(),
		};
		await records.categories.insert(category);
		return category;
	});
}

/** Closed conversations keep the category's name. @throws InputError unknown category. */
export async function deleteCategory(desk: Desk, idOrName: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.lock('directory');
		await records.categories.delete((await requireCategory(records, idOrName)).id);
	});
}
