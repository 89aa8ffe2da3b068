import type { INodeProperties } from 'n8n-workflow';
import type { ChannelId } from '../../core/channel';
import { channelOptions, DEFAULT_CHANNEL } from './channels';
import { sortedByDisplayName } from './sorting';

/** The channels a trigger receives. */
export const receivedChannels: INodeProperties = {
	displayName: 'Channels',
	name: 'channels',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: [DEFAULT_CHANNEL],
	options: channelOptions,
	description: 'Where contacts can write to start this workflow',
};

const COMMON_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Group Messages (Seconds)',
		name: 'groupMessagesSeconds',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 5,
		description:
			"How long to wait for further messages before the workflow starts. People often write one thought in several messages; they come together in 'messages'. 0 starts at once.",
	},
	{
		displayName: 'Include Files',
		name: 'includeFiles',
		type: 'boolean',
		default: true,
		description: 'Whether to give files of the message as binary data',
	},
	{
		displayName: 'Wait for Previous Run (Seconds)',
		name: 'orderMaxWaitSeconds',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 60,
		description:
			"A contact's next run starts when the previous one has ended, at the latest after this time. 0 starts every run at once.",
	},
];

/** What single channels add to a trigger's options. One that is missing does not compile. */
const CHANNEL_OPTIONS: Record<ChannelId, INodeProperties[]> = {
	webchat: [
		{
			displayName: 'Chat Allowed Origins',
			name: 'webchatAllowedOrigins',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. https://www.example.com',
			description:
				'The sites that may show the chat, separated by commas or lines. Needed to put it on your own site; without it, only its own page shows it.',
		},
		{
			displayName: 'Chat Colour',
			name: 'webchatColour',
			type: 'color',
			default: '#2f5bea',
			description: 'The colour of your business in the chat',
		},
		{
			displayName: 'Chat Greeting',
			name: 'webchatGreeting',
			type: 'string',
			default: 'Hello! How can we help?',
			placeholder: 'e.g. Hello! How can we help?',
			description: 'What visitors read before they write. Empty shows nothing.',
		},
		{
			displayName: 'Chat Title',
			name: 'webchatTitle',
			type: 'string',
			default: 'Chat with us',
			placeholder: 'e.g. Chat with us',
			description: 'What stands at the top of the chat',
		},
	],
};

const ofChannel = ([id, fields]: [string, INodeProperties[]]) =>
	fields.map((field) => ({ ...field, displayOptions: { show: { '/channels': [id] } } }));

export const triggerOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: sortedByDisplayName([...COMMON_OPTIONS, ...Object.entries(CHANNEL_OPTIONS).flatMap(ofChannel)]),
};

/** What a channel's user has to do outside n8n. One that is missing does not compile. */
const CHANNEL_NOTICES: Record<ChannelId, string> = {
	webchat:
		"<b>Website Chat.</b> The Production URL, under 'Webhook URLs' above, is a chat page you can link to. To have the chat on your own site, add the option 'Chat Allowed Origins' with the site's address and put this line on its pages: <code>&lt;script src=&quot;<i>Production URL</i>/widget.js&quot; async&gt;&lt;/script&gt;</code>",
};

export const channelNotices: INodeProperties[] = Object.entries(CHANNEL_NOTICES).map(([id, text]) => ({
	displayName: text,
	name: `${id}Notice`,
	type: 'notice',
	default: '',
	displayOptions: { show: { channels: [id] } },
}));
