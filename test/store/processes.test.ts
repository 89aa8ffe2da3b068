import { join } from 'node:path';
import type { Store } from '../../src/core/store';
import { createStore } from '../../src/store/create';
import { openSqlite, type SqliteOptions } from '../../src/store/engines/sqlite';
import { MIGRATIONS } from '../../src/store/migrations';
import { ALL } from './contract/harness';
import { aContact, aConversation, aDelivery, anAddress, anEvent, NOW } from './contract/rows';
import { bundled, OtherProcess } from './other-process';
import { aFolder, allRows } from './sqlite-engine';

/** One SQLite file and several real processes. */
const programs = aFolder();
const storeProgram = bundled('store', programs.folder);
const rawProgram = bundled('raw', programs.folder);
afterAll(() => programs.remove());

let place: ReturnType<typeof aFolder>;
let file = '';
let started: OtherProcess[] = [];
let opened: Store[] = [];

beforeEach(() => {
	place = aFolder();
	file = join(place.folder, 'conversations.sqlite');
	started = [];
	opened = [];
});

afterEach(async () => {
	for (const other of started) await other.kill();
	for (const store of opened) await store.close();
	place.remove();
});

async function open(more: Partial<SqliteOptions> = {}): Promise<Store> {
	const store = await createStore(await openSqlite({ file, watchEveryMs: 20, ...more }));
	opened.push(store);
	return store;
}

async function start(program: string): Promise<OtherProcess> {
	const other = await OtherProcess.start(program, file);
	started.push(other);
	return other;
}

const storeProcess = (): Promise<OtherProcess> => start(storeProgram);
const rawProcess = (): Promise<OtherProcess> => start(rawProgram);

