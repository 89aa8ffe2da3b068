import type { StreamEvents } from '../../channels/webchat/wire';
import type { Api, Fetch } from './api';
import type { LaterCause } from './answers';
import { Connection, type ConnectionState } from './connection';
import { Receipts } from './receipts';
import type { RetryPolicy } from './retry';
import { Sender, type Outgoing, type Said } from './sender';
import { Session, type TokenKeeper } from './session';
import { readStream } from './stream';
import { EMPTY_THREAD, withEarlier, withMessage, withSnapshot, type Thread } from './thread';
import type { UnsentBox } from './unsent';
import type { StreamEvent } from './wire-checks';

/** What the page shows. A new object on every change. */
export interface ChatState {
	/** The first snapshot has come. */
	ready: boolean;
	thread: Thread;
	outgoing: readonly Outgoing[];
	connection: ConnectionState;
	/** What holds messages or the connection up. `holding`: a message of the visitor waits for it to end. */
	trouble: { cause: LaterCause; sentence: string; holding: boolean } | null;
	conversation: StreamEvents['snapshot']['conversation'];
	typing: boolean;
	/** Messages of the business that nobody has looked at. */
	unread: number;
	earlier: 'idle' | 'loading' | 'failed';
}

export interface ChatPorts {
	api: Api;
	fetch: Fetch;
	keeper: TokenKeeper;
	box: UnsentBox;
	now(): number;
	newId(): string;
	retryAfter: RetryPolicy;
	silentAfterMs: number;
	onChange(state: ChatState): void;
}

/** An `off` can be lost with a connection; nobody types this long without sending. */
const TYPING_ENDS_AFTER_MS = 30_000;

/** The server sends something every 20 s. */
const HEARTBEAT_LATE_AFTER_MS = 25_000;

/** One visitor's chat: what is known of it and everything that can be done in it. Knows no DOM. */
export class Chat {
	readonly session: Session;
	readonly sender: Sender;
	private readonly connection: Connection;
	private readonly receipts: Receipts;
	private thread: Thread = EMPTY_THREAD;
	private ready = false;
	private conversation: ChatState['conversation'] = 'none';
	private typing = false;
	private typingEnds: ReturnType<typeof setTimeout> | undefined;
	private earlier: ChatState['earlier'] = 'idle';
	private looking = false;
	private heardAt = 0;

	constructor(private readonly ports: ChatPorts) {
		const { api, retryAfter } = ports;
		const onChange = () => this.changed();
		this.session = new Session(api, ports.keeper, () => this.forget());
		this.sender = new Sender({
			...ports,
			post: async (post) => {
				const outcome = await this.session.with((token) => api.message(token, post));
				// Where a message gets through, a stream will: one that waits for its next attempt makes it now.
				if (outcome.kind === 'done') this.connection.nudge();
				return outcome;
			},
			onChange,
		});
		this.receipts = new Receipts({ post: (post) => this.session.with((token) => api.receipt(token, post)), retryAfter });
		this.connection = new Connection({
			read: async (onEvent, signal) => {
				const { fetch, silentAfterMs } = ports;
				const call = { fetch, url: api.places.events, test: api.test, signal, silentAfterMs, onBytes: () => this.heard(), onEvent };
				const end = await this.session.with((token) => readStream({ ...call, token }));
				this.typed(false);
				this.changed();
				return end;
			},
			retryAfter,
			now: ports.now,
			onSnapshot: (snapshot, askedAt) => this.onSnapshot(snapshot, askedAt),
			onEvent: (event) => this.onEvent(event),
			onChange,
		});
	}

	start(): void {
		this.connection.open();
		this.sender.start();
		this.changed();
	}

	/** Closes all that is open; for the end of the page and of tests. */
	stop(): void {
		this.connection.close();
		this.sender.stop();
		this.receipts.stop();
		clearTimeout(this.typingEnds);
	}

	say(said: Said): void {
		this.sender.say(said);
	}

