import type { INodeProperties } from 'n8n-workflow';
import { credentialsPlace } from '../../src/n8n/fields/credentials';
import { events, eventSources } from '../../src/n8n/fields/events';
import { channelNotices, eventTriggerOptions, listenedChannels } from '../../src/n8n/fields/trigger';

export const properties: INodeProperties[] = [events, listenedChannels, credentialsPlace, ...channelNotices, eventSources, eventTriggerOptions];

/** What to do to see it work. */
export const triggerPanel = {
	header: 'Wait for an event',
	executionsHelp: {
		inactive:
			"<b>While building your workflow</b>, click 'Execute step', then make one of the events happen: write a message to an account, or run a workflow that sends one. The next event that fits is shown here; other workflows go on.<br /><br /><b>Once you're happy</b>, publish the workflow. Then every such event starts it, and the executions show up in the executions list, but not in the editor.",
		active:
			"<b>While building your workflow</b>, click 'Execute step', then make one of the events happen: write a message to an account, or run a workflow that sends one. The next event that fits is shown here; other workflows go on.<br /><br /><b>Your workflow also starts by itself</b>, because it is published: at every such event. These executions show up in the executions list, but not in the editor.",
	},
	activationHint: 'Once you have finished building your workflow, publish it to have it start at every such event.',
};
