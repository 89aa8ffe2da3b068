import type { Attempt, ChannelId, Content, MessageDetails, ReplyHandle } from './channel';
import { contentRefusal } from './content';
import { findOrOpen, publishOpened } from './conversation';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import { fitted } from './fitting';
import { announce } from './announcing';
import { handOver, repeated, type HandOver, type Sent } from './handover';
import { threadOf } from './mail-thread';
import type { Contact, ContactAddress, Conversation, Message, MessageExecution, Source } from './records';
import { chooseAddress, type Route, type Usable } from './routing';
import type { Records } from './store';
import { countUsed, messageCount, quotaPeriod, quotaUsed, windowRefusal, windowState } from './window';

export type { Sent } from './handover';

/** What is to be said, before channel and words are settled. */
export interface Draft extends Route {
	contactId: string;
	source: Source;
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
	/** A person wrote this: on some channels it may go later than what a bot says. */
	humanAgent: boolean;
	/** Our id or the provider's id of the message to quote. */
	replyTo: string | null;
	/** How often it is tried again when it was surely not accepted. */
	retries: number;
	/** A person asks for another try, after putting right what was wrong: then all that surely did not go is tried. */
	tryAgain: boolean;
	/** Variables that had no value. */
	unfilled: string[];
	/** The step that sends it. */
	execution: MessageExecution | null;
	/** What was tried before, for the record. */
	attempts: Attempt[];
	/** Whether something else is tried after such a failure: then it is none of the message, which stays queued. */
	goesOn(cause: Failure): boolean;
	/** Ends what has not gone yet: nobody waits for it any more. */
	signal: AbortSignal | null;
}

/** The only way out. Never throws for what concerns one message: the failure is the answer. */
export async function send(desk: Desk, draft: Draft): Promise<Sent> {
	const prepared = await desk.store.atomically((records) => prepare(desk, records, draft));
	return 'done' in prepared ? prepared.done : await handOver(desk, prepared);
}

/** Everything that can be said without the provider, and the row that remembers that we are about to call it. */
async function prepare(desk: Desk, records: Records, draft: Draft): Promise<{ done: Sent } | HandOver> {
	await records.lock(`message:${draft.idempotencyKey}`);
	const earlier = await records.messages.byIdempotencyKey(draft.idempotencyKey);
	if (earlier && !mayTryAgain(earlier, draft.tryAgain)) return { done: repeated(earlier) };

	const contact = await records.contacts.get(draft.contactId);
	if (!contact) return { done: { ok: false, failure: unknownContact(draft.contactId), message: null } };
	const choice = chooseAddress(desk, draft, await records.addresses.ofContact(contact.id));
	if ('failure' in choice) return { done: { ok: false, failure: choice.failure, message: null } };
	const { address, connection } = choice;

	const channel = desk.channel(address.channel);
	const { content, notes } = fitted(draft.responses[address.channel] ?? draft.content, channel);
	const state = windowState(channel.can.window, address.lastInboundAt, desk.now(), draft.humanAgent);
	const open = await records.conversations.openOf(contact.id);
	const counted = state === 'open' && connection.messagesPerWindow !== null ? messageCount(content, channel.can) : 0;
	const refusal =
		(draft.skipWhenAssigned && open?.assigneeId ? await humanActive(records, open.assigneeId) : null) ??
		blocked(desk, address) ??
		contentRefusal(content, channel) ??
		windowRefusal(content, channel, address, state, desk.now()) ??
		(state === 'charged' ? await reserveQuota(desk, records, address, connection) : null) ??
		(counted > 0 ? await reserveInWindow(desk, records, address, connection, counted) : null);
	const conversation = refusal
		? (open ?? (await records.conversations.latestOf(contact.id)) ?? null)
		: await conversationFor(desk, records, draft, contact, address);
	const quote = await quoted(records, draft, address, channel.can.quotes, notes);
	const details = detailsOf(content, channel.measure?.(content) ?? {}, notes, quote);
	const message = await saveRow(desk, records, { draft, contact, address, conversation, content, refusal, earlier, details });
	if (refusal) {
		await announce(desk, records, message);
		return { done: { ok: false, failure: refusal, message } };
	}
	const thread = channel.can.mail ? await threadOf(records, address, conversation, quote, message.id) : undefined;
	const said: string[] = [];
	return {
		message,
		address,
		content,
		connection,
		retries: draft.retries,
		chargedIn: state === 'charged' && connection.monthlyQuota !== null ? quotaPeriod(desk.now()) : null,
		reserved: counted > 0 ? { count: counted, since: address.lastInboundAt } : null,
		notes: said,
		options: {
			messageId: message.id,
			quote,
			...(thread && { thread }),
			...(!draft.humanAgent && { isAutomatic: true }),
			note: (sentence) => void said.push(sentence),
			reply: await replyHandle(desk, records, address),
			humanAgent: state === 'humanAgent',
		},
	};
}

