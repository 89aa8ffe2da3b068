import type { IDataObject } from 'n8n-workflow';
import { requireContactBy } from '../../../core/contact';
import type { Message } from '../../../core/records';
import { contactKey, conversationKey, describeMessage } from '../../items';
import { each, given, givenText, rowsOf, type Call, type Operation } from './call';
import { requireConversation } from './conversation';

const getMany: Operation = async (call) => {
	const { records } = call.desk.store;
	const filters = given(call, 'filters');
	const direction = (['in', 'out'] as const).find((known) => known === filters['direction']);
	const contact = givenText(filters, 'contact', 'Contact');
	const conversationId = givenText(filters, 'conversationId', 'Conversation ID');
	const filter = {
		...(contact !== undefined && { contactId: (await requireContactBy(records, contact)).id }),
		...(conversationId !== undefined && { conversationId: (await requireConversation(call, conversationId)).id }),
		...(direction && { direction }),
	};
	const messages = await rowsOf(call, (page) => records.messages.list(filter, page));
	const around = new Map<string, Promise<IDataObject>>();
	const rows = messages.map(async (message) => {
		const key = `${message.contactId}/${message.conversationId ?? ''}`;
		const keys = around.get(key) ?? keysAround(call, message);
		around.set(key, keys);
		return { ...(await keys), message: describeMessage(message) };
	});
	return each(call, await Promise.all(rows));
};

/** The contact and conversation of a message, looked up once for all messages of the same. */
async function keysAround({ desk }: Call, { contactId, conversationId }: Message): Promise<IDataObject> {
	const { records } = desk.store;
	const contact = await records.contacts.get(contactId);
	const conversation = conversationId === null ? null : await records.conversations.get(conversationId);
	return {
		conversation: await conversationKey(records, conversation),
		contact: contact ? await contactKey(records, contact) : null,
	};
}

export const message: Record<string, Operation> = { getMany };
