import type { INodeProperties } from 'n8n-workflow';
import { filterFields, manyFields, searchFilterField } from '../../src/n8n/fields/many';
import { teamField } from '../../src/n8n/fields/people';

const show = (...operation: string[]) => ({ show: { resource: ['team'], operation } });

export const teamProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['team'] } },
		options: [
			{
				name: 'Create or Update',
				value: 'createOrUpdate',
				action: 'Create or update a team',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{ name: 'Delete', value: 'delete', action: 'Delete a team', description: 'Remove a team; its agents stay' },
			{ name: 'Get Many', value: 'getMany', action: 'Get many teams', description: 'List the groups of agents' },
		],
	},
	teamField(show('delete')),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Support',
		description: 'By its name we know whether the team exists',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Member Names or IDs',
		name: 'members',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getAgents' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'These replace the members the team has; none leaves them as they are. Expressions may give emails too.',
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
				displayName: 'Team ID',
				name: 'teamId',
				type: 'string',
				default: '',
				description: 'Update the team with this ID, for example to change its name',
			},
		],
	},
	...manyFields('team'),
	filterFields('team', [searchFilterField('Part of the name')]),
];
