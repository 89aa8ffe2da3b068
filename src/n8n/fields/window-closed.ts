import type { INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { Channel } from '../../core/channel';
import { nameIn, type Section } from './section';
import { templateFields } from './template';

/** Whether nothing but approved templates goes some time after the contact's last message. */
export function hasClosingWindow({ can }: Pick<Channel, 'can'>): boolean {
	return can.window?.after === 'templates' && can.contents.includes('template');
}

const withTemplates = channelIds.filter((id) => hasClosingWindow(channels[id]));
const names = withTemplates.map((id) => channels[id].name).join(' and ');
const withWindow = channelIds.filter((id) => channels[id].can.window !== null);

/** The template of a channel, which need not have one, unless its own response is one already: then the same fields stand there. */
function templateOf(channel: Channel): INodeProperties[] {
	const section: Section = { prefix: channel.id, label: `${channel.name} `, show: { ifWindowClosed: ['template'], connectedChannels: [channel.id] } };
	return templateFields(section, channel).map(({ required: _required, ...field }) => ({
		...field,
		// Else n8n shows the one that was not chosen in red.
		...(field.type === 'options' && { allowArbitraryValues: true }),
		displayOptions: {
			show: section.show,
			hide: { ...field.displayOptions?.hide, [nameIn(section, 'messageType')]: ['template'] },
		},
	}));
}

/** What happens to a message that may not go now. */
export const windowClosedFields: INodeProperties[] = [
	{
		displayName: 'If Window Closed',
		name: 'ifWindowClosed',
		type: 'options',
		noDataExpression: true,
		default: 'fail',
		options: [
			{ name: 'Fail', value: 'fail', description: "The message leaves on Failed with the code 'window_closed'" },
			{
				name: 'Send a Template',
				value: 'template',
				description: `An approved template goes instead, on ${names}`,
			},
			{
				name: 'Try the Next Channel',
				value: 'nextChannel',
				description: "The 'Fallback Channels' of the options; without any, the other channels the contact has written on",
			},
		],
		description: 'Some channels let a business write freely only for a while after the contact has written. What to do after that.',
		displayOptions: { show: { connectedChannels: withWindow } },
	},
	...withTemplates.flatMap((id) => templateOf(channels[id])),
];
