import { LoggerProxy } from 'n8n-workflow';
import { MalformedPayload } from '../../core/channel';
import type { Desk } from '../../core/desk';
import type { PollPorts } from '../../core/provider';
import { cleanFileName, storeFile } from '../files/stored-files';
import type { ChosenChannel } from './chosen';
import { isForUser, sentenceOf } from './chosen';
import { Condition } from './condition';
import { takeIn } from './take-in';

const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 60_000;
/** While one question ends and another program's or our own next one begins, providers refuse both for a moment. */
const PATIENCE_MS = 60_000;
/** What may pass by itself is told when it does not. */
const PATIENCE_WITH_SERVERS_MS = 10 * 60_000;
/** A workflow that is published again within this time goes on where it stopped. */
const REPUBLISHED_WITHIN_MS = 10 * 60_000;
const UNEXPECTED = 'Something unexpected went wrong while asking for news. The log of n8n says more.';

/** Who is told how it goes, beside the store. */
export interface PollerWatch {
	/** It has not worked for some time. */
	troubled(sentence: string): void;
	/** It works. */
	well(): void;
}

/** Asks a provider for news, one question after the other, for as long as it runs. */
export class Poller {
	private readonly ended = new AbortController();
	private readonly condition: Condition;
	private readonly startedAt: number;
	private failing: { since: number; isForUser: boolean } | null = null;

	/** `isTest`: it runs for a test only, and leaves no trace of how far it read. */
	constructor(
		private readonly desk: Desk,
		private readonly source: ChosenChannel,
		private readonly watch: PollerWatch,
		private readonly isTest = false,
	) {
		this.condition = new Condition(desk);
		this.startedAt = desk.now();
		void this.run();
	}

	/** Does not wait for an answer that is still out: what it brings is asked for again by whoever comes next. */
	stop(): void {
		this.ended.abort();
	}

	private get isRunning(): boolean {
		return !this.ended.signal.aborted;
	}

	/** Never rejects. */
	private async run(): Promise<void> {
		let cursor: string | null | undefined;
		let pauseMs = PAUSE_FIRST_MS;
		while (this.isRunning) {
			try {
				cursor = await this.ask(cursor === undefined ? await this.keptCursor() : cursor);
				pauseMs = PAUSE_FIRST_MS;
				this.failing = null;
				this.watch.well();
			} catch (error) {
				if (!this.isRunning) return;
				this.report(error);
				if (!this.isTest) await this.condition.note(this.source.key, sentenceOf(error) ?? UNEXPECTED);
				await this.pause(pauseMs);
				pauseMs = Math.min(PAUSE_LONGEST_MS, pauseMs * 2);
			}
		}
	}

	/** What lasts is told; anything else only stands in the log. */
	private report(error: unknown): void {
		const now = this.desk.now();
		const sentence = sentenceOf(error);
		const kind = isForUser(error);
		if (this.failing?.isForUser !== kind) this.failing = { since: now, isForUser: kind };
		if (sentence === undefined) {
			LoggerProxy.error(`Conversations: asking for news did not work (${error instanceof Error ? error.name : 'unexpected'}).`);
		} else if (now - this.failing.since >= (kind ? PATIENCE_MS : PATIENCE_WITH_SERVERS_MS)) this.watch.troubled(sentence);
		else LoggerProxy.warn(`Conversations: ${sentence}`);
	}

	/** Only what is stored is confirmed, by the next question. */
	private async ask(cursor: string | null): Promise<string | null> {
		const { provider } = this.source;
		const news = await provider.poll?.(cursor, this.ports());
		if (!news || !this.isRunning) return cursor;
		for (const body of news.bodies) await this.take(body);
		if (!this.isTest) {
			const { receiverStates } = this.desk.store.records;
			if (provider.onlyPolls && news.cursor !== cursor) await receiverStates.setCursor(this.source.key, news.cursor);
			await this.condition.note(this.source.key, null);
		}
		return news.cursor;
	}

	private async keptCursor(): Promise<string | null> {
		return this.isTest || !this.source.provider.onlyPolls ? null : await cursorOf(this.desk, this.source, this.startedAt);
	}

	private ports(): PollPorts {
		return pollPorts(this.desk, this.source, this.ended.signal);
	}

	private async take(body: Uint8Array): Promise<void> {
		const request = { method: 'POST', headers: {}, query: {}, body, receivedAt: this.desk.now() };
		try {
			await takeIn(this.desk, this.source, request);
		} catch (error) {
			// It would be as malformed the next time, and nothing after it would come.
			if (!(error instanceof MalformedPayload)) throw error;
		}
	}

	private pause(ms: number): Promise<void> {
		const { signal } = this.ended;
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timer);
				signal.removeEventListener('abort', done);
				resolve();
			};
			const timer = setTimeout(done, ms);
			signal.addEventListener('abort', done);
		});
	}
}

/** What came while no workflow wanted it is left alone, unless it was for a moment only: a new version was published. */
async function cursorOf(desk: Desk, { key }: ChosenChannel, startedAt: number): Promise<string | null> {
	const state = await desk.store.records.receiverStates.get(key);
	if (!state || (state.endedAt !== null && startedAt - state.endedAt > REPUBLISHED_WITHIN_MS)) return null;
	return state.cursor;
}

function pollPorts(desk: Desk, { ports }: ChosenChannel, signal: AbortSignal): PollPorts {
	return {
		...ports,
		signal,
		keepFile: ({ name, mime, bytes }) =>
			storeFile(desk, { name: cleanFileName(name) || 'file', bytes, owner: null, ...(mime !== null && { declaredMime: mime }) }),
	};
}

/** Notes where reading begins before anybody is told that it has begun: what comes from then on is read. @throws ConversationsError */
export async function noteStart(desk: Desk, source: ChosenChannel): Promise<void> {
	const { key, provider } = source;
	if (!provider.onlyPolls || (await cursorOf(desk, source, desk.now())) !== null) return;
	const over = new AbortController();
	try {
		const news = await provider.poll?.(null, pollPorts(desk, source, over.signal));
		if (!news) return;
		await desk.store.records.receiverStates.setCursor(key, news.cursor);
		await desk.store.records.receiverStates.worked(key, desk.now());
	} finally {
		over.abort();
	}
}
