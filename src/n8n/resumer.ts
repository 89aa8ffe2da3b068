import axios from 'axios';
import { LoggerProxy } from 'n8n-workflow';
import { addressKey } from '../core/channel';
import type { Desk } from '../core/desk';
import type { Wait } from '../core/records';
import { endOutOfTime } from '../core/waits';
import type { Activity } from './activity';
import { CONTINUED, STILL_WAITING } from './continued';
import { ownAddresses } from './own-addresses';
import { WorkLoop } from './work-loop';

const POLL_MS = 15_000;
const BATCH = 20;
/** First pause after a try that did not work; doubles up to the longest. */
const PAUSE_FIRST_MS = 300;
const PAUSE_LONGEST_MS = 60_000;
const TIMEOUT_MS = 15_000;
/** After this long past its limit n8n no longer knows the execution, whatever it answers. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

/**
 * Continues parked executions by posting to n8n's own address for that, and has their nodes ask again for answers that did
 * not do. The posts are rows in the store, so they survive a restart; they are tried until n8n says that it is done or
 * that there is nothing to continue.
 */
export class Resumer {
	private readonly loop: WorkLoop;
	private readonly forget: () => void;

	constructor(
		private readonly desk: Desk,
		private readonly activity: Activity,
	) {
		this.loop = new WorkLoop('continuing waiting workflows', POLL_MS, () => this.work());
		this.forget = desk.store.onChange('waits', () => this.loop.wake());
		this.loop.wake();
	}

	async stop(): Promise<void> {
		this.forget();
		await this.loop.stop();
	}

	private async work(): Promise<number | undefined> {
		const { waits } = this.desk.store.records;
		while (await endOutOfTime(this.desk, BATCH));
		const now = this.desk.now();
		const due = await waits.claimDue(now, now + TIMEOUT_MS * 2, BATCH);
		await Promise.all(due.map((wait) => this.resume(wait)));
		if (due.length === BATCH) return 0;
		const nextAt = await waits.nextAt();
		return nextAt === undefined ? undefined : nextAt - this.desk.now();
	}

	private async resume(wait: Wait): Promise<void> {
		const { waits } = this.desk.store.records;
		if (wait.state === 'due') await this.showTyping(wait);
		const outcome = await post(wait.resumeUrl);
		// While it is not over, n8n was told only to ask again; the node says when to come back, if at all.
		if (outcome === 'waiting' && wait.state === 'open') return;
		if (outcome === 'resumed' || outcome === 'waiting') {
			await this.finish(wait, 'resumed');
			return;
		}
		if (outcome === 'gone' || this.desk.now() > wait.until + GIVE_UP_MS) {
			await this.finish(wait, 'gone');
			LoggerProxy.warn(`Conversations: execution ${wait.executionId} no longer waits, so it was not continued.`);
			return;
		}
		const pauseMs = Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** Math.min(wait.attempts, 20));
		await waits.retryAt(wait.id, this.desk.now() + pauseMs);
	}

	private async finish({ id }: Wait, state: 'resumed' | 'gone'): Promise<void> {
		await this.desk.store.atomically((records) => records.waits.finish(id, state));
	}

	private async showTyping(wait: Wait): Promise<void> {
		const { waits, messages, addresses } = this.desk.store.records;
		for (const { messageId, result } of await waits.items(wait.id)) {
			const message = messageId && result?.outcome === 'settled' ? await messages.get(messageId) : undefined;
			const address = message && (await addresses.get(message.addressId));
			if (address) this.activity.working(addressKey(address), true);
		}
	}
}

/** `waiting`: the node was reached and goes on waiting. `later`: it was not reached, or asks for another try. */
type Outcome = 'resumed' | 'waiting' | 'gone' | 'later';

/** This process first: n8n's public address often cannot be reached from inside. */
async function post(resumeUrl: string): Promise<Outcome> {
	let outcome: Outcome = 'later';
	for (const url of ownAddresses(resumeUrl, process.env, 'waiting')) {
		outcome = await postTo(url);
		if (outcome !== 'later') return outcome;
	}
	return outcome;
}

async function postTo(url: string): Promise<Outcome> {
	try {
		const { status, data } = await axios.post<string>(url, '', {
			timeout: TIMEOUT_MS,
			maxRedirects: 0,
			proxy: false,
			responseType: 'text',
			validateStatus: () => true,
		});
		if (status === 200 && data.includes(CONTINUED)) return 'resumed';
		if (status === 200 && data.includes(STILL_WAITING)) return 'waiting';
		// While the execution is still on its way to being parked, n8n answers 409 as well: 'is running already'. Before it has
		// started it answers 200 ('n8n is starting up'), then 404 for any address ('Cannot POST …').
		if ((status === 404 && !/Cannot POST/.test(data)) || (status === 409 && /finished/.test(data))) return 'gone';
		return 'later';
	} catch (error) {
		if (axios.isAxiosError(error)) return 'later';
		throw error;
	}
}
