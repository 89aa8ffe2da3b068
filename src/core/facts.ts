import type { ChannelId } from './channel';
import type { Desk } from './desk';
import type { Contact } from './records';
import type { Facts } from './variables';

/** What variables stand for in a message to this contact. `timeZone`: IANA, of the workflow. */
export async function factsAbout(desk: Desk, contact: Contact, channel: ChannelId, timeZone: string): Promise<Facts> {
	const { conversations, agents } = desk.store.records;
	const conversation = (await conversations.latestOf(contact.id)) ?? null;
	const assigneeId = conversation?.status === 'open' ? conversation.assigneeId : contact.assigneeId;
	const assignee = (assigneeId !== null && (await agents.get(assigneeId))) || null;
	return { contact, assignee, conversation, channel, now: desk.now(), timeZone };
}
