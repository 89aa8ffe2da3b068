import { deleteCategory, saveCategory } from '../../../core/directory';
import { describeCategory } from '../../items';
import { textOf } from '../asked-message';
import { located, text } from '../parameters';
import { deleted, each, given, givenText, one, rowsOf, type Operation } from './call';

export const closingNoteCategory: Record<string, Operation> = {
	createOrUpdate: async (call) => {
		const more = given(call, 'additionalFields');
		const { description } = more;
		const details = {
			id: givenText(more, 'categoryId', 'Category ID'),
			name: text(call.ctx, call.index, 'name', 'Name') || undefined,
			...(description !== undefined && {
				description: description === null ? null : textOf('Description', description),
			}),
		};
		return one(call, { closingNoteCategory: describeCategory(await saveCategory(call.desk, details)) });
	},
	getMany: async (call) => {
		const { records } = call.desk.store;
		const search = givenText(given(call, 'filters'), 'search', 'Search');
		const filter = search === undefined ? {} : { search };
		const categories = await rowsOf(call, (page) => records.categories.list(filter, page));
		return each(call, categories.map((row) => ({ closingNoteCategory: describeCategory(row) })));
	},
	delete: async (call) => {
		await deleteCategory(call.desk, located(call.ctx, call.index, 'category', 'Category'));
		return deleted(call);
	},
};
