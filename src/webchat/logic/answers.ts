import type { Refusal } from '../../channels/webchat/wire';
import { SENTENCES } from './sentences';

/** Why a call is to be made again later. `not_listening`: a test address while the editor does not listen. */
export type LaterCause = 'unreachable' | 'not_listening' | 'too_many';

export interface Later {
	kind: 'later';
	cause: LaterCause;
	/** For the visitor. */
	sentence: string;
	/** Asked for by the server; null: our own backoff decides. */
	afterMs: number | null;
}

/** What became of one call. Only `done` means that the server took it. */
export type Outcome<T> =
	| { kind: 'done'; value: T }
	| { kind: 'unauthorized' }
	/** The same call would be refused again. */
	| { kind: 'refused'; sentence: string }
	| Later;

/** An outcome after the session has dealt with refused tokens. */
export type Settled<T> = Exclude<Outcome<T>, { kind: 'unauthorized' }>;

export const UNREACHABLE: Later = { kind: 'later', cause: 'unreachable', sentence: SENTENCES.unreachable, afterMs: null };

const RETRIED_STATUSES = new Set([404, 408, 425, 429]);

/**
 * Judges an HTTP answer.
 * @param body the parsed JSON, or undefined when the answer was not JSON
 * @param pick gives the expected part of the body, or undefined when it is not there. While n8n starts, or a proxy
 *   answers in its place, status 200 says nothing; only the expected field does.
 */
export function judge<T>(status: number, body: unknown, test: boolean, pick: (body: object) => T | undefined): Outcome<T> {
	if (status >= 200 && status < 300) {
		const value = typeof body === 'object' && body !== null ? pick(body) : undefined;
		return value === undefined ? UNREACHABLE : { kind: 'done', value };
	}
	const refusal = refusalIn(body);
	if (status === 401) return { kind: 'unauthorized' };
	// 409: the test run no longer waits, or not yet.
	if ((status === 404 || status === 409) && test) return { kind: 'later', cause: 'not_listening', sentence: SENTENCES.notListening, afterMs: null };
	if (status === 429 || refusal?.code === 'too_many') {
		return { kind: 'later', cause: 'too_many', sentence: refusal?.message ?? SENTENCES.tooMany, afterMs: refusal?.retryAfterMs ?? null };
	}
	// 3xx: fetch follows redirects, so what is left of them comes from a broken proxy.
	if (status < 400 || status >= 500 || RETRIED_STATUSES.has(status)) {
		return { ...UNREACHABLE, sentence: refusal?.message ?? UNREACHABLE.sentence, afterMs: refusal?.retryAfterMs ?? null };
	}
	return { kind: 'refused', sentence: refusal?.message ?? (status === 413 ? SENTENCES.tooLarge : SENTENCES.refused) };
}

function refusalIn(body: unknown): { code: string; message?: string; retryAfterMs?: number } | null {
	if (typeof body !== 'object' || body === null || !('error' in body)) return null;
	const error = (body as { error: Partial<Refusal['error']> | null }).error;
	if (typeof error !== 'object' || error === null || typeof error.code !== 'string') return null;
	return {
		code: error.code,
		message: typeof error.message === 'string' && error.message !== '' ? error.message : undefined,
		retryAfterMs: typeof error.retryAfterMs === 'number' && error.retryAfterMs >= 0 ? error.retryAfterMs : undefined,
	};
}
