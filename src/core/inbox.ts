import { addressKey, type ChannelEvent } from './channel';
import { activitySeen, messageArrived } from './arrivals';
import { consentChanged, edited, reacted, renamed, takenBack } from './corrections';
import type { Desk } from './desk';
import { echoHeard, freeId } from './echoes';
import { knownPerson, lockNames } from './people';
import { applyReceipt, statesBefore } from './receipts';
import type { Message } from './records';
import type { Records } from './store';

type Fact<K extends ChannelEvent['kind']> = Extract<ChannelEvent, { kind: K }>;

/** What became of one fact. */
export type Received =
	| {
			kind: 'message';
			/** False: it was stored before, by an earlier copy of the same request. */
			isNew: boolean;
			message: Message;
			/** Id of `conversation.opened` when this message opened one, else of `message.received`. */
			eventId: string | null;
	  }
	| { kind: 'receipt'; changed: boolean }
	| { kind: 'noted' }
	| { kind: 'ignored' };

/** A read mark moves at most this many messages. */
const WATERMARK_MAX = 200;

/**
 * The only way in. All facts of one request in one transaction: when it resolves they are durable and the provider may
 * be answered. A fact whose key was seen before changes nothing.
 */
export async function receive(desk: Desk, facts: readonly ChannelEvent[]): Promise<Received[]> {
	return await desk.store.atomically(async (records) => {
		for (const name of lockNames(facts)) await records.lock(name);
		const received: Received[] = [];
		for (const fact of facts) received.push(await receiveOne(desk, records, fact));
		return received;
	});
}

async function receiveOne(desk: Desk, records: Records, fact: ChannelEvent): Promise<Received> {
	if (fact.kind === 'ignored') return { kind: 'ignored' };
	// Receipts only move forward, so that a second copy changes nothing anyway.
	if (fact.kind === 'receipt') return await receiptCame(desk, records, fact);
	if (fact.kind === 'watermark') return await watermarkCame(desk, records, fact);
	if (!(await records.keys.claimInbound(fact.channel, fact.account, fact.key, desk.now()))) {
		return fact.kind === 'message' ? await storedBefore(records, fact) : { kind: 'ignored' };
	}
	if (fact.kind === 'message') {
		// The provider told the same message under another key.
		const before = await storedBefore(records, fact);
		if (before.kind === 'message') return before;
		const externalId = await freeId(records, fact);
		return { kind: 'message', isNew: true, ...(await messageArrived(desk, records, { ...fact, externalId })) };
	}
	return (await other(desk, records, fact)) ? { kind: 'noted' } : { kind: 'ignored' };
}

async function other(
	desk: Desk,
	records: Records,
	fact: Exclude<ChannelEvent, { kind: 'ignored' | 'receipt' | 'watermark' | 'message' }>,
): Promise<boolean> {
	switch (fact.kind) {
		case 'echo':
			await echoHeard(desk, records, fact);
			return true;
		case 'activity':
			await activitySeen(desk, records, fact);
			return true;
		case 'edit':
			return await edited(desk, records, fact);
		case 'deletion':
			return await takenBack(desk, records, fact);
		case 'reaction':
			return await reacted(desk, records, fact);
		case 'consent':
			return await consentChanged(desk, records, fact);
		case 'identity':
			return await renamed(records, fact);
	}
}

/** What this person said under this id. Some providers count ids for each person, or each direction, anew. */
async function storedBefore(records: Records, { channel, account, externalId, key, from, aliases }: Fact<'message'>): Promise<Received> {
	const known = await knownPerson(records, { address: from, aliases });
	for (const id of [externalId, key]) {
		const stored = known && (await records.messages.byProviderId(channel, account, id));
		if (stored?.direction === 'in' && stored.addressId === known?.address.id) return { kind: 'message', isNew: false, message: stored, eventId: null };
	}
	return { kind: 'ignored' };
}

async function receiptCame(desk: Desk, records: Records, fact: Fact<'receipt'>): Promise<Received> {
	const { channel, account, externalId, state, at } = fact;
	const failure = fact.state === 'failed' ? fact.failure : null;
	const message = await messageOf(records, fact);
	const isCalled = desk.channel(channel).provider !== undefined;
	if (message?.providerId === null) await records.messages.update(message.id, { providerId: externalId });
	if (isCalled && (!message || message.status === 'sending')) {
		// It may be about a message whose id we are about to be told, or about a part of it.
		await records.earlyReceipts.keep({ channel, account, externalId, state, failure, at });
		return { kind: 'receipt', changed: false };
	}
	if (!message || !(isCalled || (await isOf(records, message, fact)))) return { kind: 'receipt', changed: false };
	return { kind: 'receipt', changed: await applyReceipt(desk, records, message, { state, failure, at, externalId }) };
}

/** Visitors name messages themselves: only their own. A provider knows whom it is about, at times by another of their ids. */
async function isOf(records: Records, { addressId }: Message, { to }: Fact<'receipt'>): Promise<boolean> {
	const address = await records.addresses.get(addressId);
	return address !== undefined && (to === undefined || addressKey(to) === addressKey(address));
}

async function messageOf(records: Records, { channel, account, externalId, messageId }: Fact<'receipt'>): Promise<Message | undefined> {
	const known = await records.messages.byProviderId(channel, account, externalId);
	const named = known ?? (messageId === undefined ? undefined : await records.messages.get(messageId));
	return named?.direction === 'out' && named.channel === channel && named.account === account ? named : undefined;
}

async function watermarkCame(desk: Desk, records: Records, { to, state, before, at }: Fact<'watermark'>): Promise<Received> {
	const known = await knownPerson(records, { address: to });
	if (!known) return { kind: 'receipt', changed: false };
	const from = statesBefore(state).filter((status) => status === 'sent' || status === 'delivered' || status === 'unconfirmed');
	const messages = await records.messages.outgoing(known.address.id, from, before, WATERMARK_MAX);
	let changed = false;
	for (const message of messages.toReversed()) {
		changed = (await applyReceipt(desk, records, message, { state, failure: null, at, externalId: null })) || changed;
	}
	return { kind: 'receipt', changed };
}
