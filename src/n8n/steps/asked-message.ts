import type { IExecuteFunctions } from 'n8n-workflow';
import { channels } from '../../channels';
import { CHANNEL_IDS, type ChannelId } from '../../core/channel';
import { InputError } from '../../core/failure';
import type { Plan } from '../../core/plan';
import { hasClosingWindow } from '../fields/window-closed';
import { askedContent, askedTemplate, type AskedContent } from './asked-content';
import { askedOptions, type AskedOptions } from './asked-options';
import { listOf, textOf } from './values';

export { listOf, textOf } from './values';

/** Content whose fields cannot be read for this item: that matters only where it is what goes. */
export interface Unreadable {
	kind: 'unreadable';
	why: unknown;
}

export interface AskedMessage {
	contact: string;
	channel: 'lastInteracted' | ChannelId;
	content: AskedContent | Unreadable;
	responses: Partial<Record<ChannelId, AskedContent | Unreadable>>;
	ifWindowClosed: IfWindowClosed;
	/** What may go when the window is closed, of channels that have templates. */
	templates: Partial<Record<ChannelId, AskedContent | Unreadable>>;
	options: AskedOptions;
}

const isChannel = (id: unknown): id is ChannelId => CHANNEL_IDS.some((known) => known === id);

/** The channels that the node may send on: the same for all its items. @throws InputError */
export function connectedChannels(ctx: IExecuteFunctions): ChannelId[] {
	return listOf('Connected Channels', ctx.getNodeParameter('connectedChannels', 0, []), /,/).filter(isChannel);
}

/** The parameters of Send Message for one item. @throws InputError, and what n8n throws for a faulty expression. */
export function askedMessage(ctx: IExecuteFunctions, index: number): AskedMessage {
	const responding = listOf('Channel Responses', ctx.getNodeParameter('channelResponses', index, []), /,/);
	const ifWindowClosed = ifWindowClosedOf(ctx.getNodeParameter('ifWindowClosed', index, 'fail'));
	const responses: AskedMessage['responses'] = {};
	for (const id of CHANNEL_IDS) {
		if (responding.includes(id)) responses[id] = readable(() => askedContent(ctx, index, id, channels[id].can.mail));
	}
	return {
		contact: textOf('Contact', ctx.getNodeParameter('contact', index, '')).trim(),
		channel: channelOf(ctx.getNodeParameter('channel', index, 'lastInteracted')),
		content: readable(() => askedContent(ctx, index, '')),
		responses,
		ifWindowClosed,
		templates: ifWindowClosed === 'template' ? askedTemplates(ctx, index) : {},
		options: askedOptions(ctx, index),
	};
}

function readable<T>(read: () => T): T | Unreadable {
	try {
		return read();
	} catch (why) {
		return { kind: 'unreadable', why };
	}
}

type IfWindowClosed = Plan['ifWindowClosed'];

function ifWindowClosedOf(value: unknown): IfWindowClosed {
	if (value === 'fail' || value === 'template' || value === 'nextChannel') return value;
	throw new InputError('If Window Closed', `'If Window Closed' is '${String(value)}', which is no choice. Use fail, template or nextChannel.`);
}

/** Those that were chosen. */
function askedTemplates(ctx: IExecuteFunctions, index: number): AskedMessage['templates'] {
	const templates: AskedMessage['templates'] = {};
	for (const id of connectedChannels(ctx)) {
		const template = hasClosingWindow(channels[id]) ? readable(() => askedTemplate(ctx, index, id)) : null;
		if (template) templates[id] = template;
	}
	return templates;
}

function channelOf(value: unknown): AskedMessage['channel'] {
	if (value === 'lastInteracted' || isChannel(value)) return value;
	throw new InputError(
		'Channel',
		`'Channel' is '${String(value)}', which is no channel. Use lastInteracted or one of: ${CHANNEL_IDS.join(', ')}.`,
	);
}
