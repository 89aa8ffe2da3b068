import type { Attempt, Content, MessageDetails } from './channel';
import type { Desk } from './desk';
import type { Draft } from './draft';
import type { Failure } from './failure';
import type { Contact, ContactAddress, Conversation, Message } from './records';
import type { Records } from './store';

/** The provider's id of the message to quote; what cannot be quoted is sent without, and the item says so. */
export async function quoted(
	records: Records,
	{ replyTo }: Pick<Draft, 'replyTo'>,
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

export function detailsOf(
	content: Content,
	measured: Partial<MessageDetails>,
	{ notes, quote, attempts }: { notes: string[]; quote: string | null; attempts: Attempt[] },
): MessageDetails | null {
	const details: MessageDetails = {
		...measured,
		...('mail' in content && content.mail && { mail: content.mail }),
		...(quote !== null && { replyTo: quote }),
		...(notes.length > 0 && { notes }),
		...(attempts.length > 0 && { attempts }),
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

/** The row of a message that is about to go, or is refused; that of an earlier try is used again. */
export async function saveOutgoing(
	desk: Desk,
	records: Records,
	row: {
		draft: Pick<Draft, 'source' | 'idempotencyKey' | 'execution' | 'unfilled'>;
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
		contactId: contact.id,
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
