import type { IDataObject } from 'n8n-workflow';
import { CHANNEL_IDS, type ChannelId } from '../../../core/channel';
import {
	addTags,
	deleteContact,
	removeTags,
	requireContactBy,
	saveContact,
	type ContactChanges,
	type ContactKey,
} from '../../../core/contact';
import { InputError } from '../../../core/failure';
import type { Contact } from '../../../core/records';
import type { ContactFilter } from '../../../core/store';
import { contactKeys } from '../../items';
import { listOf, textOf } from '../asked-message';
import { list, text } from '../parameters';
import { assigneeFilter, deleted, each, given, givenText, one, rowsOf, type Call, type Operation } from './call';

const named = (call: Call) => text(call.ctx, call.index, 'contact', 'Contact');

async function keysOf({ desk }: Call, contact: Contact): Promise<IDataObject> {
	return await contactKeys(desk.store.records, contact);
}

const get: Operation = async (call) =>
	one(call, await keysOf(call, await requireContactBy(call.desk.store.records, named(call))));

const getMany: Operation = async (call) => {
	const { records } = call.desk.store;
	const filters = given(call, 'filters');
	const filter: ContactFilter = { ...(await assigneeFilter(records, filters)) };
	const search = givenText(filters, 'search', 'Search');
	const tag = givenText(filters, 'tag', 'Tag');
	const { status, channel } = filters;
	if (search !== undefined) filter.search = search;
	if (tag !== undefined) filter.tag = tag;
	if (status === 'open' || status === 'closed' || status === 'none') filter.status = status;
	if (isChannel(channel)) filter.channel = channel;
	const contacts = await rowsOf(call, (page) => records.contacts.list(filter, page));
	return each(call, await Promise.all(contacts.map((contact) => keysOf(call, contact))));
};

const createOrUpdate: Operation = async (call) => {
	const { contact, isNew } = await saveContact(call.desk, contactKey(call), contactChanges(call), 'workflow');
	return one(call, { ...(await keysOf(call, contact)), created: isNew });
};

const isChannel = (id: unknown): id is ChannelId => CHANNEL_IDS.some((known) => known === id);

function contactKey({ ctx, index }: Call): ContactKey {
	const by = text(ctx, index, 'matchBy', 'Match By');
	if (by === 'email') return { by, email: text(ctx, index, 'email', 'Email') };
	if (by === 'phone') return { by, phone: text(ctx, index, 'phone', 'Phone') };
	if (by === 'id') return { by, id: text(ctx, index, 'contactId', 'Contact ID') };
	const channel = by === 'address' ? text(ctx, index, 'channel', 'Channel') : '';
	if (by === 'address' && isChannel(channel)) {
		const [account, user] = [text(ctx, index, 'account', 'Account'), text(ctx, index, 'user', 'User')];
		return { by, address: { channel, account, user } };
	}
	throw new InputError(
		by === 'address' ? 'Channel' : 'Match By',
		by === 'address'
			? `'Channel' is '${channel}', which is no channel. Use one of: ${CHANNEL_IDS.join(', ')}.`
			: `'Match By' is '${by}', which is no choice. Use email, phone, id or address.`,
	);
}

/** A field that was not added, or is empty, stays as it is; null clears it. */
function contactChanges(call: Call): ContactChanges {
	const fields = given(call, 'contactFields');
	const change = (name: string, label: string) => {
		const value = fields[name];
		return value === undefined ? {} : { [name]: value === null ? null : textOf(label, value) };
	};
	return {
		...change('name', 'Name'),
		...change('firstName', 'First Name'),
		...change('lastName', 'Last Name'),
		...change('phone', 'Phone'),
		...change('email', 'Email'),
		...change('language', 'Language'),
		...(fields['tags'] !== undefined && { tags: listOf('Tags', fields['tags'], /,/) }),
		...(fields['customFields'] !== undefined && { fields: customFields(fields['customFields']) }),
	};
}

/** Rows of name and value; an empty value removes the field. */
function customFields(value: unknown): Record<string, unknown> {
	const rows = (value as { values?: { name?: unknown; value?: unknown }[] } | null)?.values ?? [];
	return Object.fromEntries(
		rows.map((row) => {
			const name = textOf('Field Name', row.name).trim();
			if (name === '') throw new InputError('Field Name', "'Field Name' is empty. Give the custom field a name.");
			return [name, row.value === '' || row.value === undefined ? null : row.value];
		}),
	);
}

export const contact: Record<string, Operation> = {
	get,
	getMany,
	createOrUpdate,
	addTags: async (call) =>
		one(call, await keysOf(call, await addTags(call.desk, named(call), list(call.ctx, call.index, 'tags', 'Tags')))),
	removeTags: async (call) =>
		one(call, await keysOf(call, await removeTags(call.desk, named(call), list(call.ctx, call.index, 'tags', 'Tags')))),
	delete: async (call) => {
		await deleteContact(call.desk, named(call));
		return deleted(call);
	},
};
