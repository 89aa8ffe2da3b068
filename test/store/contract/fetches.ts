import type { Fetch } from '../../../src/core/records';
import type { Store } from '../../../src/core/store';
import { aFetch, anEarlyReceipt } from './channel-rows';
import { eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aDelivery, aMessage, NOW } from './rows';

export function fetchesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const newContact = async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		return contact.id;
	};
	const insert = async (contactId: string, given: Partial<Fetch> = {}) => {
		const fetch = aFetch(contactId, given);
		await records().fetches.insert(fetch);
		return fetch;
	};
	const BOT = { channel: 'telegram', account: 'bot' } as const;
	const LINE = { channel: 'line', account: 'a' } as const;
	const claim = (now: number, { accounts = [BOT, LINE], limit = 10, store = opened().store }: ClaimOptions = {}) =>
		store.records.fetches.claimDue({ accounts, now, nextAt: now + 100, limit });

	test('due ones of the asked accounts only, oldest first, each to one claimer', async () => {
		const contactId = await newContact();
		const second = await insert(contactId, { createdAt: NOW - 1, nextAt: NOW - 1, kind: 'profile', source: {} });
		const first = await insert(contactId, { ...LINE, createdAt: NOW - 2, nextAt: NOW - 2, position: 3 });
		const later = await insert(contactId, { nextAt: NOW + 5 });
		await insert(contactId, { account: 'other', nextAt: NOW - 9 });
		expect(await records().fetches.nextAt([BOT, LINE])).toBe(NOW - 2);
		expect(await records().fetches.nextAt([BOT])).toBe(NOW - 1);
		expect(await records().fetches.nextAt([])).toBeUndefined();
		expect(await records().fetches.nextAt([{ channel: 'viber', account: 'bot' }])).toBeUndefined();

		expect(await claim(NOW, { accounts: [] })).toEqual([]);
		expect(await claim(NOW, { limit: 1 })).toEqual([{ ...first, attempts: 1, nextAt: NOW + 100 }]);
		expect(await claim(NOW)).toEqual([{ ...second, attempts: 1, nextAt: NOW + 100 }]);
		expect(await claim(NOW)).toEqual([]);
		expect(await records().fetches.nextAt([BOT, LINE])).toBe(NOW + 5);
		expect(idsOf(await claim(NOW + 100))).toEqual([first.id, second.id, later.id]);
		expect((await claim(NOW + 200)).map(({ attempts }) => attempts)).toEqual([3, 3, 2]);

		const many = await Promise.all(Array.from({ length: 20 }, () => insert(contactId)));
		const other = await opened().reopen();
		const claims = await Promise.all(
			[opened().store, other, opened().store, other].map((store) => claim(NOW, { limit: 6, store })),
		);
		expect(idsOf(claims.flat()).sort()).toEqual(idsOf(many).sort());
	});

	test('tried again, done, and how many are left of a message', async () => {
		const contactId = await newContact();
		const message = aMessage(contactId);
		await records().messages.insert(message);
		const made = [await insert(contactId, { messageId: message.id }), await insert(contactId, { messageId: message.id, position: 1 })];
		await insert(contactId);
		expect(await records().fetches.leftOf(message.id)).toBe(2);
		const [one, two] = idsOf(made);
		await claim(NOW);
		await records().fetches.retryAt(one ?? '', NOW + 7);
		expect(await records().fetches.nextAt([BOT])).toBe(NOW + 7);
		expect(idsOf(await claim(NOW + 7))).toEqual([one]);
		await records().fetches.finish(one ?? '');
		await records().fetches.finish('nothing');
		expect(await records().fetches.leftOf(message.id)).toBe(1);
		await records().fetches.finish(two ?? '');
		await records().fetches.retryAt(two ?? '', NOW);
		expect(await records().fetches.leftOf(message.id)).toBe(0);
		await expect(insert('nobody')).rejects.toMatchObject({ kind: 'missing' });
	});

	test('what nobody fetched, of any account', async () => {
		const contactId = await newContact();
		const old = await insert(contactId, { createdAt: NOW - 1 });
		const older = await insert(contactId, { ...LINE, createdAt: NOW - 2, nextAt: NOW + 99 });
		await insert(contactId);
		expect(await records().fetches.stale(NOW, 10)).toEqual([older, old]);
		expect(idsOf(await records().fetches.stale(NOW, 1))).toEqual([older.id]);
		expect(await records().fetches.stale(NOW - 2, 10)).toEqual([]);
	});

	test('a delivery waits for what its contact’s messages bring, but not for ever', async () => {
		const [ann, bob] = [await newContact(), await newContact()];
		const fetch = await insert(ann, { createdAt: NOW - 10 });
		const [held, free] = [aDelivery(ann, 's'), aDelivery(bob, 's')];
		for (const delivery of [held, free]) await records().deliveries.insert(delivery);
		const claimed = async (fetchesSince: number) =>
			idsOf(
				await records().deliveries.claimDue({
					subscriptions: [{ id: 's', orderMs: 0 }],
					now: NOW,
					fetchesSince,
					claimedBy: 'process',
					claimUntil: NOW + 1,
					limit: 10,
				}),
			);
		expect(await claimed(NOW - 11)).toEqual([free.id]);
		expect(await claimed(NOW - 11)).toEqual([]);
		expect(await claimed(NOW - 10)).toEqual([held.id]);
		await records().deliveries.requeue(held.id, 1);
		expect(await claimed(NOW - 11)).toEqual([]);
		await records().fetches.finish(fetch.id);
		expect(await claimed(NOW - 11)).toEqual([held.id]);
	});

	test('receipts that were too early: taken once, oldest first', async () => {
		const { earlyReceipts } = records();
		const at = { externalId: 'x', at: NOW };
		// Of one second: in the order in which a message goes its way.
		const [read, delivered] = [anEarlyReceipt({ ...at, state: 'read' }), anEarlyReceipt({ ...at, state: 'delivered' })];
		const sent = anEarlyReceipt({ ...at, state: 'sent', at: NOW - 1 });
		const failed = anEarlyReceipt({
			externalId: 'y',
			state: 'failed',
			at: NOW - 5,
			failure: { code: 'rejected', reason: 'No.', channel: 'whatsapp', retryable: false, retryAfterMs: null, providerCode: '1', providerMessage: null },
		});
		const others = anEarlyReceipt({ ...at, account: 'other' });
		for (const receipt of [read, delivered, sent, failed, others]) await earlyReceipts.keep(receipt);
		await earlyReceipts.keep({ ...read, at: NOW + 9 });
		expect(await earlyReceipts.take('whatsapp', 'number', [])).toEqual([]);
		const other = await opened().reopen();
		const taken = await Promise.all([
			earlyReceipts.take('whatsapp', 'number', ['x', 'y', 'z']),
			other.records.earlyReceipts.take('whatsapp', 'number', ['x', 'y', 'z']),
		]);
		expect(taken.filter(({ length }) => length > 0)).toEqual([[failed, sent, delivered, read]]);
		await earlyReceipts.deleteBefore(NOW);
		expect((await opened().rows())['early_receipts']).toHaveLength(1);
		await earlyReceipts.deleteBefore(NOW + 1);
		expect(await earlyReceipts.take('whatsapp', 'other', ['x'])).toEqual([]);
	});
}

interface ClaimOptions {
	accounts?: Pick<Fetch, 'channel' | 'account'>[];
	limit?: number;
	store?: Store;
}
