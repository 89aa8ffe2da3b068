import type { MailThread } from './channel';
import type { ContactAddress, Conversation, Message } from './records';
import type { Records } from './store';

/** Messages of a person that are looked at: enough to find what is answered. */
const LOOKED_AT_MAX = 50;

/**
 * What the next mail of a conversation continues (R32): the mail to quote, when one was chosen, else the contact's last
 * one, else our own last one. Somebody who was never talked to has the mails of one execution in a thread. Undefined: it is
 * the first. `next`: our id of the mail that is about to go.
 */
export async function threadOf(
	records: Records,
	address: ContactAddress,
	conversation: Conversation | null,
	quote: string | null,
	next: string,
): Promise<MailThread | undefined> {
	const latest = await records.messages.ofAddress(address.id, { limit: LOOKED_AT_MAX });
	const execution = latest.find(({ id }) => id === next)?.execution ?? null;
	const belongs = (each: Message) =>
		conversation === null
			? each.conversationId === null && execution !== null && each.execution?.id === execution.id
			: each.conversationId === conversation.id;
	const mails = latest.filter((each) => belongs(each) && each.id !== next && went(each));
	const quoted = quote === null ? undefined : latest.find(({ providerId }) => providerId === quote);
	const answered = quoted ?? mails.findLast(({ direction }) => direction === 'in') ?? mails.at(-1);
	if (!answered?.providerId) return undefined;
	return { inReplyTo: answered.providerId, references: referencesOf(answered, mails), subject: subjectOf(answered, mails) };
}

function went({ direction, status, providerId }: Message): boolean {
	return providerId !== null && (direction === 'in' || status !== 'failed');
}

/** What a contact's mail names; of ours, what went before it. */
function referencesOf(answered: Message, mails: readonly Message[]): string[] {
	const id = answered.providerId ?? '';
	const named = answered.details?.mail?.references ?? idsBefore(answered, mails);
	return [...new Set([...named.filter((each) => each !== id), id])];
}

function idsBefore({ at }: Message, mails: readonly Message[]): string[] {
	return mails.flatMap((each) => (each.at < at && each.providerId !== null ? [each.providerId] : []));
}

/** Of ours the subject is known when the author gave one. */
function subjectOf(answered: Message, mails: readonly Message[]): string | null {
	const own = answered.details?.mail?.subject;
	if (own !== undefined) return own;
	return mails.findLast(({ details }) => details?.mail?.subject)?.details?.mail?.subject ?? null;
}
