import type { ReplyHandle } from './channel';
import { contentRefusal } from './content';
import { findOrOpen, publishOpened } from './conversation';
import type { Desk } from './desk';
import type { Draft } from './draft';
import { failure, type Failure } from './failure';
import { fitted } from './fitting';
import { announce, cancelled } from './announcing';
import { handOver, repeated, type HandOver, type Learnt, type Sent } from './handover';
import { threadOf } from './mail-thread';
import { detailsOf, quoted, saveOutgoing } from './outgoing';
import { keepPlace, placeOf } from './place';
import type { Contact, ContactAddress, Conversation, Message } from './records';
import { chooseAddress, type Usable } from './routing';
import { StoreError, type Records } from './store';
import { humanActive } from './takeover';
import { countUsed, messageCount, quotaPeriod, quotaUsed, windowRefusal, windowState } from './window';

export type { Draft } from './draft';
export type { Sent } from './handover';

/** One channel's way out. Never throws for what concerns one message: the failure is the answer. */
export async function send(desk: Desk, draft: Draft): Promise<Sent> {
	const prepared = await preparedOrNot(desk, draft);
	return 'done' in prepared ? prepared.done : await handOver(desk, prepared);
}

/** Nothing goes before its row is stored. */
async function preparedOrNot(desk: Desk, draft: Draft): ReturnType<typeof prepare> {
	try {
		return await desk.store.atomically((records) => prepare(desk, records, draft));
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
		return { done: { ok: false, failure: failure('provider_unavailable', `The message was not sent. ${error.message}`), message: null } };
	}
}

/** Everything that can be said without the provider, and the row that remembers that we are about to call it. */
async function prepare(desk: Desk, records: Records, draft: Draft): Promise<{ done: Sent } | HandOver> {
	await records.lock(`message:${draft.idempotencyKey}`);
	const earlier = await records.messages.byIdempotencyKey(draft.idempotencyKey);
	if (earlier && !mayTryAgain(earlier, draft)) return { done: repeated(earlier) };
	const unsent = (cause: Failure): { done: Sent } => ({ done: { ok: false, failure: cause, message: null } });
	if (draft.signal?.aborted) return unsent(cancelled(null));

	const asked = await records.contacts.get(draft.contactId);
	if (!asked) return unsent(unknownContact(draft.contactId));
	const choice = chooseAddress(desk, draft, asked, await records.addresses.ofContact(asked.id));
	if ('failure' in choice) {
		const { failure: refusal, unusable: address } = choice;
		return address && !draft.goesOn(refusal) ? await refuseThere(desk, records, { draft, contact: asked, address, refusal, earlier }) : unsent(refusal);
	}
	const { connection } = choice;
	const place = await placeOf(desk, records, asked, choice.address);
	const { contact, address } = place;

	const channel = desk.channel(address.channel);
	const { content, notes } = fitted(draft.content, channel);
	if (contact.id !== asked.id) notes.push(`The ${channel.name} address is that of another contact, ${contact.id}, so the message is theirs.`);
	notes.push(...draft.notes);
	const state = windowState(channel.can.window, address.lastInboundAt, desk.now(), draft.humanAgent);
	const open = await records.conversations.openOf(contact.id);
	const counted = state === 'open' && connection.messagesPerWindow !== null ? messageCount(content, channel.can) : 0;
	const refusedAtOnce =
		(draft.skipWhenAssigned ? await humanActive(desk, records, open) : null) ??
		blocked(desk, address) ??
		contentRefusal(content, channel) ??
		windowRefusal(content, channel, address, state, desk.now());
	if (refusedAtOnce && draft.goesOn(refusedAtOnce)) return unsent(refusedAtOnce);
	await keepPlace(records, place);
	const refusal =
		refusedAtOnce ??
		(state === 'charged' ? await reserveQuota(desk, records, address, connection) : null) ??
		(counted > 0 ? await reserveInWindow(desk, records, address, connection, counted) : null);
	if (refusal && draft.goesOn(refusal)) return unsent(refusal);
	const conversation = refusal
		? (open ?? (await records.conversations.latestOf(contact.id)) ?? null)
		: await conversationFor(desk, records, draft, contact, address);
	const quote = await quoted(records, draft, address, channel.can.quotes, notes);
	const details = detailsOf(content, channel.measure?.(content) ?? {}, { notes, quote, attempts: draft.attempts });
	const message = await saveOutgoing(desk, records, { draft, contact, address, conversation, content, refusal, earlier, details });
	if (refusal) {
		await announce(desk, records, message);
		return { done: { ok: false, failure: refusal, message } };
	}
	const thread = channel.can.mail ? await threadOf(records, address, conversation, quote, message.id) : undefined;
	const learnt: Learnt = { notes: [], aliases: [] };
	return {
		message,
		address,
		content,
		connection,
		retries: draft.retries,
		chargedIn: state === 'charged' && connection.monthlyQuota !== null ? quotaPeriod(desk.now()) : null,
		reserved: counted > 0 ? { count: counted, since: address.lastInboundAt } : null,
		learnt,
		goesOn: (cause) => draft.goesOn(cause),
		signal: draft.signal,
		options: {
			messageId: message.id,
			quote,
			...(thread && { thread }),
			...(!draft.humanAgent && { isAutomatic: true }),
			note: (sentence) => void learnt.notes.push(sentence),
			alsoKnownAs: (user) => void learnt.aliases.push(user),
			reply: await replyHandle(desk, records, address),
			humanAgent: state === 'humanAgent',
		},
	};
}

