import type { IDataObject } from 'n8n-workflow';
import { CHANNEL_IDS } from '../../../core/channel';
import { requireContactBy } from '../../../core/contact';
import { open } from '../../../core/conversation';
import { InputError } from '../../../core/failure';
import type { Conversation } from '../../../core/records';
import type { ConversationFilter } from '../../../core/store';
import { contactKey, conversationKey } from '../../items';
import { text } from '../parameters';
import { assigneeFilter, each, given, givenText, one, rowsOf, type Call, type Operation } from './call';

async function keysOf({ desk }: Call, conversation: Conversation): Promise<IDataObject> {
	const { records } = desk.store;
	const contact = await records.contacts.get(conversation.contactId);
	return {
		conversation: await conversationKey(records, conversation),
		contact: contact ? await contactKey(records, contact) : null,
	};
}

/** @throws InputError */
export async function requireConversation({ desk }: Call, id: string): Promise<Conversation> {
	const found = id === '' ? undefined : await desk.store.records.conversations.get(id);
	if (found) return found;
	throw new InputError(
		'Conversation ID',
		id === ''
			? "'Conversation ID' is empty. Use the conversation's id, e.g. {{ $json.conversation.id }} from the trigger's item."
			: `There is no conversation with the id '${id}'. Use the id from an earlier item, e.g. {{ $json.conversation.id }}.`,
	);
}

const get: Operation = async (call) => {
	const { records } = call.desk.store;
	if (call.ctx.getNodeParameter('getBy', call.index, 'contact') === 'id') {
		const id = text(call.ctx, call.index, 'conversationId', 'Conversation ID');
		return one(call, await keysOf(call, await requireConversation(call, id)));
	}
	const contact = await requireContactBy(records, text(call.ctx, call.index, 'contact', 'Contact'));
	const latest = await records.conversations.latestOf(contact.id);
	return one(call, {
		conversation: await conversationKey(records, latest),
		contact: await contactKey(records, contact),
	});
};

const getMany: Operation = async (call) => {
	const { records } = call.desk.store;
	const filters = given(call, 'filters');
	const filter: ConversationFilter = { ...(await assigneeFilter(records, filters)) };
	const contact = givenText(filters, 'contact', 'Contact');
	if (contact !== undefined) filter.contactId = (await requireContactBy(records, contact)).id;
	if (filters['status'] === 'open' || filters['status'] === 'closed') filter.status = filters['status'];
	const channel = CHANNEL_IDS.find((id) => id === filters['channel']);
	if (channel) filter.channel = channel;
	const conversations = await rowsOf(call, (page) => records.conversations.list(filter, page));
	return each(call, await Promise.all(conversations.map((conversation) => keysOf(call, conversation))));
};

const openOne: Operation = async (call) => {
	const { records } = call.desk.store;
	const contact = await requireContactBy(records, text(call.ctx, call.index, 'contact', 'Contact'));
	const { conversation, isNew } = await open(call.desk, contact.id, 'workflow');
	return one(call, { ...(await keysOf(call, conversation)), opened: isNew });
};

export const conversation: Record<string, Operation> = { get, getMany, open: openOne };
