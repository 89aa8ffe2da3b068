import type { Desk } from './desk';
import { InputError } from './failure';
import { empty } from './lookup';
import type { LibraryFile, Snippet } from './records';
import type { Page, Records } from './store';
import { foldName } from './names';

/** The library: files that messages and snippets name, kept until somebody takes them out. */

const NAME_MAX = 120;
/** So many snippets are named when a file cannot be taken out for them. */
const NAMED_MAX = 3;
const PAGE = 500;

/** The name of a library file as people write it, with 'library:' before it or without. */
export function libraryName(text: string): string {
	return text
		.replace(/^\s*library:/i, '')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
}

/** @throws InputError no name, too long, or one that a list of names with commas between could not hold. */
export function parseLibraryName(text: string): string {
	const name = libraryName(text);
	if (name === '') throw empty('Name', 'Give a name by which messages can name the file, e.g. price-list.pdf.');
	if (name.includes(',')) {
		throw new InputError(
			'Name',
			`'Name' is '${name}'. It cannot have a comma, since commas stand between the names of several files. Leave the comma out.`,
		);
	}
	const { length } = [...name];
	if (length > NAME_MAX) {
		throw new InputError('Name', `'Name' has ${length} characters; it can have at most ${NAME_MAX}. Give a shorter name.`);
	}
	return name;
}

/**
 * Puts a stored file into the library. One that had this name before, whatever its case, is replaced: messages that went
 * with it keep it.
 */
export async function addToLibrary(desk: Desk, fileId: string, name: string): Promise<LibraryFile> {
	return await desk.store.atomically(async (records) => {
		await records.lock('directory');
		await records.files.shelve(fileId, name, desk.now());
		const file = await records.files.byLibraryName(name);
		if (file?.id !== fileId) throw new Error('The file for the library is not in the store');
		return file;
	});
}

/** @throws InputError unknown file. */
export async function requireLibraryFile(records: Records, nameOrId: string, parameter = 'File'): Promise<LibraryFile> {
	const asked = libraryName(nameOrId);
	if (asked === '') throw empty(parameter, 'Pick a file from the list, or give its name in the library.');
	const file = (await records.files.byLibraryName(asked)) ?? (await byId(records, asked));
	if (file) return file;
	throw new InputError(
		parameter,
		`There is no file '${asked}' in the library. Use the name of one that is there, or upload it with the Conversations node (File > Upload).`,
	);
}

async function byId(records: Records, id: string): Promise<LibraryFile | undefined> {
	if (!(await records.files.get(id))) return undefined;
	for await (const file of every((page) => records.files.library({}, page))) if (file.id === id) return file;
	return undefined;
}

/** Messages that went with it keep it. @throws InputError unknown file, or snippets bring it along. */
export async function removeFromLibrary(desk: Desk, nameOrId: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.lock('directory');
		const file = await requireLibraryFile(records, nameOrId);
		const users = await snippetsWith(records, file);
		if (users.length > 0) throw stillUsed(file, users);
		await records.files.unshelve(file.id, desk.now());
	});
}

async function snippetsWith(records: Records, file: LibraryFile): Promise<Snippet[]> {
	const name = foldName(file.libraryName);
	const users: Snippet[] = [];
	for await (const snippet of every((page) => records.snippets.list({}, page))) {
		if (snippet.attachments.some((attachment) => foldName(attachment) === name)) users.push(snippet);
	}
	return users;
}

function stillUsed({ libraryName: name }: LibraryFile, users: readonly Snippet[]): InputError {
	const named = users.slice(0, NAMED_MAX).map((snippet) => `'/${snippet.name}'`);
	const more = users.length - named.length;
	const all = more > 0 ? [...named, `${more} more`] : named;
	const [last, ...others] = all.toReversed();
	const list = others.length === 0 ? String(last) : `${others.toReversed().join(', ')} and ${String(last)}`;
	return new InputError(
		'File',
		`The 'File' '${name}' is attached to the ${users.length === 1 ? 'snippet' : 'snippets'} ${list}. Change or delete ${users.length === 1 ? 'that snippet' : 'those snippets'} first.`,
	);
}

async function* every<T>(read: (page: Page) => Promise<T[]>): AsyncGenerator<T> {
	for (let offset = 0; ; offset += PAGE) {
		const rows = await read({ limit: PAGE, offset });
		yield* rows;
		if (rows.length < PAGE) return;
	}
}
