import { checkAnswer } from './answers';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import type { Expectation, Message, Question, WaitItem, WaitResult } from './records';
import type { Records } from './store';
import { postableAt, settle } from './waits';

/** How many of a contact's latest messages are looked at for an answer that came before somebody waited for it. */
const EARLY_REPLIES = 20;

type Asked = Pick<WaitItem, 'question' | 'tries' | 'refused'>;

/** The contact wrote: whoever waits for a reply of this contact has it, if it will do. */
export async function replyArrived(desk: Desk, records: Records, message: Message): Promise<void> {
	for (const item of await records.waits.openForReply(message.contactId)) await hear(desk, records, item, message);
}

async function hear(desk: Desk, records: Records, item: WaitItem, message: Message): Promise<void> {
	const verdict = await judged(desk, records, item, message);
	if (verdict === 'refused') await refuse(desk, records, item, message.id);
	else if (verdict) await settle(desk, records, item, verdict);
}

/** It is asked for again as soon as n8n takes a post for it. */
export async function refuse(desk: Desk, records: Records, { waitId, index }: Pick<WaitItem, 'waitId' | 'index'>, messageId: string): Promise<void> {
	if (!(await records.waits.refuse(waitId, index, messageId, await postableAt(desk, records, waitId)))) return;
	records.touch('waits');
}

/** What a reply makes of an item that waits for it; null: nothing. */
async function judged(desk: Desk, records: Records, { question, tries, refused }: Asked, message: Message): Promise<WaitResult | 'refused' | null> {
	const { id: messageId, conversationId } = message;
	if (!question) return { outcome: 'settled', messageId, conversationId };
	const contact = await records.contacts.get(message.contactId);
	const found = await checkAnswer(desk, question.expects, message, contact?.language ?? null);
	if (found) return { outcome: 'settled', messageId, conversationId, answer: { ...found, tries: tries + 1 } };
	// People write in several messages: until they are asked again, what follows belongs to the try that did not do.
	if (refused !== null) return null;
	return tries + 1 < question.triesMax ? 'refused' : { outcome: 'failed', messageId, failure: notAnswered(question) };
}

/** What came before the step waited for it: the result, or else the answer that has to be asked for again. */
export async function earlyReply(
	desk: Desk,
	records: Records,
	asked: { contactId: string; messageId: string; question: Question | null },
): Promise<{ result: WaitResult | null; refused: string | null }> {
	let refused: string | null = null;
	for (const message of await repliesSince(records, asked.contactId, asked.messageId)) {
		const verdict = await judged(desk, records, { question: asked.question, tries: refused === null ? 0 : 1, refused }, message);
		if (verdict === 'refused') refused = message.id;
		else if (verdict) return { result: verdict, refused: null };
	}
	return { result: null, refused };
}

/** What the contact has written since a message of ours was made, which may have come while it was on its way. */
export async function hearSince(desk: Desk, records: Records, { waitId, index, contactId }: WaitItem, messageId: string): Promise<void> {
	if (contactId === null) return;
	for (const message of await repliesSince(records, contactId, messageId)) {
		const item = (await records.waits.items(waitId)).find((each) => each.index === index);
		if (item?.result === null) await hear(desk, records, item, message);
	}
}

/** Oldest first. */
async function repliesSince(records: Records, contactId: string, messageId: string): Promise<Message[]> {
	const latest = await records.messages.list({ contactId, direction: 'in' }, { limit: EARLY_REPLIES, offset: 0 });
	// Ids ascend with time on our clock; the provider's times may not.
	return latest.filter(({ id }) => id > messageId).toReversed();
}

function notAnswered({ expects, triesMax }: Question): Failure {
	const times = triesMax === 1 ? 'once' : triesMax === 2 ? 'twice' : `${triesMax} times`;
	return failure(
		'reply_invalid',
		`The contact answered ${times}, and never with ${describe(expects)}. The last answer is in 'message'; ask in other words, or let a person go on.`,
	);
}

const NAMES: Record<Exclude<Expectation['kind'], 'number' | 'choice'>, string> = {
	email: 'an email address',
	phone: 'a phone number with its country code',
	date: 'a date',
};

function describe(expects: Expectation): string {
	if (expects.kind === 'choice') return `one of the ${expects.choices.length} choices`;
	if (expects.kind !== 'number') return NAMES[expects.kind];
	const { min, max } = expects;
	if (min !== null && max !== null) return `a number from ${min} to ${max}`;
	if (min !== null) return `a number of at least ${min}`;
	return max === null ? 'a number' : `a number of at most ${max}`;
}
