import { fakeServer, type Answer, type Behaviour, type FakeServer, type Seen } from './server';
import { argumentRefusal, contentRefusal, type Arguments } from './telegram-methods';

/** What the Bot API calls `Update`, `Message` and so on; core.telegram.org/bots/api. */
export type Json = Record<string, unknown>;

export const BOT_ID = 7000000001;
export const BOT_TOKEN = '7000000001:AAFakeBotTokenForTests_0123456789-abc';
const WRONG_TOKEN = '7000000001:AAWrongBotTokenForTests_012345678-xyz';
export const BOT = { id: BOT_ID, is_bot: true, first_name: 'Shop', username: 'shop_bot' };
export const PERSON = { id: 5550001, is_bot: false, first_name: 'Ann', last_name: 'Lee', username: 'annlee', language_code: 'en' };
export const CHAT = { id: 5550001, first_name: 'Ann', last_name: 'Lee', username: 'annlee', type: 'private' };
export const AT_SECONDS = 1763750000;

export interface FakeTelegram {
	server: FakeServer;
	/** Replaces scheme, host and port of the registered address: where n8n really listens. */
	receiverOrigin: string | null;
	fields: { botToken: string; baseUrl: string };
	wrongFields: { botToken: string; baseUrl: string };
	/** All that was accepted, in order. */
	sent: { method: string; args: Arguments; result: Json }[];
	/** What setWebhook was given. */
	webhook: { url: string; secret: string; allowed: string[]; maxConnections: number };
	/** What getWebhookInfo adds. */
	webhookInfo: Json;
	/** Who has pressed Start, by chat id. */
	started: Set<string>;
	blocked: Set<string>;
	deactivated: Set<string>;
	/** By file_id. */
	files: Map<string, { path: string; bytes: Uint8Array; mime?: string }>;
	/** Presses that wait for answerCallbackQuery, and those that got it. */
	presses: Set<string>;
	answered: string[];
	/** Updates that nobody has confirmed yet. */
	pending: Json[];
	/** An update with the next number. */
	update(content: Json): Json;
	/** A message of PERSON with the next number. */
	message(content: Json): Json;
	/** Something happens: it goes to the registered address, or waits to be polled. The status, or null when it waits. */
	happens(content: Json): Promise<number | null>;
	/** Posts what waits to the registered address, as Telegram does once there is one that answers. */
	deliverPending(): Promise<number[]>;
	/** Posts an update to an address, as Telegram does. */
	deliver(url: string, update: Json): Promise<number>;
	/** The headers of a delivery. */
	sign(secret: string): Record<string, string>;
}

