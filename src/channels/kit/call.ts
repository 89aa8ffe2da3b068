import type { ChannelId } from '../../core/channel';
import { ConversationsError, failure, type Failure, type FailureCode } from '../../core/failure';
import { Unanswered, type HttpRequest, type HttpResponse } from '../../core/http';
import type { CallPorts } from '../../core/provider';

/** The name of a channel as it stands in sentences, e.g. 'Telegram'. */
export interface Named {
	id: ChannelId;
	name: string;
}

/** Makes a call that must be answered. @throws ConversationsError when it is not; AnswerTooLarge. */
export async function call(channel: Named, ports: Pick<CallPorts, 'http'>, request: HttpRequest): Promise<HttpResponse> {
	try {
		return await ports.http(request);
	} catch (error) {
		if (!(error instanceof Unanswered)) throw error;
		throw new ConversationsError(
			error.when === 'before'
				? failure(
						'provider_unavailable',
						`${channel.name} cannot be reached. Check that this n8n has access to the internet and that the credential's base URL is right; then try again.`,
						{ channel: channel.id },
					)
				: failure(
						'outcome_unknown',
						`${channel.name} did not answer in time, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.`,
						{ channel: channel.id },
					),
		);
	}
}

/** What a provider said when it refused. */
export interface Refusal {
	status: number;
	/** The provider's own code, where it has one. */
	code?: string;
	subcode?: string;
	/** The provider's own words. */
	message?: string;
	/** As it asks us to wait. */
	retryAfterMs?: number;
	/** For its support desk. */
	trace?: string;
}

/** One line of a channel's table of failures: every condition that is given must hold. The first line that fits counts. */
export interface FailureRow {
	status?: number | readonly [from: number, to: number];
	code?: string | readonly string[];
	subcode?: string | readonly string[];
	/** Looked for in the provider's words. */
	message?: RegExp;
	is: FailureCode;
	/** What happened and what to do next, for a person. */
	reason: string;
	retryable?: boolean;
	/** When the provider names no time. */
	retryAfterMs?: number;
}

const fitsOne = (wanted: string | readonly string[] | undefined, given: string | undefined) =>
	wanted === undefined || (given !== undefined && (typeof wanted === 'string' ? wanted === given : wanted.includes(given)));

function fits(row: FailureRow, refusal: Refusal): boolean {
	if (typeof row.status === 'number' && row.status !== refusal.status) return false;
	if (typeof row.status === 'object' && (refusal.status < row.status[0] || refusal.status > row.status[1])) return false;
	if (!fitsOne(row.code, refusal.code) || !fitsOne(row.subcode, refusal.subcode)) return false;
	return row.message === undefined || row.message.test(refusal.message ?? '');
}

/** The failure that a refusal means, by the channel's table; what is not in it is 'rejected' or the provider's trouble. */
export function failureOf(channel: Named, rows: readonly FailureRow[], refusal: Refusal): Failure {
	const row = rows.find((each) => fits(each, refusal)) ?? unknownRefusal(channel, refusal);
	const retryAfterMs = refusal.retryAfterMs ?? row.retryAfterMs;
	return failure(row.is, row.reason, {
		channel: channel.id,
		...(row.retryable !== undefined && { retryable: row.retryable }),
		...(retryAfterMs !== undefined && { retryAfterMs }),
		providerCode: [refusal.code ?? String(refusal.status), refusal.subcode].filter(Boolean).join('/'),
		providerMessage: [refusal.message, refusal.trace && `(trace ${refusal.trace})`].filter(Boolean).join(' ') || null,
	});
}

function unknownRefusal({ name }: Named, { status }: Refusal): FailureRow {
	// A gateway that got no answer says nothing about what happened behind it.
	if (status === 502 || status === 504) {
		return {
			is: 'outcome_unknown',
			reason: `${name} answered ${status}, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.`,
		};
	}
	if (status >= 500) {
		return { is: 'provider_unavailable', reason: `${name} could not take the message (status ${status}). Try again later.` };
	}
	if (status === 429) return { is: 'rate_limited', reason: `${name} asks to send more slowly. Try again later.` };
	return {
		is: 'rejected',
		reason: `${name} refused the message with a code that is not known here. 'providerMessage' says why; ${name}'s documentation says more.`,
	};
}
