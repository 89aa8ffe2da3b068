import type { ChannelId, Content } from './channel';
import type { Draft } from './draft';
import type { Message } from './records';

/** A message with what is to be done when it cannot go as it was asked for. */
export interface Plan extends Omit<Draft, 'content' | 'unfilled' | 'notes' | 'attempts' | 'goesOn'> {
	/** Tried in this order when the message surely did not go on `channel`. */
	fallbackChannels: readonly ChannelId[];
	/**
	 * When free-form messages are not allowed now, or all that are allowed are used: `nextChannel` goes on with
	 * `fallbackChannels` or, without any, with the other channels that the contact has written on, latest first.
	 * `template`: the channel's template, where there is one, and then `fallbackChannels`. `fail`: with a closed window
	 * nothing else is tried.
	 */
	ifWindowClosed: 'fail' | 'template' | 'nextChannel';
	/** Channels with a template for a closed window. */
	templates: readonly ChannelId[];
	/** Whether what is asked for on this channel is a template itself, which may go at any time. */
	isTemplate(channel: ChannelId): boolean;
	/** What goes on this channel, complete. `earlier`: the message of an earlier try. @throws ConversationsError */
	write(channel: ChannelId, form: Form, earlier?: Message): Promise<Written>;
}

/** As it was asked for, or as it may go when the window is closed. */
export type Form = 'asked' | 'template';

export interface Written {
	content: Content;
	/** Names of variables that had no value. */
	unfilled: string[];
	/** What was done differently from what was asked, as sentences. */
	notes: string[];
}