function mayTryAgain({ status, failure: cause, providerId }: Message, byHand: boolean): boolean {
	if (status === 'queued') return true;
	// With an id of the provider's, a part of it went at least.
	return status === 'failed' && (cause?.retryable === true || (byHand && providerId === null));
}

function unknownContact(contactId: string): Failure {
	return failure(
		'no_channel',
		contactId === ''
			? "'Contact' is empty, so there is nobody to send to. Use the contact's id, e.g. {{ $json.contact.id }} from the trigger's item."
			: `There is no contact with the id '${contactId}'. Use the contact's id from an earlier item, e.g. {{ $json.contact.id }}.`,
	);
}

async function humanActive(records: Records, assigneeId: string): Promise<Failure> {
	const agent = await records.agents.get(assigneeId);
	return failure(
		'human_active',
		`The conversation is assigned to ${agent?.name ?? 'an agent'} and 'Skip When Assigned' is on, so nothing was sent.`,
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
	const { channel, account } = address;
	if (await records.quotas.reserve(channel, account, quotaPeriod(desk.now()), monthlyQuota)) return null;
	return quotaUsed(desk.channel(channel), monthlyQuota);
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

/** The provider's id of the message to quote; what cannot be quoted is sent without, and the item says so. */
async function quoted(
	records: Records,
	{ replyTo }: Draft,
	{ channel, account, id }: ContactAddress,
	quotes: boolean,
	notes: string[],
): Promise<string | null> {
	if (replyTo === null) return null;
	const message = (await records.messages.get(replyTo)) ?? (await records.messages.byProviderId(channel, account, replyTo));
	if (quotes && message?.providerId && message.addressId === id) return message.providerId;
	notes.push(
		quotes
			? "It went without quoting: there is no message of this conversation with the id in 'Reply To'."
			: 'It went without quoting: the channel cannot quote a message.',
	);
	return null;
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

function detailsOf(content: Content, measured: Partial<MessageDetails>, notes: string[], quote: string | null): MessageDetails | null {
	const details: MessageDetails = {
		...measured,
		...('mail' in content && content.mail && { mail: content.mail }),
		...(quote !== null && { replyTo: quote }),
		...(notes.length > 0 && { notes }),
	};
	if (content.kind === 'location') {
		const { latitude, longitude, name, address } = content;
		details.location = { latitude, longitude, name, address };
	}
	if (content.kind === 'template') {
		const parameters: Record<string, string> = {};
		for (const each of content.parameters) parameters[each.id] = 'text' in each ? each.text : each.attachment.name;
		details.template = { name: content.name, language: content.language, parameters };
	}
	return Object.keys(details).length === 0 ? null : details;
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
		details: MessageDetails | null;
	},
): Promise<Message> {
	const { draft, contact, address, conversation, content, refusal, earlier, details } = row;
	const columns = {
		conversationId: conversation?.id ?? null,
		addressId: address.id,
		channel: address.channel,
		account: address.account,
		type: content.kind,
		text: content.text,
		attachments: filesOf(content),
		choices: content.kind === 'choices' ? content.options : [],
		details,
		unfilled: draft.unfilled,
		status: refusal ? ('failed' as const) : ('queued' as const),
		// Of an earlier try that came to nothing.
		providerId: null,
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
				execution: draft.execution,
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

function filesOf(content: Content): Message['attachments'] {
	if (content.kind === 'media') return content.attachments;
	if (content.kind !== 'template') return [];
	return content.parameters.flatMap((each) => ('attachment' in each ? [each.attachment] : []));
}
