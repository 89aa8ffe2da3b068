import { ConversationsError, failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { CODES, TIKTOK, TOO_MANY_CONVERSATIONS } from './facts';

const AUTHORISE_AGAIN =
	"Authorise the TikTok account for your app again, and put the 'access_token' and 'refresh_token' of the answer into 'Access Token' and 'Refresh Token' of the credential.";

const NOT_THE_API = "The address in 'Base URL' of the credential does not answer like TikTok. Use https://business-api.tiktok.com/open_api/v1.3, or the address of your own gateway.";

/** What holds for every call. */
const ALWAYS: readonly FailureRow[] = [
	{
		code: CODES.tooOften,
		is: 'rate_limited',
		reason: 'TikTok asks to call it less often. Try again in a few minutes; if that does not help, the limit of the day is reached and ends at midnight (UTC).',
	},
	{
		code: CODES.system,
		is: 'outcome_unknown',
		reason:
			'TikTok had trouble of its own while it took the message, and does not say whether it went. It is not sent again, so that the contact does not get it twice. Look into the chat in the TikTok app.',
	},
	{
		code: CODES.app,
		is: 'credential_invalid',
		reason: "TikTok does not accept the app. Copy 'App ID' and 'App Secret' of the credential again from 'My Apps' in the TikTok for Business developer portal.",
	},
];

const NOT_FOUND: FailureRow = { status: 404, is: 'configuration_invalid', reason: NOT_THE_API };

/** Of messages, files and what is asked about them. The first row that fits counts. */
export const FAILURES: readonly FailureRow[] = [
	...ALWAYS,
	{
		code: CODES.messageRules,
		message: TOO_MANY_CONVERSATIONS,
		says: ['You are sending messages too fast. Take a rest.'],
		is: 'quota_used',
		reason:
			'TikTok takes no more messages of this account for now: it lets a business write in a limited number of conversations a day, said to be 100 to 200. Try again tomorrow.',
	},
	{
		code: CODES.messageRules,
		is: 'window_closed',
		reason:
			"TikTok's rules for direct messages held the message back. Most likely the contact's last message is more than 48 hours old, or 10 messages went without an answer: wait until the contact writes. 'providerMessage' may name another rule.",
	},
	{ code: CODES.accessToken, is: 'credential_invalid', reason: `TikTok does not accept the access token, also not a new one. ${AUTHORISE_AGAIN}` },
	{
		code: CODES.noPermission,
		is: 'credential_invalid',
		reason: `The app may not do this with the account: its access to Business Messaging is not approved, or the account did not grant all permissions for messages. ${AUTHORISE_AGAIN}`,
	},
	{
		code: CODES.notFound,
		is: 'recipient_unreachable',
		reason: 'TikTok does not know this conversation (any more). Wait until the contact writes again, or use another channel.',
	},
	{
		code: CODES.parameter,
		message: /business_id/i,
		says: ['business_id is invalid'],
		is: 'configuration_invalid',
		reason: "TikTok does not know the account. Put the 'open_id' that came with the tokens into 'Business ID' of the credential.",
	},
	{
		code: CODES.parameter,
		message: /conversation_id|recipient/i,
		says: ['conversation_id is invalid', 'recipient is invalid'],
		is: 'recipient_unreachable',
		reason: 'TikTok does not accept the id of this conversation. Wait until the contact writes again, or use another channel.',
	},
	{
		code: CODES.parameter,
		is: 'content_unsupported',
		reason: "TikTok does not take the message in this form; 'providerMessage' says why. Check its text, image, choices and the message it quotes.",
	},
	{ code: CODES.fileType, is: 'content_unsupported', reason: 'TikTok does not take this file. Send a JPG or PNG image of at most 3 MB.' },
	{ status: [401, 403], is: 'credential_invalid', reason: `TikTok does not let the call through. Check 'Base URL' of the credential and any proxy on the way. If they are right, the access has ended. ${AUTHORISE_AGAIN}` },
	NOT_FOUND,
];

/** Of a new token: whatever TikTok finds wrong, only the account's owner can help. */
export const RENEWAL_FAILURES: readonly FailureRow[] = [
	...ALWAYS,
	NOT_FOUND,
	{ status: 429, is: 'rate_limited', reason: 'TikTok asks to call it less often. Try again later.' },
	{
		status: [200, 499],
		is: 'credential_invalid',
		reason: `TikTok does not renew the access to the account: the refresh token has expired, was used by another program, or belongs to another app. ${AUTHORISE_AGAIN}`,
	},
];

/** Of the test of a credential. */
export const OWNER_FAILURES: readonly FailureRow[] = [
	{
		code: [CODES.noPermission, CODES.parameter, CODES.notFound],
		is: 'credential_invalid',
		reason:
			"These tokens do not give access to the messages of the account in 'Business ID'. Check that 'Business ID' is the 'open_id' that came with the tokens, that TikTok has approved the app for Business Messaging, and that the account granted all permissions for messages.",
	},
];

/** Of a file that somebody sent. */
export const MEDIA_FAILURES: readonly FailureRow[] = [
	{
		code: [CODES.notFound, CODES.parameter],
		is: 'rejected',
		reason: 'TikTok does not have the file any more, or does not give it. Look at it in the TikTok app, or ask the contact to send it again.',
	},
];

/** Of the app's address for webhooks. */
export const APP_FAILURES: readonly FailureRow[] = [
	{
		message: /callback|url/i,
		says: ['callback_url is invalid'],
		is: 'configuration_invalid',
		reason:
			'TikTok does not take the webhook address. It must be a public https address with a certificate from a well-known authority, and n8n must answer there. Check the public address of this n8n, then publish the workflow again.',
	},
	{
		code: [CODES.noPermission, CODES.parameter],
		is: 'credential_invalid',
		reason:
			"TikTok does not let the app receive direct messages: 'App ID' or 'App Secret' of the credential is wrong, or TikTok has not approved the app for Business Messaging yet. Compare both with 'My Apps' in the TikTok for Business developer portal.",
	},
];

/** What a refusal by TikTok means. `rows`: what a code means for this very call. */
export function refused(refusal: Refusal, rows: readonly FailureRow[] = []): ConversationsError {
	return new ConversationsError(failureOf(TIKTOK, [...rows, ...FAILURES], refusal));
}

/** A 2xx that is not in TikTok's format says nothing about the message. */
export function unknownOutcome(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			"Something that does not speak TikTok's format answered, so it is not known whether the message was sent. It is not sent again. Check 'Base URL' of the credential.",
			{ channel: TIKTOK.id },
		),
	);
}

export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: TIKTOK.id }));
}
