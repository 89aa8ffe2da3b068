import type { INodeProperties } from 'n8n-workflow';
import type { Capabilities, Channel } from '../../core/channel';
import { nameIn, shownFor, type Section } from './section';

/** The buttons to answer by. */
export function choicesField(section: Section, { name }: Channel, { max, labelMax }: NonNullable<Capabilities['choices']>): INodeProperties {
	return {
		displayName: `${section.label}Choices`,
		name: nameIn(section, 'choices'),
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Choice',
		default: { values: [{ label: '', id: '' }] },
		description: `The buttons under the text. ${name} takes at most ${max}.`,
		options: [
			{
				displayName: 'Choice',
				name: 'values',
				// Label first: most people never need an ID.
				values: [
					{
						displayName: 'Label',
						name: 'label',
						type: 'string',
						default: '',
						placeholder: 'e.g. Opening hours',
						description: `What the button says, at most ${labelMax} characters`,
					},
					{
						displayName: 'ID',
						name: 'id',
						type: 'string',
						default: '',
						placeholder: 'e.g. hours',
						description: 'What your workflow is told when the button is pressed. Without it the label is used.',
					},
				],
			},
		],
		displayOptions: shownFor(section, ['choices']),
	};
}
