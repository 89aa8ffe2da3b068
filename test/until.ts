import { setTimeout as wait } from 'node:timers/promises';

/** Waits for something to become true; a test that waits for what never comes fails with its own sentence. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
	const end = Date.now() + withinMs;
	while (!(await holds())) {
		if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain for: ${holds.toString()}`);
		await wait(2);
	}
}
