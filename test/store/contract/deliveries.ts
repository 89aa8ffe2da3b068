import type { Delivery } from '../../../src/core/records';
import type { Store } from '../../../src/core/store';
import { eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aDelivery, aSubscription, NOW } from './rows';

export function deliveriesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const newContact = async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		return contact;
	};
	const insert = async (contactId: string, given: Partial<Delivery> = {}, subscriptionId = 's1') => {
		const delivery = aDelivery(contactId, subscriptionId, given);
		expect(await records().deliveries.insert(delivery)).toBe(true);
		return delivery;
	};
	const claim = (
		asked: { orderMs?: number; now?: number; fetchesSince?: number; by?: string; limit?: number; of?: string[] } = {},
		store: Store = opened().store,
	) =>
		store.records.deliveries.claimDue({
			subscriptions: (asked.of ?? ['s1']).map((id) => ({ id, orderMs: asked.orderMs ?? 0 })),
			now: asked.now ?? NOW,
			fetchesSince: asked.fetchesSince ?? NOW,
			claimedBy: asked.by ?? 'process-1',
			claimUntil: (asked.now ?? NOW) + 30_000,
			limit: asked.limit ?? 100,
		});

	test('subscriptions: made, seen, ended and revived with a new filter', async () => {
		const { subscriptions } = records();
		const subscription = aSubscription({ baseUrl: 'https://n8n.example/webhook/1/conversations' });
		const second = aSubscription({ createdAt: NOW + 1 });
		await subscriptions.upsert(subscription);
		await subscriptions.upsert(second);
		expect(await subscriptions.get(subscription.id)).toEqual(subscription);
		expect(await subscriptions.active()).toEqual([subscription, second]);

		await subscriptions.end(subscription.id, NOW + 1);
		await subscriptions.end(subscription.id, NOW + 2);
		expect(await subscriptions.get(subscription.id)).toEqual({ ...subscription, endedAt: NOW + 1 });
		expect(await subscriptions.active()).toEqual([second]);
		await subscriptions.seen([second.id], NOW + 3);
		await subscriptions.seen([], NOW + 4);
		expect((await subscriptions.get(second.id))?.seenAt).toBe(NOW + 3);

		const revived = { ...subscription, filter: { ...subscription.filter, orderMs: 5 }, baseUrl: null, seenAt: NOW + 9 };
		await subscriptions.upsert({ ...revived, createdAt: NOW + 9 });
		expect(await subscriptions.active()).toEqual([revived, { ...second, seenAt: NOW + 3 }]);
	});

	test('R3: a contact is enrolled once', async () => {
		const { id } = await newContact();
		const other = await opened().reopen();
		const first = await Promise.all([
			records().subscriptions.enrol('s1', id, NOW),
			other.records.subscriptions.enrol('s1', id, NOW),
		]);
		expect([...first].sort()).toEqual([false, true]);
		expect(await records().subscriptions.enrol('s2', id, NOW)).toBe(true);
	});

	test('promise 2: one delivery of an event for a subscription, claimed by one of two claimers', async () => {
		const other = await opened().reopen();
		const made: string[] = [];
		for (let index = 0; index < 20; index++) made.push((await insert((await newContact()).id)).id);
		const [one] = made;
		const known = one === undefined ? undefined : await records().deliveries.get(one);
		expect(await records().deliveries.insert(aDelivery(known?.contactId ?? '', 's1', { eventId: known?.eventId }))).toBe(false);
		expect(await records().deliveries.byEvent('s1', known?.eventId ?? '')).toEqual(known);
		expect(await records().deliveries.byEvent('s2', known?.eventId ?? '')).toBeUndefined();

		const claimed = await Promise.all([
			claim({ by: 'process-1', limit: 7 }),
			claim({ by: 'process-2', limit: 7 }, other),
			claim({ by: 'process-1', limit: 7 }),
			claim({ by: 'process-2', limit: 7 }, other),
		]);
		expect(claimed.map(({ length }) => length).sort()).toEqual([6, 7, 7, 0].sort());
		expect(idsOf(claimed.flat()).sort()).toEqual(made);
		expect(await claim()).toEqual([]);
		const [first] = claimed.flat();
		expect(first).toMatchObject({ state: 'emitted', attempt: 1, emittedAt: NOW, claimUntil: NOW + 30_000 });
		expect(first && (await records().deliveries.get(first.id))).toEqual(first);
	});

	test('due ones of the asked subscriptions only, oldest first', async () => {
		const ids = await Promise.all([1, 2, 3, 4].map(async () => (await newContact()).id));
		const [a = '', b = '', c = '', d = ''] = ids;
		const late = await insert(a, { dueAt: NOW + 10 });
		const second = await insert(b, { dueAt: NOW - 5 }, 's2');
		const first = await insert(c, { dueAt: NOW - 9 });
		await insert(d, { dueAt: NOW - 99 }, 's3');
		const of = ['s1', 's2'];
		expect(await records().deliveries.nextDueAt(of)).toBe(NOW - 9);
		expect(idsOf(await claim({ of, limit: 1 }))).toEqual([first.id]);
		expect(idsOf(await claim({ of }))).toEqual([second.id]);
		expect(await records().deliveries.nextDueAt(of)).toBe(NOW + 10);
		expect(await claim({ of })).toEqual([]);
		expect(idsOf(await claim({ of, now: NOW + 10 }))).toEqual([late.id]);
		expect(await records().deliveries.nextDueAt(of)).toBeUndefined();
		expect(await records().deliveries.nextDueAt([])).toBeUndefined();
		expect(await claim({ of: [] })).toEqual([]);
	});

	test('a contact’s deliveries go one after the other, the next at the latest after orderMs', async () => {
		const [ann, bob] = [await newContact(), await newContact()];
		const a1 = await insert(ann.id, { createdAt: NOW - 3 });
		const a2 = await insert(ann.id, { createdAt: NOW - 2 });
		const a3 = await insert(ann.id, { createdAt: NOW - 2 });
		const b1 = await insert(bob.id, { createdAt: NOW - 1 });
		const elsewhere = await insert(ann.id, { createdAt: NOW - 1 }, 's2');
		const orderMs = 1_000;
		expect(idsOf(await claim({ orderMs }))).toEqual([a1.id, b1.id]);
		expect(await claim({ orderMs, now: NOW + 999 })).toEqual([]);
		await records().deliveries.start(a1.id, 'execution-1', true);
		expect(await claim({ orderMs, now: NOW + 999 })).toEqual([]);
		// Another subscription is another order.
		expect(idsOf(await claim({ orderMs, of: ['s2'] }))).toEqual([elsewhere.id]);
		await records().deliveries.finish(a1.id, 'done');
		expect(idsOf(await claim({ orderMs, now: NOW + 999 }))).toEqual([a2.id]);
		// Its run takes too long: the next one goes.
		expect(await claim({ orderMs, now: NOW + 1_998 })).toEqual([]);
		expect(idsOf(await claim({ orderMs, now: NOW + 1_999 }))).toEqual([a3.id]);
	});

	test('an earlier one that is not due yet holds the later ones; without order nothing is held', async () => {
		const { id } = await newContact();
		const waiting = await insert(id, { createdAt: NOW - 2, dueAt: NOW + 500 });
		const due = await insert(id, { createdAt: NOW - 1 });
		expect(await claim({ orderMs: 1 })).toEqual([]);
		expect(idsOf(await claim({ orderMs: 0 }))).toEqual([due.id]);
		expect(idsOf(await claim({ orderMs: 1, now: NOW + 500 }))).toEqual([waiting.id]);
	});

	test('a burst moves what is pending, up to its maximum', async () => {
		const { id } = await newContact();
		const burst = await insert(id, { conversationId: 'c', createdAt: NOW, dueAt: NOW + 10 });
		const started = await insert(id, { conversationId: 'c', state: 'started', dueAt: NOW + 10 });
		const elsewhere = await insert(id, { conversationId: 'd', dueAt: NOW + 10 });
		const dueAt = async ({ id: deliveryId }: Delivery) => (await records().deliveries.get(deliveryId))?.dueAt;
		await records().deliveries.postpone('c', 's1', NOW + 20, 100);
		expect(await dueAt(burst)).toBe(NOW + 20);
		await records().deliveries.postpone('c', 's1', NOW + 120, 100);
		expect(await dueAt(burst)).toBe(NOW + 100);
		await records().deliveries.postpone('c', 's2', NOW + 30, 100);
		expect(await Promise.all([burst, started, elsewhere].map(dueAt))).toEqual([NOW + 100, NOW + 10, NOW + 10]);
	});

	test('of two executions one starts it; the same one may ask twice', async () => {
		const { id } = await newContact();
		const delivery = await insert(id);
		await claim();
		const other = await opened().reopen();
		const answers = await Promise.all([
			records().deliveries.start(delivery.id, 'execution-1', true),
			other.records.deliveries.start(delivery.id, 'execution-2', true),
		]);
		expect([...answers].sort()).toEqual(['started', 'taken']);
		const first = answers[0] === 'started' ? 'execution-1' : 'execution-2';
		const second = answers[0] === 'started' ? 'execution-2' : 'execution-1';
		expect(await records().deliveries.start(delivery.id, first, true)).toBe('started');
		expect(await records().deliveries.start(delivery.id, second, true)).toBe('taken');
		expect(await records().deliveries.get(delivery.id)).toMatchObject({
			state: 'started',
			executionId: first,
			watched: true,
		});
		expect(await records().deliveries.finish(delivery.id, 'done')).toBe(true);
		expect(await records().deliveries.finish(delivery.id, 'done')).toBe(false);
		expect(await records().deliveries.start(delivery.id, second, true)).toBe('taken');
		expect(await records().deliveries.start('nothing', first, true)).toBe('taken');
	});

	test('an execution that comes after its delivery was requeued starts it, and nobody else does', async () => {
		const { id } = await newContact();
		const delivery = await insert(id);
		await claim();
		expect(await records().deliveries.requeue(delivery.id, 2)).toBe(false);
		expect(await records().deliveries.requeue(delivery.id, 1)).toBe(true);
		expect(await records().deliveries.get(delivery.id)).toMatchObject({
			state: 'pending',
			attempt: 1,
			claimedBy: null,
			claimUntil: null,
		});
		expect(await records().deliveries.start(delivery.id, 'execution-1', true)).toBe('started');
		expect(await records().deliveries.get(delivery.id)).toMatchObject({ state: 'started', watched: false });
		expect(await claim()).toEqual([]);
		expect(await records().deliveries.requeue(delivery.id, 1)).toBe(false);
	});

	test('what a process left: by its claim, by its absence, and when nobody watches', async () => {
		const contacts = await Promise.all([1, 2, 3, 4].map(newContact));
		const [emitted, started, unwatched, pending] = await Promise.all(contacts.map(({ id }) => insert(id)));
		if (!emitted || !started || !unwatched || !pending) throw new Error('four were made');
		await claim({ limit: 3 });
		await records().deliveries.start(started.id, 'execution-1', true);
		await records().deliveries.start(unwatched.id, 'execution-2', false);
		const abandoned = async (now: number, living: string[], of = ['s1']) =>
			idsOf(await records().deliveries.abandoned(of, now, living)).sort();
		const all = [emitted.id, started.id, unwatched.id].sort();

		expect(await abandoned(NOW, ['process-1'])).toEqual([unwatched.id]);
		expect(await abandoned(NOW, ['process-2'])).toEqual(all);
		expect(await abandoned(NOW, [])).toEqual(all);
		expect(await abandoned(NOW + 30_001, ['process-1'])).toEqual(all);
		expect(await abandoned(NOW, ['process-2'], ['s2'])).toEqual([]);
		expect(await abandoned(NOW, ['process-2'], [])).toEqual([]);
		expect(await records().deliveries.claimants(['s1', 's2'])).toEqual(['process-1']);
		expect(await records().deliveries.claimants(['s2'])).toEqual([]);
		expect(await records().deliveries.claimants([])).toEqual([]);

		await records().deliveries.renew('process-2', NOW + 90_000);
		expect(await abandoned(NOW + 30_001, ['process-1'])).toEqual(all);
		await records().deliveries.renew('process-1', NOW + 90_000);
		expect(await abandoned(NOW + 30_001, ['process-1'])).toEqual([unwatched.id]);

		expect(await records().deliveries.finish(started.id, 'interrupted')).toBe(true);
		expect(await records().deliveries.start(started.id, 'execution-1', true)).toBe('taken');
		expect(await records().deliveries.finish(emitted.id, 'done')).toBe(true);
		expect(await abandoned(NOW, [])).toEqual([unwatched.id]);
	});

	test('stale ones expire, and are not started any more', async () => {
		const contacts = await Promise.all([1, 2, 3].map(newContact));
		const [old, older, fresh] = await Promise.all(
			[-50, -99, 0].map((age, index) => insert(contacts[index]?.id ?? '', { createdAt: NOW + age })),
		);
		if (!old || !older || !fresh) throw new Error('three were made');
		const stale = async (limit: number, of = ['s1']) => idsOf(await records().deliveries.stale(of, NOW, limit));
		expect(await stale(10)).toEqual([older.id, old.id]);
		expect(await stale(1)).toEqual([older.id]);
		expect(await stale(10, ['s2'])).toEqual([]);
		expect(await stale(10, [])).toEqual([]);
		expect(await records().deliveries.finish(old.id, 'done')).toBe(false);
		expect(await records().deliveries.finish(older.id, 'expired')).toBe(true);
		expect(await stale(10)).toEqual([old.id]);
		expect(await records().deliveries.start(older.id, 'execution-1', true)).toBe('taken');
		expect(idsOf(await claim())).toEqual([old.id, fresh.id]);
		expect(await records().deliveries.finish(old.id, 'expired')).toBe(true);
		await records().deliveries.start(fresh.id, 'execution-1', true);
		expect(await records().deliveries.finish(fresh.id, 'expired')).toBe(false);
	});
}
