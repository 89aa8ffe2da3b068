import type { EpochMs } from './channel';
import type { Desk } from './desk';
import { failure } from './failure';
import type { Message, Wait, WaitItem, WaitKind, WaitResult } from './records';
import type { Records } from './store';

/** How many of a contact's latest messages are looked at for an answer that came before the node was parked. */
const EARLY_REPLIES = 20;

/** n8n needs this long to save a parked execution; a resume that comes sooner is refused. */
const PARKING_MS = 400;

export interface ParkRequest {
	executionId: string;
	nodeId: string;
	workflowId: string;
	kind: WaitKind;
	resumeUrl: string;
	until: EpochMs;
	/** In input order. `messageId`: the outgoing message; its item is settled when there is a `result`. */
	items: (Pick<WaitItem, 'contactId' | 'messageId' | 'item' | 'result'> & Partial<Pick<WaitItem, 'question'>>)[];
}

/**
 * Notes that a node waits. An answer or receipt that came in the meantime settles its item at once.
 * Returns null when nothing is left to wait for: the node goes on without parking, with the `items`.
 */
export async function park(desk: Desk, request: ParkRequest): Promise<{ wait: Wait | null; items: WaitItem[] }> {
	return await desk.store.atomically(async (records) => {
		const wait: Wait = {
			id: desk.newId(),
			executionId: request.executionId,
			nodeId: request.nodeId,
			workflowId: request.workflowId,
			kind: request.kind,
			resumeUrl: request.resumeUrl,
			until: request.until,
			state: 'open',
			attempts: 0,
			nextAttemptAt: request.until,
			createdAt: desk.now(),
		};
		const items: WaitItem[] = [];
		for (const [index, asked] of request.items.entries()) {
			const result = asked.result ?? (await alreadySettled(records, request.kind, asked));
			items.push({ waitId: wait.id, index, question: null, ...asked, result, tries: 0, refused: null });
		}
		if (items.every(({ result }) => result !== null)) return { wait: null, items };
		await records.waits.insert(wait, items);
		records.touch('waits');
		return { wait, items };
	});
}

async function alreadySettled(
	records: Records,
	kind: WaitKind,
	{ contactId, messageId }: Pick<WaitItem, 'contactId' | 'messageId'>,
): Promise<WaitResult | null> {
	if (contactId === null || messageId === null) return null;
	if (kind === 'delivery') {
		const message = await records.messages.get(messageId);
		return message ? deliveryResult(message) : null;
	}
	const latest = await records.messages.list({ contactId, direction: 'in' }, { limit: EARLY_REPLIES, offset: 0 });
	// Ids ascend with time on our clock; the provider's times may not.
	const reply = latest.filter(({ id }) => id > messageId).at(-1);
	return reply ? { outcome: 'settled', messageId: reply.id, conversationId: reply.conversationId } : null;
}

function deliveryResult(message: Message): WaitResult | null {
	if (message.status === 'delivered' || message.status === 'read') {
		return { outcome: 'settled', messageId: message.id, conversationId: message.conversationId };
	}
	if (message.status === 'failed' && message.failure) {
		return { outcome: 'failed', failure: message.failure, messageId: message.id };
	}
	return null;
}

/** The contact wrote: whoever waits for a reply of this contact has it. */
export async function replyArrived(desk: Desk, records: Records, message: Message): Promise<void> {
	for (const item of await records.waits.openForReply(message.contactId)) {
		await settle(desk, records, item, {
			outcome: 'settled',
			messageId: message.id,
			conversationId: message.conversationId,
		});
	}
}

/** An outgoing message was delivered, read or failed: whoever waits for that knows now. */
export async function deliveryKnown(desk: Desk, records: Records, message: Message): Promise<void> {
	const result = deliveryResult(message);
	if (!result) return;
	for (const item of await records.waits.openForDelivery(message.id)) await settle(desk, records, item, result);
}

/** The contact's conversation was closed: nobody will get the reply they wait for. */
export async function conversationClosed(desk: Desk, records: Records, contactId: string): Promise<void> {
	for (const item of await records.waits.openForReply(contactId)) {
		await settle(desk, records, item, {
			outcome: 'failed',
			messageId: item.messageId,
			failure: failure(
				'conversation_closed',
				'The conversation was closed while this step was waiting for a reply.',
			),
		});
	}
}

/** Settles what is left of waits whose time is up. Returns whether there were any. */
export async function endOutOfTime(desk: Desk, limit: number): Promise<boolean> {
	return await desk.store.atomically(async (records) => {
		const late = await records.waits.outOfTime(desk.now(), limit);
		for (const wait of late) {
			for (const item of await records.waits.items(wait.id)) {
				if (item.result) continue;
				await settle(desk, records, item, {
					outcome: 'failed',
					messageId: item.messageId,
					failure:
						wait.kind === 'reply'
							? failure('reply_timeout', "The contact did not reply within the 'Wait Limit'.")
							: failure(
									'delivery_timeout',
									"No delivery receipt came within the 'Wait Limit'. The message may still arrive.",
								),
				});
			}
			await records.waits.markDue(wait.id, desk.now());
			records.touch('waits');
		}
		return late.length > 0;
	});
}

async function settle(desk: Desk, records: Records, item: WaitItem, result: WaitResult): Promise<void> {
	if (!(await records.waits.settle(item.waitId, item.index, result))) return;
	if ((await records.waits.unsettled(item.waitId)) > 0) return;
	const wait = await records.waits.get(item.waitId);
	await records.waits.markDue(item.waitId, Math.max(desk.now(), (wait?.createdAt ?? 0) + PARKING_MS));
	records.touch('waits');
}
