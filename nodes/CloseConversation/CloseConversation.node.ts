import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { searchCategories } from '../../src/n8n/lists';
import { closeConversations } from '../../src/n8n/steps/close';
import { properties } from './description';

export class CloseConversation implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close Conversation',
		name: 'closeConversation',
		icon: { light: 'file:../../icons/closeConversation.svg', dark: 'file:../../icons/closeConversation.dark.svg' },
		group: ['transform'],
		version: 1,
		description: "Ends the contact's open conversation, with a closing note. The next message opens a new one.",
		subtitle: '={{ $parameter["unassign"] === false ? "Keep Assigned" : "Unassign" }}',
		defaults: { name: 'Close Conversation' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		properties,
	};

	methods = { listSearch: { searchCategories } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await closeConversations.call(this);
	}
}
