/** More than this without an end of event is not our server; dropping it keeps the page's memory bounded. */
const EVENT_MAX_CHARS = 16_000_000;

/** Thrown by {@link SseParser.feed} for an endless event; the stream should be closed and opened again. */
export class EndlessEvent extends Error {}

/**
 * Incremental parser of Server-Sent Events. Takes decoded text in any slices and calls back for every complete event.
 * `id` and `retry` fields are ignored: a new stream starts with a snapshot, and the page has its own retry rules.
 */
export class SseParser {
	private line = '';
	private name = '';
	private data: string[] = [];
	private sizeChars = 0;
	private first = true;
	private afterCr = false;

	constructor(private readonly onEvent: (name: string, data: string) => void) {}

	feed(slice: string): void {
		let text = slice;
		if (text === '') return;
		if (this.first && text.startsWith('\uFEFF')) text = text.slice(1);
		this.first = false;
		// A CRLF cut between two slices is one line end, not two.
		if (this.afterCr && text.startsWith('\n')) text = text.slice(1);
		this.afterCr = text === '' ? false : text.endsWith('\r');

		this.sizeChars += text.length;
		if (this.sizeChars > EVENT_MAX_CHARS) throw new EndlessEvent('The event stream sent an event without an end.');

		const lines = text.split(/\r\n|\r|\n/);
		const rest = lines.pop() ?? '';
		for (const part of lines) {
			const line = this.line + part;
			this.line = '';
			this.take(line);
		}
		this.line += rest;
	}

	private take(line: string): void {
		if (line === '') {
			if (this.data.length > 0) this.onEvent(this.name || 'message', this.data.join('\n'));
			this.name = '';
			this.data = [];
			this.sizeChars = 0;
			return;
		}
		const colon = line.indexOf(':');
		const field = colon === -1 ? line : line.slice(0, colon);
		const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
		if (field === 'data') this.data.push(value);
		else if (field === 'event') this.name = value;
		else if (field === '') this.sizeChars = this.line.length + this.data.reduce((sum, part) => sum + part.length, 0);
	}
}
