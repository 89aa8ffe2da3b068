import { ConversationsError } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { numberAt, objectsAt, parseAnswer, textAt } from '../kit/json';
import { LINE, RATE_RETRY_MS } from './facts';

/**
 * A push has a key by which LINE recognises a repetition; an answer with a reply token and other calls have none. 'address'
 * sets the address for webhooks.
 */
export type Purpose = 'push' | 'reply' | 'address' | 'other';

/** Source: Messaging API reference, 'Status codes' and 'Error messages'; read 2026-11-21. */
const REFUSALS: readonly FailureRow[] = [
	{
		status: 401,
		is: 'credential_invalid',
		reason:
			"LINE does not accept the channel access token. Issue a new one in the LINE Developers Console ('Messaging API' tab, 'Channel access token') and put it into 'Channel Access Token' of the credential.",
	},
	{
		status: 403,
		is: 'credential_invalid',
		reason:
			"LINE does not allow this call. In the LINE Developers Console check that the token is of a Messaging API channel and that its tab 'Security' lets this n8n's IP address in; in LINE Official Account Manager check the account's plan.",
	},
	{
		status: 429,
		message: /monthly limit/i,
		says: ['You have reached your monthly limit'],
		is: 'quota_used',
		reason:
			"The LINE account has used up its messages of this month. Raise the plan or the limit for additional messages in LINE Official Account Manager, or wait until the 1st. Answers within a minute of a contact's message cost nothing and still go.",
	},
	{
		status: 429,
		is: 'rate_limited',
		reason: 'LINE asks to send more slowly, to this person or altogether. Try again in a moment.',
		retryAfterMs: RATE_RETRY_MS,
	},
	{
		status: 400,
		message: /failed to send messages|property, 'to',/i,
		says: ['Failed to send messages', "The property, 'to', in the request body is invalid"],
		is: 'recipient_unreachable',
		reason:
			"LINE does not know this person on this account. User IDs differ from one LINE provider to the next, so the contact must write to this account, or add it as a friend, first.",
	},
	{
		status: 400,
		message: /originalContentUrl|previewImageUrl|\.uri\b/,
		says: ['messages[0].originalContentUrl: must be https', 'messages[0].previewImageUrl: must be https'],
		is: 'configuration_invalid',
		reason:
			"LINE does not take the address of a file. It must be https and have at most 1,000 characters: check n8n's WEBHOOK_URL, and shorten the file's name.",
	},
	{
		status: 400,
		is: 'content_unsupported',
		reason: "LINE refused what the message consists of. 'providerMessage' names the part; change it and send again.",
	},
	{
		status: [410, 415],
		is: 'content_unsupported',
		reason: 'LINE refused the message because it is too large, of the wrong type or no longer there. Shorten it and send again.',
	},
	{
		status: 404,
		is: 'configuration_invalid',
		reason: "The address in 'Base URL' of the credential does not know LINE's calls. Use https://api.line.me, or the address of your own gateway.",
	},
];

const OWN_TROUBLE: FailureRow = { status: [500, 599], is: 'provider_unavailable', reason: 'LINE has trouble of its own at the moment. Try again later.' };

/** The call may be made again, with its key. Whoever sends it anew makes another message of it. */
export const PUSH_UNCLEAR =
	'LINE gave no clear answer, so it is not known whether the message was sent. Ask the contact before you send it again: as a new message it could arrive twice.';

/** Status codes that mean something else for each purpose. */
const BY_PURPOSE: Record<Purpose, readonly FailureRow[]> = {
	push: [
		{
			status: [500, 599],
			when: 'to a push',
			is: 'outcome_unknown',
			retryable: true,
			reason: PUSH_UNCLEAR,
		},
	],
	reply: [
		{
			status: [500, 599],
			when: 'to an answer with a reply token',
			is: 'outcome_unknown',
			reason: 'LINE had trouble of its own, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.',
		},
	],
	address: [
		{
			status: 400,
			is: 'configuration_invalid',
			reason: "LINE does not take n8n's webhook address. It must be a public https address of at most 500 characters: check n8n's WEBHOOK_URL.",
		},
		OWN_TROUBLE,
	],
	other: [OWN_TROUBLE],
};

/** Of messages. */
export const FAILURES: readonly FailureRow[] = [...BY_PURPOSE.push, ...BY_PURPOSE.reply, ...REFUSALS];
/** Of calls that send nothing. */
export const OTHER_FAILURES: readonly FailureRow[] = [...BY_PURPOSE.address, ...BY_PURPOSE.other];

/** What a refusal by LINE means. */
export function refused(response: HttpResponse, purpose: Purpose): ConversationsError {
	return new ConversationsError(failureOf(LINE, [...BY_PURPOSE[purpose], ...REFUSALS], refusalOf(response)));
}

export function refusalOf({ status, headers, bytes }: HttpResponse): Refusal {
	const answer = parseAnswer(bytes);
	const details = objectsAt(answer, 'details').map((detail) =>
		[textAt(detail, 'property'), textAt(detail, 'message')].filter(Boolean).join(': '),
	);
	const message = [textAt(answer, 'message'), details.length > 0 && `[${details.join('; ')}]`].filter(Boolean).join(' ');
	const trace = headers['x-line-request-id'];
	// LINE itself names no time; a gateway before it may.
	const seconds = numberAt(headers, 'retry-after');
	return {
		status,
		...(message !== '' && { message }),
		...(trace !== undefined && { trace }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
	};
}
