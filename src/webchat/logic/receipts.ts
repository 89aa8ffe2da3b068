import type { VisitorPost, WireMessage } from '../../channels/webchat/wire';
import type { Settled } from './answers';
import { Pause, type RetryPolicy } from './retry';

type Receipt = Extract<VisitorPost, { type: 'receipt' }>;

export interface ReceiptPorts {
	post(receipt: Receipt): Promise<Settled<true>>;
	retryAfter: RetryPolicy;
}

/** A burst of messages costs one post. */
const GATHER_MS = 150;
const PER_POST_MAX = 50;
/** Not worth asking the editor every two seconds; the stream's next snapshot cuts it short. */
const NOT_LISTENING_MS = 60_000;

/**
 * Tells the server which messages of the business have arrived and which were seen. Nothing is kept: after a reload the
 * snapshot's states say what is still to be told.
 */
export class Receipts {
	private readonly delivered = new Set<string>();
	private readonly read = new Set<string>();
	private waitingDelivered: string[] = [];
	private waitingRead: string[] = [];
	private running = false;
	private stopped = false;
	private readonly pause = new Pause();

	constructor(private readonly ports: ReceiptPorts) {}

	/** Counts the messages nobody has seen, after marking those as seen that are being looked at. */
	note(messages: readonly WireMessage[], looking: boolean): number {
		let unread = 0;
		for (const { id, from, status } of messages) {
			if (from !== 'business' || status === 'read' || this.read.has(id)) continue;
			if (looking) {
				this.read.add(id);
				this.delivered.add(id);
				this.waitingRead.push(id);
				continue;
			}
			unread++;
			if (status === 'delivered' || this.delivered.has(id)) continue;
			this.delivered.add(id);
			this.waitingDelivered.push(id);
		}
		void this.run();
		return unread;
	}

	nudge(): void {
		this.pause.wake();
	}

	stop(): void {
		this.stopped = true;
		this.pause.wake();
	}

	private async run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		let failures = 0;
		while (!this.stopped && this.waitingDelivered.length + this.waitingRead.length > 0) {
			if (failures === 0) await this.pause.for(GATHER_MS);
			const delivered = this.waitingDelivered.splice(0, PER_POST_MAX);
			const read = this.waitingRead.splice(0, PER_POST_MAX);
			const outcome = await this.ports.post({ type: 'receipt', ...(delivered.length ? { delivered } : {}), ...(read.length ? { read } : {}) });
			// Refused receipts would be refused again; they are not worth a word to the visitor.
			if (outcome.kind !== 'later') {
				failures = 0;
				continue;
			}
			this.waitingDelivered.unshift(...delivered);
			this.waitingRead.unshift(...read);
			failures++;
			const waitMs = outcome.cause === 'not_listening' ? NOT_LISTENING_MS : this.ports.retryAfter(outcome, failures);
			await this.pause.for(waitMs);
		}
		this.running = false;
	}
}
