import type { ChannelId } from './channel';
import type { Agent, Contact, Conversation, Snippet } from './records';
import type { EpochMs } from './time';

/**
 * Texts as authors write them. Variables and snippets are looked for in what was typed; a value that an expression gave
 * is never searched (a contact could write `$assignee.email`).
 */

export type TextPart = { typed: string } | { value: string };
export type AuthoredText = readonly TextPart[];

/** What variables stand for. */
export interface Facts {
	contact: Contact;
	/** Who has the conversation, or the contact. */
	assignee: Agent | null;
	/** The open one, else the latest. */
	conversation: Conversation | null;
	/** Where the message goes. */
	channel: ChannelId;
	now: EpochMs;
	/** IANA, of the workflow. */
	timeZone: string;
}

export interface Filled {
	text: string;
	/** Names of variables without a value and without a fallback, as they were typed: '$contact.firstname'. Each once. */
	unfilled: string[];
	/** Names of library files that snippets bring along. */
	files: string[];
}

/** Names that may be those of snippets, without the slash. */
export function snippetNames(_text: AuthoredText): string[] {
	return [];
}

/** Snippets first, then variables, in one pass. Values put into HTML are escaped. */
export function fillIn(_text: AuthoredText, _facts: Facts, _snippets: readonly Snippet[], _format: 'plain' | 'html' = 'plain'): Filled {
	return { text: '', unfilled: [], files: [] };
}
