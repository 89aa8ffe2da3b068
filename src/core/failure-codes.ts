/** Why a message did not go or a step found nobody. A closed list: workflows branch on it. */
export type FailureCode =
	| 'no_channel'
	| 'channel_not_connected'
	| 'window_closed'
	| 'quota_used'
	| 'credential_invalid'
	| 'configuration_invalid'
	| 'content_unsupported'
	| 'recipient_unreachable'
	| 'rate_limited'
	| 'provider_unavailable'
	| 'outcome_unknown'
	| 'rejected'
	| 'not_delivered'
	| 'delivery_timeout'
	| 'reply_timeout'
	| 'reply_invalid'
	| 'conversation_closed'
	| 'human_active'
	| 'nobody_available';

/** What a code means on every channel; docs/failures.md is made from it. */
export interface FailureMeaning {
	/** A sentence. */
	happened: string;
	/** What to do next: a sentence. */
	next: string;
	/** Whether, as a rule, nothing was accepted and the same may go if it is sent again as it is. */
	retryable: boolean;
	/** Whether 'Fallback Channels' of Send Message go on after it: it surely did not go, and shall go. */
	goesOn: boolean;
}

export const FAILURE_CODES: Readonly<Record<FailureCode, FailureMeaning>> = {
	no_channel: {
		happened: "There is no such contact, or the contact has no address on the channel that 'Channel' asks for.",
		next: "Check 'Contact' and 'Channel', name 'Fallback Channels', or wait until the contact writes.",
		retryable: false,
		goesOn: true,
	},
	channel_not_connected: {
		happened: "The channel is not among this node's 'Connected Channels', has no credential there, or the contact writes to another account of yours.",
		next: 'Choose the channel and the credential of that account on the node.',
		retryable: false,
		goesOn: true,
	},
	window_closed: {
		happened: 'The time in which the provider lets you write freely is over, or has not begun.',
		next: "Send an approved template where the channel has them, try another channel, or wait until the contact writes. 'If Window Closed' does it for you.",
		retryable: false,
		goesOn: true,
	},
	quota_used: {
		happened: 'As many messages as are allowed have gone: in the month (LINE, Viber), until the contact writes again (WeChat, TikTok), or in the day (SMS).',
		next: 'Wait for the new month or for the contact, or raise the limit at the provider or in the credential.',
		retryable: false,
		goesOn: true,
	},
	credential_invalid: {
		happened: 'The provider does not take the token or password, or it may not do this.',
		next: 'Renew what the sentence names, put it into the credential, and test the credential.',
		retryable: false,
		goesOn: true,
	},
	configuration_invalid: {
		happened: 'Something is not set up: a template, a number, a permission, the payment, a public address, a field of the node.',
		next: 'Set up what the sentence names, where it says.',
		retryable: false,
		goesOn: true,
	},
	content_unsupported: {
		happened: 'The channel cannot send this: too long, empty, too large, too many files or choices, or of a type it does not have.',
		next: "Change what the sentence names, or give the channel a response of its own ('Channel Responses').",
		retryable: false,
		goesOn: true,
	},
	recipient_unreachable: {
		happened: 'The contact cannot be reached there: has blocked you, has unsubscribed, is gone, or was never there.',
		next: 'Use another channel, or wait until the contact writes.',
		retryable: false,
		goesOn: true,
	},
	rate_limited: {
		happened: "Too much at once, and the pause is longer than a minute or 'Max Retries' are used up.",
		next: 'Send it again after `retryAfterMs`, and send less at once.',
		retryable: true,
		goesOn: true,
	},
	provider_unavailable: {
		happened: 'The provider could not be reached or could not take the message. It surely did not go.',
		next: 'Send it again later.',
		retryable: true,
		goesOn: true,
	},
	outcome_unknown: {
		happened: 'The message left and there was no clear answer: it may have gone.',
		next: 'Look into the chat before you send it again. A late receipt settles the message.',
		retryable: false,
		goesOn: false,
	},
	rejected: {
		happened: 'The provider refused with a code that is not known here.',
		next: 'Read `providerMessage`, and look `providerCode` up in the documentation of the provider.',
		retryable: false,
		goesOn: true,
	},
	not_delivered: {
		happened: 'The provider took the message and told later that it did not arrive.',
		next: 'Use another channel, or send it again if it still matters.',
		retryable: false,
		goesOn: false,
	},
	delivery_timeout: {
		happened: "No receipt came within the 'Wait Limit'. The message went, and may still arrive.",
		next: 'Go on without it, or wait for longer. Do not send it again.',
		retryable: false,
		goesOn: false,
	},
	reply_timeout: {
		happened: "The contact did not answer within the 'Wait Limit'. The message went.",
		next: 'Remind the contact, or close the conversation.',
		retryable: false,
		goesOn: false,
	},
	reply_invalid: {
		happened: 'The contact answered, but none of the answers was of the kind that was asked for, after all tries.',
		next: 'Hand the conversation to a person, or ask in other words.',
		retryable: false,
		goesOn: false,
	},
	conversation_closed: {
		happened: 'The conversation was closed while the step waited, or there is none to assign.',
		next: 'Open one, or wait until the contact writes.',
		retryable: false,
		goesOn: false,
	},
	human_active: {
		happened: "A person has the conversation, and 'Skip When Assigned' is on. Nothing was sent.",
		next: 'Leave it to the person: it is over when the conversation is closed or unassigned.',
		retryable: false,
		goesOn: false,
	},
	nobody_available: {
		happened: 'No agent fulfils the conditions of Assign Conversation.',
		next: "Loosen 'Only Online Agents' or 'Max Open Conversations', let it queue, or tell the contact when somebody will be there.",
		retryable: false,
		goesOn: false,
	},
};
