import type { EpochMs, InboundContent, MessageDetails } from './channel';
import type { Desk } from './desk';
import type { Known } from './people';
import type { Conversation, Message } from './records';
import type { Records } from './store';

/** What a provider tells of something that was said. */
interface Heard {
	content: InboundContent;
	externalId: string;
	at: EpochMs;
	details: MessageDetails;
}

/** The message of what was said, by the contact or by one of us elsewhere; not stored yet. */
export function heardMessage(
	desk: Desk,
	{ contact, address }: Known,
	conversation: Conversation | null,
	{ content, externalId, at, details }: Heard,
	by: Pick<Message, 'direction' | 'source' | 'status' | 'sentAt'>,
): Message {
	return {
		id: desk.newId(),
		contactId: contact.id,
		conversationId: conversation?.id ?? null,
		addressId: address.id,
		channel: address.channel,
		account: address.account,
		...by,
		...inboundColumns(content),
		details: detailsOf(content, details),
		providerId: externalId,
		failure: null,
		unfilled: [],
		idempotencyKey: null,
		at,
		deliveredAt: null,
		readAt: null,
		execution: null,
	};
}

/** Links the files that are here and notes those that are still to be fetched. */
export async function keepFiles(desk: Desk, records: Records, message: Message, content: InboundContent): Promise<void> {
	await records.files.attach(message.id, message.attachments);
	if (content.kind !== 'media') return;
	for (const [position, { source }] of content.attachments.entries()) {
		if (!source) continue;
		await records.fetches.insert({
			id: desk.newId(),
			kind: 'media',
			channel: message.channel,
			account: message.account,
			contactId: message.contactId,
			addressId: message.addressId,
			messageId: message.id,
			position,
			source,
			attempts: 0,
			nextAt: desk.now(),
			createdAt: desk.now(),
		});
		records.touch('fetches');
	}
}

function inboundColumns(content: InboundContent): Pick<Message, 'type' | 'text' | 'attachments' | 'choices' | 'choice'> {
	return {
		type: content.kind,
		text: content.text,
		attachments: content.kind === 'media' ? content.attachments.map(({ source: _source, ...attachment }) => attachment) : [],
		choices: content.kind === 'choices' ? content.options : [],
		choice: content.kind === 'choice' ? { id: content.choice.id, label: content.choice.label ?? content.choice.id } : null,
	};
}

function detailsOf(content: InboundContent, more: NonNullable<Message['details']>): Message['details'] {
	const details: NonNullable<Message['details']> = { ...more };
	if (content.kind === 'location') {
		const { latitude, longitude, name, address } = content;
		details.location = { latitude, longitude, name, address };
	}
	if (content.kind === 'people') details.people = content.people;
	return Object.keys(details).length === 0 ? null : details;
}
