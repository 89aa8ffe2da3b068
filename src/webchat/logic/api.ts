import type { FileAnswer, VisitorPost, WireAttachment, WireMessage } from '../../channels/webchat/wire';
import { judge, UNREACHABLE, type Outcome } from './answers';
import type { Places } from './places';
import { isMessage } from './wire-checks';

/** A post that hangs this long is given up and made again; ids make the repetition harmless. */
const POST_TIMEOUT_MS = 30_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface History {
	messages: WireMessage[];
	more: boolean;
}

/** The calls of the wire protocol, each with an {@link Outcome} and never a rejection. */
export class Api {
	/** Where posts and files go instead of the page's own address, while a test run waits for a reply. */
	private elsewhere: string | null = null;

	constructor(
		private readonly fetch: Fetch,
		readonly places: Places,
		readonly test: boolean,
	) {}

	/** `path`: on the page's own host; null: to the page's own address again. Only in a test run. */
	answerAt(path: string | null): void {
		this.elsewhere = path === null || !this.test ? null : new URL(this.places.page).origin + path;
	}

	get postAddress(): string {
		return this.elsewhere ?? this.places.messages;
	}

	get fileAddress(): string {
		return this.elsewhere ?? this.places.files;
	}

	/** A token for a new visitor. */
	hello(): Promise<Outcome<string>> {
		return this.post(null, { type: 'hello' }, (body) => textField(body, 'token'));
	}

	/** Our id of the stored message. */
	message(token: string, post: Extract<VisitorPost, { type: 'message' }>): Promise<Outcome<string>> {
		return this.post(token, post, (body) => textField(body, 'message'));
	}

	receipt(token: string, post: Extract<VisitorPost, { type: 'receipt' }>): Promise<Outcome<true>> {
		return this.post(token, post, (body) => ('receipt' in body && body.receipt === true ? true : undefined));
	}

	/** Messages older than the one with the id `before`, oldest first. */
	history(token: string, before: string): Promise<Outcome<History>> {
		return this.post(token, { type: 'history', before }, (body) =>
			'messages' in body && Array.isArray(body.messages) && body.messages.every(isMessage) ? { messages: body.messages, more: 'more' in body && body.more === true } : undefined,
		);
	}

	private async post<T>(token: string | null, post: VisitorPost, pick: (body: object) => T | undefined): Promise<Outcome<T>> {
		const stop = new AbortController();
		const timer = setTimeout(() => stop.abort(), POST_TIMEOUT_MS);
		try {
			const answer = await this.fetch(this.postAddress, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
				body: JSON.stringify(post),
				signal: stop.signal,
				cache: 'no-store',
			});
			return judge(answer.status, parsedJson(await answer.text()), this.test, pick);
		} catch {
			// fetch rejects for one reason only: there was no (whole) answer.
			return UNREACHABLE;
		} finally {
			clearTimeout(timer);
		}
	}
}

/** The uploaded file in the answer to `POST /files`. */
export function uploadedIn(body: object): WireAttachment | undefined {
	const { attachment } = body as Partial<FileAnswer>;
	return typeof attachment?.fileId === 'string' ? attachment : undefined;
}

/** Undefined when the text is not JSON. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// SyntaxError: n8n's start-up text, a proxy's error page.
		return undefined;
	}
}

function textField(body: object, name: string): string | undefined {
	const value: unknown = (body as Record<string, unknown>)[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}
