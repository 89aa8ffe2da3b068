import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { BURST_MAX, mayBeBurst } from '../core/events';
import type { Failure } from '../core/failure';
import type {
	Agent,
	ClosingNoteCategory,
	Contact,
	ContactAddress,
	Conversation,
	ConversationEvent,
	Delivery,
	LibraryFile,
	Message,
	Snippet,
	Team,
} from '../core/records';
import type { Records } from '../core/store';
import { describeFailure, describeMessage } from './message-item';
import { iso } from './iso';

export { describeFailure, describeMessage } from './message-item';

/** The items of all nodes: records as JSON with ISO-8601 times. */

function describeEvent({ id, type, source, at, data }: ConversationEvent): IDataObject {
	return { id, type, source, at: iso(at), ...(Object.keys(data).length > 0 && { data }) };
}

function describeConversation(conversation: Conversation, assignee: Agent | null): IDataObject {
	const { id, status, openedAt, openedBy, channel, account, closedAt, closingCategory, closingSummary } = conversation;
	return {
		id,
		status,
		openedAt: iso(openedAt),
		openedBy,
		channel,
		account,
		assignee: assignee && { id: assignee.id, name: assignee.name, email: assignee.email },
		teamId: conversation.teamId,
		takenOverAt: iso(conversation.takenOverAt),
		closedAt: iso(closedAt),
		closedBy: conversation.closedBy,
		closingNote:
			closingCategory === null && closingSummary === null
				? null
				: { category: closingCategory, summary: closingSummary },
	};
}

/** `isNew`: has had no conversation but the present one. `addresses`: latest interaction first. */
function describeContact(contact: Contact, addresses: readonly ContactAddress[], isNew: boolean): IDataObject {
	const { id, name, firstName, lastName, phone, email, language, tags, fields } = contact;
	return {
		id,
		name,
		firstName,
		lastName,
		phone,
		email,
		language,
		tags: [...tags],
		fields,
		isNew,
		channels: addresses.map(({ channel, account, user, lastInboundAt, blockedAt }) => ({
			channel,
			account,
			user,
			lastInboundAt: iso(lastInboundAt),
			...(blockedAt !== null && { blocked: true }),
		})),
	};
}

export function describeAgent(agent: Agent, openConversations: number): IDataObject {
	const { id, name, email, status, lastAssignedAt } = agent;
	return { id, name, email, status, openConversations, lastAssignedAt: iso(lastAssignedAt) };
}

export function describeTeam({ id, name }: Team, members: readonly Agent[]): IDataObject {
	return {
		id,
		name,
		members: members.map((member) => ({ id: member.id, name: member.name, email: member.email })),
	};
}

export function describeCategory({ id, name, description }: ClosingNoteCategory): IDataObject {
	return { id, name, description };
}

export function describeSnippet({ id, name, text, attachments }: Snippet): IDataObject {
	return { id, name, text, attachments: [...attachments] };
}

/** `name`: by which messages name it; `fileName`: what those see who get it. */
export function describeLibraryFile({ id, libraryName, name, mime, sizeBytes, createdAt }: LibraryFile): IDataObject {
	return { id, name: libraryName, fileName: name, mime, sizeBytes, createdAt: iso(createdAt) };
}

/** The contact with its channels, as it is now. */
export async function contactKey(records: Records, contact: Contact): Promise<IDataObject> {
	const [addresses, conversations] = await Promise.all([
		records.addresses.ofContact(contact.id),
		records.conversations.countOf(contact.id),
	]);
	return describeContact(contact, addresses, conversations <= 1);
}

/** The conversation with the agent who has it, as it is now; null when there is none. */
export async function conversationKey(
	records: Records,
	conversation: Conversation | null | undefined,
): Promise<IDataObject | null> {
	if (!conversation) return null;
	const { assigneeId } = conversation;
	return describeConversation(conversation, (assigneeId && (await records.agents.get(assigneeId))) || null);
}

