import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { assign, type AssignRequest, type AssignTo, type Selection } from '../../core/assignment';
import { requireContactBy } from '../../core/contact';
import type { Desk } from '../../core/desk';
import { requireAgent, requireTeam } from '../../core/lookup';
import { InputError } from '../../core/failure';
import type { Records } from '../../core/store';
import { contactKey, conversationKey, passOn, passOnFailed } from '../items';
import { lookUp, lookUpAll } from './each-item';
import { located, text } from './parameters';
import { failedItem, isTool, itemError, requireDesk } from './problems';

/** The Assign Conversation node: output 0 who got somebody, output 1 for whom nobody was available. */
export async function assignConversations(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const inputs = this.getInputData();
	const desk = await requireDesk(this);
	const lookups = await lookUpAll(this, (index) => requestOf(this, desk.store.records, index));
	const assigned: INodeExecutionData[] = [];
	const nobody: INodeExecutionData[] = [];
	for (const [index, lookup] of lookups.entries()) {
		const input = inputs[index] ?? { json: {} };
		const done = 'found' in lookup ? await lookUp(() => carryOut(desk, lookup.found, input, index)) : lookup;
		if ('problem' in done) {
			if (!this.continueOnFail()) throw itemError(this, index, done.problem);
			nobody.push(failedItem(this, input, index, done.problem));
		} else (done.found.ok ? assigned : nobody).push(done.found.item);
	}
	return isTool(this) ? [[...assigned, ...nobody]] : [assigned, nobody];
}

async function requestOf(ctx: IExecuteFunctions, records: Records, index: number): Promise<AssignRequest> {
	const contact = await requireContactBy(records, text(ctx, index, 'contact', 'Contact'));
	return { contactId: contact.id, to: await assignTo(ctx, records, index), source: 'workflow' };
}

async function assignTo(ctx: IExecuteFunctions, records: Records, index: number): Promise<AssignTo> {
	const kind = text(ctx, index, 'assignTo', 'Assign To');
	if (kind === 'agent') {
		return { kind, agent: (await requireAgent(records, located(ctx, index, 'agent', 'Agent'))).id };
	}
	if (kind === 'team') {
		const team = await requireTeam(records, located(ctx, index, 'team', 'Team'));
		return { kind, team: team.id, ...selection(ctx, index) };
	}
	if (kind === 'anyone') return { kind, ...selection(ctx, index) };
	if (kind === 'unassign') return { kind };
	throw new InputError(
		'Assign To',
		`'Assign To' is '${kind}', which is no choice. Use agent, team, anyone or unassign.`,
	);
}

function selection(ctx: IExecuteFunctions, index: number): Selection {
	const maxOpen = Number(ctx.getNodeParameter('maxOpen', index, 0));
	return {
		logic: ctx.getNodeParameter('logic', index, 'roundRobin') === 'leastOpen' ? 'leastOpen' : 'roundRobin',
		onlyOnline: ctx.getNodeParameter('onlyOnline', index, false) === true,
		maxOpen: Number.isFinite(maxOpen) ? Math.max(0, Math.floor(maxOpen)) : 0,
	};
}

async function carryOut(desk: Desk, request: AssignRequest, input: INodeExecutionData, index: number) {
	const result = await assign(desk, request);
	const { records } = desk.store;
	const keys = {
		conversation: await conversationKey(records, result.conversation),
		contact: await contactKey(records, result.contact),
	};
	const item = result.ok ? passOn(input, index, keys) : passOnFailed(input, index, keys, result.failure);
	return { ok: result.ok, item };
}
