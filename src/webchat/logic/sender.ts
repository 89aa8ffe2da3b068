import type { VisitorPost, WireAttachment } from '../../channels/webchat/wire';
import type { Later, Settled } from './answers';
import { Pause, type RetryPolicy } from './retry';
import type { Unsent, UnsentBox } from './unsent';

/** How far a message of the visitor has come on its way to the server. */
export interface Outgoing extends Unsent {
	/** `waiting`: behind others. `held`: tried, will be tried again. `sent`: stored, not yet seen in the stream. */
	state: 'waiting' | 'sending' | 'held' | 'refused' | 'sent';
	/** When the server acknowledged it. */
	sentAt: number | null;
	/** The server's id of it. */
	storedId: string | null;
}

export interface Said {
	text: string | null;
	attachments: WireAttachment[];
	choice: Unsent['choice'];
}

export interface SenderPorts {
	post(message: Extract<VisitorPost, { type: 'message' }>): Promise<Settled<string>>;
	box: UnsentBox;
	now(): number;
	newId(): string;
	retryAfter: RetryPolicy;
	onChange(): void;
}

/** Another tab's message is left to that tab for this long, then sent from here too: its tab may be gone. */
const ADOPTED_AFTER_MS = 10_000;

/** Sends the visitor's messages one at a time in the order they were written, and tries until the server has taken or refused each. */
export class Sender {
	private queue: Outgoing[];
	private running = false;
	private inFlight: string | null = null;
	private stopped = false;
	private failures = 0;
	private adoption: ReturnType<typeof setTimeout> | undefined;
	private readonly pause = new Pause();
	/** Why the first message in the queue is held. */
	private obstacle: Later | null = null;

	constructor(private readonly ports: SenderPorts) {
		this.queue = ports.box.all().map(asOutgoing);
	}

	/** A new array on every change. */
	get messages(): readonly Outgoing[] {
		return this.queue;
	}

	get trouble(): Later | null {
		return this.obstacle;
	}

	start(): void {
		void this.run();
	}

	stop(): void {
		this.stopped = true;
		clearTimeout(this.adoption);
		this.pause.wake();
	}

	say(said: Said): void {
		const last = this.queue.at(-1)?.createdAt ?? 0;
		const message: Unsent = { id: this.ports.newId(), createdAt: Math.max(this.ports.now(), last + 1), refusal: null, ...said };
		this.ports.box.put(message);
		this.change([...this.queue, asOutgoing(message)]);
		void this.run();
	}

	/** Tries a refused message again, now. */
	tryAgain(id: string): void {
		const message = this.queue.find((one) => one.id === id);
		if (!message || message.state !== 'refused') return;
		this.ports.box.put({ ...unsentOf(message), refusal: null });
		this.patch(id, { state: 'waiting', refusal: null });
		void this.run();
	}

	remove(id: string): void {
		this.ports.box.remove(id);
		this.drop((one) => one.id === id);
	}

	/** The world may have changed for the better: try now. What the server asked to wait for is waited for. */
	nudge(): void {
		if (this.obstacle?.cause !== 'too_many') this.pause.wake();
	}

	/** Another tab has put a message into the box. It is shown at once and sent from here only if that tab does not. */
	adopt(id: string): void {
		const message = this.ports.box.all().find((one) => one.id === id);
		const known = this.queue.find((one) => one.id === id);
		if (!message || known?.state === 'sent' || this.inFlight === id) return;
		const others = this.queue.filter((one) => one.id !== id);
		this.change([...others, asOutgoing(message)].sort((a, b) => a.createdAt - b.createdAt));
		clearTimeout(this.adoption);
		this.adoption = setTimeout(() => void this.run(), ADOPTED_AFTER_MS);
	}

	/** Another tab has got it through or removed it. */
	forsake(id: string): void {
		this.drop((one) => one.id === id && one.state !== 'sent');
	}

	/** The stream has shown these messages of ours: the server's copies take over. */
	seen(clientIds: ReadonlySet<string>, storedIds: ReadonlySet<string>): void {
		for (const one of this.queue) if (clientIds.has(one.id)) this.ports.box.remove(one.id);
		this.drop((one) => clientIds.has(one.id) || (one.storedId !== null && storedIds.has(one.storedId)));
	}

	/** A snapshot asked for at `askedAt` holds everything stored before; what it does not show is older than it reaches. */
	seenAllUntil(askedAt: number): void {
		this.drop((one) => one.sentAt !== null && one.sentAt < askedAt);
	}

	private async run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		for (let next = this.next(); next && !this.stopped; next = this.next()) await this.attempt(next);
		this.running = false;
		this.overcome();
	}

	private next(): Outgoing | undefined {
		return this.queue.find((one) => one.state === 'waiting' || one.state === 'sending' || one.state === 'held');
	}

	private async attempt(message: Outgoing): Promise<void> {
		const { id } = message;
		if (!this.ports.box.has(id)) {
			this.forsake(id);
			return;
		}
		this.inFlight = id;
		// A message that was held stays so while it is tried again: no flicker at every attempt.
		if (message.state === 'waiting') this.patch(id, { state: 'sending' });
		const outcome = await this.ports.post(postOf(message));
		this.inFlight = null;
		const wanted = this.queue.some((one) => one.id === id);
		if (outcome.kind === 'later') {
			if (!wanted) return;
			this.failures++;
			this.obstacle = outcome;
			this.patch(id, { state: 'held' });
			await this.pause.for(this.ports.retryAfter(outcome, this.failures));
			return;
		}
		if (outcome.kind === 'done') {
			this.ports.box.remove(id);
			this.patch(id, { state: 'sent', storedId: outcome.value, sentAt: this.ports.now() });
		} else if (wanted) {
			this.ports.box.put({ ...unsentOf(message), refusal: outcome.sentence });
			this.patch(id, { state: 'refused', refusal: outcome.sentence });
		}
		this.overcome();
	}

	private overcome(): void {
		this.failures = 0;
		if (this.obstacle === null) return;
		this.obstacle = null;
		this.ports.onChange();
	}

	private drop(gone: (one: Outgoing) => boolean): void {
		const rest = this.queue.filter((one) => !gone(one));
		if (rest.length === this.queue.length) return;
		this.change(rest);
		// Possibly the one that is held: the next one's turn.
		this.pause.wake();
	}

	private patch(id: string, change: Partial<Outgoing>): void {
		this.change(this.queue.map((one) => (one.id === id ? { ...one, ...change } : one)));
	}

	private change(queue: Outgoing[]): void {
		this.queue = queue;
		this.ports.onChange();
	}
}

function asOutgoing(message: Unsent): Outgoing {
	return { ...message, state: message.refusal === null ? 'waiting' : 'refused', sentAt: null, storedId: null };
}

function unsentOf({ id, createdAt, text, attachments, choice, refusal }: Outgoing): Unsent {
	return { id, createdAt, text, attachments, choice, refusal };
}

function postOf({ id, text, attachments, choice }: Outgoing): Extract<VisitorPost, { type: 'message' }> {
	return {
		type: 'message',
		id,
		...(text === null ? {} : { text }),
		...(attachments.length === 0 ? {} : { attachments: attachments.map((one) => one.fileId) }),
		...(choice === null ? {} : { choice: { messageId: choice.messageId, id: choice.id } }),
	};
}
