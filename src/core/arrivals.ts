import { addressTopic, type ChannelEvent, type InboundContent } from './channel';
import { findOrOpen, publishOpened } from './conversation';
import type { Desk } from './desk';
import { extendBursts, publish } from './events';
import { heardMessage, keepFiles } from './heard';
import { personOf, type Known } from './people';
import type { Conversation, Message } from './records';
import type { Records } from './store';
import { replyArrived } from './replies';

type MessageEvent = Extract<ChannelEvent, { kind: 'message' }>;
type ActivityEvent = Extract<ChannelEvent, { kind: 'activity' }>;

export interface Arrived {
	message: Message;
	/** Id of `conversation.opened` when this message opened one, else of `message.received`. */
	eventId: string;
}

/** A contact wrote. */
export async function messageArrived(desk: Desk, records: Records, fact: MessageEvent): Promise<Arrived> {
	const person = await personOf(desk, records, { address: fact.from, aliases: fact.aliases, name: fact.name, profile: fact.profile });
	const { contact, address } = person;
	const opened = (fact.opens ?? true) || (await activityOpens(records, fact))
		? await findOrOpen(desk, records, contact, address, 'contact')
		: { conversation: (await records.conversations.openOf(contact.id)) ?? null, isNew: false };
	const message = await storeMessage(desk, records, person, fact, opened.conversation);
	await records.addresses.touchInbound(address.id, windowStart(desk, fact));
	if (fact.reply) await records.addresses.setReply(address.id, fact.reply);
	if (opened.conversation) await records.conversations.update(opened.conversation.id, { lastMessageAt: desk.now() });
	records.touch(addressTopic(address));

	const openedEvent = opened.isNew && opened.conversation ? await publishOpened(desk, records, opened.conversation, message.id) : null;
	const receivedEvent = await publish(desk, records, {
		type: 'message.received',
		source: 'contact',
		contactId: contact.id,
		conversationId: message.conversationId,
		messageId: message.id,
		channel: fact.channel,
		account: fact.account,
	});
	if (!opened.isNew && opened.conversation) await extendBursts(desk, records, opened.conversation.id);
	await replyArrived(desk, records, message);
	return { message, eventId: (openedEvent ?? receivedEvent).id };
}

/** Follows, 'get started' and the like make the contact; they open a conversation only if a trigger wants that (R8). */
export async function activitySeen(desk: Desk, records: Records, fact: ActivityEvent): Promise<void> {
	const { contact, address } = await personOf(desk, records, { address: fact.from, name: fact.name, profile: fact.profile });
	if (fact.reply) await records.addresses.setReply(address.id, fact.reply);
	if (fact.opensWindow) await records.addresses.touchInbound(address.id, windowStart(desk, fact));
	const opened = (await activityOpens(records, fact)) ? await findOrOpen(desk, records, contact, address, 'contact') : null;
	await publish(desk, records, {
		type: 'contact.activity',
		source: 'contact',
		contactId: contact.id,
		conversationId: opened?.conversation.id ?? null,
		messageId: null,
		channel: fact.channel,
		account: fact.account,
		data: { what: fact.what, ...(fact.details?.referral && { referral: fact.details.referral }) },
	});
	if (opened?.isNew) await publishOpened(desk, records, opened.conversation, null);
}

/** Providers try for some days to tell us something; what claims to be older has no date to go by. */
const TOLD_WITHIN_MS = 30 * 24 * 60 * 60_000;

/** Providers count from when the person wrote, however late they tell us. A clock ahead of ours gives no more time. */
function windowStart(desk: Desk, { at }: Pick<ChannelEvent, 'at'>): number {
	const now = desk.now();
	return at > now || at < now - TOLD_WITHIN_MS ? now : at;
}

async function activityOpens(records: Records, { channel, account }: Pick<ChannelEvent, 'channel' | 'account'>): Promise<boolean> {
	const subscriptions = await records.subscriptions.active();
	return subscriptions.some(
		({ filter }) =>
			filter.activityOpens === true &&
			(filter.channels.length === 0 || filter.channels.includes(channel)) &&
			(filter.accounts?.[channel]?.includes(account) ?? true),
	);
}

const BY_CONTACT = { direction: 'in', source: 'contact', status: 'received', sentAt: null } as const;

async function storeMessage(
	desk: Desk,
	records: Records,
	person: Known,
	fact: MessageEvent,
	conversation: Conversation | null,
): Promise<Message> {
	const content = await withLabel(records, person.address.id, fact);
	const details = { ...fact.details, ...(fact.replyTo !== undefined && { replyTo: fact.replyTo }) };
	const message = heardMessage(desk, person, conversation, { ...fact, content, details }, BY_CONTACT);
	if (!(await records.messages.insert(message))) throw new Error('Two requests stored a message of the same id at once');
	await keepFiles(desk, records, message, content);
	return message;
}

/** A channel that tells the id of a pressed choice only: the label stands in the message that offered it. */
async function withLabel(records: Records, addressId: string, { content, replyTo, channel, account }: MessageEvent): Promise<InboundContent> {
	if (content.kind !== 'choice' || content.choice.label !== null) return content;
	const { id } = content.choice;
	const answered = replyTo === undefined ? undefined : await records.messages.byProviderId(channel, account, replyTo);
	const offered = answered?.choices.length ? answered : await records.messages.latestChoices(addressId);
	const label = offered?.choices.find((option) => option.id === id)?.label ?? id;
	return { kind: 'choice', choice: { id, label }, text: content.text ?? label };
}
