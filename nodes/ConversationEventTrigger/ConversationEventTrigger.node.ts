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

export class ConversationEventTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Conversation Event Trigger',
		name: 'conversationEventTrigger',
		icon: {
			light: 'file:../../icons/conversationEventTrigger.svg',
			dark: 'file:../../icons/conversationEventTrigger.dark.svg',
		},
		group: ['trigger'],
		version: 2,
		description: 'Starts the workflow when something happens to a message, a conversation or a contact',
		subtitle: '={{ $parameter["events"].map((type) => type.split(".").map((word) => word[0].toUpperCase() + word.slice(1)).join(" ")).join(", ") }}',
		eventTriggerDescription: 'Make one of the events happen: write a message to an account, or run a workflow that sends one',
		activationMessage: 'Every event that fits now starts this workflow.',
		defaults: { name: 'Conversation Event' },
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
