import type { INodeProperties } from 'n8n-workflow';
import { libraryFileField, libraryFileHint } from '../../src/n8n/fields/library';
import { filterFields, manyFields, searchFilterField } from '../../src/n8n/fields/many';

const show = (...operation: string[]) => ({ show: { resource: ['file'], operation } });

export const fileProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a file',
				description: 'Take a file out of the library; messages that were sent with it keep it',
			},
			{ name: 'Get Many', value: 'getMany', action: 'Get many files', description: 'List what is in the library' },
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload a file',
				description: 'Keep a file in the library, for messages and snippets to name',
			},
		],
	},
	libraryFileField(show('delete')),
	{
		displayName: 'Input Data Field Name',
		name: 'inputDataFieldName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		description: 'The input data field name with the file',
		hint: libraryFileHint,
		displayOptions: show('upload'),
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. price-list.pdf',
		description:
			"How messages and snippets name it: library:price-list.pdf. Empty takes the file's own name. A file that has this name already is replaced.",
		displayOptions: show('upload'),
	},
	...manyFields('file'),
	filterFields('file', [searchFilterField('Part of the name')]),
];
