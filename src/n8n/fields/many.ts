import type { INodeProperties } from 'n8n-workflow';

/** 'Return All' and 'Limit' of a Get Many operation. */
export function manyFields(resource: string): INodeProperties[] {
	const show = { resource: [resource], operation: ['getMany'] };
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show, returnAll: [false] } },
		},
	];
}

/** The optional conditions of a Get Many operation. */
export function filterFields(resource: string, options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions: { show: { resource: [resource], operation: ['getMany'] } },
		options,
	};
}

export const assigneeFilterField: INodeProperties = {
	displayName: 'Assignee',
	name: 'assignee',
	type: 'string',
	default: '',
	placeholder: 'e.g. nathan@example.com',
	description: "ID or email of the agent who has it; 'none' finds what nobody has",
};

export function searchFilterField(description: string): INodeProperties {
	return { displayName: 'Search', name: 'search', type: 'string', default: '', placeholder: 'e.g. Nathan', description };
}

export const contactFilterField: INodeProperties = {
	displayName: 'Contact',
	name: 'contact',
	type: 'string',
	default: '',
	placeholder: 'e.g. phone:+447900000000',
	description: 'ID of the contact, or its phone number or email as phone:+447900000000 or email:nathan@example.com',
};
