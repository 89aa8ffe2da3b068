import type { Kysely } from 'kysely';
import type { LibraryFile, StoredFile } from '../core/records';
import type { Files } from '../core/store';
import type { EpochMs } from '../core/time';
import { mapping, plain } from './mapping';
import type { FilesTable, Tables } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold } from './text';

/** Small enough that no row is a burden to the engine, large enough that a file is a few rows. */
const CHUNK_BYTES = 1024 * 1024;

const file = mapping<StoredFile, FilesTable>()({
	id: plain('id'),
	name: plain('name'),
	mime: plain('mime'),
	sizeBytes: plain('size_bytes'),
	owner: plain('owner'),
	createdAt: plain('created_at'),
});
const shelved = [...file.columns, 'library_name'] as const;
type Shelved = Pick<FilesTable, (typeof shelved)[number]>;
const libraryFile = (row: Shelved): LibraryFile => ({ ...file.record(row), libraryName: row.library_name ?? '' });

export function files(scope: Scope): Files {
	return {
		async get(id) {
			const row = await scope.db.selectFrom('files').select(file.columns).where('id', '=', id).executeTakeFirst();
			return row && file.record(row);
		},
		async byLibraryName(name) {
			const row = await scope.db
				.selectFrom('files')
				.select(shelved)
				.where('library_name_lower', '=', fold(name))
				.executeTakeFirst();
			return row && libraryFile(row);
		},
		async library({ search }, page) {
			const { limit, offset } = bounds(page);
			let query = scope.db.selectFrom('files').select(shelved).where('library_name_lower', 'is not', null);
			const wanted = search?.trim() ?? '';
			if (wanted !== '') query = query.where(contains('library_name_lower', fold(wanted)));
			const rows = await query.orderBy('library_name_lower').limit(limit).offset(offset).execute();
			return rows.map(libraryFile);
		},
		shelve: (id, libraryName, at) =>
			scope.whole(async (db) => {
				const named = await db.selectFrom('files').select('id').where('library_name_lower', '=', fold(libraryName)).executeTakeFirst();
				if (named && named.id !== id) await unshelve(db, named.id, at);
				await db
					.updateTable('files')
					.set({ library_name: libraryName, library_name_lower: fold(libraryName), used: 1 })
					.where('id', '=', id)
					.execute();
			}),
		unshelve: (id, at) => scope.whole((db) => unshelve(db, id, at)),
		async insert(record, bytes) {
			await scope.whole(async (db) => {
				await db
					.insertInto('files')
					.values({ ...file.row(record), used: 0 })
					.execute();
				for (let position = 0; position * CHUNK_BYTES < bytes.byteLength; position++)
					await db
						.insertInto('file_chunks')
						.values({
							file_id: record.id,
							position,
							bytes: bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES),
						})
						.execute();
			});
		},
		bytes: (id) =>
			scope.whole(async (db) => {
				const found = await db.selectFrom('files').select('id').where('id', '=', id).executeTakeFirst();
				if (!found) return undefined;
				const chunks = await db
					.selectFrom('file_chunks')
					.select('bytes')
					.where('file_id', '=', id)
					.orderBy('position')
					.execute();
				return new Uint8Array(Buffer.concat(chunks.map(({ bytes }) => bytes)));
			}),
		async attach(messageId, attachments) {
			const ids = [...new Set(attachments.flatMap(({ fileId }) => fileId ?? []))];
			if (ids.length === 0) return;
			await scope.whole(async (db) => {
				await db
					.insertInto('message_files')
					.values(ids.map((file_id) => ({ message_id: messageId, file_id })))
					.onConflict((conflict) => conflict.doNothing())
					.execute();
				await db.updateTable('files').set({ used: 1 }).where('id', 'in', ids).execute();
			});
		},
		detach: (messageId) => scope.whole((db) => detachFiles(db, messageId)),
		async deleteUnused(olderThan, limit) {
			const { numDeletedRows } = await scope.db
				.deleteFrom('files')
				.where('id', 'in', (from) =>
					from
						.selectFrom('files')
						.select('id')
						.where('used', '=', 0)
						.where('created_at', '<', olderThan)
						.orderBy('created_at')
						.orderBy('id')
						.limit(limit),
				)
				// Once more, for what a message began to use since the inner query looked.
				.where('used', '=', 0)
				.executeTakeFirst();
			return Number(numDeletedRows);
		},
		async unusedBytesOf(owner) {
			const { bytes } = await scope.db
				.selectFrom('files')
				.select(({ fn }) => fn.sum('size_bytes').as('bytes'))
				.where('owner', '=', owner)
				.where('used', '=', 0)
				.executeTakeFirstOrThrow();
			return Number(bytes ?? 0);
		},
	};
}

/** A message that is being written may just have looked it up: what no message uses yet is as if it were made now. */
async function unshelve(db: Kysely<Tables>, id: string, at: EpochMs): Promise<boolean> {
	const { numUpdatedRows } = await db
		.updateTable('files')
		.set({ library_name: null, library_name_lower: null })
		.where('id', '=', id)
		.where('library_name_lower', 'is not', null)
		.executeTakeFirst();
	const inUse = await db.selectFrom('message_files').select('file_id').where('file_id', '=', id).limit(1).executeTakeFirst();
	if (numUpdatedRows === 1n && !inUse) await db.updateTable('files').set({ used: 0, created_at: at }).where('id', '=', id).execute();
	return numUpdatedRows === 1n;
}

export async function detachFiles(db: Kysely<Tables>, messageId: string): Promise<void> {
	await db
		.deleteFrom('files')
		.where('id', 'in', (from) =>
			from.selectFrom('message_files').select('file_id').where('message_id', '=', messageId),
		)
		.where('library_name_lower', 'is', null)
		.where(({ exists, not, selectFrom }) =>
			not(
				exists(
					selectFrom('message_files')
						.select('message_files.message_id')
						.whereRef('message_files.file_id', '=', 'files.id')
						.where('message_files.message_id', '<>', messageId),
				),
			),
		)
		.execute();
	await db.deleteFrom('message_files').where('message_id', '=', messageId).execute();
}
