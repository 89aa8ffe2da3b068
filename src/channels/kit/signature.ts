import { createHmac, timingSafeEqual, type BinaryLike } from 'node:crypto';

/** HMAC-SHA256 of `data`, in base64url without padding. */
export function sign(data: string, key: Uint8Array): string {
	return createHmac('sha256', key).update(data).digest('base64url');
}

/** Constant time. False for anything that is not exactly the signature of `data`. */
export function isSignatureOf(signature: string, data: string, key: Uint8Array): boolean {
	return isSame(signature, sign(data, key));
}

/** HMAC-SHA256 of the bytes of a body, as providers put it into a header. */
export function hmacSha256(body: Uint8Array, key: BinaryLike, encoding: 'hex' | 'base64'): string {
	return createHmac('sha256', key).update(body).digest(encoding);
}

/** Constant time for texts of one length; an empty or missing one is never the same. */
export function isSame(given: string | undefined, expected: string): boolean {
	if (!given || !expected) return false;
	const [a, b] = [Buffer.from(given), Buffer.from(expected)];
	return a.length === b.length && timingSafeEqual(a, b);
}
