/** One call to a provider. The bridge adds the account's base URL and, only on the provider's own hosts, its secret. */
export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** A path below the base URL, beginning with '/'; or the whole address of a file, as the provider gave it. */
	url: string;
	/** Which of the credential's base URLs the path is below, by the field's name; the first unless given. */
	base?: string;
	query?: Readonly<Record<string, string>>;
	/** Names in lower case. */
	headers?: Readonly<Record<string, string>>;
	body?: HttpBody;
	/** How many bytes the answer may have; 1 MiB unless given. */
	maxBytes?: number;
	/** How long to wait for the answer; 30 s unless given. */
	timeoutMs?: number;
}

export type HttpBody =
	| { json: unknown }
	/** A list: the field is there once for each. */
	| { form: Readonly<Record<string, string | readonly string[]>> }
	| { multipart: readonly MultipartField[] };

export type MultipartField =
	| { name: string; value: string }
	| { name: string; filename: string; mime: string; bytes: Uint8Array };

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Readonly<Record<string, string>>;
	bytes: Uint8Array;
}

/** Resolves for every status. @throws Unanswered, AnswerTooLarge */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** `before`: the request never left (DNS, refused, TLS). `after`: it may have been acted on. */
export class Unanswered extends Error {
	override readonly name = 'Unanswered';
	constructor(readonly when: 'before' | 'after') {
		super(`no answer (${when})`);
	}
}

/** The answer has more bytes than were asked for. */
export class AnswerTooLarge extends Error {
	override readonly name = 'AnswerTooLarge';
	constructor(readonly maxBytes: number) {
		super(`the answer has more than ${maxBytes} bytes`);
	}
}
