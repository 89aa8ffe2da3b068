/** This near to the end counts as the end. */
const END_WITHIN_PX = 48;
const TOP_WITHIN_PX = 120;
/** Screen readers must not read out history that was loaded on top. */
const QUIET_MS = 400;

export interface ScrollingEvents {
	/** The visitor has scrolled up, or is back at the end. */
	onAway(away: boolean): void;
	/** Near the top: earlier messages are wanted. */
	onTop(): void;
}

export interface Drawn {
	firstKey: string | null;
	lastKey: string | null;
	lastIsOwn: boolean;
	messages: number;
}

/** Keeps a list of messages where a reader expects it: at its end, or, after scrolling up, still, whatever is added on either side. */
export class Scrolling {
	/** The last message that was on the screen before the visitor scrolled up. */
	lastSeenKey: string | null = null;
	private atEnd = true;
	private firstKey: string | null = null;
	private firstTop = 0;
	private lastKey: string | null = null;
	private quietTimer: ReturnType<typeof setTimeout> | undefined;
	private readonly sizes: ResizeObserver;

	constructor(
		private readonly list: HTMLElement,
		private readonly events: ScrollingEvents,
	) {
		list.addEventListener('scroll', this.onScroll, { passive: true });
		this.sizes = new ResizeObserver(() => this.atEnd && this.toEnd(false));
		this.sizes.observe(list);
		if (list.firstElementChild) this.sizes.observe(list.firstElementChild);
	}

	end(): void {
		this.list.removeEventListener('scroll', this.onScroll);
		this.sizes.disconnect();
	}

	/** To be called when the list has been drawn anew. `messages`: how many it shows. */
	changed({ firstKey, lastKey, lastIsOwn, messages }: Drawn): void {
		const added = lastKey !== null && lastKey !== this.lastKey;
		const prepended = firstKey !== this.firstKey;
		// A first message is news; the first of several is the history of an earlier visit.
		if (prepended && (this.firstKey !== null || messages > 1)) this.hush();
		if (this.atEnd || (added && lastIsOwn && this.lastKey !== null)) this.toEnd(false);
		else if (prepended && this.firstKey !== null) {
			const top = this.topOf(this.firstKey);
			if (top !== null) this.list.scrollTop += top - this.firstTop;
		}
		this.firstKey = firstKey;
		this.firstTop = firstKey === null ? 0 : (this.topOf(firstKey) ?? 0);
		this.lastKey = lastKey;
		if (this.atEnd) this.lastSeenKey = lastKey;
	}

	toEnd(smooth: boolean): void {
		const calm = !smooth || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
		this.list.scrollTo({ top: this.list.scrollHeight, behavior: calm ? 'instant' : 'smooth' });
	}

	private readonly onScroll = () => {
		const { scrollTop, scrollHeight, clientHeight } = this.list;
		const atEnd = scrollHeight - scrollTop - clientHeight <= END_WITHIN_PX;
		if (atEnd) this.lastSeenKey = this.lastKey;
		if (atEnd !== this.atEnd) {
			this.atEnd = atEnd;
			this.events.onAway(!atEnd);
		}
		if (!atEnd && scrollTop < TOP_WITHIN_PX) this.events.onTop();
	};

	/** Of what is said in the message: the space above it changes when a message of the same person comes before it. */
	private topOf(key: string): number | null {
		const message = this.list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
		return message && message.offsetTop + Number.parseFloat(getComputedStyle(message).paddingTop);
	}

	private hush(): void {
		this.list.setAttribute('aria-live', 'off');
		clearTimeout(this.quietTimer);
		this.quietTimer = setTimeout(() => this.list.setAttribute('aria-live', 'polite'), QUIET_MS);
	}
}
