import type { INodeProperties } from 'n8n-workflow';

export const resource: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: 'contact',
	options: [
		{ name: 'Agent', value: 'agent' },
		{ name: 'Closing Note Category', value: 'closingNoteCategory' },
		{ name: 'Contact', value: 'contact' },
		{ name: 'Conversation', value: 'conversation' },
		{ name: 'File', value: 'file' },
		{ name: 'Health', value: 'health' },
		{ name: 'Message', value: 'message' },
		{ name: 'Snippet', value: 'snippet' },
		{ name: 'Team', value: 'team' },
	],
};
