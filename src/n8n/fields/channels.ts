import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { ChannelId } from '../../core/channel';
import { sortedByName } from './sorting';

/** What node descriptions need to know of the channels, made from the registry: a new channel appears by itself. */
export const channelOptions: INodePropertyOptions[] = sortedByName(
	channelIds.map((id) => ({ name: channels[id].name, value: id })),
);

/** The channel that needs no account. */
export const DEFAULT_CHANNEL: ChannelId = 'webchat';

export const connectedChannels: INodeProperties = {
	displayName: 'Connected Channels',
	name: 'connectedChannels',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: [DEFAULT_CHANNEL],
	options: channelOptions,
	description:
		'The channels this node may send on. Each channel that has an account asks for its credential; the website chat needs none.',
};

/** Those chosen above. */
export const connectedOptions = (parameter: 'connectedChannels' | '/connectedChannels'): INodePropertyOptions[] =>
	channelOptions.map((option) => ({ ...option, displayOptions: { show: { [parameter]: [option.value] } } }));

/** A2, A3: the last interacted channel, or one of those connected. */
export const channel: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'options',
	default: 'lastInteracted',
	options: [
		{
			name: 'Last Interacted Channel',
			value: 'lastInteracted',
			description: 'The channel of the last message from or to the contact',
		},
		...connectedOptions('connectedChannels'),
	],
	description: 'Where to send the message',
};

const NAMES = {
	lastInteracted: 'Last Interacted Channel',
	...Object.fromEntries(channelIds.map((id) => [id, channels[id].name])),
};

/** An n8n expression that gives the name of the chosen channel. */
export const CHANNEL_NAME_EXPRESSION = `(${JSON.stringify(NAMES)})[$parameter["channel"]] || $parameter["channel"]`;