	/** Whether a person sees the messages: the page is visible and, in a widget, open. */
	look(looking: boolean): void {
		this.looking = looking;
		this.changed();
	}

	/** Something suggests that trying again now will work. */
	nudge(): void {
		this.connection.nudge();
		this.sender.nudge();
		this.receipts.nudge();
	}

	/** The stream may be dead without anybody knowing. */
	renew(): void {
		this.connection.open();
		this.connection.renew();
		this.nudge();
	}

	/** Closes the stream but goes on sending. */
	rest(): void {
		this.connection.close();
	}

	/** The page is looked at again: a stream that missed a heartbeat meanwhile (a sleeping computer) is replaced. */
	wakeUp(): void {
		this.connection.open();
		if (this.ports.now() - this.heardAt > HEARTBEAT_LATE_AFTER_MS) this.connection.renew();
		this.nudge();
	}

	async loadEarlier(): Promise<void> {
		const before = this.thread.messages[0]?.id;
		if (before === undefined || !this.thread.more || this.earlier === 'loading') return;
		this.earlier = 'loading';
		this.changed();
		const outcome = await this.session.with((token) => this.ports.api.history(token, before));
		this.earlier = outcome.kind === 'done' ? 'idle' : 'failed';
		if (outcome.kind === 'done') this.thread = withEarlier(this.thread, before, outcome.value);
		this.changed();
	}

	private heard(): void {
		this.heardAt = this.ports.now();
	}

	private onSnapshot(snapshot: StreamEvents['snapshot'], askedAt: number): void {
		if (typeof snapshot.token === 'string' && snapshot.token !== '') this.session.keep(snapshot.token);
		this.ready = true;
		// A new stream tells again where to answer, if it is elsewhere.
		this.ports.api.answerAt(null);
		this.thread = withSnapshot(this.thread, snapshot);
		this.conversation = snapshot.conversation;
		this.typed(false);
		this.handOver();
		this.sender.seenAllUntil(askedAt);
		this.sender.nudge();
		this.receipts.nudge();
		this.changed();
	}

	private onEvent(event: Exclude<StreamEvent, { name: 'snapshot' }>): void {
		if (event.name === 'message') {
			this.thread = withMessage(this.thread, event.data);
			if (event.data.from === 'business') this.typed(false);
			this.handOver();
		} else if (event.name === 'conversation') {
			this.conversation = event.data.status;
		} else if (event.name === 'reply') {
			this.ports.api.answerAt(event.data.to);
			this.nudge();
		} else {
			this.typed(event.data.on);
		}
		this.changed();
	}

	/** Messages of ours that the server shows are no longer the sender's. */
	private handOver(): void {
		const own = this.thread.messages.filter((one) => one.from === 'visitor');
		const clientIds = own.map((one) => one.clientId).filter((id) => id !== null);
		this.sender.seen(new Set(clientIds), new Set(own.map((one) => one.id)));
	}

	private typed(on: boolean): void {
		clearTimeout(this.typingEnds);
		this.typing = on;
		if (!on) return;
		this.typingEnds = setTimeout(() => {
			this.typing = false;
			this.changed();
		}, TYPING_ENDS_AFTER_MS);
	}

	private forget(): void {
		this.thread = EMPTY_THREAD;
		this.conversation = 'none';
		this.connection.renew();
	}

	private view(unread: number): ChatState {
		const { sender, connection } = this;
		const held = sender.trouble;
		const trouble = held ?? connection.trouble;
		return {
			ready: this.ready,
			thread: this.thread,
			outgoing: sender.messages,
			connection: connection.state,
			trouble: trouble && { cause: trouble.cause, sentence: trouble.sentence, holding: held !== null },
			conversation: this.conversation,
			typing: this.typing && connection.state === 'online',
			unread,
			earlier: this.earlier,
		};
	}

	private changed(): void {
		this.ports.onChange(this.view(this.receipts.note(this.thread.messages, this.looking)));
	}
}
