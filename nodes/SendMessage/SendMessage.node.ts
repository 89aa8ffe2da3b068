import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { sendMessages } from '../../src/n8n/steps/send';
import { resumeWaiting, waitingWebhook } from '../../src/n8n/waits';
import { outputs, properties, subtitle } from './description';

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- its webhook only resumes waiting executions: there is nothing to register
export class SendMessage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Send Message',
		name: 'sendMessage',
		icon: { light: 'file:../../icons/sendMessage.svg', dark: 'file:../../icons/sendMessage.dark.svg' },
		group: ['output'],
		version: 1,
		description: 'Writes to a contact on any connected channel',
		subtitle,
		defaults: { name: 'Send Message' },
		inputs: [NodeConnectionTypes.Main],
		outputs,
		usableAsTool: true,
		waitingNodeTooltip: '=Waiting for the contact',
		webhooks: [waitingWebhook],
		properties,
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeWaiting.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await sendMessages.call(this);
	}
}
