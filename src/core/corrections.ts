import { addressTopic, type ChannelEvent } from './channel';
import type { Desk } from './desk';
import { publish } from './events';
import { knownPerson } from './people';
import type { EventType, Message } from './records';
import type { Records } from './store';

type Fact<K extends ChannelEvent['kind']> = Extract<ChannelEvent, { kind: K }>;

/** What happens to messages and people that are here already. None of it opens a conversation. */

export async function edited(desk: Desk, records: Records, fact: Fact<'edit'>): Promise<boolean> {
	const message = await records.messages.byProviderId(fact.channel, fact.account, fact.externalId);
	if (!message) return false;
	await records.messages.update(message.id, { text: fact.text, details: { ...message.details, editedAt: fact.at } });
	await tell(desk, records, message, 'message.edited', {});
	return true;
}

/** The words and files go; that there was a message stays. */
export async function takenBack(desk: Desk, records: Records, fact: Fact<'deletion'>): Promise<boolean> {
	const message = await records.messages.byProviderId(fact.channel, fact.account, fact.externalId);
	if (!message) return false;
	await records.messages.update(message.id, { text: null, attachments: [], choices: [], details: { deletedAt: fact.at } });
	await records.files.detach(message.id);
	await tell(desk, records, message, 'message.deleted', {});
	return true;
}

export async function reacted(desk: Desk, records: Records, fact: Fact<'reaction'>): Promise<boolean> {
	const message = await records.messages.byProviderId(fact.channel, fact.account, fact.externalId);
	if (!message) return false;
	await tell(desk, records, message, 'message.reacted', { emoji: fact.emoji });
	return true;
}

async function tell(desk: Desk, records: Records, message: Message, type: EventType, data: Record<string, unknown>): Promise<void> {
	const address = await records.addresses.get(message.addressId);
	if (address) records.touch(addressTopic(address));
	await publish(desk, records, {
		type,
		source: message.direction === 'in' || type === 'message.reacted' ? 'contact' : 'agent',
		contactId: message.contactId,
		conversationId: message.conversationId,
		messageId: message.id,
		channel: message.channel,
		account: message.account,
		data,
	});
}

/** Blocked, unfollowed or said STOP: nothing is sent there until the person writes or comes back. */
export async function consentChanged(desk: Desk, records: Records, fact: Fact<'consent'>): Promise<boolean> {
	const known = await knownPerson(records, { address: fact.from });
	if (!known || (known.address.blockedAt === null) === fact.allowed) return false;
	await records.addresses.setBlocked(known.address.id, fact.allowed ? null : fact.at);
	await publish(desk, records, {
		type: fact.allowed ? 'contact.unblocked' : 'contact.blocked',
		source: 'contact',
		contactId: known.contact.id,
		conversationId: null,
		messageId: null,
		channel: fact.channel,
		account: fact.account,
	});
	return true;
}

/** The person has another number or id now; who knew the old one finds the same contact. */
export async function renamed(records: Records, fact: Fact<'identity'>): Promise<boolean> {
	const known = await knownPerson(records, { address: fact.before });
	if (!known) return false;
	const isNew = await records.addresses.rename(known.address.id, fact.after.user);
	await records.addresses.addAliases(known.address.id, [...(fact.aliases ?? []), fact.before.user]);
	return isNew;
}
