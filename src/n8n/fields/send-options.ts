import type { INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import { connectedOptions } from './channels';
import { RETRIES_DEFAULT, RETRIES_MAX } from '../steps/asked-options';
import { humanAgentHint, noDeliveryHint } from './limits';
import { sortedByDisplayName } from './sorting';

const all = channelIds.map((id) => channels[id]);
const namesOf = (which: typeof all) => which.map(({ name }) => name).join(', ');

/** Of the choice to wait until a message has arrived. */
export const deliveryDescription = `Go on when the message has reached the contact, on channels that tell.${noDeliveryHint(all)}`;

/** What else can be said about how a message goes. */
export const sendOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: sortedByDisplayName<INodeProperties>([
		{
			displayName: 'Fallback Channels',
			name: 'fallbackChannels',
			type: 'multiOptions',
			default: [],
			options: connectedOptions('/connectedChannels'),
			description:
				"Channels to try, in the order in which they are picked, when the message surely did not go. After a closed window only if 'If Window Closed' is not 'Fail'. 'message.attempts' tells what was tried.",
		},
		{
			displayName: 'Human Agent',
			name: 'humanAgent',
			type: 'boolean',
			default: false,
			description: `Whether a person wrote this message. ${humanAgentHint(all)} Their rules forbid it for automatic messages.`,
		},
		{
			displayName: 'Max Retries',
			name: 'retries',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: RETRIES_MAX, numberPrecision: 0 },
			default: RETRIES_DEFAULT,
			description:
				'How often a message that was surely not accepted is tried again, e.g. when the channel asks to slow down. What may have gone is never sent twice.',
		},
		{
			displayName: 'Open Conversation',
			name: 'openConversation',
			type: 'boolean',
			default: false,
			description: 'Whether to open a conversation when the contact has none, so that a person can follow it',
		},
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			placeholder: 'e.g. 019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
			description: `ID of the message to quote, as the trigger's item has it in 'message'. Quoting works on ${namesOf(all.filter(({ can }) => can.quotes))}; elsewhere the message goes without.`,
		},
		{
			displayName: 'Skip When Assigned',
			name: 'skipWhenAssigned',
			type: 'boolean',
			default: false,
			description:
				"Whether to send nothing while a person has the conversation. The item leaves on Failed with the code 'human_active'.",
		},
		{
			displayName: 'Voice Note',
			name: 'voiceNote',
			type: 'boolean',
			default: false,
			description: `Whether audio files go as voice notes, on channels that have them: ${namesOf(all.filter(({ can }) => can.media.voice !== undefined))}`,
		},
	]),
};
