import type { StreamEvents, WireMessage } from '../../channels/webchat/wire';

/** Enough for any reading; beyond it the oldest are let go and can be loaded again. */
const KEPT_MAX = 3_000;
const KEPT_AFTER_TRIM = 2_000;

/** The stored messages the page knows: a gapless piece of the history up to now, oldest first, each id once. */
export interface Thread {
	messages: readonly WireMessage[];
	/** Older ones can be asked for. */
	more: boolean;
}

export const EMPTY_THREAD: Thread = { messages: [], more: false };

/**
 * What a reconnected stream starts with. Usually it overlaps with what is known; when so much was missed that it does
 * not, the older part is let go, since the history in between could only be loaded from the newer end.
 */
export function withSnapshot(thread: Thread, snapshot: Pick<StreamEvents['snapshot'], 'messages' | 'more'>): Thread {
	const ids = new Set(snapshot.messages.map((one) => one.id));
	const overlaps = thread.messages.some((one) => ids.has(one.id));
	if (!snapshot.more || !overlaps) return { messages: inOrder(snapshot.messages), more: snapshot.more };
	const oldest = inOrder(snapshot.messages)[0];
	const reachesFurther = oldest !== undefined && thread.messages[0] !== undefined && compare(thread.messages[0], oldest) < 0;
	return { messages: merged(thread.messages, snapshot.messages), more: reachesFurther ? thread.more : snapshot.more };
}

/** A message of the stream: new, or a newer state of a known one. */
export function withMessage(thread: Thread, message: WireMessage): Thread {
	const messages = merged(thread.messages, [message]);
	return messages.length > KEPT_MAX ? { messages: messages.slice(-KEPT_AFTER_TRIM), more: true } : { messages, more: thread.more };
}

/** Older messages, as asked for with `before`: ignored when that is no longer the oldest one known. */
export function withEarlier(thread: Thread, before: string, earlier: { messages: readonly WireMessage[]; more: boolean }): Thread {
	if (thread.messages[0]?.id !== before) return thread;
	return { messages: merged(earlier.messages, thread.messages), more: earlier.more };
}

/** By id; where both have one, the one of `newer` counts. */
function merged(older: readonly WireMessage[], newer: readonly WireMessage[]): WireMessage[] {
	const byId = new Map(older.map((one) => [one.id, one]));
	for (const one of newer) byId.set(one.id, one);
	return inOrder([...byId.values()]);
}

function inOrder(messages: readonly WireMessage[]): WireMessage[] {
	return [...messages].sort(compare);
}

function compare(a: WireMessage, b: WireMessage): number {
	return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
