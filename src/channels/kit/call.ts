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
		throw new ConversationsError(unanswered(channel, error.when));
	}
}

/** What it means that there was no answer, or none in time. */
export function unanswered({ id, name }: Named, when: Unanswered['when']): Failure {
	return when === 'before'
		? failure(
				'provider_unavailable',
				`${name} cannot be reached. Check that this n8n has access to the internet and that the credential's base URL is right; then try again.`,
				{ channel: id },
			)
		: failure(
				'outcome_unknown',
				`${name} did not answer in time, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.`,
				{ channel: id },
			);
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
	/** Words that `message` finds, as the provider writes them; for docs/failures.md. */
	says?: readonly string[];
	/** What else tells it apart, in our words; for docs/failures.md. */
	when?: string;
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
	const row = [...rows, ...statusRows(channel)].find((each) => fits(each, refusal)) ?? unknownRefusal(channel, refusal);
	const retryAfterMs = refusal.retryAfterMs ?? row.retryAfterMs;
	return failure(row.is, row.reason, {
		channel: channel.id,
		...(row.retryable !== undefined && { retryable: row.retryable }),
		...(retryAfterMs !== undefined && { retryAfterMs }),
		providerCode: [refusal.code ?? String(refusal.status), refusal.subcode].filter(Boolean).join('/'),
		providerMessage: [refusal.message, refusal.trace && `(trace ${refusal.trace})`].filter(Boolean).join(' ') || null,
	});
}

/** A gateway that got no answer says nothing about what happened behind it. 520 and 524 are Cloudflare's. */
const NO_ANSWER_BEHIND = [502, 504, 520, 524];

/** What HTTP alone tells, where a channel's own table has nothing. The first line that fits counts. */
export function statusRows({ name }: Pick<Named, 'name'>): readonly FailureRow[] {
	return [
		...NO_ANSWER_BEHIND.map((status): FailureRow => ({
			status,
			is: 'outcome_unknown',
			reason: `A gateway before ${name} got no answer from it, so it is not known whether the message was sent. It is not sent again, so that the contact does not get it twice.`,
		})),
		{ status: [500, 599], is: 'provider_unavailable', reason: `${name} could not take the message. Try again later.` },
		{ status: 429, is: 'rate_limited', reason: `${name} asks to send more slowly. Try again later.` },
		{ status: 413, is: 'content_unsupported', reason: `The message is too large for ${name}, or for a proxy on the way. Send smaller files, or links to them.` },
	];
}

function unknownRefusal({ name }: Named, { code, message }: Refusal): FailureRow {
	return { is: 'rejected', reason: `${name} ${toldBy(name, code, message)}` };
}

function toldBy(name: string, code: string | undefined, message: string | undefined): string {
	if (message !== undefined) return `refused the message for a reason that is not known here. 'providerMessage' says why; ${name}'s documentation says more.`;
	if (code !== undefined) return `refused the message with a code that is not known here. Look 'providerCode' up in ${name}'s documentation.`;
	return "or something between it and this n8n refused the message without a word. Check the credential's base URL and any proxy on the way.";
}
