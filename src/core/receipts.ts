import { addressTopic } from './channel';
import type { Desk } from './desk';
import { publish } from './events';
import { failure, type Failure } from './failure';
import type { EarlyReceipt, Message, MessagePart, OutboundStatus } from './records';
import type { Records } from './store';
import { deliveryKnown } from './waits';

type State = EarlyReceipt['state'];

/**
 * The states a receipt may move a message out of. Receipts come late, twice and out of order, so a state only moves
 * forward; an `unconfirmed` message is settled by any of them.
 */
const FROM: Record<State, readonly OutboundStatus[]> = {
	sent: ['queued', 'sending', 'unconfirmed'],
	delivered: ['queued', 'sending', 'unconfirmed', 'sent'],
	read: ['queued', 'sending', 'unconfirmed', 'sent', 'delivered'],
	failed: ['queued', 'sending', 'unconfirmed', 'sent'],
};

export function statesBefore(receipt: State): readonly OutboundStatus[] {
	return FROM[receipt];
}

export interface News {
	state: State;
	failure: Failure | null;
	at: number;
	/** The id of the part it is about; null: all of the message. */
	externalId: string | null;
}

/** Moves a message of ours forward and tells triggers, open pages and waiting nodes. False: it knew already. */
export async function applyReceipt(desk: Desk, records: Records, message: Message, news: News): Promise<boolean> {
	const state = await stateOfWhole(records, message, news);
	if (state === null) return false;
	const changed = await records.messages.advance(message.id, FROM[state], state, {
		...(state === 'sent' && { sentAt: news.at, failure: null }),
		...(state === 'delivered' && { deliveredAt: news.at, failure: null }),
		...(state === 'read' && { readAt: news.at, failure: null }),
		...(state === 'failed' && { failure: await lateFailure(records, message, news) }),
	});
	if (!changed) return false;
	const address = await records.addresses.get(message.addressId);
	if (address) records.touch(addressTopic(address));
	const after = await records.messages.get(message.id);
	if (!after) throw new Error('A message vanished within its transaction');
	await publish(desk, records, {
		type: `message.${state}`,
		source: state === 'sent' ? after.source : 'system',
		contactId: after.contactId,
		conversationId: after.conversationId,
		messageId: after.id,
		channel: after.channel,
		account: after.account,
	});
	await deliveryKnown(desk, records, after);
	return true;
}

/** Why it did not arrive. Of several parts the others may have: sending all of it again would double those. */
async function lateFailure(records: Records, message: Message, { failure: cause, externalId }: News): Promise<Failure> {
	const told = cause ?? unexplained(message);
	const parts = await records.messages.parts(message.id);
	if (parts.length === 0) return { ...told, retryable: false };
	const isOfPart = parts.some(({ providerId }) => providerId === externalId);
	return { ...told, retryable: false, reason: isOfPart ? `Part of the message did not arrive. ${told.reason}` : told.reason };
}

function unexplained({ channel }: Message): Failure {
	return failure('not_delivered', 'The message was accepted and could not be delivered. The provider does not say why. Use another channel, or send it again if it still matters.', { channel });
}

/** A message of several parts is delivered when its last part is, and failed when any part failed. */
async function stateOfWhole(records: Records, message: Message, { state, externalId }: News): Promise<State | null> {
	const parts = await records.messages.parts(message.id);
	if (parts.length === 0) return state;
	for (const part of externalId === null ? parts : parts.filter(({ providerId }) => providerId === externalId)) {
		await records.messages.advancePart(part, PARTS_BEFORE[state], state);
	}
	const statuses = (await records.messages.parts(message.id)).map(({ status }) => status);
	if (statuses.includes('failed')) return 'failed';
	// The rest is what there was no clear answer about, and these parts do not tell.
	if (message.status === 'unconfirmed') return null;
	return ORDER.find((each) => statuses.includes(each)) ?? null;
}

const ORDER = ['sent', 'delivered', 'read'] as const;
const PARTS_BEFORE: Record<State, readonly MessagePart['status'][]> = {
	sent: [],
	delivered: ['sent'],
	read: ['sent', 'delivered'],
	failed: ['sent'],
};