/**
 * `conversation`, `contact` and `message` of a message as they are now, for the node that sent or awaited it.
 * Empty for null and for what has been deleted in the meantime.
 */
export async function outcomeKeys(records: Records, messageId: string | null): Promise<IDataObject> {
	const message = messageId === null ? undefined : await records.messages.get(messageId);
	const contact = message && (await records.contacts.get(message.contactId));
	if (!message || !contact) return {};
	const conversation = message.conversationId === null ? null : await records.conversations.get(message.conversationId);
	return {
		conversation: await conversationKey(records, conversation),
		contact: await contactKey(records, contact),
		message: describeMessage(message),
	};
}

/** `conversation` (the open one, else the latest) and `contact`. */
export async function contactKeys(records: Records, contact: Contact): Promise<IDataObject> {
	return {
		conversation: await conversationKey(records, await records.conversations.latestOf(contact.id)),
		contact: await contactKey(records, contact),
	};
}

/** The whole item of an event; `burst`: the messages received since, oldest first. Null when its contact is gone. */
export async function eventItem(
	records: Records,
	event: ConversationEvent,
	burst?: readonly Message[],
): Promise<INodeExecutionData | null> {
	const contact = event.contactId === null ? undefined : await records.contacts.get(event.contactId);
	if (!contact) return null;
	const [conversation, message] = await Promise.all([
		event.conversationId === null ? undefined : records.conversations.get(event.conversationId),
		event.messageId === null ? undefined : records.messages.get(event.messageId),
	]);
	return {
		json: {
			event: describeEvent(event),
			conversation: await conversationKey(records, conversation),
			contact: await contactKey(records, contact),
			message: message ? describeMessage(message) : null,
			...(burst && { messages: burst.map(describeMessage) }),
			...(event.type === 'message.failed' && message?.failure && { failure: describeFailure(message.failure) }),
		},
	};
}

/** What a delivery starts its workflow with; `grouped`: with all messages of the burst. */
export async function triggerItem(
	records: Records,
	delivery: Delivery,
	grouped: boolean,
): Promise<INodeExecutionData | null> {
	const event = await records.events.get(delivery.eventId);
	if (!event) return null;
	return await eventItem(records, event, grouped && mayBeBurst(event.type) ? await burstOf(records, event) : undefined);
}

/** The item of a test run: marked, since a test also takes messages that open nothing. */
export async function testItem(records: Records, eventId: string): Promise<INodeExecutionData> {
	const event = await records.events.get(eventId);
	const item = event && (await eventItem(records, event));
	if (!item) throw new Error('The event of a test run is gone');
	return { json: { ...item.json, test: true } };
}

async function burstOf(records: Records, event: ConversationEvent): Promise<Message[]> {
	if (event.conversationId === null || event.messageId === null) return [];
	const first = await records.messages.get(event.messageId);
	return first ? await records.messages.receivedSince(event.conversationId, first.at, BURST_MAX) : [];
}

/**
 * The item a node gives on for its input item: the input's JSON with `keys` set, its binary data, and the pair.
 * The input item itself stays as it was. What an earlier step said of its own failure does not stay on an item that went
 * well: `failure`, and `error`, for which n8n's Retry On Fail would run the node again.
 */
export function passOn(input: INodeExecutionData, index: number, keys: IDataObject): INodeExecutionData {
	const { failure: _failure, error: _error, ...json } = input.json;
	return withBinary(input, index, { ...json, ...keys });
}

/** The same for an item that did not go well: it keeps all its keys. */
export function passOnFailed(
	input: INodeExecutionData,
	index: number,
	keys: IDataObject,
	cause: Failure,
): INodeExecutionData {
	return withBinary(input, index, { ...input.json, ...keys, failure: describeFailure(cause) });
}

function withBinary({ binary }: INodeExecutionData, index: number, json: IDataObject): INodeExecutionData {
	return { json, ...(binary && { binary }), pairedItem: { item: index } };
}
