import { eachWithStore, type StoreEngine } from './harness';

export function quotasContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const quotas = () => opened().store.records.quotas;

	test('an allowance is counted per account and period', async () => {
		expect(await quotas().used('viber', 'bot', '2026-11')).toBe(0);
		for (const reserved of [true, true, false]) expect(await quotas().reserve('viber', 'bot', '2026-11', 2)).toBe(reserved);
		expect(await quotas().used('viber', 'bot', '2026-11')).toBe(2);
		expect(await quotas().reserve('viber', 'bot', '2026-12', 2)).toBe(true);
		expect(await quotas().reserve('viber', 'other', '2026-11', 2)).toBe(true);
		// The provider allows more now, then less than was used.
		expect(await quotas().reserve('viber', 'bot', '2026-11', 3)).toBe(true);
		expect(await quotas().reserve('viber', 'bot', '2026-11', 1)).toBe(false);
		expect(await quotas().used('viber', 'bot', '2026-11')).toBe(3);
	});

	test('nothing is reserved where nothing is allowed', async () => {
		for (const limit of [0, -1]) expect(await quotas().reserve('line', 'a', '2026-11', limit)).toBe(false);
		expect(await quotas().used('line', 'a', '2026-11')).toBe(0);
	});

	test('what was not used is given back, and never more', async () => {
		await quotas().reserve('line', 'a', '2026-11', 1);
		expect(await quotas().reserve('line', 'a', '2026-11', 1)).toBe(false);
		for (let time = 0; time < 2; time++) await quotas().release('line', 'a', '2026-11');
		await quotas().release('line', 'a', '2026-12');
		expect(await quotas().used('line', 'a', '2026-11')).toBe(0);
		expect(await quotas().reserve('line', 'a', '2026-11', 1)).toBe(true);
		expect(await quotas().reserve('line', 'a', '2026-11', 1)).toBe(false);
	});

	test('many that reserve at once never exceed it, and what is rolled back was not used', async () => {
		const other = await opened().reopen();
		const reserved = await Promise.all(
			Array.from({ length: 40 }, (_, index) =>
				index % 2 === 0
					? quotas().reserve('viber', 'bot', 'p', 25)
					: other.atomically((inside) => inside.quotas.reserve('viber', 'bot', 'p', 25)),
			),
		);
		expect(reserved.filter(Boolean)).toHaveLength(25);
		expect(await quotas().used('viber', 'bot', 'p')).toBe(25);
		const stopped = other.atomically(async (inside) => {
			expect(await inside.quotas.reserve('viber', 'bot', 'p', 26)).toBe(true);
			throw new Error('stopped');
		});
		await expect(stopped).rejects.toThrow('stopped');
		expect(await quotas().used('viber', 'bot', 'p')).toBe(25);
	});
}
