import { ConversationsError, failure, type Failure } from '../../core/failure';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { SEND_TIMEOUT_MS, SERVER } from './facts';

/** As what is told later stands in the table, and what is told with a status that says nothing of it. */
const LATE = 'failed';
const ERROR = 'error';
const IGNORED = 'ignored';

const NOT_AGAIN = 'It is not sent again, so that the contact does not get it twice.';

const TOKEN_REFUSED = [401, 403].map((status): FailureRow => ({
	status,
	is: 'credential_invalid',
	reason:
		"The integration server refused the token. Compare 'Token' and 'Channel ID' of the credential with those in the integration server. If they are the same, its own access to the messenger may be what was refused; 'providerMessage' may say so.",
}));

const NOTHING_THERE = [404, 405, 410].map((status): FailureRow => ({
	status,
	is: 'configuration_invalid',
	reason:
		"The integration server takes no messages at this address. Check 'URL' of the credential: messages are posted to it with '/message' at the end. If it is right, the server may not know the 'Channel ID'.",
}));

/** The protocol has no codes of its own: the HTTP status, and the words of respond.io's example. */
export const FAILURES: readonly FailureRow[] = [
	...TOKEN_REFUSED,
	{
		status: [300, 399],
		is: 'configuration_invalid',
		reason: "The address in 'URL' of the credential leads on to another one, and messages are not sent after it. Enter the address it leads to; often it begins with https.",
	},
	...NOTHING_THERE,
	{
		status: 400,
		message: /^\W*401\b/,
		says: ['401: UNAUTHORIZED'],
		is: 'configuration_invalid',
		reason: "The messenger behind the integration server refused the server's own access. Check the keys of the messenger in the integration server.",
	},
	{
		status: 400,
		message: /\bunsupported\b|\bnot (?:yet )?supported\b|não suportad[oa]/i,
		says: ['unsupported message type', 'not yet supported'],
		is: 'content_unsupported',
		reason: "The integration server does not take messages of this type. Give the channel a response of its own, e.g. a text, or have the server extended.",
	},
	...[413, 415, 422].map((status): FailureRow => ({
		status,
		is: 'content_unsupported',
		reason: "The integration server does not take this message. 'providerMessage' may say what is wrong with it; check its text, files and choices.",
	})),
	{
		status: 429,
		is: 'rate_limited',
		reason: 'The integration server asks to send more slowly. Try again later.',
	},
	{
		status: [400, 499],
		is: 'rejected',
		reason: "The integration server, or the messenger behind it, refused the message. 'providerMessage' says why, if the server told; else look into its log.",
	},
	{
		status: 503,
		is: 'provider_unavailable',
		reason: 'The integration server does not take messages at the moment. Try again later.',
	},
	{
		// In the protocol's own form it is an answer, and says that the message did not go (see api.ts).
		status: 500,
		code: '500',
		when: "in the protocol's own form",
		is: 'provider_unavailable',
		reason: "The integration server had trouble and did not pass the message on. 'providerMessage' says what it was, its log says more. Try again later.",
	},
	{
		// Any program may stand there, and may have failed after it had passed the message on.
		status: [500, 599],
		is: 'outcome_unknown',
		reason: `The integration server broke off while it had the message, so it is not known whether it passed it on. ${NOT_AGAIN} Its log says what happened.`,
	},
	{
		code: IGNORED,
		when: 'in an answer with a status of success',
		is: 'content_unsupported',
		reason: "The integration server answered that it ignored the message: it does nothing with this type. Send a text instead, or have the server extended.",
	},
	{
		code: ERROR,
		when: 'in an answer with a status of success',
		is: 'rejected',
		reason: "The integration server answered that the message did not go. 'providerMessage' says why, if the server told; else look into its log.",
	},
	{
		code: LATE,
		when: 'told later',
		is: 'not_delivered',
		reason: "The integration server took the message and told later that it could not be delivered. 'providerMessage' says why, if the server told. Send it again, or use another channel.",
	},
];

export function refused(refusal: Refusal): ConversationsError {
	return new ConversationsError(failureOf(SERVER, FAILURES, refusal));
}

/** An answer with a status of success that says the opposite. */
export function refusedInWords(about: 'error' | 'ignored', status: number, message: string | undefined): ConversationsError {
	return refused({ status, code: about === 'ignored' ? IGNORED : ERROR, ...(message !== undefined && { message }) });
}

/** What a message_status 'failed' means. `words`: the server's own. */
export function lateFailure(words: string | undefined): Failure {
	return failureOf(SERVER, FAILURES, { status: 0, code: LATE, ...(words !== undefined && { message: words }) });
}

export function unreachable(): ConversationsError {
	return new ConversationsError(
		failure(
			'provider_unavailable',
			"The integration server cannot be reached. Check that it is running, that 'URL' of the credential is its address, and that this n8n can get there; then try again.",
			{ channel: SERVER.id },
		),
	);
}

export function unanswered(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			`The integration server did not answer within ${SEND_TIMEOUT_MS / 1000} seconds, or cut the connection, so it is not known whether the message was sent. ${NOT_AGAIN} If it never answers: servers made after respond.io's example do so when the token is wrong. Compare 'Token' of the credential with the one in the server.`,
			{ channel: SERVER.id },
		),
	);
}

export function unreadable(): ConversationsError {
	return new ConversationsError(
		failure(
			'outcome_unknown',
			`Something that does not answer like an integration server has the message, so it is not known whether it was sent. ${NOT_AGAIN} Check 'URL' of the credential, and whether the server was just starting.`,
			{ channel: SERVER.id },
		),
	);
}

export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: SERVER.id }));
}
