import type { EpochMs } from './channel';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import type { Message, WaitItem, WaitKind, WaitResult } from './records';
import type { Records } from './store';

/** n8n needs this long to save a parked execution; a post that comes sooner is refused. */
const PARKING_MS = 400;

/** What is known of a message's delivery; null: nothing yet. */
export function deliveryResult(message: Message): WaitResult | null {
	if (message.status === 'delivered' || message.status === 'read') {
		return { outcome: 'settled', messageId: message.id, conversationId: message.conversationId };
	}
	if (message.status === 'failed' && message.failure) {
		return { outcome: 'failed', failure: message.failure, messageId: message.id };
	}
	return null;
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
				await settle(desk, records, item, timedOut(wait.kind, item));
			}
			await records.waits.markDue(wait.id, desk.now());
			records.touch('waits');
		}
		return late.length > 0;
	});
}

/** What an item is that nothing came for. */
export function timedOut(kind: WaitKind, { messageId, tries }: Pick<WaitItem, 'messageId' | 'tries'>): WaitResult {
	return { outcome: 'failed', messageId, failure: kind === 'delivery' ? noReceipt() : noReply(tries) };
}

function noReceipt(): Failure {
	return failure('delivery_timeout', "No delivery receipt came within the 'Wait Limit'. The message may still arrive.");
}

function noReply(tries: number): Failure {
	const what = tries === 0 ? 'The contact did not reply' : 'The contact was asked again and gave no answer that would do';
	return failure('reply_timeout', `${what} within the 'Wait Limit'.`);
}

/** Settles an item that is not settled yet; with the last one the wait is due. */
export async function settle(desk: Desk, records: Records, item: Pick<WaitItem, 'waitId' | 'index'>, result: WaitResult): Promise<void> {
	if (!(await records.waits.settle(item.waitId, item.index, result))) return;
	if ((await records.waits.unsettled(item.waitId)) > 0) return;
	await records.waits.markDue(item.waitId, await postableAt(desk, records, item.waitId));
	records.touch('waits');
}

/** From when on n8n takes a post for this wait. */
export async function postableAt(desk: Desk, records: Records, waitId: string): Promise<EpochMs> {
	const wait = await records.waits.get(waitId);
	return Math.max(desk.now(), (wait?.createdAt ?? 0) + PARKING_MS);
}
