import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Finds work of a transaction that goes past its own records: it would wait for the connection it holds itself, or
 * would write what a rollback does not take back.
 */
export class Nesting {
	readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

	async during<T>(work: () => Promise<T>): Promise<T> {
		const mark = { open: true };
		try {
			return await this.#inside.run(mark, work);
		} finally {
			// What was started in there and lives on may use the store again.
			mark.open = false;
		}
	}

	/** @throws Error naming the programming error. */
	assertOutside(): void {
		if (this.#inside.getStore()?.open)
			throw new Error(
				'The store was used from inside the work of atomically(): use the records that the work is given.',
			);
	}
}