export function signed(secret: string): Record<string, string> {
	return { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
}

/** A Bot API server with one bot, who knows PERSON. */
export async function fakeTelegram({ receiverOrigin = null }: { receiverOrigin?: string | null } = {}): Promise<FakeTelegram> {
	let updates = 710000000;
	let messages = 100;
	const server = await fakeServer((request) => answer(request, fake, () => (messages += 1)));
	const fake: FakeTelegram = {
		server,
		receiverOrigin,
		fields: { botToken: BOT_TOKEN, baseUrl: server.url },
		wrongFields: { botToken: WRONG_TOKEN, baseUrl: server.url },
		sent: [],
		webhook: { url: '', secret: '', allowed: [], maxConnections: 40 },
		webhookInfo: {},
		started: new Set([String(PERSON.id)]),
		blocked: new Set(),
		deactivated: new Set(),
		files: new Map(),
		presses: new Set(),
		answered: [],
		pending: [],
		update: (content) => ({ update_id: (updates += 1), ...content }),
		message: (content) => ({ message_id: (messages += 1), from: PERSON, chat: CHAT, date: AT_SECONDS, ...content }),
		happens: async (content) => {
			const update = fake.update(content);
			if (typeof content['callback_query'] === 'object') fake.presses.add(String((content['callback_query'] as Json)['id']));
			if (fake.webhook.url === '') {
				fake.pending.push(update);
				return null;
			}
			return await fake.deliver(fake.webhook.url, update);
		},
		deliver: async (url, update) => {
			const { pathname, search } = new URL(url);
			const target = fake.receiverOrigin === null ? url : `${fake.receiverOrigin}${pathname}${search}`;
			const response = await fetch(target, { method: 'POST', headers: signed(fake.webhook.secret), body: JSON.stringify(update) });
			await response.arrayBuffer();
			if (!response.ok) {
				fake.pending.push(update);
				fake.webhookInfo = { last_error_date: Math.floor(Date.now() / 1000), last_error_message: `Wrong response from the webhook: ${response.status}` };
			}
			return response.status;
		},
		deliverPending: async () => {
			const waiting = fake.pending.splice(0);
			const statuses: number[] = [];
			for (const update of waiting) statuses.push(await fake.deliver(fake.webhook.url, update));
			return statuses;
		},
		sign: signed,
	};
	return fake;
}

const ok = (result: unknown): Answer => ({ json: { ok: true, result } });

/** The status is the code, as the Bot API server has it. */
export function refused(code: number, description: string, parameters?: Json): Answer {
	return { status: code, json: { ok: false, error_code: code, description, ...(parameters && { parameters }) } };
}

function answer(request: Seen, fake: FakeTelegram, nextMessage: () => number): Behaviour {
	const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(request.path);
	if (file) return serveFile(file[1] ?? '', decodeURIComponent(file[2] ?? ''), fake);
	const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? [];
	if (token === undefined || !/^\d+:/.test(token)) return refused(404, 'Not Found');
	if (token !== BOT_TOKEN) return refused(401, 'Unauthorized');
	const args = argumentsOf(request);
	const refusal = argumentRefusal(method, args);
	if (refusal) return refused(...refusal);
	return method.startsWith('send') ? accept(method, args, fake, nextMessage) : manage(method, args, fake);
}

/** As the server reads them: JSON as it is, forms with their JSON parsed. */
function argumentsOf({ json, form, query }: Seen): Arguments {
	if (typeof json === 'object' && json !== null) return json as Arguments;
	const parsed = (value: unknown) => {
		try {
			return typeof value === 'string' && /^[[{\d-]/.test(value) ? (JSON.parse(value) as unknown) : value;
		} catch {
			return value;
		}
	};
	const literal = new Set(['chat_id', 'caption', 'text']);
	return Object.fromEntries(Object.entries({ ...query, ...form }).map(([key, value]) => [key, literal.has(key) ? value : parsed(value)]));
}

function serveFile(token: string, path: string, { files }: FakeTelegram): Answer {
	const file = [...files.values()].find((each) => each.path === path);
	if (token !== BOT_TOKEN || !file) return refused(404, 'Not Found');
	return { headers: { 'content-type': file.mime ?? 'application/octet-stream' }, bytes: file.bytes };
}

function accept(method: string, args: Arguments, fake: FakeTelegram, nextMessage: () => number): Answer {
	const chat = String(args['chat_id']);
	if (fake.deactivated.has(chat)) return refused(403, 'Forbidden: user is deactivated');
	if (fake.blocked.has(chat)) return refused(403, 'Forbidden: bot was blocked by the user');
	if (!fake.started.has(chat)) return refused(400, 'Bad Request: chat not found');
	const refusal = contentRefusal(method, args);
	if (refusal) return refused(...refusal);
	const { text, caption, reply_markup } = args;
	const words = { ...(text !== undefined && { text }), ...(caption !== undefined && { caption }), ...(reply_markup !== undefined && { reply_markup }) };
	const result: Json = { message_id: nextMessage(), from: BOT, chat: { ...CHAT, id: Number(chat) }, date: AT_SECONDS, ...words };
	fake.sent.push({ method, args, result });
	return ok(result);
}

const WEBHOOK_IS_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

function manage(method: string, args: Arguments, fake: FakeTelegram): Answer {
	switch (method) {
		case 'getMe':
			return ok(BOT);
		case 'setWebhook':
			return setWebhook(args, fake);
		case 'deleteWebhook':
			fake.webhook = { url: '', secret: '', allowed: [], maxConnections: 40 };
			if (args['drop_pending_updates'] === true) fake.pending = [];
			return ok(true);
		case 'getWebhookInfo':
			return ok({ url: fake.webhook.url, has_custom_certificate: false, pending_update_count: fake.pending.length, ...fake.webhookInfo });
		case 'getUpdates':
			if (fake.webhook.url !== '') return refused(409, WEBHOOK_IS_ACTIVE);
			fake.pending = fake.pending.filter((update) => Number(update['update_id']) >= Number(args['offset'] ?? 0));
			return ok(fake.pending.slice(0, 100));
		case 'getFile':
			return getFile(String(args['file_id']), fake);
		case 'answerCallbackQuery': {
			const press = String(args['callback_query_id']);
			if (!fake.presses.delete(press)) return refused(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
			fake.answered.push(press);
			return ok(true);
		}
		default:
			return refused(404, 'Not Found');
	}
}

function getFile(fileId: string, { files }: FakeTelegram): Answer {
	const file = files.get(fileId);
	if (!file) return refused(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
	if (file.bytes.length > 20 * 1024 * 1024) return refused(400, 'Bad Request: file is too big');
	return ok({ file_id: fileId, file_unique_id: `u-${fileId}`, file_size: file.bytes.length, file_path: file.path });
}

const PRIVATE_HOST = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/;

function setWebhook(args: Arguments, fake: FakeTelegram): Answer {
	const address = String(args['url']);
	if (!URL.canParse(address)) return refused(400, 'Bad Request: invalid webhook URL specified');
	const { protocol, port, hostname } = new URL(address);
	if (protocol !== 'https:') return refused(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
	if (!['', '443', '80', '88', '8443'].includes(port)) return refused(400, 'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
	if (PRIVATE_HOST.test(hostname)) return refused(400, `Bad Request: bad webhook: IP address ${hostname} is reserved`);
	const secret = typeof args['secret_token'] === 'string' ? args['secret_token'] : '';
	if (secret.length > 256) return refused(400, 'Bad Request: secret token is too long');
	if (!/^[\w-]*$/.test(secret)) return refused(400, 'Bad Request: secret token contains unallowed characters');
	fake.webhook = { url: address, secret, allowed: (args['allowed_updates'] as string[] | undefined) ?? [], maxConnections: Number(args['max_connections'] ?? 40) };
	if (args['drop_pending_updates'] === true) fake.pending = [];
	return ok(true);
}
