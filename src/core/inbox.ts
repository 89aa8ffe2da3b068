import { addressKey, addressTopic, type ChannelEvent, type InboundContent } from './channel';
import { blankContact } from './contact';
import { findOrOpen, publishOpened } from './conversation';
import type { Desk } from './desk';
import { extendBursts, publish } from './events';
import { statesBefore } from './receipts';
import type { Contact, ContactAddress, Message } from './records';
import type { Records } from './store';
import { deliveryKnown, replyArrived } from './waits';

type MessageEvent = Extract<ChannelEvent, { kind: 'message' }>;
type ReceiptEvent = Extract<ChannelEvent, { kind: 'receipt' }>;

/** What became of one fact. */
export type Received =
	| {
			kind: 'message';
			/** False: it was stored before, by an earlier copy of the same request. */
			isNew: boolean;
			message: Message;
			/** Id of `conversation.opened` when this message opened one, else of `message.received`. */
			eventId: string | null;
	  }
	| { kind: 'receipt'; changed: boolean }
	| { kind: 'ignored' };

/**
 * The only way in. All facts of one request in one transaction: when it resolves they are durable and the provider may
 * be answered. A fact whose key was seen before changes nothing.
 */
export async function receive(desk: Desk, facts: readonly ChannelEvent[]): Promise<Received[]> {
	return await desk.store.atomically(async (records) => {
		for (const name of lockNames(facts)) await records.lock(name);
		const received: Received[] = [];
		for (const fact of facts) {
			if (fact.kind === 'ignored') received.push({ kind: 'ignored' });
			else if (fact.kind === 'receipt') received.push(await receiveReceipt(desk, records, fact));
			else received.push(await receiveMessage(desk, records, fact));
		}
		return received;
	});
}

/** In one order for everybody, so that two requests about the same people cannot wait for each other. */
function lockNames(facts: readonly ChannelEvent[]): string[] {
	const names = facts.flatMap((fact) => (fact.kind === 'message' ? [addressKey(fact.from)] : []));
	return [...new Set(names)].sort();
}

async function receiveMessage(desk: Desk, records: Records, fact: MessageEvent): Promise<Received> {
	if (!(await records.keys.claimInbound(fact.channel, fact.account, fact.key, desk.now()))) {
		const stored = await records.messages.byProviderId(fact.channel, fact.account, fact.externalId);
		return stored ? { kind: 'message', isNew: false, message: stored, eventId: null } : { kind: 'ignored' };
	}
	const { contact, address } = await personOf(desk, records, fact);
	const opened = await findOrOpen(desk, records, contact, address, 'contact');
	const message: Message = {
		id: desk.newId(),
		contactId: contact.id,
		conversationId: opened.conversation.id,
		addressId: address.id,
		channel: fact.channel,
		account: fact.account,
		direction: 'in',
		source: 'contact',
		...contentColumns(fact.content),
		status: 'received',
		providerId: fact.externalId,
		failure: null,
		unfilled: [],
		idempotencyKey: null,
		at: fact.at,
		sentAt: null,
		deliveredAt: null,
		readAt: null,
	};
	await records.messages.insert(message);
	await records.files.attach(message.id, message.attachments);
	await records.addresses.touchInbound(address.id, desk.now());
	await records.conversations.update(opened.conversation.id, { lastMessageAt: desk.now() });
	records.touch(addressTopic(fact.from));

	const openedEvent = opened.isNew ? await publishOpened(desk, records, opened.conversation, message.id) : null;
	const receivedEvent = await publish(desk, records, {
		type: 'message.received',
		source: 'contact',
		contactId: contact.id,
		conversationId: opened.conversation.id,
		messageId: message.id,
		channel: fact.channel,
		account: fact.account,
	});
	if (!opened.isNew) await extendBursts(desk, records, opened.conversation.id);
	await replyArrived(desk, records, message);
	return { kind: 'message', isNew: true, message, eventId: (openedEvent ?? receivedEvent).id };
}

