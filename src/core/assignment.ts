import type { Desk } from './desk';
import { publish } from './events';
import { failure, type Failure } from './failure';
import { requireAgent, requireContact, requireTeam } from './lookup';
import type { Agent, Contact, Conversation, Source, Team } from './records';
import type { Records } from './store';

export type AssignTo =
	/** `agent`: id or email. */
	| { kind: 'agent'; agent: string }
	/** `team`: id or name. */
	| ({ kind: 'team'; team: string } & Selection)
	| ({ kind: 'anyone' } & Selection)
	| { kind: 'unassign' };

export interface Selection {
	/** `roundRobin`: who was given a conversation longest ago; `leastOpen`: who has the fewest open ones. */
	logic: 'roundRobin' | 'leastOpen';
	onlyOnline: boolean;
	/** Only agents with fewer open conversations; 0: no limit. */
	maxOpen: number;
}

export interface AssignRequest {
	contactId: string;
	to: AssignTo;
	source: Source;
}

export type Assigned =
	| { ok: true; contact: Contact; conversation: Conversation | null; agent: Agent | null }
	| { ok: false; contact: Contact; conversation: Conversation | null; failure: Failure };

/** How many agents are considered at most. */
const AGENTS_MAX = 500;

/**
 * Gives the contact's open conversation to somebody, decided and written under one lock, so that assignments at once
 * neither exceed `maxOpen` nor pick one person twice.
 * @throws InputError unknown contact, agent or team.
 */
export async function assign(desk: Desk, request: AssignRequest): Promise<Assigned> {
	return await desk.store.atomically(async (records) => {
		await records.lock('assignment');
		const contact = await requireContact(records, request.contactId);
		const conversation = await records.conversations.openOf(contact.id);
		if (request.to.kind === 'unassign') return await unassign(desk, records, contact, conversation, request.source);
		const { candidates, team, nobody } = await candidatesFor(records, request.to);
		if (!conversation) {
			return {
				ok: false,
				contact,
				conversation: (await records.conversations.latestOf(contact.id)) ?? null,
				failure: failure(
					'conversation_closed',
					'The contact has no open conversation to assign. Open one first (Conversations node), or wait until the contact writes.',
				),
			};
		}
		const agent =
			request.to.kind === 'agent' ? candidates[0] : await pick(records, candidates, request.to, conversation);
		if (!agent) return { ok: false, contact, conversation, failure: failure('nobody_available', nobody) };
		return await give(desk, records, { contact, conversation, agent, team, source: request.source });
	});
}

async function candidatesFor(
	records: Records,
	to: Exclude<AssignTo, { kind: 'unassign' }>,
): Promise<{ candidates: Agent[]; team: Team | null; nobody: string }> {
	if (to.kind === 'agent') return { candidates: [await requireAgent(records, to.agent)], team: null, nobody: '' };
	const team = to.kind === 'team' ? await requireTeam(records, to.team) : null;
	const candidates = await records.agents.list(
		{ ...(team && { teamId: team.id }), ...(to.onlyOnline && { status: 'online' as const }) },
		{ limit: AGENTS_MAX, offset: 0 },
	);
	return { candidates, team, nobody: nobodySentence(team, to, candidates.length) };
}

function nobodySentence(team: Team | null, { onlyOnline, maxOpen }: Selection, found: number): string {
	const where = team ? `The team '${team.name}'` : 'The workspace';
	if (found > 0) {
		return `Every ${onlyOnline ? 'online ' : ''}agent of ${team ? `the team '${team.name}'` : 'the workspace'} has ${maxOpen} or more open conversations. Raise 'Max Open Conversations', add agents, or handle this output.`;
	}
	return onlyOnline
		? `${where} has no agent who is online. Switch 'Only Online Agents' off, or handle this output.`
		: `${where} has no agents. Add them with the Conversations node (Agent > Create or Update${team ? ', then Team > Create or Update' : ''}).`;
}

async function pick(
	records: Records,
	candidates: readonly Agent[],
	{ logic, maxOpen }: Selection,
	conversation: Conversation,
): Promise<Agent | undefined> {
	const open = await records.conversations.openPerAgent(candidates.map(({ id }) => id));
	// The conversation being assigned does not count against the one who has it.
	const load = (agent: Agent) => (open.get(agent.id) ?? 0) - (conversation.assigneeId === agent.id ? 1 : 0);
	const free = maxOpen > 0 ? candidates.filter((agent) => load(agent) < maxOpen) : candidates;
	return free.toSorted(
		(a, b) =>
			(logic === 'leastOpen' ? load(a) - load(b) : 0) ||
			(a.lastAssignedAt ?? 0) - (b.lastAssignedAt ?? 0) ||
			(a.id < b.id ? -1 : 1),
	)[0];
}

async function give(
	desk: Desk,
	records: Records,
	{ contact, conversation, agent, team, source }: {
		contact: Contact;
		conversation: Conversation;
		agent: Agent;
		team: Team | null;
		source: Source;
	},
): Promise<Assigned> {
	const at = desk.now();
	await records.conversations.update(conversation.id, { assigneeId: agent.id, teamId: team?.id ?? null });
	await records.contacts.update(contact.id, { assigneeId: agent.id, updatedAt: at });
	// Two assignments in one millisecond must still take turns.
	const lastAssignedAt = Math.max(at, (await latestTurn(records)) + 1);
	await records.agents.update(agent.id, { lastAssignedAt });
	await announce(desk, records, conversation, 'conversation.assigned', source, {
		assigneeId: agent.id,
		previousId: conversation.assigneeId,
		teamId: team?.id ?? null,
	});
	return {
		ok: true,
		contact: { ...contact, assigneeId: agent.id, updatedAt: at },
		conversation: { ...conversation, assigneeId: agent.id, teamId: team?.id ?? null },
		agent: { ...agent, lastAssignedAt },
	};
}

async function latestTurn(records: Records): Promise<number> {
	const agents = await records.agents.list({}, { limit: AGENTS_MAX, offset: 0 });
	return Math.max(0, ...agents.map(({ lastAssignedAt }) => lastAssignedAt ?? 0));
}

async function unassign(
	desk: Desk,
	records: Records,
	contact: Contact,
	conversation: Conversation | undefined,
	source: Source,
): Promise<Assigned> {
	const at = desk.now();
	await records.contacts.update(contact.id, { assigneeId: null, updatedAt: at });
	if (conversation) {
		// Nobody has it now, neither an agent nor who answered outside of n8n.
		await records.conversations.update(conversation.id, { assigneeId: null, teamId: null, takenOverAt: null });
		if (conversation.assigneeId !== null) {
			await announce(desk, records, conversation, 'conversation.unassigned', source, {
				previousId: conversation.assigneeId,
			});
		}
	}
	return {
		ok: true,
		contact: { ...contact, assigneeId: null, updatedAt: at },
		conversation: conversation
			? { ...conversation, assigneeId: null, teamId: null, takenOverAt: null }
			: ((await records.conversations.latestOf(contact.id)) ?? null),
		agent: null,
	};
}

async function announce(
	desk: Desk,
	records: Records,
	conversation: Conversation,
	type: 'conversation.assigned' | 'conversation.unassigned',
	source: Source,
	data: Record<string, unknown>,
): Promise<void> {
	const { id: conversationId, contactId, channel, account } = conversation;
	await publish(desk, records, { type, source, contactId, conversationId, messageId: null, channel, account, data });
}
