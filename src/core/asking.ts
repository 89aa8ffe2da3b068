import type { Channel, Content } from './channel';
import { contentRefusal } from './content';
import type { Desk } from './desk';
import type { Draft } from './draft';
import { send, type Sent } from './outbox';
import type { Question, Wait, WaitItem } from './records';
import { hearSince } from './replies';
import { settle } from './waits';

/** Asking again for an answer that did not do (R19). */

/** By what the step that waits sends. */
export type Asker = Pick<Draft, 'connections' | 'skipWhenAssigned' | 'execution'>;

/** First pause after a try that came to nothing; doubles up to the longest. */
const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 60_000;

/**
 * Asks everybody again whose answer did not do. Any number of processes may do so at once, and again after a crash: each
 * answer is asked for again once. What cannot be sent now is tried later, within the limit of the wait.
 */
export async function askAgain(desk: Desk, wait: Wait, asker: Asker): Promise<void> {
	if (wait.state !== 'open' || desk.now() >= wait.until) return;
	const { waits } = desk.store.records;
	const pauses = await Promise.all((await waits.items(wait.id)).map((item) => askOne(desk, wait, item, asker)));
	const pauseMs = Math.min(...pauses.filter((pause) => pause !== null));
	if (Number.isFinite(pauseMs)) await waits.retryAt(wait.id, desk.now() + pauseMs);
}

/** After how many ms it is to be tried again; null: it is not. */
async function askOne(desk: Desk, { id, attempts }: Wait, item: WaitItem, asker: Asker): Promise<number | null> {
	const { question, contactId, refused } = item;
	if (!question || contactId === null || refused === null || item.result) return null;
	const channel = await channelOf(desk, item, asker);
	const sent = await send(desk, {
		...asker,
		contactId,
		source: 'workflow',
		channel,
		content: promptOn(desk, channel, question.prompt),
		idempotencyKey: `ask:${id}:${item.index}:${refused}`,
		openConversation: false,
		humanAgent: false,
		replyTo: null,
		retries: 0,
		tryAgain: false,
		unfilled: [],
		notes: [],
		attempts: [],
		goesOn: ({ retryable }) => retryable,
		signal: null,
	});
	return await settleAsked(desk, item, refused, sent, Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempts, 20)));
}

/** Where the answer came from; where the question went, when the step has nothing there. */
async function channelOf(desk: Desk, { refused, messageId }: WaitItem, { connections }: Asker): Promise<Draft['channel']> {
	const { messages } = desk.store.records;
	for (const id of [refused, messageId]) {
		const message = id === null ? undefined : await messages.get(id);
		if (message && connections[message.channel]) return message.channel;
	}
	return 'lastInteracted';
}

/** With the buttons of the question where the channel has them, else with a numbered list. */
function promptOn(desk: Desk, id: Draft['channel'], { text, choices }: Question['prompt']): Content {
	if (choices.length === 0) return { kind: 'text', text };
	const buttons: Content = { kind: 'choices', text, options: choices };
	if (id !== 'lastInteracted' && canSend(desk.channel(id), buttons)) return buttons;
	return { kind: 'text', text: [text, '', ...choices.map(({ label }, index) => `${index + 1}. ${label}`)].join('\n') };
}

const canSend = (channel: Channel, content: Content) => contentRefusal(content, channel) === null;

async function settleAsked(desk: Desk, item: WaitItem, refused: string, sent: Sent, pauseMs: number): Promise<number | null> {
	const { message } = sent;
	// What may have gone is not sent twice: the contact may answer it.
	if (sent.ok || message?.status === 'unconfirmed') {
		await desk.store.atomically(async (records) => {
			const first = await records.waits.askedAgain(item.waitId, item.index, refused);
			if (first && message) await hearSince(desk, records, item, message.id);
		});
		return null;
	}
	// Somebody else is about to send it.
	if (message?.status === 'queued' || message?.status === 'sending') return pauseMs;
	const { failure } = sent;
	if (failure.retryable) return Math.max(pauseMs, failure.retryAfterMs ?? 0);
	await desk.store.atomically((records) => settle(desk, records, item, { outcome: 'failed', failure, messageId: message?.id ?? refused }));
	return null;
}
