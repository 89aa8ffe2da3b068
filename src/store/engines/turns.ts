import { setImmediate as nextTurnOfTheEventLoop } from 'node:timers/promises';

/** Longest time for which queued work follows work without timers and network getting a turn. */
const STRETCH_MS = 5;

/** One after the other, first come, first served. */
export class Turns {
	#taken = false;
	#stretchBeganAt = 0;
	readonly #waiting: (() => void)[] = [];

	async take(): Promise<void> {
		if (!this.#taken) {
			this.#taken = true;
			return;
		}
		await new Promise<void>((resolve) => this.#waiting.push(resolve));
		// SQLite's work is synchronous: a long queue of it would otherwise run through without a break.
		if (performance.now() - this.#stretchBeganAt > STRETCH_MS) {
			await nextTurnOfTheEventLoop();
			this.#stretchBeganAt = performance.now();
		}
	}

	give(): void {
		const next = this.#waiting.shift();
		if (next) next();
		else this.#taken = false;
	}
}
