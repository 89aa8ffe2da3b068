import type { EpochMs } from '../../core/channel';
import { isSignatureOf, sign } from '../kit/signature';
import { TOKEN_LIFETIME_MS, TOKEN_RENEW_AFTER_MS } from './facts';

/** Who a page speaks for. The token is bound to one account, so it opens no other trigger's chat. */
export interface Visitor {
	account: string;
	user: string;
	issuedAt: EpochMs;
}

const USER_ID = /^[A-Za-z0-9_-]{22}$/;
/** Longer than any token we make; anything longer is not looked at. */
const TOKEN_MAX_LENGTH = 1024;

export function issueToken(visitor: Visitor, key: Uint8Array): string {
	const payload = Buffer.from(JSON.stringify({ a: visitor.account, u: visitor.user, i: visitor.issuedAt }));
	const body = `1.${payload.toString('base64url')}`;
	return `${body}.${sign(`visitor:${body}`, key)}`;
}

/** The visitor of a token of this account that is genuine and not too old, else null. Never throws. */
export function readToken(token: string, key: Uint8Array, account: string, now: EpochMs): Visitor | null {
	if (token.length > TOKEN_MAX_LENGTH) return null;
	const [version, payload, signature, ...rest] = token.split('.');
	if (version !== '1' || !payload || !signature || rest.length > 0) return null;
	if (!isSignatureOf(signature, `visitor:1.${payload}`, key)) return null;
	// Only what we signed is parsed, so it is JSON of this shape.
	const { a, u, i } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { a: string; u: string; i: number };
	if (a !== account || !USER_ID.test(u) || now - i > TOKEN_LIFETIME_MS) return null;
	return { account: a, user: u, issuedAt: i };
}

export function isDueForRenewal(visitor: Visitor, now: EpochMs): boolean {
	return now - visitor.issuedAt > TOKEN_RENEW_AFTER_MS;
}
