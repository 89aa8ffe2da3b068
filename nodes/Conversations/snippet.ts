import type { INodeProperties } from 'n8n-workflow';
import { snippetField } from '../../src/n8n/fields/library';
import { filterFields, manyFields, searchFilterField } from '../../src/n8n/fields/many';

const show = (...operation: string[]) => ({ show: { resource: ['snippet'], operation } });

export const snippetProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['snippet'] } },
		options: [
			{
				name: 'Create or Update',
				value: 'createOrUpdate',
				action: 'Create or update a snippet',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a snippet',
				description: 'Remove a stored text; messages that name it keep /name as it stands',
			},
			{ name: 'Get Many', value: 'getMany', action: 'Get many snippets', description: 'List the texts that messages can name' },
		],
	},
	snippetField(show('delete')),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. greeting',
		description: 'By its name we know whether the snippet exists, and messages insert it as /greeting',
		hint: 'Letters, digits, - and _; at most 60 characters',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. Hello $contact.firstname|there, thank you for writing to us.',
		description:
			'What the snippet stands for; variables are filled in when it is sent. Needed for a new one without attachments. Empty leaves the text as it is; the expression {{ null }} clears it.',
		hint: 'At most 2,000 characters',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Attachments',
		name: 'attachments',
		type: 'string',
		default: '',
		placeholder: 'e.g. price-list.pdf, map.png',
		description:
			'Comma-separated names of files in the library, which go along with the text. They replace the ones the snippet has. Empty leaves them as they are; the expression {{ null }} takes them all off.',
		displayOptions: show('createOrUpdate'),
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: show('createOrUpdate'),
		options: [
			{
				displayName: 'Snippet ID',
				name: 'snippetId',
				type: 'string',
				default: '',
				description: 'Update the snippet with this ID, for example to change its name',
			},
		],
	},
	...manyFields('snippet'),
	filterFields('snippet', [searchFilterField('Part of the name')]),
];
