import { ALL, eachWithStore, type StoreEngine } from './harness';
import { aContact } from './rows';

export function versionsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);

	test('opening thrice changes nothing', async () => {
		const contact = aContact();
		await opened().store.records.contacts.insert(contact);
		const before = await opened().rows();
		for (let time = 0; time < 3; time++) {
			const again = await opened().reopen();
			expect(await again.records.contacts.list({}, ALL)).toEqual([contact]);
			await again.close();
		}
		expect(await opened().rows()).toEqual(before);
	});

	test('twenty that open at once where nothing was all work on the same data', async () => {
		const stores = await engine.openAtOnce(20);
		try {
			await Promise.all(stores.map(({ store }) => store.records.contacts.insert(aContact())));
			for (const { store } of stores) expect(await store.records.contacts.list({}, ALL)).toHaveLength(20);
			expect((await stores[0]?.rows())?.['schema_migrations']).toHaveLength(1);
		} finally {
			for (const { dispose } of stores) await dispose();
		}
	});

	test('data of a newer minor version is accepted, of a newer major one refused with what to do', async () => {
		await opened().run(`insert into schema_migrations (major, minor, name, applied_at) values (1, 999, 'later', 0)`);
		const again = await opened().reopen();
		await again.records.contacts.insert(aContact());
		await opened().run(`insert into schema_migrations (major, minor, name, applied_at) values (2, 1, 'other', 0)`);
		await expect(opened().reopen()).rejects.toMatchObject({
			name: 'StoreError',
			kind: 'newer',
			message: expect.stringMatching(
				/^The conversations database .+ was written by a newer version .+ Update the package n8n-nodes-conversations/,
			),
		});
		// An older build that still runs goes on until it is stopped.
		expect(await again.records.contacts.list({}, ALL)).toHaveLength(1);
	});
}
