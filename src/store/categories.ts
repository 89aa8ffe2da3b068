import type { Updateable } from 'kysely';
import type { ClosingNoteCategory } from '../core/records';
import type { Categories } from '../core/store';
import { mapping, plain } from './mapping';
import type { CategoriesTable } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold } from './text';

const category = mapping<ClosingNoteCategory, CategoriesTable>()({
	id: plain('id'),
	name: plain('name'),
	description: plain('description'),
	createdAt: plain('created_at'),
});

export function categories(scope: Scope): Categories {
	const select = () => scope.db.selectFrom('categories').select(category.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && category.record(row);
		},
		async byName(name) {
			const row = await select().where('name_lower', '=', fold(name)).executeTakeFirst();
			return row && category.record(row);
		},
		async list({ search }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			if (search !== undefined && search.trim() !== '')
				query = query.where(contains('name_lower', fold(search.trim())));
			const rows = await query.orderBy('name_lower').limit(limit).offset(offset).execute();
			return rows.map(category.record);
		},
		async insert(record) {
			await scope.db
				.insertInto('categories')
				.values({ ...category.row(record), name_lower: fold(record.name) })
				.execute();
		},
		async update(id, changes) {
			const columns: Updateable<CategoriesTable> | undefined = category.changes(changes);
			if (!columns) return;
			if (changes.name !== undefined) columns.name_lower = fold(changes.name);
			await scope.db.updateTable('categories').set(columns).where('id', '=', id).execute();
		},
		async delete(id) {
			const { numDeletedRows } = await scope.db
				.deleteFrom('categories')
				.where('id', '=', id)
				.executeTakeFirst();
			return numDeletedRows === 1n;
		},
	};
}
