import type { Refusal, StreamEvents, WireAttachment, WireMessage } from '../../../src/channels/webchat/wire';

/** A visitor's page. */
export class Visitor {
	private constructor(
		readonly base: string,
		readonly token: string,
	) {}

	/** Tries again as the page does: n8n registers the addresses of a trigger one after the other. */
	static async enter(base: string): Promise<Visitor> {
		for (;;) {
			const response = await postJson(base, { type: 'hello' });
			if (response.ok) return new Visitor(base, ((await response.json()) as { token: string }).token);
			if (response.status !== 404) throw new Error(`hello was answered with ${response.status}`);
			await response.body?.cancel();
			await new Promise((later) => setTimeout(later, 100));
		}
	}

	static known(base: string, token: string): Visitor {
		return new Visitor(base, token);
	}

	async post(body: unknown): Promise<Response> {
		return await postJson(this.base, body, this.token);
	}

	/** Posts to another address than the chat's own. */
	async postTo(url: string, body: unknown): Promise<Response> {
		return await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
			body: JSON.stringify(body),
		});
	}

	async says(text: string, more: Record<string, unknown> = {}): Promise<Response> {
		return await this.post({ type: 'message', id: crypto.randomUUID(), text, ...more });
	}

	async uploads(bytes: Uint8Array<ArrayBuffer>, name: string, headers: Record<string, string> = {}): Promise<Response> {
		return await fetch(`${this.base}/files`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${this.token}`,
				'content-type': 'application/octet-stream',
				'x-file-name': encodeURIComponent(name),
				...headers,
			},
			body: bytes,
		});
	}

	async attaches(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<WireAttachment> {
		const { attachment } = (await (await this.uploads(bytes, name)).json()) as { attachment: WireAttachment };
		return attachment;
	}

	async listens(): Promise<Stream> {
		const response = await fetch(`${this.base}/events`, { headers: { authorization: `Bearer ${this.token}` } });
		return new Stream(response);
	}

	async sees(): Promise<WireMessage[]> {
		const stream = await this.listens();
		const { messages } = await stream.next('snapshot');
		await stream.close();
		return messages;
	}
}

/** Reads a page's events one after the other. */
export class Stream {
	private source: ReadableStreamDefaultReader<Uint8Array> | undefined;
	private text = '';

	constructor(readonly response: Response) {}

	private get reader(): ReadableStreamDefaultReader<Uint8Array> {
		this.source ??= (this.response.body as ReadableStream<Uint8Array>).getReader();
		return this.source;
	}

	/** The data of the next event of this name; others in between are passed over. */
	async next<Name extends keyof StreamEvents>(name: Name): Promise<StreamEvents[Name]> {
		for (;;) {
			const event = await this.any(name);
			if (event.name === name) return event.data as StreamEvents[Name];
		}
	}

	/** The next event, whatever it is; `wanted` is named when the stream ends. */
	async any(wanted = 'anything'): Promise<{ name: string; data: unknown }> {
		for (;;) {
			const block = /^([\s\S]*?)\n\n/.exec(this.text);
			if (!block) {
				const { value, done } = await this.reader.read();
				if (done) throw new Error(`the stream ended before '${wanted}'`);
				this.text += Buffer.from(value).toString();
				continue;
			}
			this.text = this.text.slice(block[0].length);
			const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block[1] ?? '') ?? [];
			if (name !== undefined) return { name, data: JSON.parse(data ?? '') as unknown };
		}
	}

	async close(): Promise<void> {
		await this.reader.cancel();
	}
}

export async function postJson(base: string, body: unknown, token?: string): Promise<Response> {
	return await fetch(`${base}/messages`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
}

export async function refusal(response: Response): Promise<{ status: number; code: string; message: string }> {
	const { error } = (await response.json()) as Refusal;
	return { status: response.status, code: error.code, message: error.message };
}
