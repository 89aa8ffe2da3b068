import type { INodeProperties } from 'n8n-workflow';
import { agentField, contactField, teamField } from '../../src/n8n/fields/people';

const SELECTING = { show: { assignTo: ['anyone', 'team'] } };

/** e.g. 'Team: Round Robin' */
export const subtitle =
	'={{ ({ agent: "Agent", team: "Team", anyone: "Anyone", unassign: "Unassign" })[$parameter["assignTo"]] + (["team", "anyone"].includes($parameter["assignTo"]) ? ": " + ($parameter["logic"] === "leastOpen" ? "Least Open" : "Round Robin") : "") }}';

export const properties: INodeProperties[] = [
	contactField(),
	{
		displayName: 'Assign To',
		name: 'assignTo',
		type: 'options',
		noDataExpression: true,
		default: 'anyone',
		options: [
			{ name: 'Agent', value: 'agent', description: 'One person', action: 'Assign to an agent' },
			{ name: 'Anyone', value: 'anyone', description: 'One of all agents', action: 'Assign to anyone' },
			{ name: 'Team', value: 'team', description: 'One of the agents of a team', action: 'Assign to a team' },
			{ name: 'Unassign', value: 'unassign', description: 'Nobody has it any more', action: 'Unassign' },
		],
		description: "Who gets the contact's open conversation",
	},
	agentField({ show: { assignTo: ['agent'] } }),
	teamField({ show: { assignTo: ['team'] } }),
	{
		displayName: 'Logic',
		name: 'logic',
		type: 'options',
		default: 'roundRobin',
		options: [
			{ name: 'Least Open', value: 'leastOpen', description: 'Who has the fewest open conversations' },
			{ name: 'Round Robin', value: 'roundRobin', description: 'Who was given a conversation longest ago' },
		],
		description: 'How one of several agents is chosen',
		displayOptions: SELECTING,
	},
	{
		displayName: 'Only Online Agents',
		name: 'onlyOnline',
		type: 'boolean',
		default: false,
		description: 'Whether agents who are offline are passed over',
		hint: 'Set who is online with the Conversations node: Agent > Set Status',
		displayOptions: SELECTING,
	},
	{
		displayName: 'Max Open Conversations',
		name: 'maxOpen',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'Pass over agents who have this many open conversations or more. 0 means no limit.',
		displayOptions: SELECTING,
	},
];
