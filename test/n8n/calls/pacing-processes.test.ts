import { eachWithPacers, ANN, most, times } from './pacers';

const pacers = eachWithPacers();

test('three processes keep to the rate of the account together, and lose none of it', async () => {
	const { ask, clock, times: taken } = await pacers({ account: { count: 30, perMs: 1_000 } }, 3);
	for (const at of [0, 0, 10, 500, 990, 1_000, 1_001, 1_700, 2_500]) {
		await clock.runTo(at);
		for (const index of times(24)) void ask({ ...ANN, user: `user-${index}` }, 'any', { process: index % 3 });
	}
	await clock.runTo(60_000);
	expect(taken()).toHaveLength(9 * 24);
	expect(most(taken(), 1_000)).toBe(30);
	expect(Math.max(...taken())).toBeLessThanOrEqual(8_500);
});

test('two processes keep to the rate of one person together, each in the order they came', async () => {
	const { ask, clock, turns } = await pacers({ recipient: { count: 1, perMs: 6_000, burst: 3 }, account: { count: 80, perMs: 1_000 } }, 2);
	for (const index of times(10)) void ask(ANN, `${index % 2}-${index}`, { process: index % 2 });
	await clock.runTo(60_000);
	expect(turns.map(([, at]) => at)).toEqual([0, 0, 0, 6_000, 12_000, 18_000, 24_000, 30_000, 36_000, 42_000]);
	for (const process of ['0', '1']) {
		const names = turns.map(([name]) => name).filter((name) => name.startsWith(process));
		expect(names).toEqual([...names].sort());
	}
});

test('who waited for the account does not come to a person too often for that', async () => {
	const { ask, clock, turns, times: taken } = await pacers({ recipient: { count: 2, perMs: 1_000, burst: 2 }, account: { count: 5, perMs: 1_000 } }, 2);
	for (const index of times(40)) void ask({ ...ANN, user: `user-${index}` });
	for (const at of [0, 400, 3_000, 7_000]) {
		await clock.runTo(at);
		for (const index of times(3)) void ask(ANN, 'ann', { process: index % 2 });
	}
	await clock.runTo(60_000);
	const toAnn = turns.filter(([name]) => name === 'ann').map(([, at]) => at);
	expect(toAnn).toHaveLength(12);
	expect(most(toAnn, 1_000)).toBe(2);
	expect(taken()).toHaveLength(52);
	expect(most(taken(), 1_000)).toBe(5);
});

