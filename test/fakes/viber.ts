import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';
import { refusalOf, type SentMessage } from './viber-rules';

/**
 * Viber on this machine, written from its documentation (creators.viber.com, bots API; developers.viber.com, REST API):
 * HTTP says 200 for refusals too, message tokens are numbers of 19 digits, the address is called while it is set.
 */
export interface FakeViber {
	server: FakeServer;
	token: string;
	/** The bot's id. */
	account: string;
	fields: Record<string, unknown>;
	wrongFields: Record<string, unknown>;
	/** What it took, in order, each with the token it answered. */
	sent: (SentMessage & { token: string })[];
	/** Status of a message to this person: 0 takes it, 6 is not subscribed …; people who are not here get 5. */
	people: Map<string, number>;
	/** Of the bot: 7 blocked, 9 suspended … is what every call answers. */
	botStatus: number;
	/** What was set by set_webhook. */
	webhook: { url: string; eventTypes: string[]; sendName: boolean; sendPhoto: boolean };
	/** Files it serves below `/media/`, by name. */
	files: Map<string, { bytes: Uint8Array; mime: string }>;
	/** The address of such a file. */
	mediaUrl(name: string): string;
	/** Calls an address with a body and its genuine signature, as Viber does. */
	deliver(url: string, body: string): Promise<Response>;
	/** The same to the address that is set now. */
	callBack(body: string): Promise<Response>;
	/** Fetches the file of a message from where it was told to, as the app does. */
	download(url: string): Promise<Response>;
	close(): Promise<void>;
}

export const TOKEN = 'aaaa1111bbbb2222-cccc3333dddd4444-eeee5555ffff6666';
export const ACCOUNT = 'pa:10000000000000000017';
export const ANN = 'dXNlckFubg0001==';
export const LEFT = 'dXNlckxlZnQ0002==';

const STATUS_MESSAGES: Readonly<Record<number, string>> = {
	0: 'ok', 1: 'invalidUrl', 2: 'invalidAuthToken', 3: 'badData', 4: 'missingData', 5: 'receiverNotRegistered', 6: 'notSubscribed',
	7: 'publicAccountBlocked', 8: 'publicAccountNotFound', 9: 'publicAccountSuspended', 10: 'webhookNotSet', 11: 'receiverNoSuitableDevice',
	12: 'tooManyRequests', 13: 'apiVersionNotSupported', 14: 'incompatibleWithVersion', 15: 'publicAccountNotAuthorized',
	16: 'inchatReplyMessageNotAllowed', 17: 'publicAccountIsNotInline', 18: 'noPublicChat', 19: 'cannotSendBroadcast',
	20: 'broadcastNotAllowed', 21: 'unsupportedCountry', 22: 'paymentUnsupported', 23: 'freeMessagesExceeded', 24: 'noBalance',
};
const EVENT_TYPES = ['delivered', 'seen', 'failed', 'subscribed', 'unsubscribed', 'conversation_started', 'message'];
/** To somebody who does not answer, in an hour. */
const UNANSWERED_MAX = 100;

export function sign(body: string | Uint8Array, token = TOKEN): string {
	return createHmac('sha256', token).update(body).digest('hex');
}

/** A callback as the receiver's own code sees it. */
export function signed(body: string, { token = TOKEN, receivedAt = 1_763_750_009_000 } = {}): WebhookRequest {
	return {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-viber-content-signature': sign(body, token) },
		query: {},
		body: Buffer.from(body),
		receivedAt,
	};
}

/** A callback's body. `token`: 19 digits that no JavaScript number holds; they stand in the JSON without quotes. */
export function callback(event: string, token: string, rest: Record<string, unknown> = {}, timestamp = 1_763_750_001_627): string {
	const body = JSON.stringify({ event, timestamp, chat_hostname: 'SN-CHAT-99_', message_token: 'TOKEN', ...rest });
	return body.replace('"TOKEN"', token);
}

const ANN_SHOWN = { id: ANN, name: 'Ann', avatar: 'https://media.example.test/ann.jpg', country: 'GB', language: 'en', api_version: 10 };

/** The callbacks that Viber makes, with genuine shapes. */
export const callbacks = {
	webhook: (token: string) => callback('webhook', token),
	message: (token: string, message: Record<string, unknown>, sender: Record<string, unknown> = ANN_SHOWN) =>
		callback('message', token, { sender, message, silent: false }),
	started: (token: string, more: Record<string, unknown> = {}) =>
		callback('conversation_started', token, { type: 'open', user: ANN_SHOWN, subscribed: false, ...more }),
	subscribed: (token: string) => callback('subscribed', token, { user: ANN_SHOWN }),
	unsubscribed: (token: string, user = ANN) => callback('unsubscribed', token, { user_id: user }),
	delivered: (token: string, user = ANN) => callback('delivered', token, { user_id: user }),
	seen: (token: string, user = ANN) => callback('seen', token, { user_id: user }),
	failed: (token: string, desc = 'failure description', user = ANN) => callback('failed', token, { user_id: user, desc }),
};

