import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { EVENT_TYPES, type EventType } from '../../core/records';
import { sortedByName } from './sorting';

/** What a trigger of events is asked: of which, and who caused them. */

const WORDS: Record<EventType, { name: string; description: string }> = {
	'contact.activity': { name: 'Contact Activity', description: "A contact followed you, pressed 'Get started' or did something else that is no message" },
	'contact.blocked': { name: 'Contact Blocked', description: 'A contact blocked or unfollowed you, or wants no more messages on a channel' },
	'contact.created': { name: 'Contact Created', description: 'There is a new contact: somebody wrote for the first time, or a workflow made one' },
	'contact.unblocked': { name: 'Contact Unblocked', description: 'A contact can be written to again on a channel' },
	'conversation.assigned': { name: 'Conversation Assigned', description: 'A conversation was given to an agent' },
	'conversation.closed': { name: 'Conversation Closed', description: 'A conversation was closed' },
	'conversation.opened': { name: 'Conversation Opened', description: 'A conversation was opened, by whomever' },
	'conversation.unassigned': { name: 'Conversation Unassigned', description: 'A conversation was taken from its agent' },
	'message.deleted': { name: 'Message Deleted', description: 'A message was taken back on the channel' },
	'message.delivered': { name: 'Message Delivered', description: 'A message of yours reached the contact. Some channels do not tell.' },
	'message.edited': { name: 'Message Edited', description: 'A message was changed on the channel' },
	'message.failed': { name: 'Message Failed', description: "A message of yours did not go, or was accepted and failed later; 'failure' says why" },
	'message.reacted': { name: 'Message Reacted', description: 'A contact reacted to a message, e.g. with a heart' },
	'message.read': { name: 'Message Read', description: 'A contact read a message of yours. Some channels do not tell.' },
	'message.received': { name: 'Message Received', description: 'A contact wrote: every message, also within an open conversation' },
	'message.sent': { name: 'Message Sent', description: "A message of yours went, from a workflow or from an agent in the channel's own app" },
	'workflow.interrupted': { name: 'Workflow Interrupted', description: 'An execution was cut off when n8n stopped, and is not run again' },
};

const eventOptions: INodePropertyOptions[] = sortedByName(EVENT_TYPES.map((value) => ({ ...WORDS[value], value })));

export const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: ['message.received'],
	options: eventOptions,
	description: 'What starts this workflow: each event once',
};

export const eventSources: INodeProperties = {
	displayName: 'Caused By',
	name: 'sources',
	type: 'multiOptions',
	noDataExpression: true,
	default: [],
	options: [
		{ name: 'Agent', value: 'agent', description: 'A person of yours' },
		{ name: 'Contact', value: 'contact', description: 'What the contact did, e.g. wrote or reacted' },
		{ name: 'System', value: 'system', description: 'The channel or n8n itself: what becomes of a message after it went, interrupted workflows' },
		{ name: 'Workflow', value: 'workflow', description: 'A step of a workflow, e.g. a message it could not send' },
	],
	description: 'Who has to cause the event for this workflow to start. Empty: whoever does.',
};
