import type { IDisplayOptions } from 'n8n-workflow';
import type { Content } from '../../core/channel';

/** What can be chosen under 'Message Type': the kinds of content, and a voice note, which is a file in another form. */
export type MessageKind = Content['kind'] | 'voice';

/** Where fields of a message stand: the default message, or the response of one channel. */
export interface Section {
	/** Of the fields' names; empty for the default message. */
	prefix: string;
	/** Stands before the labels: 'Website Chat '. */
	label: string;
	show: NonNullable<IDisplayOptions['show']>;
}

/** 'text' → 'webchatText' */
export function nameIn({ prefix }: Pick<Section, 'prefix'>, name: string): string {
	return prefix === '' ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Only while one of these types of message is chosen. */
export function shownFor(section: Section, kinds: readonly MessageKind[]): IDisplayOptions {
	return { show: { ...section.show, [nameIn(section, 'messageType')]: [...kinds] } };
}
