import { announce, cancelled, outcomeUnknown } from './announcing';
import type { Content, EpochMs, SendOptions } from './channel';
import type { Desk } from './desk';
import { ConversationsError, failure, type Failure } from './failure';
import type { ContactAddress, Message, OutboundStatus } from './records';
import type { Usable } from './routing';
import { applyEarly, keepIds, present } from './sent-ids';
import type { Records } from './store';
import { queueAgain, takeUp } from './under-way';

export type Sent =
	| { ok: true; message: Message }
	/** `message` is there when the failure came after a channel was chosen. */
	| { ok: false; failure: Failure; message: Message | null };

/** A stored message that is to go to its provider now. */
export interface HandOver {
	message: Message;
	address: ContactAddress;
	content: Content;
	connection: Usable;
	options: SendOptions;
	retries: number;
	/** The month in whose quota it was counted; null: it costs nothing. */
	chargedIn: string | null;
	/** Messages that were counted before the call, of those allowed since the contact wrote at `since`; null: they are not. */
	reserved: { count: number; since: EpochMs | null } | null;
	/** Filled while the channel sends. */
	learnt: Learnt;
	/** See `Draft`. */
	goesOn(cause: Failure): boolean;
	signal: AbortSignal | null;
}

export interface Learnt {
	/** What the channel did differently, as sentences. */
	notes: string[];
	/** Further ids of the person. */
	aliases: string[];
}

/** A provider that asks for a longer pause is not waited for: the message fails and says when it can be sent again. */
const PAUSE_MAX_MS = 60_000;
const PAUSE_FIRST_MS = 1_000;

type Outcome =
	| { status: 'sent'; providerIds: readonly string[] }
	| { status: 'failed' | 'unconfirmed'; failure: Failure; accepted: readonly string[] };

/** Calls the provider, and again when it surely did not accept the message and that can be waited for. */
export async function handOver(desk: Desk, work: HandOver): Promise<Sent> {
	for (let tries = 0; ; tries++) {
		const held = await paceRefusal(desk, work);
		if (!(await takeUp(desk, work.message))) return await overtaken(desk, work, tries);
		// Providers date it before they answer, and their read marks count from then.
		const calledAt = desk.now();
		const outcome = held ?? (await callProvider(desk, work));
		const pauseMs = tries < work.retries && !work.signal?.aborted ? pauseAfter(outcome, tries) : null;
		if (pauseMs === null || !(await queueAgain(desk, work.message.id, 'sending'))) return await settle(desk, work, outcome, calledAt);
		await desk.wait(pauseMs, work.signal);
	}
}

/** Another run of the same step has it. What was reserved for this one and never used is given back. */
async function overtaken(desk: Desk, work: HandOver, tries: number): Promise<Sent> {
	const { message, chargedIn } = work;
	const { messages, quotas } = desk.store.records;
	if (chargedIn !== null && tries === 0) await quotas.release(message.channel, message.account, chargedIn);
	if (tries === 0) await giveBack(desk.store.records, work, 0);
	return repeated((await messages.get(message.id)) ?? message);
}

/** Why it is not to be sent now; null: it is its turn. */
async function paceRefusal(desk: Desk, { address, signal }: HandOver): Promise<Outcome | null> {
	try {
		await desk.pace(address, signal);
	} catch (error) {
		if (error instanceof ConversationsError) return { status: 'failed', failure: error.failure, accepted: [] };
		throw error;
	}
	return signal?.aborted ? { status: 'failed', failure: cancelled(address.channel), accepted: [] } : null;
}

/** Null: it is not tried again. */
function pauseAfter(outcome: Outcome, tries: number): number | null {
	if (outcome.status === 'sent' || !outcome.failure.retryable || outcome.accepted.length > 0) return null;
	const pauseMs = outcome.failure.retryAfterMs ?? PAUSE_FIRST_MS * 2 ** tries;
	return pauseMs <= PAUSE_MAX_MS ? pauseMs : null;
}

/** Outside any transaction: a slow provider must not hold the store. */
async function callProvider(desk: Desk, { content, address, connection, options }: HandOver): Promise<Outcome> {
	try {
		return { status: 'sent', providerIds: await desk.channel(address.channel).send(content, address, connection.ports, options) };
	} catch (error) {
		// Whatever else went wrong may have happened after the request left, so it counts as unknown.
		const known = error instanceof ConversationsError ? error : new ConversationsError(outcomeUnknown(address.channel));
		const status = known.failure.code === 'outcome_unknown' ? 'unconfirmed' : 'failed';
		return { status, failure: partly(known), accepted: known.accepted };
	}
}

