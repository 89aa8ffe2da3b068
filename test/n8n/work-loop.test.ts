import { WorkLoop } from '../../src/n8n/work-loop';

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

test('never runs twice at once; a wake in between makes it run once more', async () => {
	let [running, most, runs] = [0, 0, 0];
	const loop = new WorkLoop('a test', 60_000, async () => {
		runs += 1;
		running += 1;
		most = Math.max(most, running);
		await soon();
		running -= 1;
		return undefined;
	});
	for (let count = 0; count < 5; count += 1) loop.wake();
	await soon();
	await soon();
	await soon();
	await loop.stop();
	expect({ most, runs }).toEqual({ most: 1, runs: 2 });
});

test('runs again after the time it asked for, and after a failure', async () => {
	let runs = 0;
	const loop = new WorkLoop('a test', 5, () => {
		runs += 1;
		return runs === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(1);
	});
	loop.wake();
	while (runs < 4) await soon();
	await loop.stop();
	const ended = runs;
	await soon();
	expect(runs).toBe(ended);
});

test('a stopped loop stays stopped', async () => {
	let runs = 0;
	const loop = new WorkLoop('a test', 1, () => Promise.resolve((runs += 1)));
	await loop.stop();
	loop.wake();
	await soon();
	expect(runs).toBe(0);
});
