import type { ChannelId } from './channel-ids';

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

/** Plain data: stored with the message, handed to workflows, compared in tests. */
export interface Failure {
	code: FailureCode;
	/** A sentence that says what happened and what to do next. Never holds a secret or message text. */
	reason: string;
	channel: ChannelId | null;
	/** True only when the message was surely not accepted, so that sending again cannot double it. */
	retryable: boolean;
	retryAfterMs: number | null;
	/** The provider's own code and words, verbatim, for its support desk. */
	providerCode: string | null;
	providerMessage: string | null;
}

const SAFE_TO_RETRY: ReadonlySet<FailureCode> = new Set(['rate_limited', 'provider_unavailable']);

export function failure(
	code: FailureCode,
	reason: string,
	more: Partial<Omit<Failure, 'code' | 'reason'>> = {},
): Failure {
	return {
		code,
		reason,
		channel: more.channel ?? null,
		retryable: more.retryable ?? SAFE_TO_RETRY.has(code),
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
