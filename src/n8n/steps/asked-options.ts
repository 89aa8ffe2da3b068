import type { IExecuteFunctions } from 'n8n-workflow';
import { CHANNEL_IDS, type ChannelId } from '../../core/channel';
import { InputError } from '../../core/failure';
import { listOf, numberOf, textOf } from './values';

export const RETRIES_DEFAULT = 3;
export const RETRIES_MAX = 10;

/** What else the author of a workflow says about how a message goes. */
export interface AskedOptions {
	openConversation: boolean;
	skipWhenAssigned: boolean;
	/** A person wrote it. */
	humanAgent: boolean;
	/** Audio files go as voice notes. */
	voiceNote: boolean;
	/** Our id or the provider's id of the message to quote. */
	replyTo: string | null;
	/** Tried in this order when the message surely did not go. */
	fallbackChannels: ChannelId[];
	/** How often a message that was surely not accepted is tried again. */
	retries: number;
}

/** The options of Send Message for one item. @throws InputError */
export function askedOptions(ctx: IExecuteFunctions, index: number): AskedOptions {
	const given = ctx.getNodeParameter('options', index, {}) as Partial<Record<keyof AskedOptions, unknown>>;
	return {
		openConversation: isOn(given.openConversation),
		skipWhenAssigned: isOn(given.skipWhenAssigned),
		humanAgent: isOn(given.humanAgent),
		voiceNote: isOn(given.voiceNote),
		replyTo: textOf('Reply To', given.replyTo).trim() || null,
		fallbackChannels: channelsOf(given.fallbackChannels),
		retries: retriesOf(given.retries),
	};
}

/** Also as the text that an expression may make of it. */
function isOn(value: unknown): boolean {
	return value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true');
}

function channelsOf(value: unknown): ChannelId[] {
	return [...new Set(listOf('Fallback Channels', value ?? [], /,/))].map((id) => {
		const known = CHANNEL_IDS.find((each) => each === id);
		if (known) return known;
		throw new InputError('Fallback Channels', `'Fallback Channels' names '${id}', which is no channel. Use: ${CHANNEL_IDS.join(', ')}.`);
	});
}

function retriesOf(value: unknown): number {
	if (value === undefined) return RETRIES_DEFAULT;
	const retries = Math.floor(numberOf('Max Retries', value, String(RETRIES_DEFAULT)));
	return Math.min(RETRIES_MAX, Math.max(0, retries));
}
