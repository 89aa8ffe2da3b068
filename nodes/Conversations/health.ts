import type { INodeProperties } from 'n8n-workflow';

export const healthProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'get',
		displayOptions: { show: { resource: ['health'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get the health of the channels',
				description: 'Whether messages of each account and mailbox come in, when all was well last, and what is wrong',
			},
		],
	},
];
