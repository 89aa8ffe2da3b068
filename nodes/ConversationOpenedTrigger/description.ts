import type { INodeProperties } from 'n8n-workflow';
import { credentialsPlace } from '../../src/n8n/fields/credentials';
import { channelNotices, receivedChannels, triggerOptions } from '../../src/n8n/fields/trigger';

export const properties: INodeProperties[] = [
	receivedChannels,
	credentialsPlace,
	...channelNotices,
	{
		displayName: 'Opened By',
		name: 'sources',
		type: 'multiOptions',
		noDataExpression: true,
		required: true,
		default: ['contact'],
		options: [
			{ name: 'Agent', value: 'agent', description: 'A person of yours wrote first' },
			{ name: 'Contact', value: 'contact', description: 'The contact wrote first: an inbound conversation' },
			{ name: 'Workflow', value: 'workflow', description: 'A workflow opened it: an outbound conversation' },
		],
		description: 'Who has to open the conversation for this workflow to start',
	},
	{
		displayName: 'Contact Type',
		name: 'contactType',
		type: 'options',
		noDataExpression: true,
		default: 'any',
		options: [
			{ name: 'Any', value: 'any' },
			{ name: 'New', value: 'new', description: 'Only the first conversation of a contact' },
			{ name: 'Returning', value: 'returning', description: 'Only contacts who had a conversation before' },
		],
		description: 'Which contacts start this workflow',
	},
	{
		displayName: 'Once per Contact',
		name: 'oncePerContact',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description:
			'Whether a contact starts this workflow only once, ever. Contacts that started it while this was off count too.',
	},
	triggerOptions,
];

/** What to do to see it work. */
export const triggerPanel = {
	header: 'Open a conversation',
	executionsHelp: {
		inactive:
			"<b>While building your workflow</b>, click 'Execute step', then write a message: on the website chat at the Test URL, on any other channel to your account there.<br /><br /><b>Once you're happy</b>, publish the workflow. Then every conversation that a contact opens starts it, and the executions show up in the executions list, but not in the editor.",
		active:
			"<b>While building your workflow</b>, click 'Execute step', then write a message: on the website chat at the Test URL, on any other channel to your account there.<br /><br /><b>Your workflow also starts by itself</b>, because it is published: at every conversation that is opened on its channels. These executions show up in the executions list, but not in the editor.",
	},
	activationHint:
		'Once you have finished building your workflow, publish it to have it start at every new conversation.',
};
