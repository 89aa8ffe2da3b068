import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { getAgents, searchAgents, searchCategories, searchLibraryFiles, searchSnippets, searchTeams } from '../../src/n8n/lists';
import { operate } from '../../src/n8n/steps/conversations';
import { agentProperties } from './agent';
import { closingNoteCategoryProperties } from './closingNoteCategory';
import { contactProperties } from './contact';
import { conversationProperties } from './conversation';
import { fileProperties } from './file';
import { healthProperties } from './health';
import { messageProperties } from './message';
import { resource } from './resource';
import { snippetProperties } from './snippet';
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
	...snippetProperties,
	...fileProperties,
	...healthProperties,
];

export class Conversations implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Conversations',
		name: 'conversations',
		icon: { light: 'file:../../icons/conversations.svg', dark: 'file:../../icons/conversations.dark.svg' },
		group: ['transform'],
		version: 1,
		description: 'Read and change contacts, conversations, agents, teams, snippets and files',
		subtitle: subtitleOf(properties),
		defaults: { name: 'Conversations' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		properties,
	};

	methods = {
		listSearch: { searchAgents, searchTeams, searchCategories, searchSnippets, searchLibraryFiles },
		loadOptions: { getAgents },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await operate.call(this);
	}
}
