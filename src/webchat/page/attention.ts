/** Long enough that switching between tabs keeps the stream; then connections are worth more than a title's count. */
const REST_AFTER_MS = 5 * 60_000;

export interface AttentionEvents {
	/** The page is visible or hidden. */
	onVisible(visible: boolean): void;
	/** The network, the page or the computer has come back: connections may be dead. */
	onReturn(): void;
	/** The stream is not worth its connection now. */
	onRest(): void;
	onWakeUp(): void;
}

/**
 * Follows whether somebody looks at the page. A browser opens only six HTTP/1.1 connections to one host, for all tabs
 * together, and every stream takes one: of the hidden tabs of a chat only one keeps its stream (it shows the unread
 * count in its title), so that a visitor with many tabs of a shop open can still write.
 */
export function followAttention(page: string, events: AttentionEvents): void {
	let endRest: (() => void) | null = null;

	const hide = () => {
		let over = false;
		let letGo: (() => void) | null = null;
		let timer: ReturnType<typeof setTimeout> | undefined;
		endRest = () => {
			over = true;
			clearTimeout(timer);
			letGo?.();
		};
		const locks: LockManager | undefined = navigator.locks;
		if (!locks) {
			// Plain http: tabs can't agree, so each rests after a while.
			timer = setTimeout(events.onRest, REST_AFTER_MS);
			return;
		}
		const held = locks.request(`conversations hidden stream ${page}`, { ifAvailable: true }, (lock) => {
			if (over) return;
			if (!lock) {
				events.onRest();
				return;
			}
			return new Promise<void>((resolve) => {
				letGo = resolve;
			});
		});
		// SecurityError in documents without an origin of their own: then the stream just stays.
		held.catch(() => undefined);
	};

	const show = () => {
		endRest?.();
		endRest = null;
		events.onWakeUp();
	};

	document.addEventListener('visibilitychange', () => {
		events.onVisible(!document.hidden);
		if (document.hidden) hide();
		else show();
	});
	window.addEventListener('online', () => events.onReturn());
	window.addEventListener('pageshow', (event) => {
		if (event.persisted) events.onReturn();
	});
	// Else the open stream keeps the page out of the back/forward cache.
	window.addEventListener('pagehide', () => events.onRest());
	if (document.hidden) hide();
}
