import type { INodeProperties } from 'n8n-workflow';
import { channel, CHANNEL_NAME_EXPRESSION, connectedChannels } from '../../src/n8n/fields/channels';
import { channelResponseFields, defaultMessageFields } from '../../src/n8n/fields/content';
import { contactField } from '../../src/n8n/fields/people';
import { deliveryDescription, sendOptions } from '../../src/n8n/fields/send-options';

/** e.g. 'Website Chat: Text' */
export const subtitle = `={{ (${CHANNEL_NAME_EXPRESSION}) + ": " + ($parameter["messageType"] === "media" ? "Media" : "Text") }}`;

/** A node that waits always has 'Failed': that is where it says that its time is over. */
export const outputs =
	"={{ $parameter.addFailureBranch === false && ($parameter.waitFor ?? 'nothing') === 'nothing' ? [{ type: 'main', displayName: 'Sent' }] : [{ type: 'main', displayName: 'Sent' }, { type: 'main', displayName: 'Failed' }] }}" as const;

const WAITING = ['delivery', 'reply'];

export const properties: INodeProperties[] = [
	contactField(),
	connectedChannels,
	channel,
	...defaultMessageFields,
	...channelResponseFields,
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		noDataExpression: true,
		default: 'nothing',
		options: [
			{ name: 'Delivery', value: 'delivery', description: deliveryDescription },
			{ name: 'Nothing', value: 'nothing', description: 'Go on when the message has been sent' },
			{ name: 'Reply', value: 'reply', description: "Go on when the contact has answered; the answer is in 'message'" },
		],
		description: 'When the workflow goes on. What did not happen in time leaves on Failed.',
	},
	{
		displayName: 'Wait Limit',
		name: 'waitLimit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 60,
		description: 'How long to wait at most',
		displayOptions: { show: { waitFor: WAITING } },
	},
	{
		displayName: 'Wait Limit Unit',
		name: 'waitLimitUnit',
		type: 'options',
		noDataExpression: true,
		default: 'minutes',
		options: [
			{ name: 'Days', value: 'days' },
			{ name: 'Hours', value: 'hours' },
			{ name: 'Minutes', value: 'minutes' },
		],
		displayOptions: { show: { waitFor: WAITING } },
	},
	{
		displayName: 'Add Message Failure Branch',
		name: 'addFailureBranch',
		type: 'boolean',
		noDataExpression: true,
		default: true,
		description:
			"Whether messages that could not be sent leave on an output of their own, 'Failed', with the reason in 'failure'. Without it, such a message stops the workflow.",
		hint: "With 'On Error' set to 'Continue (using error output)' n8n adds a third output, 'Error'; unsent messages still leave on 'Failed'",
		displayOptions: { show: { waitFor: ['nothing'] } },
	},
	sendOptions,
];
