import { ConversationsError, failure, type Failure } from '../../core/failure';
import type { HttpResponse } from '../../core/http';
import { failureOf, type FailureRow, type Refusal } from '../kit/call';
import { numberAt, objectAt, parseAnswer, textAt } from '../kit/json';
import { TELEGRAM } from './facts';
import { ACCOUNT_AND_PEOPLE_ROWS, OTHER_ROWS } from './refusals';
import { CONTENT_ROWS } from './refusals-of-content';

/** The one table; the first line that fits counts. */
export const FAILURES: readonly FailureRow[] = [...ACCOUNT_AND_PEOPLE_ROWS, ...CONTENT_ROWS, ...OTHER_ROWS];

export function refusalOf({ status, headers, bytes }: HttpResponse): Refusal {
	const answer = parseAnswer(bytes);
	const message = textAt(answer, 'description');
	const seconds = numberAt(objectAt(answer, 'parameters'), 'retry_after') ?? numberAt(headers, 'retry-after') ?? secondsIn(message);
	return {
		// Through a gateway the body may know better than the status.
		status: status < 400 ? (numberAt(answer, 'error_code') ?? status) : status,
		...(message !== undefined && { message }),
		...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
	};
}

/** 'Too Many Requests: retry after 7', for a gateway that passes on the words only. */
function secondsIn(message = ''): number | undefined {
	const [, seconds] = /retry after (\d+)/i.exec(message) ?? [];
	return seconds === undefined ? undefined : Number(seconds);
}

/** @throws ConversationsError for what Telegram refused. */
export function refuse(response: HttpResponse): never {
	throw new ConversationsError(failureOf(TELEGRAM, FAILURES, refusalOf(response)));
}

/** An answer that is not Telegram's although it says that all is well, e.g. of a proxy in between. */
export function unexpectedAnswer(): Failure {
	return failure(
		'outcome_unknown',
		"The answer was not Telegram's, so it is not known whether the message was sent. It is not sent again. Check the credential's base URL, and any proxy on the way.",
		{ channel: TELEGRAM.id },
	);
}
