import type { INodeProperties } from 'n8n-workflow';
import { channel, CHANNEL_NAME_EXPRESSION, connectedChannels } from '../../src/n8n/fields/channels';
import { channelResponseFields, defaultMessageFields } from '../../src/n8n/fields/content';
import { credentialsPlace } from '../../src/n8n/fields/credentials';
import { contactField } from '../../src/n8n/fields/people';
import { windowClosedFields } from '../../src/n8n/fields/window-closed';
import { sendOptions } from '../../src/n8n/fields/send-options';
import { waitFields } from '../../src/n8n/fields/wait';

/** e.g. 'Website Chat: Text' */
export const subtitle = `={{ (${CHANNEL_NAME_EXPRESSION}) + ": " + ($parameter["messageType"] === "media" ? "Media" : "Text") }}`;

/** A node that waits always has 'Failed': that is where it says that its time is over. */
export const outputs =
	"={{ $parameter.addFailureBranch === false && ($parameter.waitFor ?? 'nothing') === 'nothing' ? [{ type: 'main', displayName: 'Sent' }] : [{ type: 'main', displayName: 'Sent' }, { type: 'main', displayName: 'Failed' }] }}" as const;

export const properties: INodeProperties[] = [
	contactField(),
	connectedChannels,
	credentialsPlace,
	channel,
	...defaultMessageFields,
	...channelResponseFields,
	...windowClosedFields,
	...waitFields,
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
