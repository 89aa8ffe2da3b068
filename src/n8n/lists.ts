import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { libraryName } from '../core/library';
import { snippetName } from '../core/snippets';
import type { Page } from '../core/store';
import { openDesk } from './host';

/** The lists that node parameters are picked from. */

const PAGE = 100;
/** What a plain drop-down shows at most. */
const DROP_DOWN_MAX = 500;

interface Found {
	name: string;
	value: string;
	description?: string;
}

async function page(
	paginationToken: string | undefined,
	read: (page: Page) => Promise<Found[]>,
): Promise<INodeListSearchResult> {
	const offset = Number(paginationToken ?? 0) || 0;
	const results = await read({ limit: PAGE, offset });
	return { results, ...(results.length === PAGE && { paginationToken: String(offset + PAGE) }) };
}

const searching = (filter: string | undefined) => (filter ? { search: filter } : {});

export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { agents } = (await openDesk()).store.records;
	return await page(paginationToken, async (part) =>
		(await agents.list(searching(filter), part)).map(({ id, name, email }) => ({ name: `${name} (${email})`, value: id })),
	);
}

export async function searchTeams(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { teams } = (await openDesk()).store.records;
	return await page(paginationToken, async (part) =>
		(await teams.list(searching(filter), part)).map(({ id, name }) => ({ name, value: id })),
	);
}

export async function searchCategories(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { categories } = (await openDesk()).store.records;
	return await page(paginationToken, async (part) =>
		(await categories.list(searching(filter), part)).map(({ id, name }) => ({ name, value: id })),
	);
}

export async function searchSnippets(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { snippets } = (await openDesk()).store.records;
	const search = snippetName(filter);
	return await page(paginationToken, async (part) =>
		(await snippets.list({ search }, part)).map(({ id, name }) => ({ name: `/${name}`, value: id })),
	);
}

/** By name, which stays when a file is replaced. */
export async function searchLibraryFiles(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { files } = (await openDesk()).store.records;
	const search = libraryName(filter);
	return await page(paginationToken, async (part) =>
		(await files.library({ search }, part)).map((file) => ({ name: file.libraryName, value: file.libraryName })),
	);
}

export async function getAgents(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { agents } = (await openDesk()).store.records;
	return (await agents.list({}, { limit: DROP_DOWN_MAX, offset: 0 })).map(({ id, name, email }) => ({
		name,
		value: id,
		description: email,
	}));
}
