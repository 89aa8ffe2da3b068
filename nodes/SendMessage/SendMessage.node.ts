import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { credentialTests } from '../../src/n8n/calls/credential-tests';
import { channelCredentials } from '../../src/n8n/fields/credentials';
import { sendMessages } from '../../src/n8n/steps/send';
import { templateMethods } from '../../src/n8n/calls/template-lists';
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
		credentials: channelCredentials('connectedChannels'),
		waitingNodeTooltip: '=Waiting for the contact',
		webhooks: [waitingWebhook],
		properties,
	};

	methods = { credentialTest: credentialTests, ...templateMethods };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeWaiting.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await sendMessages.call(this);
	}
}
