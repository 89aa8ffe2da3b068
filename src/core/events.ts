import { isTestAccount } from './channel';
import type { Desk } from './desk';
import type { ConversationEvent, EventType, Subscription } from './records';
import type { Records } from './store';

/** What a filter asks beyond the event itself. */
export interface EventFacts {
	/** The contact has no conversation but this one. */
	contactIsNew: boolean;
	/** The workflow that sent the message whose way the event tells of; null: none did, or it tells of something else. */
	sentBy: string | null;
}

/** An active trigger's wish, or that of one in an editor. */
export type Wish = Pick<Subscription, 'filter' | 'workflowId'>;

/** A burst of messages is held together at most this many times the grouping time. */
const GROUP_MAX_FACTOR = 5;
/** A burst has at most this many messages; the next one begins another. */
export const BURST_MAX = 100;

/** What a contact says: it may come in bursts. */
const HEARD: readonly EventType[] = ['conversation.opened', 'message.received'];
/** The way of a message of ours: it leads back to the workflow that sent it. */
const SENDING: readonly EventType[] = ['message.sent', 'message.delivered', 'message.read', 'message.failed'];

/** Whether further messages of the contact may belong to what this event tells. */
export function mayBeBurst(type: EventType): boolean {
	return HEARD.includes(type);
}

/** Whether an active trigger is to be started by the event. */
export function wants(wish: Wish, event: ConversationEvent, facts: EventFacts): boolean {
	return !(event.account !== null && isTestAccount(event.account)) && fits(wish, event, facts);
}

/** The same for an editor that listens, which may be meant by what happens in tests. */
export function fits({ filter, workflowId }: Wish, event: ConversationEvent, { contactIsNew, sentBy }: EventFacts): boolean {
	if (!filter.types.includes(event.type)) return false;
	if (event.channel !== null) {
		if (filter.channels.length > 0 && !filter.channels.includes(event.channel)) return false;
		const accounts = filter.accounts?.[event.channel];
		if (accounts !== undefined && !accounts.includes(event.account ?? '')) return false;
	}
	if (filter.sources.length > 0 && !filter.sources.includes(event.source)) return false;
	if (filter.contactType === 'new' && !contactIsNew) return false;
	if (filter.contactType === 'returning' && contactIsNew) return false;
	const isOwn = sentBy !== null && sentBy === workflowId;
	return !isOwn || filter.includeOwn === true;
}


type NewEvent = Omit<ConversationEvent, 'id' | 'at' | 'data'> & { data?: Record<string, unknown> };

/** Appends the event and one delivery for each subscription that wants it. */
export async function publish(desk: Desk, records: Records, fresh: NewEvent): Promise<ConversationEvent> {
	const event: ConversationEvent = { ...fresh, data: fresh.data ?? {}, id: desk.newId(), at: desk.now() };
	await records.events.append(event);
	if (event.contactId === null) return event;
	const subscriptions = await records.subscriptions.active();
	const facts = await factsFor(records, event, subscriptions);
	for (const subscription of subscriptions) {
		if (!wants(subscription, event, facts)) continue;
		if (event.type === 'conversation.opened') {
			// Recorded even while 'Once per Contact' is off (R3).
			const first = await records.subscriptions.enrol(subscription.id, event.contactId, event.at);
			if (subscription.filter.oncePerContact && !first) continue;
		}
		if (await joinsBurst(records, subscription, event)) continue;
		await records.deliveries.insert({
			id: desk.newId(),
			subscriptionId: subscription.id,
			eventId: event.id,
			contactId: event.contactId,
			conversationId: event.conversationId,
			state: 'pending',
			dueAt: event.at + (mayBeBurst(event.type) ? subscription.filter.groupMs : 0),
			attempt: 0,
			claimedBy: null,
			claimUntil: null,
			executionId: null,
			watched: true,
			emittedAt: null,
			createdAt: event.at,
		});
		records.touch('deliveries');
	}
	return event;
}

/** Each is looked up only when one of these asks for it. */
export async function factsFor(records: Records, event: ConversationEvent, wishes: readonly Wish[]): Promise<EventFacts> {
	const { type, contactId, messageId } = event;
	const asking = wishes.filter(({ filter }) => filter.types.includes(type));
	const asksForNew = contactId !== null && asking.some(({ filter }) => filter.contactType !== 'any');
	const asksForSender = messageId !== null && SENDING.includes(type) && asking.some(({ filter }) => filter.includeOwn !== true);
	return {
		contactIsNew: asksForNew && (await records.conversations.countOf(contactId)) <= 1,
		sentBy: asksForSender ? ((await records.messages.get(messageId))?.execution?.workflowId ?? null) : null,
	};
}

/** A further message of a burst comes with the first one's run, as long as that has not begun. */
async function joinsBurst(records: Records, { id, filter }: Subscription, { type, conversationId }: ConversationEvent): Promise<boolean> {
	if (filter.groupMs === 0 || type !== 'message.received' || conversationId === null) return false;
	// It must not begin before this message is there for it to see.
	await records.lock('deliveries.claim');
	for (const { id: eventId } of await records.events.list({ conversationId, type }, { limit: BURST_MAX, offset: 0 })) {
		const delivery = await records.deliveries.byEvent(id, eventId);
		if (delivery) return delivery.state === 'pending';
	}
	return false;
}

/** A further message of a burst: triggers that group messages wait on, up to their maximum. */
export async function extendBursts(desk: Desk, records: Records, conversationId: string): Promise<void> {
	for (const { id, filter } of await records.subscriptions.active()) {
		if (filter.groupMs === 0 || !filter.types.some(mayBeBurst)) continue;
		await records.deliveries.postpone(
			conversationId,
			id,
			desk.now() + filter.groupMs,
			filter.groupMs * GROUP_MAX_FACTOR,
		);
	}
}
