import { deleteSnippet, saveSnippet, snippetName } from '../../../core/snippets';
import { describeSnippet } from '../../items';
import { list, located, text } from '../parameters';
import { deleted, each, given, givenText, one, rowsOf, type Call, type Operation } from './call';

const isNull = ({ ctx, index }: Call, name: string) => ctx.getNodeParameter(name, index, '') === null;

/** Empty leaves the text as it is. */
function textOf(call: Call): string | null | undefined {
	if (isNull(call, 'text')) return null;
	return text(call.ctx, call.index, 'text', 'Text') || undefined;
}

/** None leaves the files as they are. */
function attachmentsOf(call: Call): string[] | null | undefined {
	if (isNull(call, 'attachments')) return null;
	const names = list(call.ctx, call.index, 'attachments', 'Attachments');
	return names.length === 0 ? undefined : names;
}

export const snippet: Record<string, Operation> = {
	createOrUpdate: async (call) => {
		const details = {
			id: givenText(given(call, 'additionalFields'), 'snippetId', 'Snippet ID'),
			name: text(call.ctx, call.index, 'name', 'Name') || undefined,
			text: textOf(call),
			attachments: attachmentsOf(call),
		};
		return one(call, { snippet: describeSnippet(await saveSnippet(call.desk, details)) });
	},
	getMany: async (call) => {
		const { records } = call.desk.store;
		const search = snippetName(givenText(given(call, 'filters'), 'search', 'Search') ?? '');
		const snippets = await rowsOf(call, (page) => records.snippets.list({ search }, page));
		return each(call, snippets.map((row) => ({ snippet: describeSnippet(row) })));
	},
	delete: async (call) => {
		await deleteSnippet(call.desk, located(call.ctx, call.index, 'snippet', 'Snippet'));
		return deleted(call);
	},
};
