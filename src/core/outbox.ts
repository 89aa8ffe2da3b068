import { addressTopic, type Address, type ChannelId, type Content } from './channel';
import { contentRefusal } from './content';
import { findOrOpen, publishOpened } from './conversation';
import type { Desk } from './desk';
import { publish } from './events';
import { ConversationsError, failure, type Failure } from './failure';
import type { Contact, ContactAddress, Conversation, Message, OutboundStatus, Source } from './records';
import type { Records } from './store';
import { deliveryKnown } from './waits';

/** What is to be said, before channel and words are settled. */
export interface Draft {
	contactId: string;
	source: Source;
	/** A channel, or the one of the contact's last interaction (A2, A3). */
	channel: 'lastInteracted' | ChannelId;
	/** The channels the node may send on. */
	connected: readonly ChannelId[];
	/** The Default Message. */
	content: Content;
	/** Channel responses: win over the default on their channel (A23, A24). */
	responses: Partial<Record<ChannelId, Content>>;
	/** The same on every try of the same item; two drafts with one key are one message. */
	idempotencyKey: string;
	/** Open a conversation when the contact has none. */
	openConversation: boolean;
	/** Send nothing when an agent has the conversation. */
	skipWhenAssigned: boolean;
}

export type Sent =
	| { ok: true; message: Message }
	/** `message` is there when the failure came after a channel was chosen. */
	| { ok: false; failure: Failure; message: Message | null };

/** The only way out. Never throws for what concerns one message: the failure is the answer. */
export async function send(desk: Desk, draft: Draft): Promise<Sent> {
	const prepared = await desk.store.atomically((records) => prepare(desk, records, draft));
	if (prepared.done) return prepared.done;
	const { message, address, content } = prepared;
	if (!(await desk.store.records.messages.advance(message.id, ['queued'], 'sending'))) {
		return repeated((await desk.store.records.messages.get(message.id)) ?? message);
	}
	return await settle(desk, message, await callProvider(desk, content, address, message.id));
}

type Prepared =
	| { done: Sent }
	| { done: null; message: Message; address: ContactAddress; content: Content };

/** Everything that can be said without the provider, and the row that remembers that we are about to call it. */
async function prepare(desk: Desk, records: Records, draft: Draft): Promise<Prepared> {
	await records.lock(`message:${draft.idempotencyKey}`);
	const earlier = await records.messages.byIdempotencyKey(draft.idempotencyKey);
	if (earlier && !mayTryAgain(earlier)) return { done: repeated(earlier) };

	const contact = await records.contacts.get(draft.contactId);
	if (!contact) return { done: { ok: false, failure: unknownContact(draft.contactId), message: null } };
	const choice = chooseAddress(desk, draft, await records.addresses.ofContact(contact.id));
	if ('failure' in choice) return { done: { ok: false, failure: choice.failure, message: null } };
	const { address } = choice;

	const content = draft.responses[address.channel] ?? draft.content;
	const open = await records.conversations.openOf(contact.id);
	const refusal =
		(draft.skipWhenAssigned && open?.assigneeId ? await humanActive(records, open.assigneeId) : null) ??
		contentRefusal(content, desk.channel(address.channel));
	const conversation = refusal
		? (open ?? (await records.conversations.latestOf(contact.id)) ?? null)
		: await conversationFor(desk, records, draft, contact, address);
	const message = await saveRow(desk, records, { draft, contact, address, conversation, content, refusal, earlier });
	if (refusal) {
		await announce(desk, records, message);
		return { done: { ok: false, failure: refusal, message } };
	}
	return { done: null, message, address, content };
}

const mayTryAgain = (message: Message) =>
	message.status === 'queued' || (message.status === 'failed' && message.failure?.retryable === true);

/** A message that an earlier try has dealt with: its outcome stands. */
function repeated(message: Message): Sent {
	if (message.status === 'failed') {
		return { ok: false, failure: message.failure ?? failure('rejected', 'The message failed.'), message };
	}
	if (message.status === 'sending' || message.status === 'unconfirmed') {
		return { ok: false, failure: message.failure ?? outcomeUnknown(message.channel), message };
	}
	return { ok: true, message };
}

function unknownContact(contactId: string): Failure {
	return failure(
		'no_channel',
		contactId === ''
			? "'Contact' is empty, so there is nobody to send to. Use the contact's id, e.g. {{ $json.contact.id }} from the trigger's item."
			: `There is no contact with the id '${contactId}'. Use the contact's id from an earlier item, e.g. {{ $json.contact.id }}.`,
	);
}

/** A2, A3, A25. `addresses`: latest interaction first. */
function chooseAddress(
	desk: Desk,
	draft: Draft,
	addresses: readonly ContactAddress[],
): { address: ContactAddress } | { failure: Failure } {
	const nameOf = (id: ChannelId) => desk.channel(id).name;
	if (draft.channel !== 'lastInteracted' && !draft.connected.includes(draft.channel)) {
		return {
			failure: failure(
				'channel_not_connected',
				`${nameOf(draft.channel)} is not among this node's 'Connected Channels'. Add it there.`,
				{ channel: draft.channel },
			),
		};
	}
	const asked = draft.channel === 'lastInteracted' ? addresses : addresses.filter((a) => a.channel === draft.channel);
	const [latest] = asked;
	if (!latest) {
		return {
			failure: failure(
				'no_channel',
				draft.channel === 'lastInteracted'
					? 'The contact has no channel to send on: it has not written on any connected channel yet.'
					: `The contact has never written on ${nameOf(draft.channel)}. Choose another channel, or 'Last Interacted Channel'.`,
				{ channel: draft.channel === 'lastInteracted' ? null : draft.channel },
			),
		};
	}
	if (!draft.connected.includes(latest.channel)) {
		return {
			failure: failure(
				'channel_not_connected',
				`The contact last wrote on ${nameOf(latest.channel)}, which is not among this node's 'Connected Channels'. Add it there, or choose a channel.`,
				{ channel: latest.channel },
			),
		};
	}
	return { address: latest };
}

