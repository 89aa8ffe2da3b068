import type { Attempt, Content } from './channel';
import type { Failure } from './failure';
import type { MessageExecution, Source } from './records';
import type { Route } from './routing';

/** What is to be said on one channel. */
export interface Draft extends Route {
	contactId: string;
	source: Source;
	content: Content;
	/** The same on every try of the same item; two drafts with one key are one message. */
	idempotencyKey: string;
	/** Open a conversation when the contact has none. */
	openConversation: boolean;
	/** Send nothing when an agent has the conversation. */
	skipWhenAssigned: boolean;
	/** A person wrote this: on some channels it may go later than what a bot says. */
	humanAgent: boolean;
	/** Our id or the provider's id of the message to quote. */
	replyTo: string | null;
	/** How often it is tried again when it was surely not accepted. */
	retries: number;
	/** A person asks for another try, after putting right what was wrong: then all that surely did not go is tried. */
	tryAgain: boolean;
	/** Variables that had no value. */
	unfilled: string[];
	/** What was done differently already, as sentences. */
	notes: string[];
	/** The step that sends it. */
	execution: MessageExecution | null;
	/** What was tried before, for the record. */
	attempts: Attempt[];
	/** Whether something else is tried after such a failure: then nobody is told of it. */
	goesOn(cause: Failure): boolean;
	/** Ends what has not gone yet: nobody waits for it any more. */
	signal: AbortSignal | null;
}