/** Lets the event loop run that many rounds of timers. */
async function ticks(count: number): Promise<void> {
	for (let tick = 0; tick < count; tick++) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('processes that open a new file at once make its tables once', async () => {
	const others = await Promise.all([storeProcess(), storeProcess(), storeProcess()]);
	await Promise.all(others.map((other) => other.ask({ job: 'open' })));
	expect(allRows(file)['schema_migrations']).toHaveLength(MIGRATIONS.length);
	const store = await open();
	const contact = aContact();
	await store.records.contacts.insert(contact);
	const won = await Promise.all(
		others.map((other) => other.ask({ job: 'insertOpen', conversation: aConversation(contact.id) })),
	);
	// Promise 1, D2.
	expect([...won].sort()).toEqual([false, false, true]);
	expect(await store.records.conversations.countOf(contact.id)).toBe(1);
});

test('promise 2: two processes share deliveries without one going to both', async () => {
	const store = await open();
	const made = await store.atomically(async (records) => {
		const deliveries = [];
		for (let n = 0; n < 120; n++) {
			const contact = aContact();
			await records.contacts.insert(contact);
			const delivery = aDelivery(contact.id, 's');
			await records.deliveries.insert(delivery);
			deliveries.push(delivery.id);
		}
		return deliveries;
	});
	const others = await Promise.all([storeProcess(), storeProcess()]);
	for (const other of others) await other.ask({ job: 'open' });
	const claimed = await Promise.all(
		others.map((other, index) =>
			other.ask({
				job: 'claimAll',
				claim: {
					subscriptions: [{ id: 's', orderMs: 60_000 }],
					now: NOW,
					fetchesSince: NOW,
					claimedBy: `process-${index}`,
					claimUntil: NOW + 1,
					limit: 3,
				},
			}),
		),
	);
	expect((claimed.flat() as string[]).sort()).toEqual(made);
});

test('three processes use up an allowance, and not one more', async () => {
	const others = await Promise.all([storeProcess(), storeProcess(), storeProcess()]);
	for (const other of others) await other.ask({ job: 'open' });
	const reserved = await Promise.all(others.map((other) => other.ask({ job: 'reserveAll', period: '2026-11', limit: 100 })));
	expect((reserved as number[]).reduce((sum, count) => sum + count)).toBe(100);
	expect(allRows(file)['quotas']).toEqual([{ channel: 'viber', account: 'bot', period: '2026-11', used: 100 }]);
});

test('two processes send to one contact until the limit, and not once more', async () => {
	const store = await open();
	const contact = aContact();
	const address = anAddress(contact.id);
	await store.records.contacts.insert(contact);
	await store.records.addresses.insert(address);
	const others = await Promise.all([storeProcess(), storeProcess()]);
	for (const other of others) await other.ask({ job: 'open' });
	const reserved = await Promise.all(others.map((other) => other.ask({ job: 'reserveAddress', address: address.id, limit: 100 })));
	expect((reserved as number[]).reduce((sum, count) => sum + count)).toBe(100);
	expect((await store.records.addresses.get(address.id))?.sentSinceInbound).toBe(100);
});

test('of three processes that would ask for a token, one has the turn, and a killed one loses it', async () => {
	const others = await Promise.all([storeProcess(), storeProcess(), storeProcess()]);
	for (const other of others) await other.ask({ job: 'open' });
	const claims = await Promise.all(others.map((other, index) => other.ask({ job: 'claimTurn', key: 'wechat/1', by: `${index}`, now: NOW })));
	expect([...claims].sort()).toEqual([false, false, true]);
	for (const other of others) await other.kill();
	const { sealedTokens } = (await open()).records;
	expect(await sealedTokens.claim('wechat/1', 'next', NOW, NOW + 2)).toBe(false);
	expect(await sealedTokens.claim('wechat/1', 'next', NOW + 1, NOW + 2)).toBe(true);
});

test('listeners hear of another process’s commit', async () => {
	const store = await open();
	const heard: string[] = [];
	const both = new Promise<void>((resolve) => {
		const hear = (topic: string) => () => heard.push(topic) === 2 && resolve();
		store.onChange('waits', hear('waits'));
		store.onChange('deliveries', hear('deliveries'));
	});
	const other = await storeProcess();
	await other.ask({ job: 'open' });
	await ticks(30);
	heard.length = 0;
	await other.ask({ job: 'appendEvent', event: anEvent(null), topic: 'deliveries' });
	await both;
	// Once for one commit, and of what is unknown: so everybody.
	await ticks(30);
	expect(heard.sort()).toEqual(['deliveries', 'waits']);
	expect(await store.records.events.list({}, ALL)).toHaveLength(1);
});

test('while another program writes, the process and its reads go on, and its writes are done after', async () => {
	const store = await open();
	const known = aContact();
	await store.records.contacts.insert(known);
	const other = await rawProcess();
	await other.ask('begin immediate');
	await other.ask(`update contacts set name = 'changed'`);

	let written = 0;
	const contact = aContact();
	const writes = Promise.all([
		store.atomically((records) => records.contacts.insert(contact)).then(() => written++),
		store.records.subscriptions.enrol('s', known.id, NOW).then(() => written++),
	]);
	await ticks(50);
	expect(await store.records.contacts.get(known.id)).toEqual(known);
	expect(written).toBe(0);

	await other.ask('commit');
	await writes;
	expect(await store.records.contacts.get(contact.id)).toEqual(contact);
	expect((await store.records.contacts.get(known.id))?.name).toBe('changed');
});

test('closing waits for writes that wait for a lock', async () => {
	const store = await open();
	const other = await rawProcess();
	await other.ask('begin immediate');
	const contact = aContact();
	const written = store.records.contacts.insert(contact);
	await ticks(10);
	const closed = store.close();
	await ticks(10);
	await other.ask('rollback');
	await Promise.all([written, closed]);
	expect(await (await open()).records.contacts.get(contact.id)).toEqual(contact);
});

test('a lock that is never let go ends in a sentence, for all who wait at once, and nothing is half done', async () => {
	const store = await open({ patienceMs: 150 });
	const other = await rawProcess();
	await other.ask('begin immediate');
	const attempts = Array.from({ length: 20 }, () => store.records.contacts.insert(aContact()));
	const results = await Promise.allSettled(attempts);
	for (const result of results)
		expect(result).toMatchObject({
			status: 'rejected',
			reason: {
				name: 'StoreError',
				kind: 'locked',
				message: expect.stringMatching(
					/^The conversations database .+conversations\.sqlite is locked by another program for more than \d+ seconds\. .+ try again\.$/,
				),
			},
		});
	await other.ask('rollback');
	const contact = aContact();
	await store.records.contacts.insert(contact);
	expect(await store.records.contacts.list({}, ALL)).toEqual([contact]);
});

test('opening waits for a lock too', async () => {
	await (await open()).close();
	const other = await rawProcess();
	await other.ask('pragma locking_mode = exclusive');
	await other.ask('begin exclusive');
	const opening = open();
	await ticks(20);
	await other.kill();
	const store = await opening;
	expect(await store.records.contacts.list({}, ALL)).toEqual([]);
});

test('promises 3 and 9: kill -9 loses nothing that was committed and leaves nothing half', async () => {
	const other = await storeProcess();
	await other.ask({ job: 'open' });
	const contact = aContact();
	other.child.send({ job: 'writeForEver', contact, address: anAddress(contact.id) });
	const committed: string[] = [];
	while (committed.length < 40) committed.push(((await other.next()) as { committed: string }).committed);
	await other.kill();

	const store = await open();
	const kept = (await store.records.contacts.list({}, ALL)).map(({ id }) => id);
	expect(kept).toEqual(expect.arrayContaining(committed));
	for (const id of kept) expect(await store.records.addresses.ofContact(id)).toHaveLength(1);
	expect(allRows(file)['addresses']).toHaveLength(kept.length);
});
