import type { EpochMs } from './channel';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import type { Conversation, Message } from './records';
import type { Records } from './store';

/** Messages of ours that are looked through for what a person said. */
const LOOK_BACK = 50;
const WAY_OUT = "so nothing was sent. Close the conversation (Close Conversation), unassign it (Assign Conversation), or switch 'Skip When Assigned' off.";

/**
 * A person of ours answered outside of n8n: until the conversation is closed or unassigned, it is theirs. What another
 * program sent for us counts as well: it cannot be told from a person.
 */
export async function takeOver(records: Records, { id, takenOverAt }: Conversation, at: EpochMs): Promise<void> {
	if (takenOverAt === null) await records.conversations.update(id, { takenOverAt: at });
}

/** What was taken for a person's answer, and is no longer stored, was ours. */
export async function notTakenOver(records: Records, { conversationId, sentAt }: Message): Promise<void> {
	const conversation = conversationId === null ? undefined : await records.conversations.get(conversationId);
	if (!conversation || conversation.takenOverAt === null || conversation.takenOverAt !== sentAt) return;
	const times = (await byPersons(records, conversation)).map((message) => message.sentAt ?? message.at).filter((at) => at >= sentAt);
	await records.conversations.update(conversation.id, { takenOverAt: times.length > 0 ? Math.min(...times) : null });
}

/** Why a step with 'Skip When Assigned' keeps out of a conversation; null: no person has it. */
export async function humanActive(desk: Desk, records: Records, conversation: Conversation | undefined): Promise<Failure | null> {
	if (conversation?.status !== 'open') return null;
	if (conversation.assigneeId !== null) {
		const agent = await records.agents.get(conversation.assigneeId);
		return failure('human_active', `The conversation is assigned to ${agent?.name ?? 'an agent'} and 'Skip When Assigned' is on, ${WAY_OUT}`);
	}
	if (conversation.takenOverAt === null) return null;
	// A contact may write on several channels, and the answer need not be where the conversation was opened.
	const [latest] = await byPersons(records, conversation);
	const { name } = desk.channel(latest?.channel ?? conversation.channel);
	return failure('human_active', `A person has answered on ${name} outside of n8n and 'Skip When Assigned' is on, ${WAY_OUT}`);
}

/** Said by one of us elsewhere: what goes out from here has a key. */
export function isByPerson({ direction, source, idempotencyKey }: Message): boolean {
	return direction === 'out' && source === 'agent' && idempotencyKey === null;
}

/** Newest first. */
async function byPersons(records: Records, { id }: Conversation): Promise<Message[]> {
	return (await records.messages.list({ conversationId: id, direction: 'out' }, { limit: LOOK_BACK, offset: 0 })).filter(isByPerson);
}
