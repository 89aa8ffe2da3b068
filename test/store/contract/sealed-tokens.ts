import { eachWithStore, type StoreEngine } from './harness';
import { NOW } from './rows';

export function sealedTokensContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const tokens = () => opened().store.records.sealedTokens;
	const keys = async () => (await opened().rows())['sealed_tokens']?.map(({ key }) => key);

	test('bytes are kept by their key, as they are', async () => {
		const all = Uint8Array.from({ length: 256 }, (_, index) => index);
		expect(await tokens().get('wechat/1')).toBeUndefined();
		await tokens().put('wechat/1', all, NOW);
		expect(await tokens().get('wechat/1')).toEqual(all);
		await tokens().put('wechat/1', Uint8Array.of(1), NOW + 1);
		expect(await tokens().get('wechat/1')).toEqual(Uint8Array.of(1));
		expect(await tokens().get('wechat/2')).toBeUndefined();
	});

	test('one at a time asks for a new one; a turn that is not given back ends by itself', async () => {
		expect(await tokens().claim('k', 'one', NOW, NOW + 10)).toBe(true);
		// There is a turn, and no token yet.
		expect(await tokens().get('k')).toBeUndefined();
		expect(await tokens().claim('k', 'two', NOW + 9, NOW + 20)).toBe(false);
		expect(await tokens().claim('other', 'two', NOW, NOW + 10)).toBe(true);
		expect(await tokens().claim('k', 'one', NOW + 1, NOW + 15)).toBe(true);
		expect(await tokens().claim('k', 'two', NOW + 14, NOW + 20)).toBe(false);
		await tokens().put('k', Uint8Array.of(1), NOW + 14);
		expect(await tokens().claim('k', 'two', NOW + 14, NOW + 20)).toBe(false);
		expect(await tokens().claim('k', 'two', NOW + 15, NOW + 20)).toBe(true);
		expect(await tokens().get('k')).toEqual(Uint8Array.of(1));
		// It comes too late: the turn is another one's.
		await tokens().release('k', 'one');
		expect(await tokens().claim('k', 'one', NOW + 16, NOW + 30)).toBe(false);
		await tokens().release('k', 'two');
		expect(await tokens().claim('k', 'one', NOW + 16, NOW + 30)).toBe(true);
		await tokens().release('nothing', 'one');
	});

	test('of many that want the turn at once, one has it', async () => {
		const { sealedTokens: elsewhere } = (await opened().reopen()).records;
		const race = (now: number) =>
			Promise.all(
				Array.from({ length: 20 }, (_, index) => (index % 2 ? elsewhere : tokens()).claim('k', `${now}-${index}`, now, now + 10)),
			);
		expect((await race(NOW)).filter(Boolean)).toHaveLength(1);
		expect((await race(NOW + 9)).filter(Boolean)).toHaveLength(0);
		expect((await race(NOW + 10)).filter(Boolean)).toHaveLength(1);
	});

	test('what nobody put for long goes, unless somebody is about to', async () => {
		for (const [key, at] of [['old', NOW - 1], ['edge', NOW], ['asked for', NOW - 5]] as const) await tokens().put(key, Uint8Array.of(1), at);
		await tokens().claim('asked for', 'one', NOW + 60, NOW + 90);
		await tokens().claim('given up', 'one', NOW - 30, NOW - 20);
		await tokens().deleteBefore(NOW);
		expect(await keys()).toEqual(['asked for', 'edge']);
		await tokens().put('asked for', Uint8Array.of(2), NOW + 61);
		await tokens().release('asked for', 'one');
		await tokens().deleteBefore(NOW + 61);
		expect(await keys()).toEqual(['asked for']);
	});
}
