import { addressTopic } from './channel';
import { publish } from './events';
import type { Desk } from './desk';
import { InputError } from './failure';
import { requireCategory, requireContact } from './lookup';
import type { Contact, ContactAddress, Conversation, Source } from './records';
import type { Records } from './store';
import { conversationClosed } from './waits';

export interface Opened {
	conversation: Conversation;
	/** False: the contact had an open conversation already, which is returned. */
	isNew: boolean;
}

/**
 * The contact's open conversation, or a new one (D2, D3). The unique index decides between callers at once.
 * The caller publishes `conversation.opened` when it is new.
 */
export async function findOrOpen(
	desk: Desk,
	records: Records,
	contact: Contact,
	address: ContactAddress,
	openedBy: Source,
): Promise<Opened> {
	const open = await records.conversations.openOf(contact.id);
	if (open) return { conversation: open, isNew: false };
	const conversation: Conversation = {
		id: desk.newId(),
		contactId: contact.id,
		status: 'open',
		openedAt: desk.now(),
		openedBy,
		channel: address.channel,
		account: address.account,
		assigneeId: contact.assigneeId,
		teamId: null,
		closedAt: null,
		closedBy: null,
		closingCategory: null,
		closingSummary: null,
		handledById: null,
		firstResponseAt: null,
		lastMessageAt: null,
		takenOverAt: null,
	};
	if (await records.conversations.insertOpen(conversation)) return { conversation, isNew: true };
	const winner = await records.conversations.openOf(contact.id);
	if (!winner) throw new Error('A conversation was neither opened nor found open');
	return { conversation: winner, isNew: false };
}

/** Publishes that a conversation was opened; `messageId` is the message that opened it, if one did. */
export async function publishOpened(
	desk: Desk,
	records: Records,
	conversation: Conversation,
	messageId: string | null,
) {
	return await publish(desk, records, {
		type: 'conversation.opened',
		source: conversation.openedBy,
		contactId: conversation.contactId,
		conversationId: conversation.id,
		messageId,
		channel: conversation.channel,
		account: conversation.account,
	});
}

/** Opens a conversation without a message (Conversations node). */
export async function open(desk: Desk, contactId: string, source: Source): Promise<Opened> {
	return await desk.store.atomically(async (records) => {
		const contact = await requireContact(records, contactId);
		const [address] = await records.addresses.ofContact(contact.id);
		if (!address) {
			throw new InputError('Contact', 'The contact has no channel yet, so there is nowhere to have a conversation.');
		}
		const opened = await findOrOpen(desk, records, contact, address, source);
		if (opened.isNew) {
			await publishOpened(desk, records, opened.conversation, null);
			records.touch(addressTopic(address));
		}
		return opened;
	});
}

export interface CloseRequest {
	contactId: string;
	/** Id or name of a closing note category; null: none. */
	category: string | null;
	summary: string | null;
	/** Whether the contact becomes unassigned (B24) or stays with its agent (C29). */
	unassign: boolean;
	source: Source;
}

export interface Closed {
	/** False when nothing was open: then nothing changed. */
	closed: boolean;
	/** The conversation just closed, else the latest one; null when there never was one. */
	conversation: Conversation | null;
	contact: Contact;
}

/** @throws InputError unknown contact or category. */
export async function close(desk: Desk, request: CloseRequest): Promise<Closed> {
	return await desk.store.atomically(async (records) => {
		const contact = await requireContact(records, request.contactId);
		const category = request.category === null ? null : await requireCategory(records, request.category);
		const open = await records.conversations.openOf(contact.id);
		const closedAt = desk.now();
		const closed =
			open !== undefined &&
			(await records.conversations.close(open.id, {
				closedAt,
				closedBy: request.source,
				closingCategory: category?.name ?? null,
				closingSummary: request.summary,
				handledById: open.assigneeId,
				assigneeId: request.unassign ? null : open.assigneeId,
			}));
		if (!closed) {
			return { closed: false, conversation: (await records.conversations.latestOf(contact.id)) ?? null, contact };
		}
		if (request.unassign) await records.contacts.update(contact.id, { assigneeId: null, updatedAt: closedAt });
		await publish(desk, records, {
			type: 'conversation.closed',
			source: request.source,
			contactId: contact.id,
			conversationId: open.id,
			messageId: null,
			channel: open.channel,
			account: open.account,
			data: {
				category: category?.name ?? null,
				summary: request.summary,
				assigneeId: open.assigneeId,
				durationMs: closedAt - open.openedAt,
				firstResponseMs: open.firstResponseAt === null ? null : open.firstResponseAt - open.openedAt,
			},
		});
		await conversationClosed(desk, records, contact.id);
		for (const address of await records.addresses.ofContact(contact.id)) records.touch(addressTopic(address));
		const [after, now] = [await records.conversations.get(open.id), await records.contacts.get(contact.id)];
		return { closed: true, conversation: after ?? null, contact: now ?? contact };
	});
}
