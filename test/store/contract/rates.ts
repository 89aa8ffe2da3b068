import { eachWithStore, type StoreEngine } from './harness';

const LINE = { usedUntil: 1_763_719_200_033.333, recent: [1_763_719_200_000, 1_763_719_200_000.5] };

export function ratesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const rates = () => opened().store.records.rates;

	test('a line is what it was put as last, fractions too', async () => {
		expect(await rates().get('account:telegram/bot')).toBeUndefined();
		await rates().put('account:telegram/bot', { usedUntil: 1, recent: [] }, 1);
		await rates().put('account:telegram/bot', LINE, 2);
		expect(await rates().get('account:telegram/bot')).toEqual(LINE);
		expect(await rates().get('person:telegram/bot/ann')).toBeUndefined();
	});

	test('those that are quiet are forgotten, the longest quiet first, and no more than asked for', async () => {
		for (const [key, quietAt] of [['c', 30.5], ['a', 10], ['d', 40], ['b', 20]] as const) await rates().put(key, LINE, quietAt);
		expect(await rates().forget(9, 10)).toBe(0);
		expect(await rates().forget(30, 1)).toBe(1);
		expect(await rates().get('a')).toBeUndefined();
		// A line put again is quiet later.
		await rates().put('b', LINE, 50);
		expect(await rates().forget(30, 10)).toBe(0);
		expect(await rates().forget(40, 10)).toBe(2);
		expect(await rates().get('b')).toEqual(LINE);
		for (const key of ['c', 'd']) expect(await rates().get(key)).toBeUndefined();
	});

	test('whoever decides over one line sees what others decided, and what is rolled back was not', async () => {
		const stores = [opened().store, await opened().reopen()];
		const one = async (index: number) =>
			await stores[index % 2]?.atomically(async (records) => {
				await records.lock('rate:account');
				const { usedUntil } = (await records.rates.get('account')) ?? { usedUntil: 0 };
				await records.rates.put('account', { usedUntil: usedUntil + 1, recent: [] }, 1);
				if (index % 10 === 9) throw new Error('stopped');
			});
		const done = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => one(index)));
		expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(4);
		expect(await rates().get('account')).toEqual({ usedUntil: 36, recent: [] });
	});
}
