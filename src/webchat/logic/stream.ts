import type { Fetch } from './api';
import { parsedJson } from './api';
import { judge, UNREACHABLE, type Outcome } from './answers';
import { EndlessEvent, SseParser } from './sse';

/** How one stream ended. `done`: it was open and the server or the way to it closed it. */
export type StreamEnd = Outcome<'closed'>;

export interface StreamCall {
	fetch: Fetch;
	url: string;
	token: string;
	test: boolean;
	/** Aborted when the page wants the stream closed. */
	signal: AbortSignal;
	/** A stream without a byte for this long is dead: the server sends a comment line every 20 s. */
	silentAfterMs: number;
	/** Called for every slice of bytes, heartbeats too. */
	onBytes(): void;
	onEvent(name: string, data: unknown): void;
}

/** Headers come at once from a server that is up. */
const OPEN_WITHIN_MS = 20_000;

/** Reads one event stream from its opening to its end. */
export async function readStream(call: StreamCall): Promise<StreamEnd> {
	const stop = new AbortController();
	const abort = () => stop.abort();
	call.signal.addEventListener('abort', abort);
	if (call.signal.aborted) abort();
	let watchdog = setTimeout(abort, Math.min(OPEN_WITHIN_MS, call.silentAfterMs));
	const alive = () => {
		clearTimeout(watchdog);
		watchdog = setTimeout(abort, call.silentAfterMs);
		call.onBytes();
	};
	try {
		const answer = await answerOrNull(call, stop.signal);
		if (answer === null) return UNREACHABLE;
		const isStream = answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/event-stream');
		if (!isStream || !answer.body) return judge<'closed'>(answer.status, await jsonOrUndefined(answer), call.test, () => undefined);
		await readAll(answer.body.getReader(), new SseParser((name, data) => call.onEvent(name, parsedJson(data))), alive);
		return { kind: 'done', value: 'closed' };
	} catch (error) {
		if (!(error instanceof EndlessEvent)) throw error;
		return { kind: 'done', value: 'closed' };
	} finally {
		stop.abort();
		clearTimeout(watchdog);
		call.signal.removeEventListener('abort', abort);
	}
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, parser: SseParser, alive: () => void): Promise<void> {
	const decoder = new TextDecoder();
	for (let bytes = await bytesOrNull(reader); bytes; bytes = await bytesOrNull(reader)) {
		alive();
		parser.feed(decoder.decode(bytes, { stream: true }));
	}
}

async function answerOrNull(call: StreamCall, signal: AbortSignal): Promise<Response | null> {
	try {
		return await call.fetch(call.url, {
			headers: { accept: 'text/event-stream', authorization: `Bearer ${call.token}` },
			signal,
			cache: 'no-store',
		});
	} catch {
		// No answer, or given up here.
		return null;
	}
}

async function jsonOrUndefined(answer: Response): Promise<unknown> {
	try {
		return parsedJson(await answer.text());
	} catch {
		// Cut in the middle of the answer.
		return undefined;
	}
}

/** Null at the end, which may also be that the connection was cut, here or on the way. */
async function bytesOrNull(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> {
	try {
		const next = await reader.read();
		return next.done ? null : next.value;
	} catch {
		return null;
	}
}
