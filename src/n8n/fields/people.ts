import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Whom a step is about. */
export function contactField(displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Contact',
		name: 'contact',
		type: 'string',
		required: true,
		default: '={{ $json.contact.id }}',
		placeholder: 'e.g. phone:+447900000000',
		description:
			"The contact's ID, as the trigger's item has it. A phone number or email works too: phone:+447900000000 or email:nathan@example.com.",
		...(displayOptions && { displayOptions }),
	};
}

interface Locator {
	displayName: string;
	name: string;
	/** Of `methods.listSearch`. */
	search: string;
	/** How else the record is named: by its email or name. */
	second: { displayName: string; name: string; placeholder: string };
	required: boolean;
	description: string;
}

export function locator({ displayName, name, search, second, required, description }: Locator, displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(required && { required }),
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${displayName === 'Agent' ? 'an' : 'a'} ${displayName.toLowerCase()}...`,
				typeOptions: { searchListMethod: search, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
			},
			{ displayName: second.displayName, name: second.name, type: 'string', placeholder: second.placeholder },
		],
		...(displayOptions && { displayOptions }),
	};
}

export function agentField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator(
		{
			displayName: 'Agent',
			name: 'agent',
			search: 'searchAgents',
			second: { displayName: 'By Email', name: 'email', placeholder: 'e.g. nathan@example.com' },
			required: true,
			description: 'The person. Agents are made with the Conversations node.',
		},
		displayOptions,
	);
}

export function teamField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator(
		{
			displayName: 'Team',
			name: 'team',
			search: 'searchTeams',
			second: { displayName: 'By Name', name: 'name', placeholder: 'e.g. Support' },
			required: true,
			description: 'The group of agents. Teams are made with the Conversations node.',
		},
		displayOptions,
	);
}

export function categoryField(required: boolean, displayOptions?: IDisplayOptions): INodeProperties {
	return locator(
		{
			displayName: 'Category',
			name: 'category',
			search: 'searchCategories',
			second: { displayName: 'By Name', name: 'name', placeholder: 'e.g. Solved' },
			required,
			description: 'What the conversation was about. Categories are made with the Conversations node.',
		},
		displayOptions,
	);
}