/** What went before the failing part went: it is not sent again. */
function partly({ failure: cause, accepted }: ConversationsError): Failure {
	if (accepted.length === 0) return cause;
	const parts = accepted.length === 1 ? 'The first part' : `The first ${accepted.length} parts`;
	const rest = cause.code === 'outcome_unknown' ? 'and perhaps the next' : 'the rest did not';
	return { ...cause, retryable: false, reason: `${parts} of the message went, ${rest}. ${cause.reason}` };
}

/** A message that an earlier try has dealt with: its outcome stands. */
export function repeated(message: Message): Sent {
	if (message.status === 'failed') {
		return { ok: false, failure: message.failure ?? failure('rejected', 'The message did not go, and the reason was not kept. Send it again.'), message };
	}
	if (message.status === 'queued' || message.status === 'sending' || message.status === 'unconfirmed') {
		return { ok: false, failure: message.failure ?? outcomeUnknown(message.channel), message };
	}
	return { ok: true, message };
}

/** Of what was reserved, `used` messages went or may have gone. */
async function giveBack(records: Records, { message, reserved }: HandOver, used: number): Promise<void> {
	if (reserved === null || used >= reserved.count) return;
	await records.addresses.release(message.addressId, reserved.count - used, reserved.since);
}

/** What was reserved is counted, unless the contact wrote before it went: then the count had begun anew. */
async function notCountedYet(records: Records, { message, reserved }: HandOver, parts: number, calledAt: EpochMs): Promise<number> {
	if (reserved === null) return 1;
	const wroteAt = (await records.addresses.get(message.addressId))?.lastInboundAt ?? null;
	return wroteAt !== reserved.since && wroteAt !== null && wroteAt <= calledAt ? parts : 0;
}

async function settle(desk: Desk, work: HandOver, outcome: Outcome, calledAt: EpochMs): Promise<Sent> {
	const { message, chargedIn } = work;
	return await desk.store.atomically(async (records) => {
		const now = desk.now();
		const accepted = outcome.status === 'sent' ? outcome.providerIds : outcome.accepted;
		// Heard of while the answer was out: it went, whatever the answer is.
		const { providerId: heardAs } = await present(records, message.id);
		const ids = accepted.length === 0 && heardAs !== null ? [heardAs] : accepted;
		const went = outcome.status === 'sent' || ids !== accepted;
		if (ids.length > 0) await keepIds(records, message, ids, went);
		const before: readonly OutboundStatus[] = ['sending'];
		await records.addresses.addAliases(message.addressId, work.learnt.aliases.filter((user) => user !== work.address.user));
		if (went) {
			// False when it is told already: somebody else settled it.
			const first = await records.messages.advance(message.id, before, 'sent', { failure: null, sentAt: calledAt });
			await records.addresses.touchOutbound(message.addressId, now, await notCountedYet(records, work, ids.length, calledAt));
			if (message.conversationId) await noteOnConversation(records, message.conversationId, now);
			await keepNotes(records, message.id, work.learnt.notes);
			if (first) await announce(desk, records, await present(records, message.id));
		} else {
			// What may have gone is not for others to try again, whatever its channel could do at once.
			const cause = outcome.status === 'unconfirmed' ? { ...outcome.failure, retryable: false } : outcome.failure;
			const first = await records.messages.advance(message.id, before, outcome.status, { failure: cause });
			await giveBack(records, work, ids.length + (outcome.status === 'unconfirmed' ? 1 : 0));
			if (chargedIn !== null && outcome.status === 'failed' && ids.length === 0) {
				await records.quotas.release(message.channel, message.account, chargedIn);
			}
			const isOver = outcome.status === 'unconfirmed' || ids.length > 0 || !work.goesOn(outcome.failure);
			if (first && isOver) await announce(desk, records, await present(records, message.id));
		}
		await countFurtherParts(records, work, ids.length);
		await applyEarly(desk, records, message, ids);
		return repeated(await present(records, message.id));
	});
}

/** The first was counted before the call. What went counts, also beyond the quota. */
async function countFurtherParts(records: Records, { message, chargedIn }: HandOver, parts: number): Promise<void> {
	if (chargedIn === null) return;
	for (let part = 1; part < parts; part += 1) {
		await records.quotas.reserve(message.channel, message.account, chargedIn, Number.MAX_SAFE_INTEGER);
	}
}

async function keepNotes(records: Records, messageId: string, notes: readonly string[]): Promise<void> {
	if (notes.length === 0) return;
	const { details } = await present(records, messageId);
	await records.messages.update(messageId, { details: { ...details, notes: [...new Set([...(details?.notes ?? []), ...notes])] } });
}

async function noteOnConversation(records: Records, conversationId: string, at: number): Promise<void> {
	const conversation = await records.conversations.get(conversationId);
	if (conversation?.status !== 'open') return;
	await records.conversations.update(conversationId, {
		lastMessageAt: at,
		...(conversation.firstResponseAt === null && { firstResponseAt: at }),
	});
}
