import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { getAgents, searchAgents, searchCategories, searchTeams } from '../../src/n8n/lists';
import { operate } from '../../src/n8n/steps/conversations';
import { agentProperties } from './agent';
import { closingNoteCategoryProperties } from './closingNoteCategory';
import { contactProperties } from './contact';
import { conversationProperties } from './conversation';
import { healthProperties } from './health';
import { messageProperties } from './message';
import { resource } from './resource';
import { subtitleOf } from './subtitle';
import { teamProperties } from './team';

const properties = [
	resource,
	...contactProperties,
	...conversationProperties,
	...messageProperties,
	...agentProperties,
	...teamProperties,
	...closingNoteCategoryProperties,
	...healthProperties,
];

export class Conversations implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Conversations',
		name: 'conversations',
		icon: { light: 'file:../../icons/conversations.svg', dark: 'file:../../icons/conversations.dark.svg' },
		group: ['transform'],
		version: 1,
		description: 'Read and change contacts, conversations, agents and teams',
		subtitle: subtitleOf(properties),
		defaults: { name: 'Conversations' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		properties,
	};

	methods = { listSearch: { searchAgents, searchTeams, searchCategories }, loadOptions: { getAgents } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await operate.call(this);
	}
}
