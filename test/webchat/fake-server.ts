import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PageConfig, PostAnswer, Refusal, StreamEvents, VisitorPost, WireMessage } from '../../src/channels/webchat/wire';

/** What goes wrong with a request: an answer in our server's place, or the connection cut before or after the work is done. */
export type Fault = { status: number; body: string; type?: string } | 'cut-before' | 'cut-after';

export const STARTING: Fault = { status: 200, body: 'n8n is starting up. Please wait', type: 'text/plain' };
export const NOT_REGISTERED: Fault = { status: 404, body: '{"code":404,"message":"The requested webhook is not registered."}' };
export const BROKEN: Fault = { status: 500, body: '<h1>Internal error</h1>', type: 'text/html' };
export const refusal = (status: number, error: Refusal['error']): Fault => ({ status, body: JSON.stringify({ error }) });

interface StoredFile {
	bytes: Buffer;
	mime: string;
	name: string;
}

interface Visitor {
	messages: WireMessage[];
	streams: Set<ServerResponse>;
	conversation: StreamEvents['snapshot']['conversation'];
}

const MIME: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif', mp4: 'video/mp4', wav: 'audio/wav' };
const PAGE_SIZE = 20;
const LIMITS: PageConfig['limits'] = { textMax: 2_000, fileMaxBytes: 10 * 1024 * 1024, attachmentsMax: 10 };

/** A small server that speaks the wire protocol of the website chat on loopback. Its memory outlives a kill and a restart. */
export class FakeChat {
	config: PageConfig = { title: 'Harbour Books', greeting: 'Welcome! How can we help?', colour: '#0f766e', test: false, limits: LIMITS };
	/** Sites that may show the page in a frame. */
	frameAncestors = "'self'";
	/** Answers to a stored message of the visitor. */
	answer: (message: WireMessage, visitor: string) => void = () => {};
	/** Taken one by one by the next requests of a kind; `messages`: visitors' messages and hellos. */
	readonly faults = { messages: [] as Fault[], receipts: [] as Fault[], history: [] as Fault[], files: [] as Fault[], events: [] as Fault[] };
	/** False: everything but the page answers 404, as a test address while the editor does not listen. */
	listening = true;
	heartbeatMs = 20_000;
	/** False: streams stay open without a byte, as behind a dead connection. */
	beating = true;
	beats = 0;
	readonly visitors = new Map<string, Visitor>();
	readonly posts: VisitorPost[] = [];
	/** Widget tests: what another site serves at `/`. */
	site = '';
	private readonly tokens = new Map<string, string>();
	private readonly files = new Map<string, StoredFile>();
	private server: Server | null = null;
	private port = 0;
	private ids = 0;
	private clock = Date.now() - 3_600_000;

	/** @param assets the folder with the built page.js, page.css and widget.js, when a browser is to come */
	constructor(
		private readonly assets = '',
		private readonly base = '/webhook/0b5c/conversations/webchat',
	) {}

