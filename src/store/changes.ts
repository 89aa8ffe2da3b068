import type { Engine } from './engines/engine';

/** Who wants to know of what. One look at other processes serves all listeners. */
export class Changes {
	readonly #engine: Engine;
	readonly #listeners = new Map<string, Set<() => void>>();
	#stopWatching: (() => void) | undefined;

	constructor(engine: Engine) {
		this.#engine = engine;
	}

	on(topic: string, listener: () => void): () => void {
		// Wrapped, so that one function may listen twice and each is taken away on its own.
		const call = (): void => guarded(listener);
		const listeners = this.#listeners.get(topic) ?? new Set();
		this.#listeners.set(topic, listeners.add(call));
		this.#stopWatching ??= this.#engine.watch((topics) => this.#fire(topics ?? [...this.#listeners.keys()]));
		return () => {
			listeners.delete(call);
			if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
			if (this.#listeners.size === 0) this.#stop();
		};
	}

	committed(topics: ReadonlySet<string>): void {
		this.#fire(topics);
	}

	close(): void {
		this.#listeners.clear();
		this.#stop();
	}

	#fire(topics: Iterable<string>): void {
		for (const topic of topics) for (const call of [...(this.#listeners.get(topic) ?? [])]) call();
	}

	#stop(): void {
		this.#stopWatching?.();
		this.#stopWatching = undefined;
	}
}

/** A listener's failure is its own: the commit it is told of stands, and the other listeners are called. */
function guarded(listener: () => unknown): void {
	const warn = (error: unknown): void =>
		process.emitWarning(
			`A listener for changes of the conversations store failed: ${error instanceof Error ? error.name : typeof error}`,
		);
	try {
		const result = listener();
		if (result instanceof Promise) result.catch(warn);
	} catch (error) {
		warn(error);
	}
}
