import type { INodeProperties } from 'n8n-workflow';
import { nameIn, shownFor, type MessageKind, type Section } from './section';

/** Where the files of a message come from. */
export function fileFields(section: Section, kinds: readonly MessageKind[], hint: string): INodeProperties[] {
	const displayOptions = shownFor(section, kinds);
	return [
		{
			displayName: `${section.label}Attachments`,
			name: nameIn(section, 'attachments'),
			type: 'string',
			default: '',
			placeholder: 'e.g. data',
			description: 'The input data field name with the file, or library:price-list.pdf for a file of the library; several are separated by commas',
			hint,
			displayOptions,
		},
		{
			displayName: `${section.label}Attachment URLs`,
			name: nameIn(section, 'attachmentUrls'),
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add URL' },
			default: [],
			placeholder: 'e.g. https://example.com/price-list.pdf',
			description:
				"Files to fetch from the internet and send; library:price-list.pdf is a file of the library. Addresses inside your own network are refused, except those of the server in the channel's credential.",
			displayOptions,
		},
	];
}
