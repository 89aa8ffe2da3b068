import { createHmac, randomUUID } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';
import { BODIES, refusalOf } from './line-rules';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';

/** From LINE's reference, with ids and secrets made up. */
export const BOT = 'U00000000000000000000000000000001';
export const ANN = 'Uaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1';
export const SECRET = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'Fake/line+channel-access-token==';
export const AT = Date.parse('2026-11-21T19:00:00.123Z');

export type LineEvent = Record<string, unknown>;

let events = 0;

/** An event as LINE documents it. `more` wins. */
export function event(type: string, more: LineEvent = {}): LineEvent {
	events += 1;
	const number = String(events).padStart(5, '0');
	return {
		type,
		mode: 'active',
		timestamp: AT,
		webhookEventId: `01KAB000000000000000${number}A`,
		deliveryContext: { isRedelivery: false },
		source: { type: 'user', userId: ANN },
		...more,
	};
}

/** A message event: with a reply token, a quote token and one to mark it as read, as from a person. */
export function messageEvent(message: LineEvent, more: LineEvent = {}): LineEvent {
	const id = typeof message['id'] === 'string' ? message['id'] : String(500_000_000_000_000_000n + BigInt(events));
	return event('message', { replyToken: `rt-${id}`, message: { id, quoteToken: `qt-${id}`, markAsReadToken: `mr-${id}`, ...message }, ...more });
}

export function sign(body: string | Uint8Array, secret = SECRET): string {
	return createHmac('sha256', secret).update(body).digest('base64');
}

/** The call that brings these events. */
export function update(list: unknown[], { destination = BOT, secret = SECRET, receivedAt = AT + 500 } = {}): WebhookRequest {
	const body = Buffer.from(JSON.stringify({ destination, events: list }));
	const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'LineBotWebhook/2.0', 'x-line-signature': sign(body, secret) };
	return { method: 'POST', headers, query: {}, body, receivedAt };
}

export interface Sent {
	via: 'reply' | 'push';
	to: string;
	messages: Record<string, unknown>[];
	ids: string[];
	/** False: the person has blocked the account, which LINE does not tell. */
	delivered: boolean;
}

interface Person {
	displayName: string;
	language?: string;
	blocked?: boolean;
}

interface StoredFile {
	bytes: Uint8Array;
	mime: string;
	/** So many more times LINE says that it is not ready yet. */
	preparing?: number;
	gone?: boolean;
}

