import type { SendOptions } from '../../core/channel';
import { REFERENCES_MAX, REFERENCES_MAX_CHARACTERS } from './facts';
import { isMessageId } from './message-id';
import { REPLY_SUBJECT } from './quote-words';

/** What a mail says about the mail it answers; `inReplyTo` null: it begins a thread. */
export interface Threading {
	inReplyTo: string | null;
	references: string[];
}

/** The mail to quote is the one that is answered; without one it is the last of the thread that can be named. */
export function threadingOf({ quote, thread }: Pick<SendOptions, 'quote' | 'thread'>): Threading {
	const known = thread ? [...thread.references, thread.inReplyTo].filter(isMessageId) : [];
	const inReplyTo = quote !== null && isMessageId(quote) ? quote : known.at(-1);
	if (inReplyTo === undefined) return { inReplyTo: null, references: [] };
	// What came after it is no part of its history, and another thread has another one.
	return { inReplyTo, references: referencesOf(known.includes(inReplyTo) ? known.slice(0, known.indexOf(inReplyTo) + 1) : [inReplyTo]) };
}

/** Each once, oldest first. Of a long thread the first stays, which names it, and the latest. */
export function referencesOf(ids: readonly string[]): string[] {
	const [first, ...others] = [...new Set(ids)].filter(isMessageId);
	if (first === undefined) return [];
	const latest = others.slice(-(REFERENCES_MAX - 1));
	const length = () => [first, ...latest].join(' ').length;
	while (latest.length > 1 && length() > REFERENCES_MAX_CHARACTERS) latest.shift();
	return [first, ...latest];
}

/** 'Re: Order 7', also for an answer to an answer. */
export function replySubject(subject: string): string {
	const line = oneLine(subject);
	return line === '' || REPLY_SUBJECT.test(line) ? line : `Re: ${line}`;
}

export function oneLine(text: string): string {
	return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
