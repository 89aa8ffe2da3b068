import type { INodeProperties } from 'n8n-workflow';
import { filterFields, manyFields, searchFilterField } from '../../src/n8n/fields/many';
import { categoryField } from '../../src/n8n/fields/people';

const show = (...operation: string[]) => ({ show: { resource: ['closingNoteCategory'], operation } });

export const closingNoteCategoryProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'getMany',
		displayOptions: { show: { resource: ['closingNoteCategory'] } },
		options: [
			{
				name: 'Create or Update',
				value: 'createOrUpdate',
				action: 'Create or update a closing note category',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a closing note category',
				description: 'Remove a category; closed conversations keep its name',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many closing note categories',
				description: 'List what conversations can be about',
			},
		],
	},
	categoryField(true, show('delete')),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Solved',
		description: 'By its name we know whether the category exists',
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
				displayName: 'Category ID',
				name: 'categoryId',
				type: 'string',
				default: '',
				description: 'Update the category with this ID, for example to change its name',
			},
			{
				displayName: 'Description',
				name: 'description',
				type: 'string',
				default: '',
				placeholder: 'e.g. The question was answered',
			},
		],
	},
	...manyFields('closingNoteCategory'),
	filterFields('closingNoteCategory', [searchFilterField('Part of the name')]),
];
