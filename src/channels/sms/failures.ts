import { ConversationsError, failure, type Failure } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { numberAt, parseAnswer, textAt } from '../kit/json';
import { SMS } from './facts';
import { ACCOUNT_ROWS, RATE_ROWS, RECIPIENT_ROWS, SENDER_ROWS } from './refusals';
import { CONTENT_ROWS, LATE_ROWS } from './refusals-of-content';

const STATUS_ROWS: readonly FailureRow[] = [
	{
		status: 401,
		is: 'credential_invalid',
		reason: "Twilio does not take the Auth Token. Copy it again from the start page of the Twilio Console into 'Auth Token' of the credential.",
	},
	{
		status: 404,
		is: 'configuration_invalid',
		reason: "What answers at 'Base URL' of the credential does not know Twilio's calls. Use https://api.twilio.com, or the address of your own gateway.",
	},
];

/** The one table; the first line that fits counts. */
export const FAILURES: readonly FailureRow[] = [
	...ACCOUNT_ROWS,
	...RATE_ROWS,
	...RECIPIENT_ROWS,
	...SENDER_ROWS,
	...CONTENT_ROWS,
	...LATE_ROWS,
	...STATUS_ROWS,
];

export const LATE_UNKNOWN: FailureRow = {
	when: 'any other code of a message that Twilio had taken, or none',
	is: 'not_delivered',
	reason: "Twilio took the message, but it did not arrive, for a reason that nobody names or that is not known here; 'providerCode' is Twilio's. Send it again, or use another channel.",
};

/** What a refusal by Twilio means. `first`: lines that only hold for this call. */
export function refused(response: HttpResponse, first: readonly FailureRow[] = []): ConversationsError {
	return new ConversationsError(failureOf(SMS, [...first, ...FAILURES], refusalOf(response)));
}

/** Twilio names no time to wait; a gateway before it may. */
function refusalOf({ status, headers, bytes }: HttpResponse): Refusal {
	const answer = parseAnswer(bytes);
	const [code, message, seconds] = [textAt(answer, 'code'), textAt(answer, 'message'), numberAt(headers, 'retry-after')];
	const trace = headers['twilio-request-id'];
	return {
		status,
		...(code !== undefined && { code }),
		...(message !== undefined && { message }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
		...(trace !== undefined && { trace }),
	};
}

/** Why a message that Twilio had taken did not arrive. It was accepted before, so that sending it again could double it. */
export function lateFailure(code: string | undefined, words: string | undefined): Failure {
	// The status stands for an answer that was given long ago: no line goes by it.
	const refusal: Refusal = { status: 200, ...(code !== undefined && { code }), ...(words !== undefined && { message: words }) };
	const late = failureOf(SMS, [...FAILURES, LATE_UNKNOWN], refusal);
	return { ...late, retryable: false, retryAfterMs: null, providerCode: code ?? null };
}

export function canceled(): Failure {
	return failure('not_delivered', 'The message was cancelled at Twilio before it went out. Send it again if it is still needed.', {
		channel: SMS.id,
		providerCode: 'canceled',
	});
}

/** A success that is not what Twilio documents says nothing about the message. */
export function unknownOutcome(): ConversationsError {
	const reason =
		"Something that does not speak Twilio's format answered, so it is not known whether the message was sent. It is not sent again. Check 'Base URL' of the credential.";
	return new ConversationsError(failure('outcome_unknown', reason, { channel: SMS.id }));
}

export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: SMS.id }));
}

export function misconfigured(reason: string): ConversationsError {
	return new ConversationsError(failure('configuration_invalid', reason, { channel: SMS.id }));
}
