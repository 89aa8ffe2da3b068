import { createHash } from 'node:crypto';
import type { WebhookRequest } from '../../core/channel';
import { isSame } from '../kit/signature';

/** WeChat's signature of some words: SHA-1 of them in order, one behind the other, in hex. */
function signatureOf(words: readonly string[]): string {
	return createHash('sha1').update(words.toSorted().join('')).digest('hex');
}

/**
 * Whether a parameter of the query signs the token, the time and the nonce of the request, and `more` with them. Constant
 * time; false for anything that is missing.
 */
export function isSigned({ query }: WebhookRequest, parameter: 'signature' | 'msg_signature', token: string, ...more: string[]): boolean {
	const { timestamp, nonce } = query;
	if (token === '' || !timestamp || !nonce) return false;
	return isSame(query[parameter], signatureOf([token, timestamp, nonce, ...more]));
}