	get origin(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get page(): string {
		return this.origin + this.base;
	}

	/** Always on the port it had before, so that pages find it again. */
	async start(): Promise<void> {
		const server = createServer((req, res) => void this.serve(req, res));
		await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
		this.port = (server.address() as AddressInfo).port;
		this.server = server;
	}

	/** Like kill -9: every connection is cut. */
	async kill(): Promise<void> {
		const { server } = this;
		this.server = null;
		if (!server) return;
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeAllConnections();
		await closed;
		for (const visitor of this.visitors.values()) visitor.streams.clear();
	}

	/** The only visitor, or the one named. */
	visitor(name?: string): Visitor {
		const found = name === undefined ? [...this.visitors.values()].find((one) => one.messages.length > 0 || one.streams.size > 0) : this.visitors.get(name);
		if (!found) throw new Error('There is no visitor yet.');
		return found;
	}

	/** The business says something. */
	say(said: Partial<WireMessage>, to?: string): WireMessage {
		const message: WireMessage = {
			id: this.newId(),
			clientId: null,
			from: 'business',
			at: this.now(),
			text: null,
			attachments: [],
			choices: [],
			choice: null,
			status: 'sent',
			...said,
		};
		this.store(this.visitor(to), message);
		return message;
	}

	send<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name], to?: string): void {
		for (const stream of this.visitor(to).streams) write(stream, name, data);
	}

	addFile(name: string, bytes: Buffer): WireMessage['attachments'][number] {
		const fileId = this.newId();
		const mime = MIME[name.split('.').pop() ?? ''] ?? 'application/octet-stream';
		this.files.set(fileId, { bytes, mime, name });
		const kind = mime.startsWith('image/') ? 'image' : mime.startsWith('video/') ? 'video' : mime.startsWith('audio/') ? 'audio' : 'file';
		return { fileId, kind, name, mime, sizeBytes: bytes.length, url: `media?id=${fileId}` };
	}

	/** All tokens become worthless, as after a change of the signing key. */
	forgetTokens(): void {
		this.tokens.clear();
	}

	private now(): number {
		this.clock = Math.max(this.clock + 1, Date.now());
		return this.clock;
	}

	private newId(): string {
		return `m${String(++this.ids).padStart(8, '0')}`;
	}

	private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
		const url = new URL(req.url ?? '/', this.origin);
		const path = url.pathname.replace(/\/$/, '');
		const body = await bytesOf(req);
		if (body === null) return;
		if (path === '') return html(res, this.site, null);
		if (path === '/favicon.ico') return void res.writeHead(204).end();
		if (path === this.base) return html(res, this.html(), `${CSP}; frame-ancestors ${this.frameAncestors}`);
		const name = path.startsWith(`${this.base}/`) ? path.slice(this.base.length + 1) : path === this.base.replace(/webchat$/, 'media') ? 'media' : '';
		if (/^(page\.js|page\.css|widget\.js)$/.test(name)) return this.asset(res, name);
		if (name === 'media') return this.media(res, url.searchParams.get('id') ?? '');
		const fault = this.listening ? this.faultsOf(name, body)?.shift() : NOT_REGISTERED;
		if (fault === 'cut-before') return void req.socket.destroy();
		if (fault && fault !== 'cut-after') return void res.writeHead(fault.status, { 'content-type': fault.type ?? 'application/json' }).end(fault.body);
		const end = fault === 'cut-after' ? () => void req.socket.destroy() : null;
		if (name === 'messages' && req.method === 'POST') return this.post(req, res, body, end);
		if (name === 'files' && req.method === 'POST') return this.upload(req, res, body, end);
		if (name === 'events' && req.method === 'GET') return this.events(req, res);
		res.writeHead(404, { 'content-type': 'application/json' }).end('{"code":404}');
	}

	private faultsOf(name: string, body: Buffer): Fault[] | undefined {
		if (name === 'files' || name === 'events') return this.faults[name];
		if (name !== 'messages') return undefined;
		const { type } = JSON.parse(body.toString()) as VisitorPost;
		return this.faults[type === 'receipt' ? 'receipts' : type === 'history' ? 'history' : 'messages'];
	}

	private html(): string {
		const config = JSON.stringify(this.config).replaceAll('<', '\\u003c');
		return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"><title>${this.config.title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="webchat/page.css"><script type="application/json" id="chat-config">${config}</script><script src="webchat/page.js" defer></script></head><body><div id="chat"></div><noscript>This chat needs JavaScript.</noscript></body></html>`;
	}

	private async asset(res: ServerResponse, name: string): Promise<void> {
		const text = await readFile(join(this.assets, name), 'utf8');
		const given = JSON.stringify({ title: this.config.title, colour: this.config.colour });
		res.writeHead(200, { 'content-type': name.endsWith('.css') ? 'text/css' : 'text/javascript' }).end(text.replace('"__CHAT_WIDGET_CONFIG__"', () => given));
	}

	private media(res: ServerResponse, id: string): void {
		const file = this.files.get(id);
		if (!file) return void res.writeHead(404).end();
		const inline = /^(image|video|audio)\//.test(file.mime);
		res.writeHead(200, {
			'content-type': file.mime,
			'x-content-type-options': 'nosniff',
			'content-security-policy': "default-src 'none'; sandbox",
			'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
		}).end(file.bytes);
	}

	private post(req: IncomingMessage, res: ServerResponse, body: Buffer, cut: (() => void) | null): void {
		const post = JSON.parse(body.toString()) as VisitorPost;
		this.posts.push(post);
		const answer = (value: PostAnswer) => (cut ? cut() : json(res, 200, value));
		if (post.type === 'hello') return answer({ token: this.tokenFor(`visitor-${this.newId()}`) });
		const name = this.nameOf(req);
		if (name === null) return unauthorized(res);
		const visitor = this.record(name);
		if (post.type === 'receipt') {
			for (const message of visitor.messages) {
				if (post.read?.includes(message.id)) message.status = 'read';
				else if (post.delivered?.includes(message.id) && message.status === 'sent') message.status = 'delivered';
			}
			return answer({ receipt: true });
		}
		if (post.type === 'history') {
			const end = visitor.messages.findIndex((one) => one.id === post.before);
			const start = Math.max(0, end - PAGE_SIZE);
			return answer({ messages: visitor.messages.slice(start, Math.max(0, end)), more: start > 0 });
		}
		const known = visitor.messages.find((one) => one.clientId === post.id);
		if (known) return answer({ message: known.id });
		const offer = post.choice && visitor.messages.find((one) => one.id === post.choice?.messageId);
		const message: WireMessage = {
			id: this.newId(),
			clientId: post.id,
			from: 'visitor',
			at: this.now(),
			text: post.text ?? null,
			attachments: (post.attachments ?? []).map((id) => this.attachment(id)),
			choices: [],
			choice: offer?.choices.find((one) => one.id === post.choice?.id) ?? null,
			status: 'received',
		};
		visitor.conversation = 'open';
		this.store(visitor, message);
		answer({ message: message.id });
		this.answer(message, name);
	}

	private attachment(fileId: string): WireMessage['attachments'][number] {
		const file = this.files.get(fileId);
		if (!file) throw new Error('The page sent a file id that was never given.');
		const made = this.addFile(file.name, file.bytes);
		return { ...made, fileId, url: `media?id=${fileId}` };
	}

	private upload(req: IncomingMessage, res: ServerResponse, body: Buffer, cut: (() => void) | null): void {
		if (this.nameOf(req) === null) return unauthorized(res);
		if (body.length > LIMITS.fileMaxBytes) return json(res, 413, { error: { code: 'too_large', message: 'Too large.' } });
		if (req.headers['content-type'] !== 'application/octet-stream') return json(res, 400, { error: { code: 'bad_request', message: 'Not octet-stream.' } });
		const attachment = this.addFile(decodeURIComponent(String(req.headers['x-file-name'])), body);
		if (cut) cut();
		else json(res, 200, { attachment });
	}

	private events(req: IncomingMessage, res: ServerResponse): void {
		const name = this.nameOf(req);
		if (name === null) return unauthorized(res);
		const visitor = this.record(name);
		res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
		const { messages, conversation } = visitor;
		write(res, 'snapshot', { messages: messages.slice(-PAGE_SIZE), more: messages.length > PAGE_SIZE, conversation });
		visitor.streams.add(res);
		const heartbeat = setInterval(() => {
			if (!this.beating) return;
			this.beats++;
			res.write(': still here\n\n');
		}, this.heartbeatMs);
		res.on('close', () => {
			clearInterval(heartbeat);
			visitor.streams.delete(res);
		});
	}

	private store(visitor: Visitor, message: WireMessage): void {
		visitor.messages.push(message);
		for (const stream of visitor.streams) write(stream, 'message', message);
	}

	private record(name: string): Visitor {
		const visitor = this.visitors.get(name) ?? { messages: [], streams: new Set(), conversation: 'none' };
		this.visitors.set(name, visitor);
		return visitor;
	}

	private tokenFor(name: string): string {
		const token = `token.${name}.${this.newId()}`;
		this.tokens.set(token, name);
		return token;
	}

	private nameOf(req: IncomingMessage): string | null {
		return this.tokens.get(req.headers.authorization?.replace(/^Bearer /, '') ?? '') ?? null;
	}
}

const CSP =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

function html(res: ServerResponse, text: string, csp: string | null): void {
	res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...(csp === null ? {} : { 'content-security-policy': csp }) }).end(text);
}

function json(res: ServerResponse, status: number, body: object): void {
	res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function unauthorized(res: ServerResponse): void {
	json(res, 401, { error: { code: 'unauthorized', message: 'Say hello again.' } });
}

function write<Name extends keyof StreamEvents>(stream: ServerResponse, name: Name, data: StreamEvents[Name]): void {
	stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Null when the request was cut. */
async function bytesOf(req: IncomingMessage): Promise<Buffer | null> {
	const parts: Buffer[] = [];
	return new Promise((resolve) => {
		req.on('data', (part: Buffer) => parts.push(part));
		req.on('end', () => resolve(Buffer.concat(parts)));
		req.on('error', () => resolve(null));
	});
}
