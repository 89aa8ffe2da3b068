import { announce, outcomeUnknown } from './announcing';
import type { Desk } from './desk';
import { failure } from './failure';
import { applyReceipt } from './receipts';
import type { Message } from './records';
import { applyEarly } from './sent-ids';
import type { Records } from './store';
import { messageCount, quotaPeriod } from './window';

/** Its call was cut off, but the provider spoke of it: it went. */
async function heardOf(desk: Desk, records: Records, message: Message, providerId: string): Promise<void> {
	await applyReceipt(desk, records, message, { state: 'sent', failure: null, at: message.at, externalId: providerId });
	await applyEarly(desk, records, message, [providerId]);
}

/**
 * What a process left behind when it died: nobody knows whether a `sending` message went; a `queued` one surely did not.
 * Returns how many were settled.
 */
export async function settleLeftBehind(desk: Desk, olderThan: number, limit: number): Promise<number> {
	return await desk.store.atomically(async (records) => {
		const left = await records.messages.leftBehind(olderThan, limit);
		for (const message of left) {
			const wasSending = message.status === 'sending';
			if (wasSending && message.providerId !== null) {
				await heardOf(desk, records, message, message.providerId);
				continue;
			}
			const cause = wasSending
				? outcomeUnknown(message.channel)
				: failure('provider_unavailable', 'n8n stopped before this message was sent. Send it again.', {
						channel: message.channel,
					});
			const status = wasSending ? 'unconfirmed' : 'failed';
			// Somebody who lives took it up.
			if (!(await records.messages.advance(message.id, [wasSending ? 'sending' : 'queued'], status, { failure: cause }))) continue;
			// With a failure it is between two tries, and what the one before had reserved is given back already.
			if (!wasSending && message.failure === null) await releasePlaces(desk, records, message);
			await announce(desk, records, { ...message, status, failure: cause });
		}
		return left.length;
	});
}

/** What was reserved for a message that surely did not go, as far as its row tells. */
async function releasePlaces(desk: Desk, records: Records, { addressId, channel, account, type, text, attachments, at }: Message): Promise<void> {
	const { window, caption } = desk.channel(channel).can;
	const address = await records.addresses.get(addressId);
	if (!window || !address || (address.lastInboundAt ?? 0) > at) return;
	const isWithin = at - (address.lastInboundAt ?? 0) <= window.ms;
	const count = messageCount(type === 'media' ? { kind: 'media', text, attachments } : { kind: 'text', text: text ?? '' }, { caption });
	if (isWithin && window.count !== undefined) await records.addresses.release(addressId, count, address.lastInboundAt);
	if (!isWithin && window.after === 'charged') await records.quotas.release(channel, account, quotaPeriod(at));
}
