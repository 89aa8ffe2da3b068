import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { credentialTests } from '../../src/n8n/calls/credential-tests';
import { channelCredentials } from '../../src/n8n/fields/credentials';
import { conversationTrigger, startExecution } from '../../src/n8n/triggers';
import { conversationWebhook, conversationWebhookMethods, conversationWebhooks } from '../../src/n8n/webhooks';
import { properties, triggerPanel } from './description';

export class ConversationOpenedTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Conversation Opened Trigger',
		name: 'conversationOpenedTrigger',
		icon: {
			light: 'file:../../icons/conversationOpenedTrigger.svg',
			dark: 'file:../../icons/conversationOpenedTrigger.dark.svg',
		},
		group: ['trigger'],
		version: 2,
		description: 'Starts the workflow when a conversation with a contact is opened',
		subtitle: '={{ $parameter["contactType"] === "any" ? "" : $parameter["contactType"] === "new" ? "New Contacts" : "Returning Contacts" }}',
		eventTriggerDescription: 'Write a message on one of the channels; for the website chat, on the page at the Test URL',
		activationMessage: 'You can now write on the chosen channels, for the website chat at the Production URL: every conversation starts this workflow.',
		defaults: { name: 'Conversation Opened' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: channelCredentials('channels'),
		webhooks: conversationWebhooks,
		triggerPanel,
		properties,
	};

	methods = { credentialTest: credentialTests };

	webhookMethods = conversationWebhookMethods;

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await conversationWebhook.call(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await conversationTrigger.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await startExecution.call(this);
	}
}
