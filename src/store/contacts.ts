import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql, type Updateable } from 'kysely';
import { addressKey } from '../core/channel';
import type { Contact } from '../core/records';
import type { ContactFilter, Contacts } from '../core/store';
import { json, mapping, plain } from './mapping';
import type { ContactsTable, Tables } from './schema';
import { bounds, type Scope } from './scope';
import { contains, fold, foldOrNull } from './text';

const contact = mapping<Contact, ContactsTable>()({
	id: plain('id'),
	name: plain('name'),
	firstName: plain('first_name'),
	lastName: plain('last_name'),
	phone: plain('phone'),
	email: plain('email'),
	language: plain('language'),
	tags: json('tags'),
	fields: json('fields'),
	assigneeId: plain('assignee_id'),
	createdAt: plain('created_at'),
	updatedAt: plain('updated_at'),
});

/** The columns that searches compare with. */
function lowered({ name, firstName, lastName, email }: Partial<Contact>): Updateable<ContactsTable> {
	const columns: Updateable<ContactsTable> = {};
	if (name !== undefined) columns.name_lower = foldOrNull(name);
	if (firstName !== undefined) columns.first_name_lower = foldOrNull(firstName);
	if (lastName !== undefined) columns.last_name_lower = foldOrNull(lastName);
	if (email !== undefined) columns.email_lower = foldOrNull(email);
	return columns;
}

export function contacts(scope: Scope): Contacts {
	const select = () => scope.db.selectFrom('contacts').select(contact.columns);
	const found = (row: Parameters<typeof contact.record>[0] | undefined) => row && contact.record(row);
	return {
		async get(id) {
			return found(await select().where('id', '=', id).executeTakeFirst());
		},
		async byPhone(phone) {
			return found(await select().where('phone', '=', phone).executeTakeFirst());
		},
		async byEmail(email) {
			return found(await select().where('email_lower', '=', fold(email)).executeTakeFirst());
		},
		async list(filter, page) {
			const { limit, offset } = bounds(page);
			const query = await matching(scope.db, select(), filter);
			const rows = await query
				.orderBy('updated_at', 'desc')
				.orderBy('id', 'desc')
				.limit(limit)
				.offset(offset)
				.execute();
			return rows.map(contact.record);
		},
		async insert(record) {
			await scope.whole(async (db) => {
				await db
					.insertInto('contacts')
					.values({ ...contact.row(record), ...lowered(record) })
					.execute();
				await tag(db, record.id, record.tags);
			});
		},
		async update(id, changes) {
			const columns = contact.changes(changes);
			if (!columns) return;
			await scope.whole(async (db) => {
				const { numUpdatedRows } = await db
					.updateTable('contacts')
					.set({ ...columns, ...lowered(changes) })
					.where('id', '=', id)
					.executeTakeFirst();
				if (!changes.tags || numUpdatedRows === 0n) return;
				await db.deleteFrom('contact_tags').where('contact_id', '=', id).execute();
				await tag(db, id, changes.tags);
			});
		},
		delete: (id) => scope.whole((db) => remove(db, id)),
	};
}

async function tag(db: Kysely<Tables>, contactId: string, tags: readonly string[]): Promise<void> {
	const different = [...new Set(tags.map(fold))];
	if (different.length === 0) return;
	await db
		.insertInto('contact_tags')
		.values(different.map((tag_lower) => ({ contact_id: contactId, tag_lower })))
		.execute();
}

type ContactQuery = SelectQueryBuilder<Tables, 'contacts', Pick<ContactsTable, (typeof contact.columns)[number]>>;

