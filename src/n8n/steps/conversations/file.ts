import type { IBinaryData } from 'n8n-workflow';
import { InputError } from '../../../core/failure';
import { addToLibrary, libraryName, parseLibraryName, removeFromLibrary } from '../../../core/library';
import { LIBRARY_FILE_MAX_BYTES } from '../../fields/library';
import { megabytes } from '../../fields/limits';
import { cleanFileName, storeFile } from '../../files/stored-files';
import { describeLibraryFile } from '../../items';
import { located, text } from '../parameters';
import { deleted, each, given, givenText, one, rowsOf, type Call, type Operation } from './call';

const FIELD = 'Input Data Field Name';

export const file: Record<string, Operation> = {
	upload: async (call) => {
		const field = text(call.ctx, call.index, 'inputDataFieldName', FIELD);
		const binary = binaryOf(call, field);
		const { name, fileName } = namesOf(text(call.ctx, call.index, 'name', 'Name'), binary);
		const bytes = await bytesOf(call, field, binary);
		const { fileId } = await storeFile(call.desk, { name: fileName, bytes, declaredMime: binary.mimeType, owner: null });
		return one(call, { file: describeLibraryFile(await addToLibrary(call.desk, fileId, name)) });
	},
	getMany: async (call) => {
		const { records } = call.desk.store;
		const search = libraryName(givenText(given(call, 'filters'), 'search', 'Search') ?? '');
		const files = await rowsOf(call, (page) => records.files.library({ search }, page));
		return each(call, files.map((row) => ({ file: describeLibraryFile(row) })));
	},
	delete: async (call) => {
		await removeFromLibrary(call.desk, located(call.ctx, call.index, 'file', 'File'));
		return deleted(call);
	},
};

function binaryOf({ input }: Call, field: string): IBinaryData {
	const fields = input.binary ?? {};
	const binary = Object.hasOwn(fields, field) ? fields[field] : undefined;
	if (binary) return binary;
	const names = Object.keys(fields);
	const has = names.length === 0 ? 'Connect a node that gives a file.' : `Its files are in: ${names.join(', ')}.`;
	throw new InputError(
		FIELD,
		field === '' ? `'${FIELD}' is empty. ${has}` : `'${FIELD}' is '${field}', where the item has no file. ${has}`,
	);
}

async function bytesOf({ ctx, index }: Call, field: string, binary: IBinaryData): Promise<Uint8Array> {
	const tooLarge = () =>
		new InputError(
			FIELD,
			`The file in '${FIELD}' is larger than the ${megabytes(LIBRARY_FILE_MAX_BYTES)} that the library takes. Make it smaller, or send a link to it.`,
		);
	// What is too large is not read at all, where n8n says the size.
	if ((binary.bytes ?? 0) > LIBRARY_FILE_MAX_BYTES) throw tooLarge();
	const bytes = await ctx.helpers.getBinaryDataBuffer(index, field);
	if (bytes.length > LIBRARY_FILE_MAX_BYTES) throw tooLarge();
	if (bytes.length === 0) throw new InputError(FIELD, `The file in '${FIELD}' has nothing in it. Check the node it comes from.`);
	return bytes;
}

/** 'pdf' of 'Prices.PDF' */
const endingOf = (name: string) => /\.([\p{L}\p{N}]{1,8})$/u.exec(name)?.[1]?.toLowerCase();

/**
 * `name`: by which messages name the file. `fileName`: what people see who get it: the given name where it ends as the
 * file does, else the file's own.
 */
function namesOf(asked: string, { fileName: own = '', fileExtension }: IBinaryData): { name: string; fileName: string } {
	const ownName = cleanFileName(own);
	if (asked === '' && ownName === '') {
		throw new InputError('Name', "'Name' is empty, and the file has no name of its own. Give it one, e.g. price-list.pdf.");
	}
	// Files come with commas in their names; a name in the library has none.
	if (asked === '') return { name: parseLibraryName(ownName.replaceAll(',', ' ')), fileName: ownName };
	const name = parseLibraryName(asked);
	const ending = endingOf(ownName) ?? fileExtension?.toLowerCase();
	if (ending === undefined || endingOf(name) === ending) return { name, fileName: cleanFileName(name) || 'file' };
	return { name, fileName: endingOf(ownName) === undefined ? `${cleanFileName(name) || 'file'}.${ending}` : ownName };
}
