import type { IDataObject } from 'n8n-workflow';
import {
	deleteAgent,
	deleteTeam,
	saveAgent,
	saveTeam,
	setAgentStatus,
} from '../../../core/directory';
import { requireAgent, requireTeam } from '../../../core/lookup';
import { InputError } from '../../../core/failure';
import type { Agent, AgentStatus, Team } from '../../../core/records';
import { describeAgent, describeTeam } from '../../items';
import { list, located, text } from '../parameters';
import { deleted, each, given, givenText, one, rowsOf, type Call, type Operation } from './call';

const MEMBERS_MAX = 500;

const namedAgent = (call: Call) => located(call.ctx, call.index, 'agent', 'Agent');
const namedTeam = (call: Call) => located(call.ctx, call.index, 'team', 'Team');

async function agentKeys({ desk }: Call, agents: readonly Agent[]): Promise<IDataObject[]> {
	const open = await desk.store.records.conversations.openPerAgent(agents.map(({ id }) => id));
	return agents.map((agent) => ({ agent: describeAgent(agent, open.get(agent.id) ?? 0) }));
}

async function oneAgent(call: Call, agent: Agent) {
	const [keys] = await agentKeys(call, [agent]);
	return one(call, keys ?? {});
}

function status(value: unknown): AgentStatus {
	if (value === 'online' || value === 'offline') return value;
	throw new InputError('Status', `'Status' is '${String(value)}', which is no choice. Use online or offline.`);
}

export const agent: Record<string, Operation> = {
	createOrUpdate: async (call) => {
		const more = given(call, 'additionalFields');
		const details = {
			id: givenText(more, 'agentId', 'Agent ID'),
			email: text(call.ctx, call.index, 'email', 'Email') || undefined,
			name: text(call.ctx, call.index, 'name', 'Name') || undefined,
			...(more['status'] !== undefined && { status: status(more['status']) }),
		};
		return await oneAgent(call, await saveAgent(call.desk, details));
	},
	get: async (call) => await oneAgent(call, await requireAgent(call.desk.store.records, namedAgent(call))),
	getMany: async (call) => {
		const { records } = call.desk.store;
		const filters = given(call, 'filters');
		const search = givenText(filters, 'search', 'Search');
		const team = givenText(filters, 'team', 'Team');
		const filter = {
			...(search !== undefined && { search }),
			...(team !== undefined && { teamId: (await requireTeam(records, team)).id }),
			...(filters['status'] !== undefined && { status: status(filters['status']) }),
		};
		return each(call, await agentKeys(call, await rowsOf(call, (page) => records.agents.list(filter, page))));
	},
	setStatus: async (call) => {
		const asked = status(call.ctx.getNodeParameter('status', call.index, 'online'));
		return await oneAgent(call, await setAgentStatus(call.desk, namedAgent(call), asked));
	},
	delete: async (call) => {
		await deleteAgent(call.desk, namedAgent(call));
		return deleted(call);
	},
};

async function teamKeys({ desk }: Call, { id, ...team }: Team): Promise<IDataObject> {
	const members = await desk.store.records.agents.list({ teamId: id }, { limit: MEMBERS_MAX, offset: 0 });
	return { team: describeTeam({ id, ...team }, members) };
}

export const team: Record<string, Operation> = {
	createOrUpdate: async (call) => {
		const more = given(call, 'additionalFields');
		// An empty list leaves the members as they are.
		const members = list(call.ctx, call.index, 'members', 'Members');
		const details = {
			id: givenText(more, 'teamId', 'Team ID'),
			name: text(call.ctx, call.index, 'name', 'Name') || undefined,
			...(members.length > 0 && { members }),
		};
		return one(call, await teamKeys(call, await saveTeam(call.desk, details)));
	},
	getMany: async (call) => {
		const { records } = call.desk.store;
		const search = givenText(given(call, 'filters'), 'search', 'Search');
		const filter = search === undefined ? {} : { search };
		const teams = await rowsOf(call, (page) => records.teams.list(filter, page));
		return each(call, await Promise.all(teams.map((row) => teamKeys(call, row))));
	},
	delete: async (call) => {
		await deleteTeam(call.desk, namedTeam(call));
		return deleted(call);
	},
};
