import { setTimeout as pause } from 'node:timers/promises';
import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, anAddress, anEvent } from './rows';

export function transactionsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);

	test('all of it or nothing, and the value of the work', async () => {
		const { store } = opened();
		const contact = aContact();
		const stopped = store.atomically(async (records) => {
			await records.contacts.insert(contact);
			await records.addresses.insert(anAddress(contact.id));
			expect(await records.contacts.get(contact.id)).toEqual(contact);
			throw new RangeError('stopped');
		});
		await expect(stopped).rejects.toThrow(RangeError);
		expect(await store.records.contacts.list({}, ALL)).toEqual([]);
		expect((await opened().rows())['addresses']).toEqual([]);

		const value = await store.atomically(async (records) => {
			await records.contacts.insert(contact);
			return 'done';
		});
		expect(value).toBe('done');
		expect(await store.records.contacts.get(contact.id)).toEqual(contact);
	});

	test('what is committed is there for others and after closing', async () => {
		const { store } = opened();
		const other = await opened().reopen();
		const [first, second] = [aContact(), aContact()];
		await store.atomically((records) => records.contacts.insert(first));
		expect(idsOf(await other.records.contacts.list({}, ALL))).toEqual([first.id]);
		await other.records.contacts.insert(second);
		await store.close();
		await store.close();
		await other.close();
		const again = await opened().reopen();
		expect(idsOf(await again.records.contacts.list({}, ALL)).sort()).toEqual([first.id, second.id]);
	});

	test('a closed store says so', async () => {
		const { store } = opened();
		await store.close();
		await expect(store.records.contacts.get('x')).rejects.toMatchObject({ name: 'StoreError', kind: 'closed' });
		await expect(store.atomically(async () => {})).rejects.toMatchObject({ kind: 'closed' });
	});

	test('work asked for before closing is done', async () => {
		const { store } = opened();
		const contacts = Array.from({ length: 20 }, () => aContact());
		const inserted = contacts.map((contact) => store.records.contacts.insert(contact));
		await store.close();
		await Promise.all(inserted);
		const again = await opened().reopen();
		expect(await again.records.contacts.list({}, ALL)).toHaveLength(20);
	});

	test('using the store inside its own transaction is refused, not waited for for ever', async () => {
		const { store } = opened();
		const refused = 'used from inside the work of atomically()';
		await expect(store.atomically(() => store.atomically(async () => {}))).rejects.toThrow(refused);
		await expect(store.atomically(() => store.records.contacts.get('x'))).rejects.toThrow(refused);
		await expect(store.atomically(() => store.close())).rejects.toThrow(refused);
		await expect(store.records.lock('x')).rejects.toThrow('within atomically()');
		// What the work began and what outlives it is free again.
		let later: Promise<unknown> = Promise.resolve();
		await store.atomically(async () => {
			later = pause(20).then(() => store.records.contacts.get('x'));
		});
		await expect(later).resolves.toBeUndefined();
	});

	test('callers that lock the same name go one by one', async () => {
		const { store } = opened();
		const other = await opened().reopen();
		const contact = aContact({ fields: { count: 0 } });
		await store.records.contacts.insert(contact);
		const add = (by: typeof store) =>
			by.atomically(async (records) => {
				await records.lock('counting');
				const fields = (await records.contacts.get(contact.id))?.fields;
				await pause(1);
				await records.contacts.update(contact.id, { fields: { count: Number(fields?.['count']) + 1 } });
			});
		await Promise.all(Array.from({ length: 10 }, (_, index) => add(index % 2 === 0 ? store : other)));
		expect((await store.records.contacts.get(contact.id))?.fields).toEqual({ count: 10 });
	});

	test('listeners hear of what was touched, after the commit, in the order of commits', async () => {
		const { store } = opened();
		const heard: string[] = [];
		const forget = store.onChange('deliveries', () => heard.push('deliveries'));
		store.onChange('waits', () => heard.push('waits'));
		await store.atomically(async (records) => {
			records.touch('deliveries');
			records.touch('deliveries');
			await records.events.append(anEvent(null));
			expect(heard).toEqual([]);
		});
		expect(heard).toEqual(['deliveries']);
		await store.atomically(async (records) => records.touch('address:nobody'));
		store.records.touch('waits');
		expect(heard).toEqual(['deliveries', 'waits']);
		forget();
		forget();
		store.records.touch('deliveries');
		expect(heard).toEqual(['deliveries', 'waits']);
	});

	test('listeners hear nothing of what was rolled back', async () => {
		const { store } = opened();
		let calls = 0;
		store.onChange('deliveries', () => calls++);
		const stopped = store.atomically(async (records) => {
			records.touch('deliveries');
			throw new Error('stopped');
		});
		await expect(stopped).rejects.toThrow('stopped');
		expect(calls).toBe(0);
	});

	test('a listener that fails harms neither the commit nor the others', async () => {
		const { store } = opened();
		const warned: unknown[] = [];
		const warning = jest.spyOn(process, 'emitWarning').mockImplementation((text) => void warned.push(text));
		let calls = 0;
		store.onChange('deliveries', () => {
			throw new TypeError('text of a customer');
		});
		const failsLater: () => unknown = () => Promise.reject(new TypeError('text of a customer'));
		store.onChange('deliveries', failsLater);
		store.onChange('deliveries', () => calls++);
		const contact = aContact();
		await store.atomically(async (records) => {
			await records.contacts.insert(contact);
			records.touch('deliveries');
		});
		await pause(20);
		warning.mockRestore();
		expect(calls).toBe(1);
		expect(await store.records.contacts.get(contact.id)).toEqual(contact);
		const told = 'A listener for changes of the conversations store failed: TypeError';
		expect(warned).toEqual([told, told]);
	});

	test('listeners hear of what another process committed', async () => {
		const { store } = opened();
		const other = await opened().reopen();
		const heard = new Promise<void>((resolve) => store.onChange('waits', resolve));
		await other.atomically(async (records) => {
			await records.events.append(anEvent(null));
			records.touch('waits');
		});
		await heard;
	});
}
