import { LoggerProxy } from 'n8n-workflow';
import type { Desk } from '../../core/desk';
import type { ChosenChannel } from './chosen';
import { isForUser, sentenceOf } from './chosen';
import { takeIn } from './take-in';

const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 60_000;
/** While one question ends and another program's or our own next one begins, providers refuse both for a moment. */
const PATIENCE_MS = 60_000;

/** Asks a provider for news, one question after the other, for as long as it runs. */
export class Poller {
	private running = true;
	private wakeUp: () => void = () => undefined;

	constructor(
		private readonly desk: Desk,
		private readonly source: ChosenChannel,
		private readonly tell: (sentence: string) => void,
	) {
		void this.run();
	}

	/** Does not wait for an answer that is still out: what it brings is asked for again by whoever comes next. */
	stop(): void {
		this.running = false;
		this.wakeUp();
	}

	/** Never rejects. */
	private async run(): Promise<void> {
		const { provider, ports } = this.source;
		let cursor: string | null = null;
		let pauseMs = PAUSE_FIRST_MS;
		let refusedSince: number | null = null;
		while (this.running && provider.poll) {
			try {
				const news: { bodies: Uint8Array[]; cursor: string } = await provider.poll(cursor, ports);
				if (!this.running) return;
				for (const body of news.bodies) await this.take(body);
				// Only what is stored is confirmed, by the next question.
				cursor = news.cursor;
				pauseMs = PAUSE_FIRST_MS;
				refusedSince = null;
			} catch (error) {
				if (!this.running) return;
				const sentence = sentenceOf(error);
				refusedSince = isForUser(error) ? (refusedSince ?? this.desk.now()) : null;
				if (sentence !== undefined && refusedSince !== null && this.desk.now() - refusedSince >= PATIENCE_MS) this.tell(sentence);
				else if (sentence !== undefined) LoggerProxy.warn(`Conversations: ${sentence}`);
				else LoggerProxy.error(`Conversations: asking for news did not work (${error instanceof Error ? error.name : 'unexpected'}).`);
				await this.pause(pauseMs);
				pauseMs = Math.min(PAUSE_LONGEST_MS, pauseMs * 2);
			}
		}
	}

	private async take(body: Uint8Array): Promise<void> {
		const request = { method: 'POST', headers: {}, query: {}, body, receivedAt: this.desk.now() };
		await takeIn(this.desk, this.source, request);
	}

	private pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.wakeUp = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
