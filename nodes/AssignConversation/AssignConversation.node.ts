import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { searchAgents, searchTeams } from '../../src/n8n/lists';
import { assignConversations } from '../../src/n8n/steps/assign';
import { properties, subtitle } from './description';

export class AssignConversation implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Assign Conversation',
		name: 'assignConversation',
		icon: { light: 'file:../../icons/assignConversation.svg', dark: 'file:../../icons/assignConversation.dark.svg' },
		group: ['transform'],
		version: 1,
		description: 'Gives the open conversation of a contact to an agent, by turns or by load',
		subtitle,
		defaults: { name: 'Assign Conversation' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Assigned', 'Nobody Available'],
		usableAsTool: true,
		properties,
	};

	methods = { listSearch: { searchAgents, searchTeams } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await assignConversations.call(this);
	}
}
