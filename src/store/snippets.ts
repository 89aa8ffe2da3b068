import type { Updateable } from 'kysely';
import type { Snippet } from '../core/records';
import type { Snippets } from '../core/store';
import { json, mapping, plain } from './mapping';
import type { SnippetsTable } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold } from './text';

const snippet = mapping<Snippet, SnippetsTable>()({
	id: plain('id'),
	name: plain('name'),
	text: plain('text'),
	attachments: json('attachments'),
	createdAt: plain('created_at'),
});

export function snippets(scope: Scope): Snippets {
	const select = () => scope.db.selectFrom('snippets').select(snippet.columns);
	return {
		async get(id) {
			const row = await select().where('id', '=', id).executeTakeFirst();
			return row && snippet.record(row);
		},
		async byName(name) {
			const row = await select().where('name_lower', '=', fold(name)).executeTakeFirst();
			return row && snippet.record(row);
		},
		async byNames(names) {
			if (names.length === 0) return [];
			const rows = await select().where('name_lower', 'in', [...new Set(names.map(fold))]).execute();
			return rows.map(snippet.record);
		},
		async list({ search }, page) {
			const { limit, offset } = bounds(page);
			let query = select();
			const wanted = search?.trim() ?? '';
			if (wanted !== '') query = query.where(contains('name_lower', fold(wanted)));
			const rows = await query.orderBy('name_lower').limit(limit).offset(offset).execute();
			return rows.map(snippet.record);
		},
		async insert(record) {
			await scope.db
				.insertInto('snippets')
				.values({ ...snippet.row(record), name_lower: fold(record.name) })
				.execute();
		},
		async update(id, changes) {
			const columns: Updateable<SnippetsTable> | undefined = snippet.changes(changes);
			if (!columns) return;
			if (changes.name !== undefined) columns.name_lower = fold(changes.name);
			await scope.db.updateTable('snippets').set(columns).where('id', '=', id).execute();
		},
		async delete(id) {
			const { numDeletedRows } = await scope.db.deleteFrom('snippets').where('id', '=', id).executeTakeFirst();
			return numDeletedRows === 1n;
		},
	};
}
