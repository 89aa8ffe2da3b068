import type { INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { Channel, ChannelId } from '../../core/channel';
import { channelOptions, DEFAULT_CHANNEL } from './channels';
import { sortedByDisplayName, sortedByName } from './sorting';

/** The channels a trigger receives. */
export const receivedChannels: INodeProperties = {
	displayName: 'Channels',
	name: 'channels',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: [DEFAULT_CHANNEL],
	options: channelOptions,
	description: 'Where contacts can write to start this workflow. Each channel that has an account asks for its credential; the website chat needs none.',
};

/** The channels a trigger of events receives, if it does. */
export const listenedChannels: INodeProperties = {
	...receivedChannels,
	required: false,
	default: [],
	description:
		'Empty: events of all channels that other published workflows receive, and of all that is sent; nothing has to be set up. Otherwise only events of these channels, which this trigger then receives itself, with the credential of each account.',
};

const ALL_ACTIVITY_OPENS: INodeProperties = {
	displayName: 'All Activity Opens',
	name: 'allActivityOpens',
	type: 'boolean',
	default: false,
	description:
		"Whether follows, 'get started' and story replies open a conversation too. Without it only messages and presses of answer buttons do.",
};

const INCLUDE_OWN_MESSAGES: INodeProperties = {
	displayName: 'Include Own Messages',
	name: 'includeOwnMessages',
	type: 'boolean',
	default: false,
	description:
		"Whether 'Message Sent', 'Delivered', 'Read' and 'Failed' also start this workflow for what it sent itself. Leave it off if this workflow sends messages: it would start itself over and over.",
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

/** What the settings of single channels add to a trigger's options. */
const CHANNEL_OPTIONS: Partial<Record<ChannelId, INodeProperties[]>> = {
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

/** How news of a channel arrives, where there are two ways. */
function receiveByFields({ id, name, provider }: Channel): INodeProperties[] {
	if (!provider?.poll || provider.onlyPolls) return [];
	return [
		{
			displayName: `Receive ${name} By`,
			name: `${id}ReceiveBy`,
			type: 'options',
			default: 'webhook',
			options: [
				{ name: 'Polling', value: 'polling', description: `This n8n asks ${name} for news. Needs no public address.` },
				{ name: 'Webhook', value: 'webhook', description: `${name} posts to this n8n. Needs a public https address.` },
			],
			description: `How messages of ${name} arrive. Polling works without a public address, e.g. on a laptop. Of several workflows with one account, the one that was published first decides.`,
		},
	];
}

const optionsOf = (id: ChannelId): INodeProperties[] =>
	[...(CHANNEL_OPTIONS[id] ?? []), ...receiveByFields(channels[id])].map((field) => ({
		...field,
		displayOptions: { show: { '/channels': [id] } },
	}));

const optionsWith = (...further: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: sortedByDisplayName([...COMMON_OPTIONS, ...further, ...channelIds.flatMap(optionsOf)]),
});

export const triggerOptions = optionsWith(ALL_ACTIVITY_OPENS);

/** One that only listens changes nothing for those who receive. */
export const eventTriggerOptions = optionsWith(
	{ ...ALL_ACTIVITY_OPENS, displayOptions: { show: { '/channels': [...channelIds] } } },
	INCLUDE_OWN_MESSAGES,
);

const GUIDES = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels';

/** What is to be done for a channel, where more is to be said than for those with an account. */
const CHANNEL_NOTICES: Partial<Record<ChannelId, string>> = {
	webchat:
		"<b>Website Chat.</b> The Production URL, under 'Webhook URLs' above, is a chat page you can link to. To have the chat on your own site, add the option 'Chat Allowed Origins' with the site's address and put this line on its pages: <code>&lt;script src=&quot;<i>Production URL</i>/widget.js&quot; async&gt;&lt;/script&gt;</code>",
};

const withAccount = channelIds.filter((id) => channels[id].provider !== undefined);
const guides = sortedByName(withAccount.map((id) => ({ name: channels[id].name, id })))
	.map(({ name, id }) => `<a href="${GUIDES}/${id}.md" target="_blank">${name}</a>`)
	.join(' · ');

const asking = withAccount.filter((id) => channels[id].provider?.onlyPolls).map((id) => channels[id].name);

/** One for all of them: what differs stands in the guides. */
const ACCOUNT_NOTICE = `Choose the credential of each account above. Publishing the workflow registers its address at the provider, which must reach this n8n by https (the environment variable WEBHOOK_URL). ${asking.join(' and ')} needs no address: n8n looks for new messages itself. An account that another workflow uses already serves both. The guides say what to click: ${guides}`;

function notice(name: string, text: string, shownFor: readonly ChannelId[]): INodeProperties {
	return { displayName: text, name, type: 'notice', default: '', displayOptions: { show: { channels: [...shownFor] } } };
}

export const channelNotices: INodeProperties[] = [
	...Object.entries(CHANNEL_NOTICES).map(([id, text]) => notice(`${id}Notice`, text, [id as ChannelId])),
	notice('accountNotice', ACCOUNT_NOTICE, withAccount),
];