async function matching(db: Kysely<Tables>, query: ContactQuery, filter: ContactFilter): Promise<ContactQuery> {
	const { search, status, assigneeId, tag: wantedTag, channel } = filter;
	let narrowed = query;
	if (search !== undefined && search.trim() !== '') narrowed = narrowed.where(searched(search));
	if (status !== undefined) narrowed = narrowed.where('conversation_status', '=', status);
	if (assigneeId !== undefined)
		narrowed = narrowed.where('assignee_id', assigneeId === null ? 'is' : '=', assigneeId);
	if (wantedTag !== undefined) {
		const tagged = db.selectFrom('contact_tags').select('contact_id').where('tag_lower', '=', fold(wantedTag));
		narrowed = narrowed.where(await belongsTo(tagged));
	}
	if (channel !== undefined) {
		const reached = db.selectFrom('addresses').select('contact_id').where('channel', '=', channel);
		narrowed = narrowed.where(await belongsTo(reached));
	}
	return narrowed;
}

/** So many are looked up and sorted in a few milliseconds. */
const FEW = 5_000;

type Condition = Extract<Parameters<ContactQuery['where']>[0], (...args: never) => unknown>;

/**
 * Few are found from their own side. Where there are many, the newest contacts are tried one after the other: enough of
 * them for a page belong, while to find and sort all that do would take seconds.
 */
async function belongsTo<Table extends 'contact_tags' | 'addresses'>(
	members: SelectQueryBuilder<Tables, Table, { contact_id: string }>,
): Promise<Condition> {
	const many = await members.limit(1).offset(FEW).executeTakeFirst();
	return ({ eb, exists }) =>
		many ? exists(members.where(sql<boolean>`contact_id = contacts.id`)) : eb('id', 'in', members);
}

function searched(search: string): Condition {
	const text = fold(search.trim());
	// People copy numbers as they are written: '+44 (0) 79…'. Stored ones are '+' and digits.
	const number = /^[\d\s()./+-]+$/.test(text) ? text.replace(/[^\d+]/g, '') : '';
	return ({ or, eb }) =>
		or([
			contains('search_text', text),
			...(number === '' || number === text ? [] : [contains('search_text', number)]),
			eb('email_lower', '=', text),
		]);
}

/** The rest of what it owns goes with it by its tables' foreign keys. */
async function remove(db: Kysely<Tables>, id: string): Promise<boolean> {
	const unlessOthersUseIt = ({ exists, not, selectFrom }: ExpressionBuilder<Tables, 'files'>) =>
		not(
			exists(
				selectFrom('message_files')
					.innerJoin('messages', 'messages.id', 'message_files.message_id')
					.select('message_files.file_id')
					.whereRef('message_files.file_id', '=', 'files.id')
					.where('messages.contact_id', '<>', id),
			),
		);
	await db
		.deleteFrom('files')
		.where('library_name_lower', 'is', null)
		.where('id', 'in', (from) =>
			from
				.selectFrom('messages')
				.innerJoin('message_files', 'message_files.message_id', 'messages.id')
				.select('message_files.file_id')
				.where('messages.contact_id', '=', id),
		)
		.where(unlessOthersUseIt)
		.execute();
	const addresses = await db
		.selectFrom('addresses')
		.select(['channel', 'account', 'user_id as user'])
		.where('contact_id', '=', id)
		// Files stay with the id their owner had when they came.
		.unionAll((from) =>
			from
				.selectFrom('addresses')
				.innerJoin('address_aliases as alias', 'alias.address_id', 'addresses.id')
				.select(['alias.channel', 'alias.account', 'alias.user_id as user'])
				.where('addresses.contact_id', '=', id),
		)
		.execute();
	if (addresses.length > 0)
		await db
			.deleteFrom('files')
			.where('library_name_lower', 'is', null)
			.where('owner', 'in', addresses.map(addressKey))
			.where(unlessOthersUseIt)
			.execute();
	// A parked execution needs all its items to go on: they stay, and no longer name whom they wait for.
	await db
		.updateTable('wait_items')
		.set({ contact_id: null, message_id: null })
		.where('contact_id', '=', id)
		.execute();
	const { numDeletedRows } = await db.deleteFrom('contacts').where('id', '=', id).executeTakeFirst();
	return numDeletedRows === 1n;
}
