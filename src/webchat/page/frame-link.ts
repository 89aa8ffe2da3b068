import type { FrameMessage } from '../../channels/webchat/wire';
import { frameMessage } from '../logic/frame';

export interface FrameEvents {
	/** Called once. `token`: what the site around us keeps for its visitor. */
	onStart(token: string | null): void;
	onVisible(visible: boolean): void;
}

/** A frame that somebody built by hand has no launcher to answer; then the page runs by itself. */
const LAUNCHER_ANSWERS_WITHIN_MS = 1_500;

/**
 * The page's side of the talk with the launcher around it. Which sites may put the page into a frame is decided by
 * `frame-ancestors`; here only the parent window is listened to, and only as long as it stays on one origin.
 */
export class FrameLink {
	private origin: string | null = null;
	private started = false;

	constructor(
		private readonly parent: Window,
		private readonly events: FrameEvents,
	) {
		window.addEventListener('message', (event) => this.hear(event));
		// Says nothing worth hiding, and the parent's origin is not known yet.
		const ready: FrameMessage = { conversations: 'ready' };
		parent.postMessage(ready, '*');
		setTimeout(() => {
			if (this.started) return;
			this.start(null);
			events.onVisible(true);
		}, LAUNCHER_ANSWERS_WITHIN_MS);
	}

	tell(message: FrameMessage): void {
		if (this.origin !== null) this.parent.postMessage(message, this.origin);
	}

	private hear(event: MessageEvent): void {
		if (event.source !== this.parent || event.origin === 'null') return;
		const real = window.location.ancestorOrigins?.[0];
		if (real !== undefined && real !== event.origin) return;
		const message = frameMessage(event.data);
		if (!message) return;
		if (this.origin === null) {
			if (message.conversations !== 'start') return;
			this.origin = event.origin;
		}
		if (event.origin !== this.origin) return;
		if (message.conversations === 'start') this.start(message.token);
		else if (message.conversations === 'visible') this.events.onVisible(message.visible);
	}

	private start(token: string | null): void {
		if (this.started) return;
		this.started = true;
		this.events.onStart(token);
	}
}
