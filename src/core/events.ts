import { isTestAccount } from './channel';
import type { Desk } from './desk';
import type { ConversationEvent, Subscription, SubscriptionFilter } from './records';
import type { Records } from './store';

/** What a filter asks beyond the event itself. */
export interface EventFacts {
	/** The contact has no conversation but this one. */
	contactIsNew: boolean;
}

/** A burst of messages is held together at most this many times the grouping time. */
const GROUP_MAX_FACTOR = 5;

/** Whether an active trigger with this filter is to be started by the event. */
export function wants(filter: SubscriptionFilter, event: ConversationEvent, facts: EventFacts): boolean {
	if (!filter.types.includes(event.type)) return false;
	if (event.account !== null && isTestAccount(event.account)) return false;
	if (event.channel !== null) {
		if (filter.channels.length > 0 && !filter.channels.includes(event.channel)) return false;
		const accounts = filter.accounts?.[event.channel];
		if (accounts !== undefined && !accounts.includes(event.account ?? '')) return false;
	}
	if (filter.sources.length > 0 && !filter.sources.includes(event.source)) return false;
	if (filter.contactType === 'new' && !facts.contactIsNew) return false;
	if (filter.contactType === 'returning' && facts.contactIsNew) return false;
	return true;
}

type NewEvent = Omit<ConversationEvent, 'id' | 'at' | 'data'> & { data?: Record<string, unknown> };

/** Appends the event and one delivery for each subscription that wants it. */
export async function publish(desk: Desk, records: Records, fresh: NewEvent): Promise<ConversationEvent> {
	const event: ConversationEvent = { ...fresh, data: fresh.data ?? {}, id: desk.newId(), at: desk.now() };
	await records.events.append(event);
	if (event.contactId === null) return event;
	const subscriptions = await records.subscriptions.active();
	const facts = await factsFor(records, event.contactId, subscriptions);
	for (const subscription of subscriptions) {
		if (!wants(subscription.filter, event, facts)) continue;
		if (event.type === 'conversation.opened') {
			// Recorded even while 'Once per Contact' is off (R3).
			const first = await records.subscriptions.enrol(subscription.id, event.contactId, event.at);
			if (subscription.filter.oncePerContact && !first) continue;
		}
		await records.deliveries.insert({
			id: desk.newId(),
			subscriptionId: subscription.id,
			eventId: event.id,
			contactId: event.contactId,
			conversationId: event.conversationId,
			state: 'pending',
			dueAt: event.at + subscription.filter.groupMs,
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

/** Looked up only when a trigger asks for it. */
async function factsFor(records: Records, contactId: string, subscriptions: readonly Subscription[]): Promise<EventFacts> {
	const asked = subscriptions.some(({ filter }) => filter.contactType !== 'any');
	return { contactIsNew: asked && (await records.conversations.countOf(contactId)) <= 1 };
}

/** A further message of a burst: triggers that group messages wait on, up to their maximum. */
export async function extendBursts(desk: Desk, records: Records, conversationId: string): Promise<void> {
	for (const { id, filter } of await records.subscriptions.active()) {
		if (filter.groupMs === 0) continue;
		await records.deliveries.postpone(
			conversationId,
			id,
			desk.now() + filter.groupMs,
			filter.groupMs * GROUP_MAX_FACTOR,
		);
	}
}
