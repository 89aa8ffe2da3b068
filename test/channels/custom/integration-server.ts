import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An integration server as somebody would write it for respond.io, from its public pages alone (help.respond.io, "Custom
 * Channel Quick Start"; github.com/respond-io/custom-channel-integration-example). It stands between the platform and a
 * messenger: `POST /message` with the channel's token goes on to the messenger and is answered with `{ mId }` or with
 * `{ error: { message } }`; what happens in the messenger is posted to the platform's webhook with the same token.
 * It knows nothing of the platform but these pages.
 */
export interface IntegrationServer {
	/** What is entered at the platform as the address of this server, without '/message'. */
	url: string;
	/** As in the options; may be set once it is known. */
	platformUrl: string;
	/** What came from the platform and was passed on to the messenger, in order. */
	messages: PlatformMessage[];
	/** What came from the platform and was not: a wrong token, another channel, no message, refused by the messenger. */
	refused: { status: number; why: string }[];
	/** What the messenger answers to a message for this person from now on: an HTTP status of 400 and above. */
	messengerRefuses(contactId: string, status: number): void;
	/** The contact writes. `contact`: what the messenger knows of the person. */
	text(contactId: string, text: string, contact?: PlatformContact): Promise<PlatformAnswer>;
	/** The contact sends a file, which this server keeps and gives to whoever has its address. */
	attachment(contactId: string, file: SentFile, contact?: PlatformContact): Promise<PlatformAnswer>;
	/** One of the business answers in the messenger's own app. */
	echo(contactId: string, text: string): Promise<PlatformAnswer>;
	/** The messenger tells what became of a message that came from the platform. */
	status(contactId: string, mId: string, value: 'delivered' | 'read' | 'failed', message?: string): Promise<PlatformAnswer>;
	/** Posts any body, e.g. once more what was posted before. `token`: instead of the channel's own. */
	post(body: unknown, token?: string): Promise<PlatformAnswer>;
	/** The bodies that were posted to the platform. */
	posted: unknown[];
	close(): Promise<void>;
}

export interface PlatformMessage {
	mId: string;
	channelId: string;
	contactId: string;
	message: {
		type: string;
		text?: string;
		attachment?: { type: string; url: string; mimeType?: string; fileName?: string };
		title?: string;
		replies?: string[];
		latitude?: number;
		longitude?: number;
		address?: string;
	};
}

export interface PlatformContact {
	firstName?: string;
	lastName?: string;
	email?: string;
	phone?: string;
	language?: string;
	countryCode?: string;
}

export interface SentFile {
	type: 'image' | 'video' | 'audio' | 'file';
	fileName: string;
	mimeType: string;
	bytes: Uint8Array;
}

export interface PlatformAnswer {
	/** 0: the platform could not be reached. */
	status: number;
	/** The id that the event had. */
	mId: string;
	body: string;
}

export interface IntegrationServerOptions {
	/** What stands in the place of 'https://app.respond.io', without a slash at the end. */
	platformUrl: string;
	channelId: string;
	token: string;
	/** As on the page of help.respond.io; the example on GitHub posts to '/custom/webhook'. */
	webhookPath?: string;
	/** As the example on GitHub does, which sets the status 401 and then forgets to answer. */
	forgetsToAnswerWrongToken?: boolean;
}

export async function startIntegrationServer(options: IntegrationServerOptions): Promise<IntegrationServer> {
	const { channelId, token, webhookPath = '/custom/channel/webhook/', forgetsToAnswerWrongToken = false } = options;
	const files = new Map<string, SentFile>();
	const refusals = new Map<string, number>();
	const http = createServer((req, res) => {
		handle(req, res).catch((error: unknown) => json(res, 500, { error: { message: String(error) } }));
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');

	const server: IntegrationServer = {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		platformUrl: options.platformUrl,
		messages: [],
		refused: [],
		posted: [],
		messengerRefuses: (contactId, status) => void refusals.set(contactId, status),
		text: (contactId, text, contact) => happened(contactId, 'message', { message: { type: 'text', text } }, contact),
		attachment: (contactId, file, contact) => {
			const name = randomUUID();
			files.set(name, file);
			const { type, mimeType, fileName } = file;
			return happened(contactId, 'message', { message: { type: 'attachment', attachment: { type, url: `${server.url}/files/${name}`, mimeType, fileName } } }, contact);
		},
		echo: (contactId, text) => happened(contactId, 'message_echo', { message: { type: 'text', text } }),
		status: (contactId, mId, value, message = '') => happened(contactId, 'message_status', { mId, status: { value, message } }),
		post,
		close: async () => {
			http.closeAllConnections();
			http.close();
			await once(http, 'close');
		},
	};

	async function happened(contactId: string, type: string, event: Record<string, unknown>, contact?: PlatformContact): Promise<PlatformAnswer> {
		const what = { type, mId: `msgr-${randomUUID()}`, timestamp: Date.now(), ...event };
		const answer = await post({ channelId, contactId, events: [what], ...(contact && { contact }) });
		return { ...answer, mId: what.mId };
	}

	async function post(body: unknown, bearer = token): Promise<PlatformAnswer> {
		server.posted.push(body);
		const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'cache-control': 'no-cache' };
		try {
			const answer = await fetch(server.platformUrl + webhookPath, { method: 'POST', headers, body: JSON.stringify(body) });
			return { status: answer.status, mId: '', body: await answer.text() };
		} catch {
			return { status: 0, mId: '', body: '' };
		}
	}

	async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
		const path = (req.url ?? '/').split('?')[0] ?? '/';
		if (req.method === 'GET' && path.startsWith('/files/')) return giveFile(res, files.get(path.slice('/files/'.length)));
		const body = await readBody(req);
		if (req.method !== 'POST' || path !== '/message') return json(res, 404, { error: { message: `Cannot ${req.method} ${path}` } });
		if (req.headers.authorization?.substring(7) !== token) {
			server.refused.push({ status: 401, why: 'wrong token' });
			if (!forgetsToAnswerWrongToken) json(res, 401, { error: { message: '401: UNAUTHORIZED' } });
			return;
		}
		const outgoing = asMessage(body);
		if (!outgoing) return refuse(res, 400, 'contactId and message are required');
		if (outgoing.channelId !== channelId) return refuse(res, 404, 'unknown channel');
		const refusal = refusals.get(outgoing.contactId);
		// The example's own words for what the messenger says.
		if (refusal !== undefined) return refuse(res, 400, refusal === 401 ? '401: UNAUTHORIZED' : `err: status_code #${refusal} `);
		const mId = `msgr-${randomUUID()}`;
		server.messages.push({ ...outgoing, mId });
		json(res, 200, { mId });
	}

	function refuse(res: ServerResponse, status: number, why: string): void {
		server.refused.push({ status, why });
		json(res, status, { error: { message: why } });
	}

	return server;
}

function json(res: ServerResponse, status: number, body: unknown): void {
	res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function giveFile(res: ServerResponse, file: SentFile | undefined): void {
	if (!file) return void res.writeHead(404).end();
	res.writeHead(200, { 'content-type': file.mimeType, 'content-disposition': `inline; filename="${file.fileName}"` }).end(file.bytes);
}

async function readBody(req: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString();
	return req.headers['content-type']?.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined;
}

function asMessage(body: unknown): Omit<PlatformMessage, 'mId'> | undefined {
	const { channelId, contactId, message } = (body ?? {}) as Partial<PlatformMessage>;
	if (channelId === undefined || contactId === undefined || typeof message?.type !== 'string') return undefined;
	return { channelId, contactId, message };
}
