/** Waits for something to become true; a test that waits for what never comes fails with its own sentence. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
	const end = Date.now() + withinMs;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain for: ${holds.toString()}`);
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}
