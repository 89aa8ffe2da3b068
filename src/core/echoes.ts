import { addressTopic, type ChannelEvent } from './channel';
import type { Desk } from './desk';
import { publish } from './events';
import { heardMessage, keepFiles } from './heard';
import { personOf } from './people';
import { applyReceipt } from './receipts';
import type { Message } from './records';
import type { Records } from './store';
import { takeOver } from './takeover';

type EchoEvent = Extract<ChannelEvent, { kind: 'echo' }>;

/** Messages of ours under way that an echo may be about. */
const UNDER_WAY_MAX = 20;
/** An echo that is later is not about a message with no clear answer. */
const ECHO_WITHIN_MS = 24 * 60 * 60_000;

/** What one of us said elsewhere becomes an outgoing message by an agent; what we sent ourselves is only confirmed. */
export async function echoHeard(desk: Desk, records: Records, fact: EchoEvent): Promise<void> {
	const person = await personOf(desk, records, { address: fact.to, aliases: fact.aliases });
	const { contact, address } = person;
	const own = (await ownMessage(records, address.id, fact)) ?? (fact.foreign ? undefined : await underWay(desk, records, address.id, fact));
	if (own) {
		// It has gone on to another channel since; what went here after all is said by nobody else.
		if (own.channel !== fact.channel || own.account !== fact.account) return;
		if (own.providerId === null) await records.messages.update(own.id, { providerId: fact.externalId });
		// The answer that is still out says which parts went.
		if (own.status === 'sending') return;
		await applyReceipt(desk, records, own, { state: 'sent', failure: null, at: fact.at, externalId: fact.externalId });
		return;
	}
	// It opens nothing: an agent's message belongs to the conversation there is.
	const open = await records.conversations.openOf(contact.id);
	const conversation = open ?? (await records.conversations.latestOf(contact.id));
	const details = { ...fact.details, ...(fact.replyTo !== undefined && { replyTo: fact.replyTo }) };
	const by = { direction: 'out', source: 'agent', status: 'sent', sentAt: fact.at } as const;
	const message = heardMessage(desk, person, conversation ?? null, { ...fact, externalId: await freeId(records, fact), details }, by);
	if (!(await records.messages.insert(message))) return;
	await keepFiles(desk, records, message, fact.content);
	if (open) await takeOver(records, open, fact.at);
	// What was said before the contact's last message counts among those before it.
	await records.addresses.touchOutbound(address.id, desk.now(), fact.at < (address.lastInboundAt ?? 0) ? 0 : 1);
	records.touch(addressTopic(address));
	await publish(desk, records, {
		type: 'message.sent',
		source: 'agent',
		contactId: contact.id,
		conversationId: message.conversationId,
		messageId: message.id,
		channel: fact.channel,
		account: fact.account,
	});
}

async function ownMessage(records: Records, addressId: string, { messageId, channel, account, externalId }: EchoEvent): Promise<Message | undefined> {
	const named = messageId === undefined ? undefined : await records.messages.get(messageId);
	if (named?.direction === 'out') return named;
	const known = await records.messages.byProviderId(channel, account, externalId);
	return known?.direction === 'out' && known.addressId === addressId ? known : undefined;
}

/** The provider's id, or the fact's own where another message has that: some providers count ids for each person anew. */
export async function freeId(records: Records, { channel, account, externalId, key }: Pick<EchoEvent, 'channel' | 'account' | 'externalId' | 'key'>): Promise<string> {
	return (await records.messages.byProviderId(channel, account, externalId)) ? key : externalId;
}

/** An echo can be faster than the answer to our call: then it is the message that says the same and has no id yet. */
async function underWay(desk: Desk, records: Records, addressId: string, { content, at: heardAt }: EchoEvent): Promise<Message | undefined> {
	const candidates = await records.messages.outgoing(addressId, ['sending', 'unconfirmed'], desk.now(), UNDER_WAY_MAX);
	const says = content.kind === 'media' ? null : content.text;
	return candidates.findLast(
		({ status, providerId, text, attachments, at }) =>
			// Each part is heard for itself.
			(providerId === null || (status === 'sending' && attachments.length > 0)) &&
			heardAt - at <= ECHO_WITHIN_MS &&
			(content.kind === 'media' ? attachments.length > 0 : text !== null && text.trim() === says?.trim()),
	);
}
