import type { EpochMs } from '../core/channel';

/** An instant as items have it: ISO 8601, UTC. */
export function iso(at: EpochMs): string;
export function iso(at: EpochMs | null): string | null;
export function iso(at: EpochMs | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}
