import type { EpochMs } from './channel';
import type { Desk } from './desk';
import type { Wait, WaitItem, WaitKind } from './records';
import { earlyReply, refuse } from './replies';
import type { Records } from './store';
import { deliveryResult } from './waits';

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
 * Notes that a node waits. What came in the meantime is taken as if it came now: an answer or receipt settles its item.
 * Returns null when nothing is left to wait for: the node goes on without parking, with the `items`.
 */
export async function park(desk: Desk, request: ParkRequest): Promise<{ wait: Wait | null; items: WaitItem[] }> {
	return await desk.store.atomically(async (records) => {
		const { items: asked, ...waiting } = request;
		const wait: Wait = {
			...waiting,
			id: desk.newId(),
			state: 'open',
			attempts: 0,
			nextAttemptAt: request.until,
			createdAt: desk.now(),
		};
		const items: WaitItem[] = [];
		const early: { index: number; messageId: string }[] = [];
		for (const [index, each] of asked.entries()) {
			const item: WaitItem = { waitId: wait.id, index, question: null, tries: 0, refused: null, ...each };
			const { result, refused } = item.result ? { result: item.result, refused: null } : await known(desk, records, request.kind, item);
			items.push({ ...item, result });
			if (refused !== null) early.push({ index, messageId: refused });
		}
		if (items.every(({ result }) => result !== null)) return { wait: null, items };
		await records.waits.insert(wait, items);
		for (const { index, messageId } of early) await refuse(desk, records, { waitId: wait.id, index }, messageId);
		records.touch('waits');
		return { wait, items };
	});
}

/** What came before the step waited for it. */
async function known(
	desk: Desk,
	records: Records,
	kind: WaitKind,
	{ contactId, messageId, question }: Pick<WaitItem, 'contactId' | 'messageId' | 'question'>,
): Promise<Pick<WaitItem, 'result' | 'refused'>> {
	if (contactId === null || messageId === null) return { result: null, refused: null };
	if (kind === 'reply') return await earlyReply(desk, records, { contactId, messageId, question });
	const message = await records.messages.get(messageId);
	return { result: message ? deliveryResult(message) : null, refused: null };
}
