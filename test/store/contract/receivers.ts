import { aReceiver, aTestListener } from './channel-rows';
import { eachWithStore, type StoreEngine } from './harness';
import { NOW } from './rows';

export function receiversContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const receivers = () => opened().store.records.receivers;
	const testListeners = () => opened().store.records.testListeners;

	test('receivers of a key and of a trigger, oldest first; a change leaves the owner', async () => {
		const young = aReceiver('telegram/1', { createdAt: NOW + 1 });
		const old = aReceiver('telegram/1', { owner: true });
		const second = aReceiver('line/1', { subscriptionId: old.subscriptionId, by: 'polling', createdAt: NOW + 1 });
		for (const receiver of [young, second, old]) await receivers().upsert(receiver);
		expect(await receivers().get('telegram/1', old.subscriptionId)).toEqual(old);
		expect(await receivers().get('line/1', young.subscriptionId)).toBeUndefined();
		expect(await receivers().ofKey('telegram/1')).toEqual([old, young]);
		expect(await receivers().ofKey('nothing')).toEqual([]);
		expect(await receivers().ofSubscription(old.subscriptionId)).toEqual([old, second]);

		const changed = { ...old, channel: 'viber', account: 'x', url: 'https://other', by: 'polling', createdAt: NOW + 9 } as const;
		await receivers().upsert({ ...changed, owner: false });
		expect(await receivers().ofKey('telegram/1')).toEqual([young, changed]);
		await receivers().upsert({ ...young, owner: true });
		expect(await receivers().get('telegram/1', young.subscriptionId)).toEqual(young);

		await receivers().remove('telegram/1', old.subscriptionId);
		await receivers().remove('telegram/1', 'nobody');
		expect(await receivers().ofKey('telegram/1')).toEqual([young]);
		expect(await receivers().ofSubscription(old.subscriptionId)).toEqual([second]);
	});

	test('receivers of an account, whatever the provider keys them by', async () => {
		const young = aReceiver('app', { createdAt: NOW + 1 });
		const old = aReceiver('number', { url: 'https://old' });
		const others = [aReceiver('app', { account: 'other' }), aReceiver('app', { channel: 'line' })];
		for (const receiver of [young, ...others, old]) await receivers().upsert(receiver);
		expect(await receivers().ofAccount('telegram', 'bot')).toEqual([old, young]);
		expect(await receivers().ofAccount('telegram', 'nobody')).toEqual([]);
	});

	test('a key has one owner, whoever makes itself that at once', async () => {
		const [one, two, elsewhere] = [aReceiver('k'), aReceiver('k'), aReceiver('other', { owner: true })];
		for (const receiver of [one, two, elsewhere]) await receivers().upsert(receiver);
		const owners = async () => (await receivers().ofKey('k')).filter(({ owner }) => owner).map((each) => each.subscriptionId);
		expect(await owners()).toEqual([]);
		await receivers().setOwner('k', one.subscriptionId);
		expect(await owners()).toEqual([one.subscriptionId]);
		const other = await opened().reopen();
		await Promise.all([
			receivers().setOwner('k', one.subscriptionId),
			other.records.receivers.setOwner('k', two.subscriptionId),
			receivers().setOwner('k', two.subscriptionId),
			other.records.receivers.setOwner('k', one.subscriptionId),
		]);
		expect(await owners()).toHaveLength(1);
		await receivers().setOwner('k', two.subscriptionId);
		expect(await owners()).toEqual([two.subscriptionId]);
		// Gone meanwhile.
		await receivers().setOwner('k', 'nobody');
		expect(await owners()).toEqual([two.subscriptionId]);
		expect(await receivers().ofKey('other')).toEqual([elsewhere]);
		await expect(receivers().upsert(aReceiver('k', { owner: true }))).rejects.toMatchObject({
			kind: 'duplicate',
			message: expect.stringContaining('owns this webhook'),
		});
	});

	test('editors that listen, until their time is over', async () => {
		const late = aTestListener({ until: NOW + 2, accounts: {} });
		const first = aTestListener({ until: NOW + 1, channels: [] });
		for (const listener of [late, first]) await testListeners().put(listener);
		expect(await testListeners().live(NOW)).toEqual([first, late]);
		expect(await testListeners().live(NOW + 1)).toEqual([late]);
		const again = { ...first, channels: ['line' as const], accounts: { line: ['a', 'b'] }, url: 'https://other', until: NOW + 9 };
		await testListeners().put(again);
		expect(await testListeners().live(NOW + 1)).toEqual([late, again]);

		const other = await opened().reopen();
		const removed = await Promise.all([
			testListeners().remove(late.subscriptionId),
			other.records.testListeners.remove(late.subscriptionId),
		]);
		expect([...removed].sort()).toEqual([false, true]);
		expect(await testListeners().live(NOW)).toEqual([again]);
	});
}
