import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 of `data`, in base64url without padding. */
export function sign(data: string, key: Uint8Array): string {
	return createHmac('sha256', key).update(data).digest('base64url');
}

/** Constant time. False for anything that is not exactly the signature of `data`. */
export function isSignatureOf(signature: string, data: string, key: Uint8Array): boolean {
	const expected = Buffer.from(sign(data, key));
	const given = Buffer.from(signature);
	return given.length === expected.length && timingSafeEqual(given, expected);
}
