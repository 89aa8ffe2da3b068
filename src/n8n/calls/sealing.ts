import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ProviderToken } from '../../core/provider';

const ALGORITHM = 'aes-256-gcm';
/** Stands before the sealed bytes, and in what the key is derived for. */
const VERSION = 1;
const PURPOSE = `n8n-nodes-conversations/provider-token/${VERSION}`;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed token opens with: the credential's secret, and the name it is kept by. */
export interface Seal {
	secret: string;
	key: string;
}

/** AES-256-GCM under a key derived from the secret; bound to its name, so that one cannot be put in another's place. */
export function seal({ token, until, refresh }: ProviderToken, by: Seal): Uint8Array {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv(ALGORITHM, keyOf(by), nonce, { authTagLength: TAG_BYTES });
	cipher.setAAD(Buffer.from(by.key));
	const sealed = [cipher.update(JSON.stringify({ token, until, refresh })), cipher.final()];
	return new Uint8Array(Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...sealed]));
}

/** Null for what was sealed with another secret, under another name, by a later version, or is no token at all. */
export function unseal(sealed: Uint8Array, by: Seal): ProviderToken | null {
	const bytes = Buffer.from(sealed);
	const [tagAt, textAt] = [1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES];
	if (bytes[0] !== VERSION || bytes.length < textAt) return null;
	try {
		const decipher = createDecipheriv(ALGORITHM, keyOf(by), bytes.subarray(1, tagAt), { authTagLength: TAG_BYTES });
		decipher.setAAD(Buffer.from(by.key));
		decipher.setAuthTag(bytes.subarray(tagAt, textAt));
		return tokenIn(Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]));
	} catch {
		return null;
	}
}

const keyOf = ({ secret }: Seal) => new Uint8Array(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES));

function tokenIn(text: Buffer): ProviderToken | null {
	const parsed: unknown = JSON.parse(text.toString());
	if (typeof parsed !== 'object' || parsed === null || !('token' in parsed) || !('until' in parsed)) return null;
	const { token, until } = parsed;
	const refresh = 'refresh' in parsed ? parsed.refresh : undefined;
	if (typeof token !== 'string' || (until !== null && typeof until !== 'number')) return null;
	return { token, until, ...(typeof refresh === 'string' && { refresh }) };
}