/** `receiverOrigin`: where the host of a registered address really listens, e.g. 'http://127.0.0.1:5678'. */
export async function fakeViber({ receiverOrigin }: { receiverOrigin?: string } = {}): Promise<FakeViber> {
	let lastToken = 5_100_000_000_000_000_003n;
	const nextToken = () => String((lastToken += 1n));
	const unanswered = new Map<string, number>();
	const reached = (url: string) => {
		const { pathname, search } = new URL(url);
		return receiverOrigin === undefined ? url : `${receiverOrigin}${pathname}${search}`;
	};

	const server = await fakeServer((request) => (request.path.startsWith('/media/') ? serve(request) : answer(request)));
	const fake: FakeViber = {
		server,
		token: TOKEN,
		account: ACCOUNT,
		fields: { authToken: TOKEN, senderName: 'Shop', senderAvatarUrl: 'https://cdn.example.test/a.jpg', freeMessagesPerMonth: 10_000, baseUrl: server.url },
		wrongFields: { authToken: 'ffff0000ffff0000-ffff0000ffff0000-ffff0000ffff0000', senderName: 'Shop', baseUrl: server.url },
		sent: [],
		people: new Map([[ANN, 0], [LEFT, 6]]),
		botStatus: 0,
		webhook: { url: '', eventTypes: [], sendName: false, sendPhoto: false },
		files: new Map(),
		mediaUrl: (name) => `${server.url}/media/${encodeURIComponent(name)}`,
		deliver: (url, body) => {
			const answered = /"sender":\{"id":"([^"]+)"/.exec(body)?.[1];
			if (answered !== undefined) unanswered.delete(answered);
			const headers = { 'content-type': 'application/json', 'x-viber-content-signature': sign(body) };
			return fetch(reached(url), { method: 'POST', headers, body, redirect: 'error' });
		},
		callBack: (body) => fake.deliver(fake.webhook.url, body),
		download: (url) => fetch(reached(url)),
		close: () => server.close(),
	};

	function serve({ path }: Seen): Answer {
		const file = fake.files.get(decodeURIComponent(path.slice('/media/'.length)));
		return file ? { bytes: file.bytes, headers: { 'content-type': file.mime } } : { status: 404 };
	}

	async function answer({ method, path, headers, bytes, json }: Seen): Promise<Answer> {
		if (method !== 'POST') return { status: 405, text: 'Method Not Allowed' };
		if (headers['x-viber-auth-token'] !== TOKEN) return refusal(2);
		if (fake.botStatus !== 0) return refusal(fake.botStatus);
		if (typeof json !== 'object' || json === null || bytes.length > 30 * 1024) return refusal(3, 'the body must be JSON of at most 30 KB');
		const body = json as Record<string, unknown>;
		if (path === '/pa/get_account_info') return accountInfo(body);
		if (path === '/pa/set_webhook') return await setWebhook(body);
		if (path === '/pa/send_message') return takeMessage(body);
		return { status: 404, text: 'Not Found' };
	}

	function accountInfo(body: Record<string, unknown>): Answer {
		if (Object.keys(body).length > 0) return refusal(3, 'get_account_info takes no fields');
		const { url, eventTypes } = fake.webhook;
		return {
			json: {
				status: 0, status_message: 'ok', id: ACCOUNT, name: 'Shop', uri: 'shop', icon: 'https://cdn.example.test/i.jpg', country: 'GB',
				webhook: url, event_types: eventTypes, subscribers_count: 35, members: [],
			},
		};
	}

	async function setWebhook(body: Record<string, unknown>): Promise<Answer> {
		const unknown = Object.keys(body).find((name) => !['url', 'event_types', 'send_name', 'send_photo'].includes(name));
		if (unknown !== undefined) return refusal(3, `${unknown} is not known`);
		const { url, event_types: eventTypes = EVENT_TYPES, send_name: sendName = false, send_photo: sendPhoto = false } = body;
		if (typeof url !== 'string') return refusal(4, 'url is missing');
		if (!Array.isArray(eventTypes) || !eventTypes.every((each) => EVENT_TYPES.includes(each as string))) return refusal(3, 'event_types');
		if (typeof sendName !== 'boolean' || typeof sendPhoto !== 'boolean') return refusal(3, 'send_name and send_photo are booleans');
		if (url !== '' && !(await answers(url))) return refusal(1);
		fake.webhook = { url, eventTypes: eventTypes as string[], sendName, sendPhoto };
		return { json: { status: 0, status_message: 'ok', event_types: eventTypes } };
	}

	/** Public, https, and it says 200 to the check. */
	async function answers(url: string): Promise<boolean> {
		if (!URL.canParse(url)) return false;
		const { protocol, hostname } = new URL(url);
		if (protocol !== 'https:' || hostname === 'localhost' || /^[\d.]+$/.test(hostname) || !hostname.includes('.')) return false;
		try {
			return (await fake.deliver(url, callbacks.webhook(nextToken()))).status === 200;
		} catch {
			return false;
		}
	}

	function takeMessage(body: Record<string, unknown>): Answer {
		const wrong = refusalOf(body);
		if (wrong) return refusal(wrong.status, wrong.words);
		const message = body as unknown as SentMessage;
		const status = fake.people.get(message.receiver) ?? 5;
		if (status !== 0) return refusal(status);
		const before = unanswered.get(message.receiver) ?? 0;
		if (before >= UNANSWERED_MAX) return refusal(12);
		unanswered.set(message.receiver, before + 1);
		const token = nextToken();
		fake.sent.push({ ...message, token });
		return raw(`{"status":0,"status_message":"ok","message_token":${token},"chat_hostname":"SN-CHAT-99_","billing_status":1}`);
	}

	return fake;
}

export function refusal(status: number, words = STATUS_MESSAGES[status] ?? 'generalError'): Answer {
	return raw(`{"status":${status},"status_message":${JSON.stringify(words)},"chat_hostname":"SN-CHAT-99_"}`);
}

function raw(text: string): Answer {
	return { text, headers: { 'content-type': 'application/json' } };
}
