import type { ChannelId } from './channel-ids';
import { FAILURE_CODES, type FailureCode } from './failure-codes';

export type { FailureCode };

/** Plain data: stored with the message, handed to workflows, compared in tests. */
export interface Failure {
	code: FailureCode;
	/** A sentence that says what happened and what to do next. Never holds a secret or message text. */
	reason: string;
	channel: ChannelId | null;
	/** True only when the message was surely not accepted, so that sending again cannot double it. */
	retryable: boolean;
	/** How long to wait before: as the provider asks, else as long as its documentation says. Null: nobody says. */
	retryAfterMs: number | null;
	/** The provider's own code, verbatim: '131047', with a subcode '190/463', of mail servers '550 5.1.1', else the HTTP status. */
	providerCode: string | null;
	/** The provider's own words, verbatim, and its trace id for its support desk: 'Rate limit hit (trace Az8or2yhqkZ)'. */
	providerMessage: string | null;
}

/** `retryable`: as a rule for the code, where nothing else is said. */
export function failure(
	code: FailureCode,
	reason: string,
	more: Partial<Omit<Failure, 'code' | 'reason'>> = {},
): Failure {
	return {
		code,
		reason,
		channel: more.channel ?? null,
		retryable: more.retryable ?? FAILURE_CODES[code].retryable,
		retryAfterMs: more.retryAfterMs ?? null,
		providerCode: more.providerCode ?? null,
		providerMessage: more.providerMessage ?? null,
	};
}

const MAY_PASS: ReadonlySet<FailureCode> = new Set(['provider_unavailable', 'outcome_unknown', 'rate_limited']);

/** Whether it may be over by itself: the provider could not answer, rather than said no. */
export function mayPass({ code }: Pick<Failure, 'code'>): boolean {
	return MAY_PASS.has(code);
}

/** Thrown by a channel's `send` and by the rules of core; carries the failure as data. */
export class ConversationsError extends Error {
	override readonly name = 'ConversationsError';
	constructor(
		readonly failure: Failure,
		/** Provider ids of the parts that were accepted before the failing one. */
		readonly accepted: readonly string[] = [],
		options?: ErrorOptions,
	) {
		super(failure.reason, options);
	}
}

/** The caller named something that is not there or cannot be: whoever built the workflow must change it. */
export class InputError extends Error {
	override readonly name = 'InputError';
	constructor(
		/** The parameter to change, as the user sees it, e.g. 'Contact'. */
		readonly parameter: string,
		message: string,
	) {
		super(message);
	}
}
