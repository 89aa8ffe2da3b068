import type { INodeProperties } from 'n8n-workflow';
import { contactFilterField, filterFields, manyFields } from '../../src/n8n/fields/many';

export const messageProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{ name: 'Get Many', value: 'getMany', action: 'Get many messages', description: 'List what was said, newest first' },
		],
	},
	...manyFields('message'),
	filterFields('message', [
		contactFilterField,
		{
			displayName: 'Conversation ID',
			name: 'conversationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
			description: 'Only messages of this conversation',
		},
		{
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			default: 'in',
			options: [
				{ name: 'Received', value: 'in' },
				{ name: 'Sent', value: 'out' },
			],
		},
	]),
];
