import { uuidv7 } from 'uuidv7';
import { channels } from '../channels';
import type { ChannelId } from '../core/channel';
import type { Desk } from '../core/desk';
import { settleLeftBehind } from '../core/left-behind';
import type { Store } from '../core/store';
import { openStore } from '../store';
import { Activity } from './activity';
import { readDate } from './dates';
import { Dispatcher, type Served } from './dispatcher';
import { Fetcher } from './files/fetcher';
import { HOST_KEY, hostSlot, type HostEntry } from './host-slot';
import { Pacer } from './calls/pacing';
import { pause } from './pause';
import { isWorker } from './processes';
import { ReceiverKeeper } from './receivers/keeper';
import { Resumer } from './resumer';
import { storeLocation } from './store-location';
import { WorkLoop } from './work-loop';

const LOADED_AT = performance.timeOrigin + performance.now();

const HEARTBEAT_MS = 5_000;
/** Files that were uploaded and never sent are removed after this. */
const UNUSED_FILE_MS = 24 * 60 * 60 * 1000;
const SWEEP_BATCH = 50;
/** News of messages that nobody turned out to have sent from here. */
const EARLY_RECEIPT_MS = 24 * 60 * 60 * 1000;
/** Tokens of credentials that nobody uses any more; longer than any provider lets its own be renewed. */
const UNUSED_TOKEN_MS = 400 * 24 * 60 * 60 * 1000;
const LEFT_BEHIND_BATCH = 100;
/** What one channel adds in the time between at 50 new people a second; the rest goes when fewer come. */
const QUIET_LINES_BATCH = 250;

export interface Host {
	loadedAt: number;
	desk: Desk;
	activity: Activity;
	/** Fetches files and names, for the accounts whose credentials it is told. */
	fetcher: Fetcher;
	/** Looks after the addresses that providers have of the triggers served here. */
	receivers: ReceiverKeeper;
	serve(served: Served): void;
	release(subscriptionId: string): void;
	/** Ends loops, pages' streams and the store; returns the triggers that were served. */
	handOver(): Promise<Served[]>;
	/** Calls back when this host ends. Returns the function that takes that back. */
	onEnd(listener: () => void): () => void;
}

const slot = hostSlot<Host>();

/** The one host of this process, opened when it is first needed. @throws StoreError, InputError */
export async function openHost(): Promise<Host> {
	const current = slot[HOST_KEY];
	// A node of an earlier build that is still in memory goes on with the later build's host.
	if (current && current.loadedAt >= LOADED_AT) return await current.host;
	const host = start(current?.host);
	const entry: HostEntry<Host> = { loadedAt: LOADED_AT, host, ...(current?.open && { open: current.open }) };
	slot[HOST_KEY] = entry;
	try {
		entry.open = await host;
		return entry.open;
	} catch (error) {
		// The next caller tries again: the disk may have room then.
		if (slot[HOST_KEY]?.host === host) delete slot[HOST_KEY];
		throw error;
	}
}

/** What rules need, on n8n's own data. @throws StoreError, InputError */
export async function openDesk(): Promise<Desk> {
	return (await openHost()).desk;
}

/** Ends the host of this process, if there is one (for tests and clean exits). */
export async function closeHost(): Promise<void> {
	const current = slot[HOST_KEY];
	delete slot[HOST_KEY];
	if (current) await (await current.host).handOver();
}

async function start(earlier: Promise<Host> | undefined): Promise<Host> {
	const takenOver = earlier ? await (await earlier).handOver() : [];
	const store = await openStore(storeLocation(process.env));
	const desk = deskOn(store);
	// Seldom enough to be looked for once in a process.
	await store.records.sealedTokens.deleteBefore(desk.now() - UNUSED_TOKEN_MS);
	// One process writes an SQLite store, so whatever is under way now was begun by one that is gone.
	if (!earlier && !isWorker()) {
		while ((await settleLeftBehind(desk, desk.now(), LEFT_BEHIND_BATCH)) === LEFT_BEHIND_BATCH);
	}
	return run(desk, takenOver);
}

function deskOn(store: Store): Desk {
	const channel = (id: ChannelId) => channels[id];
	const now = () => Date.now();
	const pacer = new Pacer(channel, store, now, pause);
	return { store, channel, now, newId: () => uuidv7(), wait: pause, pace: (to, signal) => pacer.pace(to, signal), readDate };
}

function run(desk: Desk, takenOver: readonly Served[]): Host {
	const activity = new Activity();
	const dispatcher = new Dispatcher(desk, activity);
	const fetcher = new Fetcher(desk);
	const receivers = new ReceiverKeeper(desk);
	const resumer = isWorker() ? null : new Resumer(desk, activity);
	const endListeners = new Set<() => void>();
	const beat = new WorkLoop('the regular check', HEARTBEAT_MS, async () => {
		await dispatcher.heartbeat();
		const { files, earlyReceipts, rates } = desk.store.records;
		await files.deleteUnused(desk.now() - UNUSED_FILE_MS, SWEEP_BATCH);
		await earlyReceipts.deleteBefore(desk.now() - EARLY_RECEIPT_MS);
		await rates.forget(desk.now(), QUIET_LINES_BATCH);
		return undefined;
	});
	const serve = (served: Served) => {
		dispatcher.serve(served);
		for (const kept of served.receivers ?? []) {
			fetcher.know(kept.channel, kept.account, kept.ports);
			receivers.keep(kept);
		}
		// At once, so that the time that n8n is given to recover its own queue begins now.
		beat.wake();
	};
	for (const served of takenOver) serve(served);
	beat.wake();
	return {
		loadedAt: LOADED_AT,
		desk,
		activity,
		fetcher,
		receivers,
		serve,
		release: (id) => {
			dispatcher.release(id);
			receivers.release(id);
		},
		onEnd: (listener) => {
			endListeners.add(listener);
			return () => endListeners.delete(listener);
		},
		handOver: async () => {
			for (const listener of [...endListeners]) listener();
			await beat.stop();
			await receivers.stop();
			const served = await dispatcher.stop();
			await resumer?.stop();
			await fetcher.stop();
			await desk.store.close();
			return served;
		},
	};
}
