import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import { megabytes } from './limits';
import { locator } from './people';

/** What none of the channels takes is of no use in the library. */
export const LIBRARY_FILE_MAX_BYTES = Math.max(...channelIds.map((id) => channels[id].can.attachments?.maxBytes ?? 0));

export const libraryFileHint = `At most ${megabytes(LIBRARY_FILE_MAX_BYTES)}. Most channels take less.`;

export function snippetField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator(
		{
			displayName: 'Snippet',
			name: 'snippet',
			search: 'searchSnippets',
			second: { displayName: 'By Name', name: 'name', placeholder: 'e.g. greeting' },
			required: true,
			description: 'The stored text, which messages name as /greeting',
		},
		displayOptions,
	);
}

/** Its list gives names: they stay when a file is replaced. */
export function libraryFileField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator(
		{
			displayName: 'File',
			name: 'file',
			search: 'searchLibraryFiles',
			second: { displayName: 'By Name', name: 'name', placeholder: 'e.g. price-list.pdf' },
			required: true,
			description: 'The file of the library, which messages name as library:price-list.pdf',
		},
		displayOptions,
	);
}
