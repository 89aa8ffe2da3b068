import type { INodeProperties } from 'n8n-workflow';
import { categoryField, contactField } from '../../src/n8n/fields/people';

export const properties: INodeProperties[] = [
	contactField(),
	categoryField(false),
	{
		displayName: 'Summary',
		name: 'summary',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Asked for the opening hours',
		description: 'What the conversation was about, kept as its closing note',
	},
	{
		displayName: 'Unassign',
		name: 'unassign',
		type: 'boolean',
		default: true,
		description: "Whether the contact becomes unassigned. Otherwise its next conversation opens with the same agent.",
	},
];
