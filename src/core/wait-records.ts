import type { Choice, EpochMs } from './channel';
import type { Failure } from './failure';

/** What a node that waits is waiting for. */
export type WaitKind = 'delivery' | 'reply';

/**
 * A parked execution. It is resumed once: when its last item is settled, or at `until`.
 * `open` → `due` (all settled or out of time; the resume is being posted) → `resumed`, or `gone` when n8n no longer knows it.
 */
export interface Wait {
	id: string;
	executionId: string;
	nodeId: string;
	workflowId: string;
	kind: WaitKind;
	/** n8n's address that continues the execution; holds a token, so no node operation reads it. */
	resumeUrl: string;
	until: EpochMs;
	state: 'open' | 'due' | 'resumed' | 'gone';
	attempts: number;
	nextAttemptAt: EpochMs;
	createdAt: EpochMs;
}

/** One input item of a parked node. */
export interface WaitItem {
	waitId: string;
	index: number;
	/** Null when the item was settled before parking (it could not be sent). */
	contactId: string | null;
	messageId: string | null;
	/** The n8n item as it will be given on, without the result: `{ json, binary?, pairedItem }`. */
	item: unknown;
	/** Null while the item waits. */
	result: WaitResult | null;
	/** Which answers do; null: any. */
	question: Question | null;
	/** How many answers did not do. */
	tries: number;
	/** The answer that did not do and has not been asked for again yet. */
	refused: string | null;
}

/** What a step that waits for a reply takes for an answer (R19). */
export interface Question {
	expects: Expectation;
	/** How many answers are looked at; the last one that does not do ends the wait. */
	triesMax: number;
	/** What is said after an answer that does not do: the text, with the choices once more where there were any. */
	prompt: { text: string; choices: Choice[] };
}

export type Expectation =
	/** One of those offered: pressed, or written as its label, id or number in the list. */
	| { kind: 'choice'; choices: Choice[] }
	/** null: no limit. */
	| { kind: 'number'; min: number | null; max: number | null }
	| { kind: 'email' }
	| { kind: 'phone' }
	/** `timeZone`: IANA, for 'tomorrow'. */
	| { kind: 'date'; timeZone: string };

/** What an answer came to. `value`: the choice's id, the number, the address, the number in E.164, the day as YYYY-MM-DD. */
export interface Answer {
	kind: Expectation['kind'];
	value: string | number;
	/** Of a choice. */
	label?: string;
	/** 1: the first answer did. */
	tries: number;
}

export type WaitResult =
	| { outcome: 'settled'; messageId: string; conversationId: string | null; answer?: Answer }
	| { outcome: 'failed'; failure: Failure; messageId: string | null };