export interface FakeLine {
	server: FakeServer;
	fields: Record<string, string>;
	wrongFields: Record<string, string>;
	/** What was accepted, in order. */
	sent: Sent[];
	people: Map<string, Person>;
	/** Files that people sent, by message id. */
	files: Map<string, StoredFile>;
	replyTokens: Map<string, { to: string; at: number; used?: boolean }>;
	quota: { limit: number | null; used: number };
	/** 'Use webhook' in the console is `active`. */
	webhook: { endpoint: string | null; active: boolean };
	chatMode: 'bot' | 'chat';
	/** Where the registered address really is, e.g. 'http://127.0.0.1:5678'; null: nowhere. */
	receiverOrigin: string | null;
	now: () => number;
	/** Posts the events to an address, the registered one unless given, and notes their reply tokens. Answers the status; 0: none. */
	deliver(list: LineEvent[], url?: string): Promise<number>;
	/** Fetches the file of a message from where it was told to, as the app does. */
	download(url: string): Promise<Response>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const USER = /^[UCR][0-9a-f]{32}$/;
const REPLY_TOKEN_LIFE_MS = 60_000;
const BODY_MAX_BYTES = 2 * 1024 * 1024;
const UNAUTHORISED = 'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.';

const refuse = (status: number, message: string): Answer => ({ status, json: { message } });

/** LINE's servers on this machine; `/data` stands for api-data.line.me. */
export async function fakeLine(start: Partial<Pick<FakeLine, 'receiverOrigin' | 'now'>> = {}): Promise<FakeLine> {
	const pushes = new Map<string, { request: string; sent: Sent }>();
	let messages = 0;

	const accept = (via: Sent['via'], to: string, list: Sent['messages']): Sent => {
		const ids = list.map(() => String(500_000_000_000_000_100n + BigInt((messages += 1))));
		const sent = { via, to, messages: list, ids, delivered: !fake.people.get(to)?.blocked };
		fake.sent.push(sent);
		return sent;
	};
	const sentMessages = ({ ids }: Sent) => ({ sentMessages: ids.map((id) => ({ id, quoteToken: `qt-${id}` })) });

	const reply = ({ json, headers }: Seen): Answer => {
		if (headers['x-line-retry-key'] !== undefined) return refuse(400, 'The retry key is not supported by this endpoint');
		const refusal = refusalOf(BODIES.reply, json);
		if (refusal) return { status: 400, json: refusal };
		const body = json as { replyToken: string; messages: Sent['messages'] };
		const token = fake.replyTokens.get(body.replyToken);
		if (!token || token.used || fake.now() - token.at > REPLY_TOKEN_LIFE_MS) return refuse(400, 'Invalid reply token');
		token.used = true;
		return { json: sentMessages(accept('reply', token.to, body.messages)) };
	};

	const push = ({ json, headers }: Seen, request: string): Answer => {
		const key = headers['x-line-retry-key'];
		if (key !== undefined && !UUID.test(key)) return refuse(400, 'The retry key is invalid');
		const refusal = refusalOf(BODIES.push, json);
		if (refusal) return { status: 400, json: refusal };
		const body = json as { to: string; messages: Sent['messages'] };
		if (!USER.test(body.to)) return refuse(400, "The property, 'to', in the request body is invalid (line: -, column: -)");
		const earlier = pushes.get(key ?? '');
		if (earlier) {
			const json = { message: 'The retry key is already accepted', ...sentMessages(earlier.sent) };
			return { status: 409, headers: { 'x-line-accepted-request-id': earlier.request }, json };
		}
		if (!fake.people.has(body.to)) return refuse(400, 'Failed to send messages');
		if (fake.quota.limit !== null && fake.quota.used >= fake.quota.limit) return refuse(429, 'You have reached your monthly limit.');
		fake.quota.used += 1;
		const sent = accept('push', body.to, body.messages);
		if (key !== undefined) pushes.set(key, { request, sent });
		return { json: sentMessages(sent) };
	};

	const setEndpoint = ({ json }: Seen): Answer => {
		const refusal = refusalOf(BODIES.endpoint, json);
		if (refusal) return { status: 400, json: refusal };
		const { endpoint } = json as { endpoint: string };
		if (!isWebhookAddress(endpoint)) return refuse(400, 'Invalid webhook endpoint URL');
		fake.webhook.endpoint = endpoint;
		return { json: {} };
	};

	const testEndpoint = async ({ json }: Seen): Promise<Answer> => {
		const refusal = refusalOf(BODIES.test, json);
		if (refusal) return { status: 400, json: refusal };
		const endpoint = (json as { endpoint?: string }).endpoint ?? fake.webhook.endpoint;
		if (endpoint === null) return refuse(404, 'Webhook endpoint not found');
		if (!isWebhookAddress(endpoint)) return refuse(400, 'Invalid webhook endpoint URL');
		const timestamp = new Date(fake.now()).toISOString();
		const statusCode = await post(endpoint, []);
		if (statusCode === 0) return { json: { success: false, timestamp, statusCode, reason: 'COULD_NOT_CONNECT', detail: `Connection refused: ${endpoint}` } };
		const success = statusCode === 200;
		return { json: { success, timestamp, statusCode, reason: success ? 'OK' : 'ERROR_STATUS_CODE', detail: String(statusCode) } };
	};

	const elsewhere = (url: string) => {
		const { origin, pathname, search } = new URL(url);
		return `${fake.receiverOrigin ?? origin}${pathname}${search}`;
	};

	/** 0: nobody there. */
	const post = async (url: string, list: unknown[]): Promise<number> => {
		if (fake.receiverOrigin === null) return 0;
		const { headers, body } = update(list);
		const sent = fetch(elsewhere(url), { method: 'POST', headers: headers as Record<string, string>, body: Buffer.from(body) });
		return await sent.then(async (response) => (await response.arrayBuffer(), response.status)).catch(() => 0);
	};

	const content = (id: string): Answer => {
		const file = fake.files.get(id);
		if (!file) return refuse(404, 'not found');
		if (file.gone) return refuse(410, 'The content is gone');
		if (file.preparing) {
			file.preparing -= 1;
			return { status: 202, text: '' };
		}
		return { headers: { 'content-type': file.mime }, bytes: file.bytes };
	};

	const profile = (user: string): Answer => {
		const person = fake.people.get(user);
		if (!person || person.blocked) return refuse(404, 'Not found');
		const { displayName, language } = person;
		return { json: { displayName, userId: user, ...(language && { language }), pictureUrl: 'https://profile.line-scdn.net/made-up' } };
	};

	const handle = async (seen: Seen, request: string): Promise<Answer> => {
		const { method, path, headers, bytes, json } = seen;
		if (headers['authorization'] !== `Bearer ${TOKEN}`) return refuse(401, UNAUTHORISED);
		if (bytes.length > BODY_MAX_BYTES) return refuse(413, 'Payload Too Large');
		if (method !== 'GET' && json === undefined) return refuse(415, `The content type, ${headers['content-type'] ?? 'none'}, is not supported`);
		const [, file] = /^\/data\/v2\/bot\/message\/([^/]+)\/content$/.exec(path) ?? [];
		const [, user] = /^\/v2\/bot\/profile\/([^/]+)$/.exec(path) ?? [];
		if (method === 'GET' && file !== undefined) return content(file);
		if (method === 'GET' && user !== undefined) return profile(user);
		const { limit, used } = fake.quota;
		const { endpoint, active } = fake.webhook;
		switch (`${method} ${path}`) {
			case 'POST /v2/bot/message/reply':
				return reply(seen);
			case 'POST /v2/bot/message/push':
				return push(seen, request);
			case 'GET /v2/bot/info':
				return { json: { userId: BOT, basicId: '@000abcde', displayName: 'Shop', chatMode: fake.chatMode, markAsReadMode: 'manual' } };
			case 'GET /v2/bot/message/quota':
				return { json: limit === null ? { type: 'none' } : { type: 'limited', value: limit } };
			case 'GET /v2/bot/message/quota/consumption':
				return { json: { totalUsage: used } };
			case 'GET /v2/bot/channel/webhook/endpoint':
				return endpoint === null ? refuse(404, 'Webhook endpoint not found') : { json: { endpoint, active } };
			case 'PUT /v2/bot/channel/webhook/endpoint':
				return setEndpoint(seen);
			case 'POST /v2/bot/channel/webhook/test':
				return await testEndpoint(seen);
			default:
				return refuse(404, 'Not found');
		}
	};

	const server = await fakeServer(async (seen) => {
		const request = randomUUID();
		const answer = await handle(seen, request);
		return { ...answer, headers: { 'x-line-request-id': request, ...answer.headers } };
	});
	const fields = { channelAccessToken: TOKEN, channelSecret: SECRET, baseUrl: server.url, dataBaseUrl: `${server.url}/data` };
	const fake: FakeLine = {
		server,
		fields,
		wrongFields: { ...fields, channelAccessToken: 'Another/token==', channelSecret: 'fedcba9876543210fedcba9876543210' },
		sent: [],
		people: new Map([[ANN, { displayName: 'Ann', language: 'en' }]]),
		files: new Map(),
		replyTokens: new Map(),
		quota: { limit: 5000, used: 120 },
		webhook: { endpoint: null, active: true },
		chatMode: 'bot',
		receiverOrigin: null,
		now: () => Date.now(),
		deliver: async (list, url = fake.webhook.endpoint ?? '') => {
			for (const { replyToken, source } of list) {
				const { userId } = (source ?? {}) as { userId?: string };
				if (typeof replyToken === 'string' && userId) fake.replyTokens.set(replyToken, { to: userId, at: fake.now() });
			}
			return fake.webhook.active ? await post(url, list) : 0;
		},
		download: (url) => fetch(elsewhere(url)),
		...start,
	};
	return fake;
}

function isWebhookAddress(url: string): boolean {
	return url.startsWith('https://') && url.length <= 500 && URL.canParse(url);
}
