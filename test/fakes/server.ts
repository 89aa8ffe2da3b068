import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a provider sees it. */
export interface Seen {
	method: string;
	/** Without the query. */
	path: string;
	query: Record<string, string>;
	/** Names in lower case. */
	headers: Record<string, string>;
	bytes: Buffer;
	/** Of a JSON body, else undefined. */
	json: unknown;
	/** Of a form, plain or multipart; files as File. Empty for anything else. */
	form: Record<string, FormDataEntryValue>;
}

export interface Answer {
	status?: number;
	headers?: Record<string, string>;
	json?: unknown;
	bytes?: Uint8Array;
	/** As text, e.g. JSON with numbers that JavaScript would round. */
	text?: string;
}

/** 'hang up': the connection is cut after the request was read; 'hang': there is never an answer. */
export type Behaviour = Answer | 'hang up' | 'hang';

/** A provider on this machine: plain HTTP, whatever the handler answers, all requests kept. */
export interface FakeServer {
	/** Without a slash at the end. */
	url: string;
	requests: Seen[];
	/** The next calls of this path get these answers, first come first served, before the handler is asked again. */
	next(path: string | RegExp, ...behaviours: Behaviour[]): void;
	close(): Promise<void>;
}

export async function fakeServer(handle: (request: Seen) => Behaviour | Promise<Behaviour>): Promise<FakeServer> {
	const requests: Seen[] = [];
	const planned: { path: string | RegExp; behaviour: Behaviour }[] = [];
	const serve = async (req: IncomingMessage, res: ServerResponse) => {
		const seen = await read(req);
		requests.push(seen);
		const index = planned.findIndex(({ path }) => (typeof path === 'string' ? path === seen.path : path.test(seen.path)));
		const [plan] = index < 0 ? [] : planned.splice(index, 1);
		const behaviour = plan?.behaviour ?? (await handle(seen));
		if (behaviour === 'hang') return;
		if (behaviour === 'hang up') {
			res.destroy();
			return;
		}
		const { status = 200, headers = {}, json, bytes, text } = behaviour;
		const type = json === undefined ? {} : { 'content-type': 'application/json' };
		res.writeHead(status, { ...type, ...headers });
		res.end(json === undefined ? (bytes ?? text ?? '') : JSON.stringify(json));
	};
	const server = createServer((req, res) => {
		serve(req, res).catch((error: unknown) => {
			res.writeHead(500).end(`the fake provider itself failed: ${String(error)}`);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		next: (path, ...behaviours) => void planned.push(...behaviours.map((behaviour) => ({ path, behaviour }))),
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function read(req: IncomingMessage): Promise<Seen> {
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk as Buffer);
	const bytes = Buffer.concat(chunks);
	const url = new URL(req.url ?? '/', 'http://localhost');
	const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
	const type = headers['content-type'] ?? '';
	return {
		method: req.method ?? '',
		path: decodeURI(url.pathname),
		query: Object.fromEntries(url.searchParams),
		headers,
		bytes,
		json: type.startsWith('application/json') && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined,
		form: /^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(type)
			? Object.fromEntries(await new Response(bytes, { headers: { 'content-type': type } }).formData())
			: {},
	};
}
