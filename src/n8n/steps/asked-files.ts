import { libraryName } from '../../core/library';
import type { Parameters } from './authored';
import { listOf } from './values';

/** Where a file of a message comes from: an input data field, the internet, or the library by its name there. */
export type AskedFile = { field: string } | { url: string } | LibraryFileName;
export interface LibraryFileName {
	library: string;
	/** Name of the snippet that brings it along. */
	snippet?: string;
}

const LIBRARY = /^library:/i;

/** 'library:Price list.pdf'; null: it is none of the library. */
export function libraryEntry(entry: string): LibraryFileName | null {
	return LIBRARY.test(entry) ? { library: libraryName(entry) } : null;
}

/** @throws InputError */
export function filesOf(parameters: Parameters): AskedFile[] {
	const fields = listOf('Attachments', parameters.value('attachments', ''), /,/);
	// Names of library files may have spaces; addresses have none.
	const lines = listOf('Attachment URLs', parameters.value('attachmentUrls', []), /[\r\n]+|\s+(?=https?:|library:)/i);
	const urls = lines.flatMap((line) => (LIBRARY.test(line) ? [line] : line.split(/\s+/)));
	return [...fields.map((field) => libraryEntry(field) ?? { field }), ...urls.map((url) => libraryEntry(url) ?? { url })];
}
