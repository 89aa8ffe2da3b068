import type { OutboundStatus } from './records';

type Receipt = 'sent' | 'delivered' | 'read' | 'failed';

/**
 * The states a receipt may move a message out of. Receipts come late, twice and out of order, so a state only moves
 * forward; an `unconfirmed` message is settled by any of them.
 */
const FROM: Record<Receipt, readonly OutboundStatus[]> = {
	sent: ['queued', 'sending', 'unconfirmed'],
	delivered: ['queued', 'sending', 'unconfirmed', 'sent'],
	read: ['queued', 'sending', 'unconfirmed', 'sent', 'delivered'],
	failed: ['queued', 'sending', 'unconfirmed', 'sent'],
};

export function statesBefore(receipt: Receipt): readonly OutboundStatus[] {
	return FROM[receipt];
}
