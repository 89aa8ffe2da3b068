import type { Failure } from '../../../core/failure';
import type { HttpResponse } from '../../../core/http';
import type { Refusal } from '../call';
import { numberAt, objectAt, parseAnswer, textAt } from '../json';

/**
 * What WhatsApp, Messenger and Instagram have in common: what their API says when it refuses.
 * Source: developers.facebook.com, Graph API: error handling; read 2026-11-21.
 */

export const GRAPH_VERSION = 'v26.0';

const MINUTE_MS = 60_000;

/** A token that is good and may not do this. */
export const PERMISSION_CODES: readonly string[] = ['3', '10', '131005', ...Array.from({ length: 100 }, (_, index) => String(200 + index))];

/** Whether the token itself is refused, rather than what it may do. */
export function isAboutToken({ code, providerCode }: Failure): boolean {
	return code === 'credential_invalid' && !PERMISSION_CODES.includes(providerCode?.split('/')[0] ?? '');
}

/** The Graph API's error of an answer; undefined when there is none. */
export function graphRefusal({ status, bytes, headers }: HttpResponse): Refusal | undefined {
	const answer = parseAnswer(bytes);
	const error = objectAt(answer, 'error');
	const code = textAt(error, 'code');
	if (status < 400 && code === undefined) return undefined;
	const details = textAt(objectAt(error, 'error_data'), 'details');
	const message = [textAt(error, 'message') ?? textAt(error, 'error_user_msg'), details].filter(Boolean).join(' ');
	const retryAfterMs = retryAfter(headers);
	const [subcode, trace] = [textAt(error, 'error_subcode'), textAt(error, 'fbtrace_id')];
	return {
		status,
		...(code !== undefined && { code }),
		...(subcode !== undefined && { subcode }),
		...(message !== '' && { message }),
		...(trace !== undefined && { trace }),
		...(retryAfterMs !== undefined && { retryAfterMs }),
	};
}

/** `Retry-After` in seconds, else the minutes that Meta's usage header names: the longest, for the call counts in several. */
function retryAfter(headers: HttpResponse['headers']): number | undefined {
	const seconds = numberAt(headers, 'retry-after');
	if (seconds !== undefined) return seconds * 1000;
	const named = (headers['x-business-use-case-usage'] ?? '').matchAll(/"estimated_time_to_regain_access"\s*:\s*(\d+)/g);
	const minutes = Math.max(0, ...[...named].map(([, each]) => Number(each)));
	return minutes > 0 ? minutes * MINUTE_MS : undefined;
}
