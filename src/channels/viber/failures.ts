import { ConversationsError, failure, type Failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { HOUR_MS, VIBER } from './facts';

/** As a failed callback stands in the table: it has words instead of a number. */
const LATE = 'failed';

/** Every status that Viber documents, and what its app says later. The HTTP status is 200 for all of them. */
export const FAILURES: readonly FailureRow[] = [
	{
		code: '1',
		is: 'configuration_invalid',
		reason:
			'Viber could not reach the webhook address. It must be a public https address with a certificate from a well-known authority, and n8n must answer there. Check the public address of this n8n, then publish the workflow again.',
	},
	{
		code: '2',
		is: 'credential_invalid',
		reason:
			"Viber does not know the token. Copy the bot's token from 'Edit info' in Viber into 'Auth Token' of the credential, without spaces.",
	},
	{
		code: ['3', '4'],
		is: 'content_unsupported',
		reason:
			"Viber does not take the message in this form; 'providerMessage' says which part. Check its text, files and choices, and the sender's name and avatar in the credential.",
	},
	{
		code: '5',
		is: 'recipient_unreachable',
		reason: 'Viber does not know this person (any more). Write to the contact on another channel.',
	},
	{
		code: '6',
		is: 'recipient_unreachable',
		reason: 'This person has not subscribed to the bot, or has unsubscribed. Wait until the contact writes to the bot, or use another channel.',
	},
	{
		code: '7',
		is: 'credential_invalid',
		reason: "Viber has blocked this bot. Ask Viber's support why; until then use another bot.",
	},
	{
		code: '8',
		is: 'credential_invalid',
		reason: "The token in 'Auth Token' belongs to no bot. Copy the token of the bot itself from 'Edit info' in Viber.",
	},
	{
		code: '9',
		is: 'credential_invalid',
		reason: "Viber has suspended this bot. Open the bot's settings at Viber to see why, and ask Viber's support to reopen it.",
	},
	{
		code: '10',
		is: 'configuration_invalid',
		reason:
			'This bot has no webhook address yet, and Viber sends nothing without one. Publish a workflow whose trigger listens to Viber with this credential, then send again.',
	},
	{
		code: '11',
		is: 'recipient_unreachable',
		reason: "This person's device or version of Viber cannot receive messages of bots. Use another channel.",
	},
	{
		code: '12',
		is: 'rate_limited',
		reason:
			'Viber takes no more for now: at most 100 messages an hour may go to somebody who does not answer. Wait until the contact answers, or for an hour.',
		retryAfterMs: HOUR_MS,
	},
	{
		code: '13',
		is: 'recipient_unreachable',
		reason: "This person's version of Viber is too old for the message. Send a plain text, or use another channel.",
	},
	{
		code: '14',
		is: 'content_unsupported',
		reason: 'Viber wants a newer version of its API for this kind of message. Send it in a simpler form.',
	},
	{
		code: '15',
		is: 'credential_invalid',
		reason:
			"This bot is not authorised to send. New bots need a contract with Viber or one of its partners: check the bot's state at Viber.",
	},
	{
		code: ['16', '17', '18', '19', '20'],
		is: 'content_unsupported',
		reason: "Viber does not let this bot send in this way; 'providerMessage' names the rule. Send it in another form, or ask Viber's support to allow it.",
	},
	{
		code: '21',
		is: 'recipient_unreachable',
		reason: "Viber does not deliver this bot's messages in the contact's country. Use another channel.",
	},
	{
		code: '22',
		is: 'content_unsupported',
		reason: 'Viber does not let this bot send payments. Send another type of message.',
	},
	{
		code: '23',
		is: 'quota_used',
		reason:
			"The bot has used its free messages of this month. Wait for the contact to write, which makes a day free, for the new month, or for a commercial plan at Viber.",
	},
	{
		code: '24',
		is: 'quota_used',
		reason: "The bot's balance at Viber is used up. Top it up, or wait for the contact to write, which makes a day free.",
	},
	{
		code: LATE,
		when: 'told later',
		message: /not.?subscribed|unsubscribed/i,
		says: ['receiver is not subscribed'],
		is: 'recipient_unreachable',
		reason: 'Viber took the message, but the person has left the bot. Wait until the contact writes to the bot, or use another channel.',
	},
	{
		code: LATE,
		when: 'told later',
		message: /not.?registered|suitable.?device|not.?supported|api.?version/i,
		says: ['receiver is not registered', 'no suitable device', 'apiVersionNotSupported'],
		is: 'recipient_unreachable',
		reason: "Viber took the message, but the person's Viber could not receive it. Use another channel.",
	},
	{
		code: LATE,
		when: 'told later',
		message: /keyboard|button|rich.?media/i,
		says: ['keyboard is not valid'],
		is: 'content_unsupported',
		reason: "Viber took the message, but the person's app could not show its choices. Give them plain, shorter labels.",
	},
	{
		code: LATE,
		when: 'told later',
		is: 'not_delivered',
		reason: "Viber took the message but could not deliver it; 'providerMessage' says why. Send it again, or use another channel.",
	},
];

/** What a refusal by Viber means. */
export function refused(refusal: Refusal): ConversationsError {
	return new ConversationsError(failureOf(VIBER, FAILURES, refusal));
}

/** What a failed callback means: the message is gone, whatever the reason. */
export function lateFailure(words: string | undefined): Failure {
	return failureOf(VIBER, FAILURES, { status: 200, code: LATE, ...(words !== undefined && { message: words }) });
}

/** A 2xx that is not what Viber documents says nothing about the message. */
export function unknownOutcome(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			"Something that does not speak Viber's format answered, so it is not known whether the message was sent. It is not sent again. Check 'Base URL' of the credential.",
			{ channel: VIBER.id },
		),
	);
}

export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: VIBER.id }));
}
