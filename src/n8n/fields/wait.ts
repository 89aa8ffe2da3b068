import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { TRIES_DEFAULT, TRIES_MAX } from '../steps/asked-question';
import { deliveryDescription } from './send-options';

/** An agent's tool call cannot be parked. */
const NOT_AS_TOOL: NonNullable<IDisplayOptions['hide']> = { '@tool': [true] };

function shownFor(show: IDisplayOptions['show']): { displayOptions: IDisplayOptions } {
	return { displayOptions: { show, hide: NOT_AS_TOOL } };
}

const WAITING = { waitFor: ['delivery', 'reply'] };
const CHECKED = { waitFor: ['reply'], expectedReply: ['choice', 'date', 'email', 'number', 'phone'] };
const NUMBERS = { waitFor: ['reply'], expectedReply: ['number'] };

const limitFields: INodeProperties[] = [
	{
		displayName: 'Wait Limit',
		name: 'waitLimit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 60,
		description: 'How long to wait at most',
		...shownFor(WAITING),
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
		...shownFor(WAITING),
	},
];

const expectedReply: INodeProperties = {
	displayName: 'Expected Reply',
	name: 'expectedReply',
	type: 'options',
	default: 'any',
	options: [
		{ name: 'Any Reply', value: 'any', description: 'Whatever the contact sends: a text, a file, a location, a choice' },
		{ name: 'Choice', value: 'choice', description: 'One of the choices, pressed, or written as its label or number in the list' },
		{ name: 'Date', value: 'date', description: "A day such as 21 Nov 2026, 21.11.2026 or tomorrow, in English or the contact's language" },
		{ name: 'Email Address', value: 'email', description: 'One address, with words around it or not' },
		{ name: 'Number', value: 'number', description: 'One number such as 42 or 3.5, with words around it or not' },
		{ name: 'Phone Number', value: 'phone', description: 'One number with its country code' },
	],
	description: "What counts as a reply. What the contact meant is in 'answer'; a reply that does not do is asked for again.",
	...shownFor({ waitFor: ['reply'] }),
};

/** Texts, so that an empty field is told from 0. */
const limitOfNumber = (displayName: string, name: string, which: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: 'e.g. 10',
	description: `The ${which} number that does. Optional.`,
	...shownFor(NUMBERS),
});

const acceptedAnswers: INodeProperties = {
	displayName: 'Accepted Answers',
	name: 'acceptedAnswers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Answer',
	default: {},
	description: 'What the contact may answer where the message has no buttons. Without any, these are the choices of your channel responses.',
	options: [
		{
			displayName: 'Answer',
			name: 'values',
			// Label first: most people never need an ID.
			values: [
				{ displayName: 'Label', name: 'label', type: 'string', default: '', placeholder: 'e.g. Sales', description: 'What the contact writes' },
				{
					displayName: 'ID',
					name: 'id',
					type: 'string',
					default: '',
					placeholder: 'e.g. sales',
					description: 'What your workflow is told. Without it the label is used.',
				},
			],
		},
	],
	...shownFor({ waitFor: ['reply'], expectedReply: ['choice'] }),
};

const askingAgain: INodeProperties[] = [
	{
		displayName: 'Repeat Prompt',
		name: 'repeatPrompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. 🤖 Sorry, I did not understand that. Please try again.',
		description: 'What the contact is told when the reply does not do. Choices follow by themselves. May have variables. When empty, a sentence that fits is sent.',
		...shownFor(CHECKED),
	},
	{
		displayName: 'Tries',
		name: 'replyTries',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: TRIES_MAX, numberPrecision: 0 },
		default: TRIES_DEFAULT,
		description: "How many replies are looked at. If none of them does, the item leaves on Failed with the code 'reply_invalid'.",
		...shownFor(CHECKED),
	},
];

/** Until when the workflow stands still after sending, and for what. */
export const waitFields: INodeProperties[] = [
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		noDataExpression: true,
		default: 'nothing',
		options: [
			{ name: 'Delivery', value: 'delivery', description: deliveryDescription },
			{ name: 'Nothing', value: 'nothing', description: 'Go on when the message has been sent' },
			{
				name: 'Reply',
				value: 'reply',
				description: "Go on when the contact has answered. The reply is in 'message', its files are the input data fields 'reply', 'reply1' and so on.",
			},
		],
		description: 'When the workflow goes on. What did not happen in time leaves on Failed.',
		displayOptions: { hide: NOT_AS_TOOL },
	},
	...limitFields,
	expectedReply,
	acceptedAnswers,
	limitOfNumber('Minimum', 'replyMinimum', 'smallest'),
	limitOfNumber('Maximum', 'replyMaximum', 'largest'),
	...askingAgain,
];
