import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { StoreError } from '../../src/core/store';
import { openStore } from '../../src/store';
import { createStore } from '../../src/store/create';
import { loadSqlite, openSqlite } from '../../src/store/engines/sqlite';
import { ALL } from './contract/harness';
import { aContact, aFile, anAddress } from './contract/rows';
import { aFolder, besides } from './sqlite-engine';

let place: ReturnType<typeof aFolder>;
let file = '';
beforeEach(() => {
	place = aFolder();
	file = join(place.folder, 'conversations.sqlite');
});
afterEach(() => place.remove());

const open = () => openStore({ kind: 'sqlite', file });

/** A file may be good enough to be opened, and then not for more. */
async function openAndWrite(): Promise<void> {
	const store = await open();
	try {
		await store.records.contacts.list({ search: 'nobody' }, ALL);
		await store.records.contacts.insert(aContact());
	} finally {
		await store.close();
	}
}

/** Runs as a user whom file permissions bind: root is not. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
	if (process.geteuid?.() !== 0) return await work();
	process.seteuid?.(65_534);
	try {
		return await work();
	} finally {
		process.seteuid?.(0);
	}
}

test('the file is for its owner only, and safe against power cuts', async () => {
	const store = await open();
	await store.records.contacts.insert(aContact());
	const modes = readdirSync(place.folder).map((name) => [name, (statSync(join(place.folder, name)).mode & 0o777).toString(8)]);
	expect(modes).toEqual([
		['conversations.sqlite', '600'],
		['conversations.sqlite-shm', '600'],
		['conversations.sqlite-wal', '600'],
	]);
	await store.close();
	expect(readdirSync(place.folder)).toEqual(['conversations.sqlite']);

	const engine = await openSqlite({ file });
	const pragma = async (name: string): Promise<unknown[]> => {
		const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(engine.db);
		return Object.values(rows[0] ?? {});
	};
	expect(await pragma('journal_mode')).toEqual(['wal']);
	expect(await pragma('synchronous')).toEqual([2]);
	expect(await pragma('busy_timeout')).toEqual([0]);
	expect(await pragma('foreign_keys')).toEqual([1]);
	await engine.close();
});

test('a database in memory', async () => {
	const store = await openStore({ kind: 'sqlite', file: ':memory:' });
	const contact = aContact();
	await store.records.contacts.insert(contact);
	expect(await store.records.contacts.get(contact.id)).toEqual(contact);
	await store.close();
});

describe('a file that cannot be used is named, with what to do', () => {
	test('the folder does not exist', async () => {
		file = join(place.folder, 'missing', 'conversations.sqlite');
		await expect(open()).rejects.toMatchObject({
			name: 'StoreError',
			kind: 'not_writable',
			message: `The folder ${join(place.folder, 'missing')} of the conversations database ${file} does not exist. Create it, and let the user that runs n8n write to it.`,
		});
	});

	test('the folder may not be written', async () => {
		chmodSync(place.folder, 0o555);
		await asOrdinaryUser(() => expect(open()).rejects.toMatchObject({ kind: 'not_writable', message: expect.stringContaining(file) }));
		chmodSync(place.folder, 0o700);
		expect(readdirSync(place.folder)).toEqual([]);
	});

	test('the file may not be written', async () => {
		await (await open()).close();
		chmodSync(place.folder, 0o777);
		chmodSync(file, 0o444);
		await asOrdinaryUser(() =>
			expect(openAndWrite()).rejects.toMatchObject({
				kind: 'not_writable',
				message: expect.stringMatching(
					/^The conversations database .+conversations\.sqlite cannot be opened for writing\. Give the user/,
				) as string,
			}),
		);
	});

	test('it is a folder', async () => {
		mkdirSync(file);
		await expect(open()).rejects.toMatchObject({ kind: 'not_writable', message: expect.stringContaining(file) });
	});

	test('it is something else', async () => {
		writeFileSync(file, 'Dear diary, '.repeat(1_000));
		await expect(open()).rejects.toMatchObject({
			kind: 'damaged',
			message: expect.stringContaining(`${file} is damaged or is not a SQLite database. Stop n8n and put a backup`),
		});
	});

	test('it is damaged inside', async () => {
		const store = await open();
		await store.atomically(async (records) => {
			for (let n = 0; n < 200; n++) await records.contacts.insert(aContact({ name: 'x'.repeat(500) }));
		});
		await store.close();
		const bytes = readFileSync(file);
		writeFileSync(file, bytes.fill(0xa5, Math.floor(bytes.byteLength / 2)));
		await expect(openAndWrite()).rejects.toMatchObject({ kind: 'damaged' });
	});
});

describe('a full disk', () => {
	const withRoomFor = async (pages: number) => {
		const engine = await openSqlite({ file });
		const store = await createStore(engine);
		const setRoom = async (more: number) => {
			const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(engine.db);
			await sql.raw(`pragma max_page_count = ${(rows[0]?.page_count ?? 0) + more}`).execute(engine.db);
		};
		await setRoom(pages);
		return { store, makeRoom: () => setRoom(10_000) };
	};
	const FULL = {
		name: 'StoreError',
		kind: 'full',
		message: expect.stringMatching(/^There is no room left for the conversations database .+ Free some disk space/),
	};
	const big = new Uint8Array(3 * 1024 * 1024);

	test('nothing is half done, and it goes on when there is room', async () => {
		const { store, makeRoom } = await withRoomFor(4);
		const contact = aContact();
		const insert = () =>
			store.atomically(async (records) => {
				await records.contacts.insert(contact);
				await records.files.insert(aFile({ id: 'file' }), big);
			});
		await expect(insert()).rejects.toMatchObject(FULL);
		await expect(store.records.files.insert(aFile(), big)).rejects.toMatchObject(FULL);
		expect(await store.records.contacts.get(contact.id)).toBeUndefined();
		expect(await store.records.files.get('file')).toBeUndefined();

		await makeRoom();
		await insert();
		expect(await store.records.contacts.get(contact.id)).toEqual(contact);
		expect((await store.records.files.bytes('file'))?.byteLength).toBe(big.byteLength);
		await store.close();
	});

	test('work that goes on after the error commits nothing', async () => {
		const { store } = await withRoomFor(4);
		const [before, after] = [aContact(), aContact()];
		const stubborn = store.atomically(async (records) => {
			await records.contacts.insert(before);
			await records.files.insert(aFile(), big).catch(() => {});
			await records.contacts.insert(after).catch(() => {});
			await records.addresses.insert(anAddress(before.id)).catch(() => {});
		});
		await expect(stubborn).rejects.toMatchObject(FULL);
		expect(await store.records.contacts.list({}, ALL)).toEqual([]);
		await store.close();
		expect(besides(file, (database) => database.prepare('select id from addresses').all())).toEqual([]);
	});
});

test('a long queue of work leaves the process its turns', async () => {
	const store = await open();
	let rounds = 0;
	let waiting = true;
	const round = (): void => {
		rounds++;
		if (waiting) setImmediate(round);
	};
	setImmediate(round);
	await Promise.all(Array.from({ length: 400 }, () => store.records.contacts.insert(aContact())));
	waiting = false;
	expect(rounds).toBeGreaterThan(5);
	await store.close();
});

test.each([
	['20.19.0', undefined],
	['22.17.0', process.getBuiltinModule],
	['24.0.0', () => undefined],
])('Node.js %s without what it takes: a sentence, not a crash', (version, builtIn) => {
	const load = () => loadSqlite(version, builtIn);
	expect(load).toThrow(StoreError);
	expect(load).toThrow(
		`Conversations for n8n keeps its data with Node.js' built-in SQLite, which needs Node.js 24 or newer; this is ${version}. Update n8n (2.x runs on Node.js 24)`,
	);
});