/** It would go there, but the credential is of no use: the conversation shows that it did not. */
async function refuseThere(
	desk: Desk,
	records: Records,
	row: Pick<Parameters<typeof saveOutgoing>[2], 'contact' | 'address' | 'earlier'> & { draft: Draft; refusal: Failure },
): Promise<{ done: Sent }> {
	const { draft, contact, address, refusal } = row;
	const { content, notes } = fitted(draft.content, desk.channel(address.channel));
	const conversation = (await records.conversations.latestOf(contact.id)) ?? null;
	const details = detailsOf(content, {}, { notes, quote: null, attempts: draft.attempts });
	const message = await saveOutgoing(desk, records, { ...row, conversation, content, details });
	await announce(desk, records, message);
	return { done: { ok: false, failure: refusal, message } };
}

/** Whether an earlier try leaves it to be sent. */
export function mayTryAgain({ status, failure: cause, providerId }: Message, { tryAgain }: Pick<Draft, 'tryAgain'>): boolean {
	// With an id of the provider's, a part of it went at least.
	if (providerId !== null) return false;
	return status === 'queued' || (status === 'failed' && (cause?.retryable === true || tryAgain));
}

export function unknownContact(contactId: string): Failure {
	return failure(
		'no_channel',
		contactId === ''
			? "'Contact' is empty, so there is nobody to send to. Use the contact's id, e.g. {{ $json.contact.id }} from the trigger's item."
			: `There is no contact with the id '${contactId}'. Use the contact's id from an earlier item, e.g. {{ $json.contact.id }}.`,
	);
}

function blocked(desk: Desk, { channel, blockedAt }: ContactAddress): Failure | null {
	if (blockedAt === null) return null;
	const { name } = desk.channel(channel);
	return failure(
		'recipient_unreachable',
		`The contact has blocked or unfollowed you on ${name}, or wants no more messages there. Use another channel, or wait until the contact writes again.`,
		{ channel },
	);
}

async function reserveQuota(desk: Desk, records: Records, address: ContactAddress, { monthlyQuota }: Usable): Promise<Failure | null> {
	if (monthlyQuota === null) return null;
	const { channel, account, lastInboundAt } = address;
	if (await records.quotas.reserve(channel, account, quotaPeriod(desk.now()), monthlyQuota)) return null;
	return quotaUsed(desk.channel(channel), monthlyQuota, lastInboundAt);
}

async function reserveInWindow(
	desk: Desk,
	records: Records,
	{ id, channel, sentSinceInbound }: ContactAddress,
	{ messagesPerWindow }: Usable,
	count: number,
): Promise<Failure | null> {
	if (messagesPerWindow === null || (await records.addresses.reserve(id, count, messagesPerWindow))) return null;
	return countUsed(desk.channel(channel), messagesPerWindow, sentSinceInbound, count);
}

async function replyHandle(desk: Desk, records: Records, { id, reply }: ContactAddress): Promise<ReplyHandle | null> {
	return reply === null ? null : await records.addresses.takeReply(id, desk.now());
}

async function conversationFor(
	desk: Desk,
	records: Records,
	draft: Draft,
	contact: Contact,
	address: ContactAddress,
): Promise<Conversation | null> {
	if (!draft.openConversation) return (await records.conversations.latestOf(contact.id)) ?? null;
	const opened = await findOrOpen(desk, records, contact, address, draft.source);
	if (opened.isNew) await publishOpened(desk, records, opened.conversation, null);
	return opened.conversation;
}
