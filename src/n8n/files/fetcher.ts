import { EventEmitter } from 'node:events';
import { LoggerProxy } from 'n8n-workflow';
import type { Attachment, ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import type { CallPorts } from '../../core/provider';
import type { Fetch } from '../../core/records';
import { fetchOnce, giveUp, type Outcome } from './fetching';
import { WorkLoop } from '../work-loop';

const POLL_MS = 15_000;
const AT_ONCE = 4;
/** Longer than any file takes: after this a fetch of a process that died is taken up by another one. */
const CLAIM_MS = 5 * 60_000;
/** First pause after a try that did not work; doubles up to the longest. */
const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 60 * 60_000;
const GIVE_UP_MS = 24 * 60 * 60_000;
/** After a start, triggers have this long to bring their credentials for what waited meanwhile. */
const START_GRACE_MS = 10 * 60_000;
const STALE_BATCH = 20;
/** Of one contact, for those who wait for what it sent. */
const RECENT_MESSAGES = 20;
const SETTLED = 'settled';

interface Known {
	channel: ChannelId;
	account: string;
	ports: CallPorts;
}

/**
 * Fetches the files of received messages and the names of new people, with the credentials that triggers in this process
 * have. What is to be fetched are rows in the store, so that it survives a restart; credentials are kept in memory only.
 */
export class Fetcher {
	private readonly known = new Map<string, Known>();
	private readonly underWay = new Map<string, Fetch>();
	private readonly news = new EventEmitter().setMaxListeners(0);
	private readonly loop: WorkLoop;
	private readonly forget: () => void;
	private claiming: Promise<unknown> = Promise.resolve();
	private stopped = false;
	private readonly startedAt: number;

	constructor(private readonly desk: Desk) {
		this.startedAt = desk.now();
		this.loop = new WorkLoop('fetching files', POLL_MS, () => this.work());
		this.forget = desk.store.onChange('fetches', () => this.loop.wake());
		this.loop.wake();
	}

	/** From now on what this account was sent is fetched here. The latest ports count. */
	know(channel: ChannelId, account: string, ports: CallPorts): void {
		const key = keyOf({ channel, account });
		const isNew = !this.known.has(key);
		this.known.set(key, { channel, account, ports });
		// Called with every webhook: what is new to fetch wakes us by itself.
		if (isNew) this.loop.wake();
	}

	/** Ends without waiting for files that are under way: the next process fetches them from their start. */
	async stop(): Promise<void> {
		this.stopped = true;
		this.forget();
		await this.loop.stop();
		await this.claiming;
		const { fetches } = this.desk.store.records;
		for (const id of this.underWay.keys()) await fetches.retryAt(id, this.desk.now());
	}

	/** Resolves when nothing that this contact sent is left to be fetched, at the latest after `limitMs`. */
	async settled(contactId: string, limitMs: number): Promise<void> {
		let limit: NodeJS.Timeout | undefined;
		const tooLate = new Promise<'too late'>((resolve) => {
			limit = setTimeout(() => resolve('too late'), limitMs);
		});
		try {
			await this.claim();
			for (;;) {
				const next = this.nextNews();
				if (!(await this.isLeft(contactId))) return;
				if ((await Promise.race([next, tooLate])) === 'too late') return;
			}
		} finally {
			clearTimeout(limit);
		}
	}

	private nextNews(): Promise<void> {
		return new Promise((resolve) => this.news.once(SETTLED, () => resolve()));
	}

	private async isLeft(contactId: string): Promise<boolean> {
		if ([...this.underWay.values()].some((fetch) => fetch.contactId === contactId)) return true;
		const { messages, fetches } = this.desk.store.records;
		const recent = await messages.list({ contactId, direction: 'in' }, { limit: RECENT_MESSAGES, offset: 0 });
		for (const { id, attachments } of recent) {
			if (attachments.some(isAwaited) && (await fetches.leftOf(id)) > 0) return true;
		}
		return false;
	}

	private async work(): Promise<number | undefined> {
		await this.giveUpStale();
		await this.claim();
		const nextAt = await this.desk.store.records.fetches.nextAt([...this.known.values()]);
		// When all hands are full, the next that is free wakes us.
		if (nextAt === undefined || this.underWay.size >= AT_ONCE) return undefined;
		return nextAt - this.desk.now();
	}

	/** Takes on as much as there are hands for. One caller after the other, so that it is never more. */
	private claim(): Promise<void> {
		const mine = this.claiming.then(() => this.claimFree());
		this.claiming = mine.catch(() => undefined);
		return mine;
	}

	private async claimFree(): Promise<void> {
		const limit = AT_ONCE - this.underWay.size;
		if (this.stopped || limit === 0 || this.known.size === 0) return;
		const now = this.desk.now();
		const accounts = [...this.known.values()].map(({ channel, account }) => ({ channel, account }));
		const claimed = await this.desk.store.records.fetches.claimDue({ accounts, now, nextAt: now + CLAIM_MS, limit });
		for (const fetch of claimed) void this.run(fetch);
	}

	/** Never rejects. */
	private async run(fetch: Fetch): Promise<void> {
		const known = this.known.get(keyOf(fetch));
		if (!known) return;
		this.underWay.set(fetch.id, fetch);
		try {
			await this.tryOnce(fetch, known.ports);
		} catch (error) {
			// What it says could quote the file's address; what did not work is claimed again when its time is over.
			const { name } = error as Error;
			if (!this.stopped) LoggerProxy.warn(`Conversations: what was fetched from ${this.nameOf(fetch)} could not be kept (${name}). It is tried again.`);
		} finally {
			this.underWay.delete(fetch.id);
			this.news.emit(SETTLED);
			this.loop.wake();
		}
	}

	private async tryOnce(fetch: Fetch, ports: CallPorts): Promise<void> {
		const outcome = await fetchOnce(this.desk, fetch, ports).catch((error: unknown) => this.unexpected(fetch, error));
		if (outcome === 'done' || this.stopped) return;
		const now = this.desk.now();
		if (now - fetch.createdAt >= GIVE_UP_MS) return await this.giveUp(fetch, 'did not give the file for a day');
		const pauseMs = Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** Math.min(fetch.attempts - 1, 20));
		await this.desk.store.records.fetches.retryAt(fetch.id, now + Math.max(pauseMs, outcome.afterMs));
		LoggerProxy.debug(`Conversations: ${this.nameOf(fetch)} did not answer with what was asked for (try ${fetch.attempts}). It is asked again.`);
	}

	private unexpected(fetch: Fetch, error: unknown): Outcome {
		if (this.stopped) return 'done';
		const name = error instanceof Error ? error.name : typeof error;
		LoggerProxy.warn(`Conversations: a ${fetch.kind === 'media' ? 'file' : 'name'} could not be fetched from ${this.nameOf(fetch)} (${name}). It is tried again.`);
		return { again: true, afterMs: 0 };
	}

	/** What no process has a credential for any more, or nobody could get. */
	private async giveUpStale(): Promise<void> {
		const now = this.desk.now();
		const stale = await this.desk.store.records.fetches.stale(now - GIVE_UP_MS, STALE_BATCH);
		for (const fetch of stale) {
			if (fetch.attempts === 0 && now - this.startedAt < START_GRACE_MS) continue;
			if (!this.underWay.has(fetch.id)) await this.giveUp(fetch, 'was not asked for the file, or did not give it, for a day');
		}
	}

	private async giveUp(fetch: Fetch, what: string): Promise<void> {
		await giveUp(this.desk, fetch, `${this.nameOf(fetch)} ${what}. Ask the contact to send it again.`);
		if (fetch.kind === 'media') LoggerProxy.warn(`Conversations: ${this.nameOf(fetch)} (account ${fetch.account}) ${what}.`);
	}

	private nameOf({ channel }: Fetch): string {
		return this.desk.channel(channel).name;
	}
}

const keyOf = ({ channel, account }: Pick<Known, 'channel' | 'account'>) => `${channel}/${account}`;

/** No bytes yet, and nothing that says there will be none. */
const isAwaited = ({ fileId, missing }: Attachment) => fileId === null && missing === undefined;