async function humanActive(records: Records, assigneeId: string): Promise<Failure> {
	const agent = await records.agents.get(assigneeId);
	return failure(
		'human_active',
		`The conversation is assigned to ${agent?.name ?? 'an agent'} and 'Skip When Assigned' is on, so nothing was sent.`,
	);
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

async function saveRow(
	desk: Desk,
	records: Records,
	row: {
		draft: Draft;
		contact: Contact;
		address: ContactAddress;
		conversation: Conversation | null;
		content: Content;
		refusal: Failure | null;
		earlier: Message | undefined;
	},
): Promise<Message> {
	const { draft, contact, address, conversation, content, refusal, earlier } = row;
	const columns = {
		conversationId: conversation?.id ?? null,
		addressId: address.id,
		channel: address.channel,
		account: address.account,
		type: content.kind,
		text: content.text,
		attachments: content.kind === 'media' ? content.attachments : [],
		choices: content.kind === 'choices' ? content.options : [],
		status: refusal ? ('failed' as const) : ('queued' as const),
		failure: refusal,
	};
	const message: Message = earlier
		? { ...earlier, ...columns }
		: {
				...columns,
				id: desk.newId(),
				contactId: contact.id,
				direction: 'out',
				source: draft.source,
				choice: null,
				providerId: null,
				unfilled: [],
				idempotencyKey: draft.idempotencyKey,
				at: desk.now(),
				sentAt: null,
				deliveredAt: null,
				readAt: null,
			};
	if (earlier) await records.messages.update(message.id, columns);
	else if (!(await records.messages.insert(message))) throw new Error('Two tries of one message ran at once');
	await records.files.attach(message.id, message.attachments);
	return message;
}

type Outcome = { status: 'sent'; providerIds: string[] } | { status: 'failed' | 'unconfirmed'; failure: Failure };

/** Outside any transaction: a slow provider must not hold the store. */
async function callProvider(desk: Desk, content: Content, to: Address, messageId: string): Promise<Outcome> {
	try {
		const ports = { now: () => desk.now() };
		return { status: 'sent', providerIds: await desk.channel(to.channel).send(content, to, ports, messageId) };
	} catch (error) {
		// Whatever else went wrong may have happened after the request left, so it counts as unknown.
		const cause = error instanceof ConversationsError ? error.failure : outcomeUnknown(to.channel);
		return { status: cause.code === 'outcome_unknown' ? 'unconfirmed' : 'failed', failure: cause };
	}
}

function outcomeUnknown(channel: ChannelId): Failure {
	return failure(
		'outcome_unknown',
		'It is not known whether the message was sent: there was no clear answer. It is not sent again, so that the contact does not get it twice.',
		{ channel },
	);
}

async function settle(desk: Desk, message: Message, outcome: Outcome): Promise<Sent> {
	return await desk.store.atomically(async (records) => {
		const before: readonly OutboundStatus[] = ['sending'];
		if (outcome.status === 'sent') {
			const sentAt = desk.now();
			await records.messages.advance(message.id, before, 'sent', {
				providerId: outcome.providerIds[0] ?? null,
				failure: null,
				sentAt,
			});
			await records.addresses.touchOutbound(message.addressId, sentAt);
			if (message.conversationId) await noteOnConversation(records, message.conversationId, sentAt);
		} else {
			await records.messages.advance(message.id, before, outcome.status, { failure: outcome.failure });
		}
		const after = await records.messages.get(message.id);
		if (!after) throw new Error('A message vanished while it was being sent');
		await announce(desk, records, after);
		return repeated(after);
	});
}

async function noteOnConversation(records: Records, conversationId: string, at: number): Promise<void> {
	const conversation = await records.conversations.get(conversationId);
	if (conversation?.status !== 'open') return;
	await records.conversations.update(conversationId, {
		lastMessageAt: at,
		...(conversation.firstResponseAt === null && { firstResponseAt: at }),
	});
}

/** Tells triggers, open chat pages and waiting nodes. */
async function announce(desk: Desk, records: Records, message: Message): Promise<void> {
	const address = await records.addresses.get(message.addressId);
	if (address) records.touch(addressTopic(address));
	// What may have gone has not failed: whoever acted on that could send it twice. A late receipt settles it.
	if (message.status === 'unconfirmed') return;
	await publish(desk, records, {
		type: message.status === 'sent' ? 'message.sent' : 'message.failed',
		source: message.source,
		contactId: message.contactId,
		conversationId: message.conversationId,
		messageId: message.id,
		channel: message.channel,
		account: message.account,
	});
	await deliveryKnown(desk, records, message);
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
			const cause = wasSending
				? outcomeUnknown(message.channel)
				: failure('provider_unavailable', 'n8n stopped before this message was sent. Send it again.', {
						channel: message.channel,
					});
			const status = wasSending ? 'unconfirmed' : 'failed';
			if (await records.messages.advance(message.id, [wasSending ? 'sending' : 'queued'], status, { failure: cause })) {
				await announce(desk, records, { ...message, status, failure: cause });
			}
		}
		return left.length;
	});
}
