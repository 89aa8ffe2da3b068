import type { Later } from './answers';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** Somebody sits in the editor and clicks; two seconds feel prompt and cost n8n next to nothing. */
const TEST_MS = 2_000;
/** A server that asks for longer than this is asked again anyway, so that a wrong clock cannot park a message for good. */
const ASKED_LONGEST_MS = 600_000;

/** How long to wait before the next attempt: `failures` counts the attempts that failed in a row, from 1. */
export type RetryPolicy = (later: Later, failures: number) => number;

/** Exponential backoff with jitter, so that the visitors of a restarted n8n do not all come back at once. */
export function retryPolicy(random: () => number): RetryPolicy {
	return (later, failures) => {
		if (later.afterMs !== null) return Math.min(later.afterMs, ASKED_LONGEST_MS) + random() * 500;
		if (later.cause === 'not_listening') return TEST_MS;
		const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
		return full / 2 + (random() * full) / 2;
	};
}

/** A wait that can be cut short: by the browser coming back online, the page being shown, another call's success. */
export class Pause {
	private wakeUp: (() => void) | null = null;

	for(waitMs: number): Promise<void> {
		this.wake();
		return new Promise((resolve) => {
			const timer = setTimeout(() => this.wake(), waitMs);
			this.wakeUp = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	wake(): void {
		const wakeUp = this.wakeUp;
		this.wakeUp = null;
		wakeUp?.();
	}
}
