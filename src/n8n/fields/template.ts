import type { INodeProperties } from 'n8n-workflow';
import type { Channel, ChannelId } from '../../core/channel';
import { nameIn, shownFor, type Section } from './section';

const capitalised = (id: string) => `${id.charAt(0).toUpperCase()}${id.slice(1)}`;

/** Of `methods.loadOptions`: 'getWhatsappTemplates'. */
export function templateListMethod(id: ChannelId): string {
	return `get${capitalised(id)}Templates`;
}

/** Of `methods.resourceMapping`: 'getWhatsappTemplateParameters'. */
export function templateParametersMethod(id: ChannelId): string {
	return `get${capitalised(id)}TemplateParameters`;
}

/** A message that the provider has approved, picked from the account's list, and its fields. */
export function templateFields(section: Section, { id, name }: Channel): INodeProperties[] {
	const displayOptions = shownFor(section, ['template']);
	const template = nameIn(section, 'template');
	return [
		{
			displayName: `${section.label}Template Name or ID`,
			name: template,
			type: 'options',
			required: true,
			typeOptions: { loadOptionsMethod: templateListMethod(id) },
			default: '',
			description:
				'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			hint: "If the fields below are still those of another template, choose 'Refresh Parameter List' under their ⋮. In an expression: name and language, e.g. order_update|en_US.",
			displayOptions,
		},
		{
			displayName: `${section.label}Template Parameters`,
			name: nameIn(section, 'templateParameters'),
			type: 'resourceMapper',
			noDataExpression: true,
			default: { mappingMode: 'defineBelow', value: null },
			typeOptions: {
				// n8n loads the fields anew when the template changes only while it can work out every other field of the node.
				loadOptionsDependsOn: [template],
				resourceMapper: {
					resourceMapperMethod: templateParametersMethod(id),
					mode: 'add',
					valuesLabel: `${name} Template Parameters`,
					fieldWords: { singular: 'parameter', plural: 'parameters' },
					addAllFields: true,
					multiKeyMatch: false,
					supportAutoMap: false,
					noFieldsError: 'This template has no fields to fill in.',
					// Whatever was not loaded anew at once is put right when the node is opened.
					refreshStaleSchemaOnOpen: true,
				},
			},
			description: "What stands in the template's fields. A file is an https address, an input data field name, or library:price-list.pdf.",
			displayOptions: { ...displayOptions, hide: { [template]: [''] } },
		},
	];
}
