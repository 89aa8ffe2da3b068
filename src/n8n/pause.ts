import { setTimeout as pass } from 'node:timers/promises';

/** Resolves when `ms` have passed by the clock, or as soon as the signal says so. */
export async function pause(ms: number, signal: AbortSignal | null = null): Promise<void> {
	try {
		// Timers may end within the millisecond before.
		await pass(ms + 1, undefined, signal ? { signal } : {});
	} catch (error) {
		if (!signal?.aborted) throw error;
	}
}
