import type { INodeProperties } from 'n8n-workflow';
import { filterFields, manyFields, searchFilterField } from '../../src/n8n/fields/many';
import { agentField } from '../../src/n8n/fields/people';

const show = (...operation: string[]) => ({ show: { resource: ['agent'], operation } });

const STATUSES = [
	{ name: 'Offline', value: 'offline' },
	{ name: 'Online', value: 'online' },
];

export const agentProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['agent'] } },
		options: [
			{
				name: 'Create or Update',
				value: 'createOrUpdate',
				action: 'Create or update an agent',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{ name: 'Delete', value: 'delete', action: 'Delete an agent', description: 'Remove a person; what they had becomes unassigned' },
			{ name: 'Get', value: 'get', action: 'Get an agent', description: 'Look up one person and how much they have to do' },
			{ name: 'Get Many', value: 'getMany', action: 'Get many agents', description: 'List the people conversations are assigned to' },
			{ name: 'Set Status', value: 'setStatus', action: 'Set the status of an agent', description: 'Say that a person is online or offline' },
		],
	},
	agentField(show('get', 'setStatus', 'delete')),
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: 'online',
		options: STATUSES,
		displayOptions: show('setStatus'),
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: 'By their email we know whether the agent exists',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan Smith',
		description: 'Needed for a new agent. Empty leaves the name as it is.',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: show('createOrUpdate'),
		options: [
			{
				displayName: 'Agent ID',
				name: 'agentId',
				type: 'string',
				default: '',
				description: 'Update the agent with this ID, for example to change the email',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'online',
				options: STATUSES,
				description: 'A new agent is online unless you say otherwise',
			},
		],
	},
	...manyFields('agent'),
	filterFields('agent', [
		searchFilterField('Part of the name, or the whole email'),
		{ displayName: 'Status', name: 'status', type: 'options', default: 'online', options: STATUSES },
		{
			displayName: 'Team',
			name: 'team',
			type: 'string',
			default: '',
			placeholder: 'e.g. Support',
			description: 'ID or name of a team; only its members are returned',
		},
	]),
];
