import type { INodeProperties } from 'n8n-workflow';
import { channelOptions, DEFAULT_CHANNEL } from '../../src/n8n/fields/channels';
import { assigneeFilterField, contactFilterField, filterFields, manyFields } from '../../src/n8n/fields/many';
import { contactField } from '../../src/n8n/fields/people';

export const conversationProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'get',
		displayOptions: { show: { resource: ['conversation'] } },
		options: [
			{ name: 'Get', value: 'get', action: 'Get a conversation', description: 'Look up the open or latest one of a contact' },
			{ name: 'Get Many', value: 'getMany', action: 'Get many conversations', description: 'List what is open or was closed' },
			{ name: 'Open', value: 'open', action: 'Open a conversation', description: 'Begin one with a contact who has none open' },
		],
	},
	{
		displayName: 'Get By',
		name: 'getBy',
		type: 'options',
		noDataExpression: true,
		default: 'contact',
		options: [
			{ name: 'Contact', value: 'contact', description: 'The open conversation, else the latest' },
			{ name: 'Conversation ID', value: 'id' },
		],
		displayOptions: { show: { resource: ['conversation'], operation: ['get'] } },
	},
	contactField({ show: { resource: ['conversation'], operation: ['get'], getBy: ['contact'] } }),
	{
		displayName: 'Conversation ID',
		name: 'conversationId',
		type: 'string',
		required: true,
		default: '={{ $json.conversation.id }}',
		displayOptions: { show: { resource: ['conversation'], operation: ['get'], getBy: ['id'] } },
	},
	contactField({ show: { resource: ['conversation'], operation: ['open'] } }),
	...manyFields('conversation'),
	filterFields('conversation', [
		assigneeFilterField,
		{
			displayName: 'Channel',
			name: 'channel',
			type: 'options',
			default: DEFAULT_CHANNEL,
			options: channelOptions,
			description: 'Only conversations opened on this channel',
		},
		contactFilterField,
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			default: 'open',
			options: [
				{ name: 'Closed', value: 'closed' },
				{ name: 'Open', value: 'open' },
			],
		},
	]),
];
