import type { EpochMs } from '../../core/channel';
import { isSignatureOf, sign } from './signature';

/** How long the address of a file works, at least; at most twice as long. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * The query of a file's address: unguessable, and valid for some hours. `as`: the type it is served as, for providers that
 * look at it.
 */
export function fileQuery(fileId: string, key: Uint8Array, now: EpochMs, as?: string): string {
	// Rounded, so that a page that is told again keeps what its browser has loaded.
	const until = (Math.floor(now / LIFETIME_MS) + 2) * LIFETIME_MS;
	const type = as === undefined ? '' : `&as=${encodeURIComponent(as)}`;
	return `id=${fileId}&until=${until}${type}&signature=${sign(signed(fileId, until, as), key)}`;
}

/** Whether a file's address is one of ours and still valid. */
export function mayReadFile(
	query: { id?: string; until?: string; as?: string; signature?: string },
	key: Uint8Array,
	now: EpochMs,
): boolean {
	const { id, until, as, signature } = query;
	if (!id || !until || !signature || !/^\d{1,15}$/.test(until) || Number(until) < now) return false;
	return isSignatureOf(signature, signed(id, until, as), key);
}

const signed = (id: string, until: number | string, as: string | undefined) => `file:${id}:${until}${as === undefined ? '' : `:${as}`}`;
