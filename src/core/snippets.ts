import { TEXT_MAX, textLength } from './content';
import type { Desk } from './desk';
import { InputError } from './failure';
import { requireLibraryFile } from './library';
import { empty } from './lookup';
import type { Snippet } from './records';
import type { Records } from './store';

const NAME_MAX = 60;
const NAME = /^[\p{L}\p{M}\p{N}_-]+$/u;

/** What 'Create or Update' of a snippet was given. Absent: stays as it is. Null: is cleared. */
export interface SnippetDetails {
	/** Changes the snippet with this id, e.g. its name; without it the name says which is meant. */
	id?: string;
	name?: string;
	text?: string | null;
	/** Names of library files, with or without 'library:'; replaces all of them. */
	attachments?: readonly string[] | null;
}

/** The name of a snippet as people write it, with the slash of messages before it or without. */
export function snippetName(text: string): string {
	return text.trim().replace(/^\//, '').trim().normalize('NFC');
}

/** @throws InputError unknown id or file, taken or impossible name, text too long, or neither text nor file. */
export async function saveSnippet(desk: Desk, details: SnippetDetails): Promise<Snippet> {
	return await desk.store.atomically(async (records) => {
		await records.lock('directory');
		const name = details.name === undefined && details.id !== undefined ? undefined : parseName(details.name ?? '');
		const owner = name === undefined ? undefined : await records.snippets.byName(name);
		const known = details.id === undefined ? owner : await requireSnippet(records, details.id, 'Snippet ID');
		if (owner && known && owner.id !== known.id) {
			throw new InputError('Name', `There is another snippet called '${owner.name}' (${owner.id}). Choose another name.`);
		}
		const text = details.text === undefined ? known?.text : parseText(details.text ?? '');
		const attachments =
			details.attachments === undefined ? known?.attachments : await fileNames(records, details.attachments ?? []);
		const content = { text: text ?? '', attachments: attachments ?? [] };
		if (content.text === '' && content.attachments.length === 0) {
			throw empty('Text', 'Give the text that the snippet stands for, or name files of the library in Attachments.');
		}
		if (known) {
			const changes = { ...(name !== undefined && { name }), ...content };
			await records.snippets.update(known.id, changes);
			return { ...known, ...changes };
		}
		const snippet: Snippet = { id: desk.newId(), name: parseName(name ?? ''), ...content, createdAt: desk.now() };
		await records.snippets.insert(snippet);
		return snippet;
	});
}

function parseName(text: string): string {
	const name = snippetName(text);
	if (name === '') throw empty('Name', 'Messages name the snippet by it, e.g. greeting as /greeting.');
	const { length } = [...name];
	if (length > NAME_MAX) {
		throw new InputError('Name', `'Name' has ${length} characters; it can have at most ${NAME_MAX}. Give a shorter name.`);
	}
	if (NAME.test(name)) return name;
	const possible = name.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-').replace(/^-|-$/g, '');
	throw new InputError(
		'Name',
		`'Name' is '${name}', which messages could not name. Use letters, digits, - and _ only, e.g. ${possible || 'greeting'}.`,
	);
}

/** It may be longer once its variables are filled in: the message it goes into is measured then. */
function parseText(given: string): string {
	const text = given.trim();
	const length = textLength(text, 'codepoint');
	if (length <= TEXT_MAX) return text;
	throw new InputError(
		'Text',
		`'Text' has ${length} characters; a message can have at most ${TEXT_MAX}. Shorten it, or make several snippets of it.`,
	);
}

/** As the library has them, each once. */
async function fileNames(records: Records, asked: readonly string[]): Promise<string[]> {
	const names = new Set<string>();
	for (const name of asked) names.add((await requireLibraryFile(records, name, 'Attachments')).libraryName);
	return [...names];
}

/** @throws InputError unknown snippet. */
async function requireSnippet(records: Records, idOrName: string, parameter = 'Snippet'): Promise<Snippet> {
	const asked = snippetName(idOrName);
	if (asked === '') throw empty(parameter, 'Pick a snippet from the list, or give an ID or name.');
	const snippet = (await records.snippets.get(asked)) ?? (await records.snippets.byName(asked));
	if (snippet) return snippet;
	throw new InputError(
		parameter,
		`There is no snippet '${asked}'. Pick one from the list, or create it with the Conversations node (Snippet > Create or Update).`,
	);
}

/** Texts that name it keep what they say: '/name' stays as it is. @throws InputError unknown snippet. */
export async function deleteSnippet(desk: Desk, idOrName: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.lock('directory');
		await records.snippets.delete((await requireSnippet(records, idOrName)).id);
	});
}
