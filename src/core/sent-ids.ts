import type { Desk } from './desk';
import { applyReceipt } from './receipts';
import type { Message } from './records';
import type { Records } from './store';
import { isByPerson, notTakenOver } from './takeover';

/** The ids that a provider gives a message of ours, against what it told of it before it gave them. */

/** The row as it stands now. */
export async function present(records: Records, id: string): Promise<Message> {
	const message = await records.messages.get(id);
	if (!message) throw new Error('A message vanished while it was being sent');
	return message;
}

/** Keeps the provider's ids, one for each part. `whole`: there are no further parts. */
export async function keepIds(records: Records, message: Message, ids: readonly string[], whole: boolean): Promise<void> {
	const { id, channel, account } = message;
	const kept: string[] = [];
	for (const [position, providerId] of ids.entries()) {
		const other = await records.messages.byProviderId(channel, account, providerId);
		const isTaken = other !== undefined && other.id !== id;
		// Heard back as an echo before we were told its id: it is this message, not another one.
		if (isTaken && isEchoOf(other, message)) await forgetEcho(records, other);
		// Some servers give an id twice. What has it already keeps it.
		kept.push(isTaken && !isEchoOf(other, message) ? `${id}:${position + 1}` : providerId);
	}
	await records.messages.update(id, { providerId: kept[0] ?? null });
	if (whole && kept.length < 2) return;
	await records.messages.insertParts(
		kept.map((providerId, position) => ({ messageId: id, position, channel, account, providerId, status: 'sent' as const })),
	);
}

/** It was counted as a message of its own. */
async function forgetEcho(records: Records, echo: Message): Promise<void> {
	const { id, addressId } = echo;
	await records.messages.delete(id);
	await notTakenOver(records, echo);
	const address = await records.addresses.get(addressId);
	if (address) await records.addresses.release(addressId, 1, address.lastInboundAt);
}

/** Whether it is what the provider told of one of us, to the same person, rather than a message of its own. */
function isEchoOf(other: Message, { addressId }: Message): boolean {
	return isByPerson(other) && other.addressId === addressId;
}

/** News that came before the ids. */
export async function applyEarly(desk: Desk, records: Records, { id, channel, account }: Message, ids: readonly string[]): Promise<void> {
	for (const { state, failure: cause, at, externalId } of await records.earlyReceipts.take(channel, account, ids)) {
		await applyReceipt(desk, records, await present(records, id), { state, failure: cause, at, externalId });
	}
}