/** The contact and address of whoever wrote; both are made at the first message (B3, B4). */
async function personOf(
	desk: Desk,
	records: Records,
	fact: MessageEvent,
): Promise<{ contact: Contact; address: ContactAddress }> {
	const known = await records.addresses.find(fact.from);
	if (known) {
		const contact = await records.contacts.get(known.contactId);
		if (!contact) throw new Error('An address has no contact');
		return { contact: await fillEmptyFields(desk, records, contact, fact), address: known };
	}
	const now = desk.now();
	const contact = blankContact(desk.newId(), now);
	const address: ContactAddress = {
		id: desk.newId(),
		contactId: contact.id,
		...fact.from,
		lastInboundAt: null,
		sentSinceInbound: 0,
		lastInteractionAt: now,
		createdAt: now,
	};
	await records.contacts.insert(contact);
	if (!(await records.addresses.insert(address))) throw new Error('Two requests made the same address at once');
	await publish(desk, records, {
		type: 'contact.created',
		source: 'contact',
		contactId: contact.id,
		conversationId: null,
		messageId: null,
		channel: fact.channel,
		account: fact.account,
	});
	return { contact: await fillEmptyFields(desk, records, contact, fact), address };
}

/** What the channel tells of the person never overwrites what the business knows. */
async function fillEmptyFields(
	desk: Desk,
	records: Records,
	contact: Contact,
	{ name, profile }: MessageEvent,
): Promise<Contact> {
	const [firstName, ...rest] = (name ?? '').trim().split(/\s+/);
	const fresh: Partial<Contact> = {};
	if (contact.name === null && firstName) {
		Object.assign(fresh, { name: name?.trim(), firstName, lastName: rest.join(' ') || null });
	}
	if (contact.language === null && profile?.language) fresh.language = profile.language;
	if (contact.email === null && profile?.email && !(await records.contacts.byEmail(profile.email))) {
		fresh.email = profile.email;
	}
	if (contact.phone === null && profile?.phone && !(await records.contacts.byPhone(profile.phone))) {
		fresh.phone = profile.phone;
	}
	if (Object.keys(fresh).length === 0) return contact;
	const changes = { ...fresh, updatedAt: desk.now() };
	await records.contacts.update(contact.id, changes);
	return { ...contact, ...changes };
}

function contentColumns(content: InboundContent): Pick<Message, 'type' | 'text' | 'attachments' | 'choices' | 'choice'> {
	return {
		type: content.kind,
		text: content.text,
		attachments: content.kind === 'media' ? content.attachments : [],
		choices: content.kind === 'choices' ? content.options : [],
		choice: content.kind === 'choice' ? content.choice : null,
	};
}

async function receiveReceipt(desk: Desk, records: Records, fact: ReceiptEvent): Promise<Received> {
	const message = await records.messages.byProviderId(fact.channel, fact.account, fact.externalId);
	if (!message || message.direction !== 'out') return { kind: 'receipt', changed: false };
	const address = await records.addresses.get(message.addressId);
	if (!address || (fact.to && addressKey(fact.to) !== addressKey(address))) return { kind: 'receipt', changed: false };
	const changed = await records.messages.advance(message.id, statesBefore(fact.state), fact.state, {
		...(fact.state === 'sent' && { sentAt: fact.at }),
		...(fact.state === 'delivered' && { deliveredAt: fact.at }),
		...(fact.state === 'read' && { readAt: fact.at }),
		...(fact.state === 'failed' && { failure: fact.failure }),
	});
	if (!changed) return { kind: 'receipt', changed: false };
	records.touch(addressTopic(address));
	const after = await records.messages.get(message.id);
	if (!after) throw new Error('A message vanished within its transaction');
	await publish(desk, records, {
		type: `message.${fact.state}`,
		source: 'system',
		contactId: after.contactId,
		conversationId: after.conversationId,
		messageId: after.id,
		channel: after.channel,
		account: after.account,
	});
	await deliveryKnown(desk, records, after);
	return { kind: 'receipt', changed: true };
}
