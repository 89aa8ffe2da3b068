/** How many lanes are worked on at once. */
const LANES_AT_ONCE = 10;

export interface Job<T> {
	/** Jobs of one lane run in order, those of different lanes at the same time. Null: a lane of its own. */
	lane: string | null;
	/** Must not reject. */
	run(): Promise<T>;
}

/** The results in the order of the jobs. */
export async function inLanes<T>(jobs: readonly Job<T>[]): Promise<T[]> {
	const lanes = new Map<string, number[]>();
	for (const [index, { lane }] of jobs.entries()) {
		const name = lane === null ? `job ${index}` : `lane ${lane}`;
		lanes.set(name, [...(lanes.get(name) ?? []), index]);
	}
	const results = new Array<T>(jobs.length);
	const waiting = [...lanes.values()].reverse();
	const work = async () => {
		for (let lane = waiting.pop(); lane; lane = waiting.pop()) {
			for (const index of lane) {
				const job = jobs[index];
				if (job) results[index] = await job.run();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(LANES_AT_ONCE, lanes.size) }, work));
	return results;
}
