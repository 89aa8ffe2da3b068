import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';
import { fakeServer, type Answer, type Behaviour, type FakeServer, type Seen } from './server';

/** What Messenger and Instagram have in common, after Meta's documentation of the Graph API and its webhooks. */

export const VERSION = 'v26.0';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface MetaFakeOptions {
	/** Registered addresses are called here instead of at their own origin, e.g. 'http://127.0.0.1:5678'. */
	receiverOrigin?: string;
	/** Files named by address are fetched from here; without it they are taken unseen. */
	filesOrigin?: string;
	/** Every accepted message is told to the registered address as an echo before it is answered. */
	echoes?: boolean;
}

/** Somebody who wrote to the account. */
export interface Person {
	/** As GET /{id} answers, without the id; null: nothing may be told. */
	profile: Record<string, unknown> | null;
	/** How long ago the last message was. */
	silentMs: number;
	blocked: boolean;
}

/** A message that was accepted. */
export interface Sent {
	mid: string;
	to: string;
	/** The request, for an upload with `message` and `recipient` read. */
	body: Record<string, unknown>;
	file?: { name: string; mime: string; bytes: Buffer };
}

export interface MetaSetup {
	object: 'page' | 'instagram';
	account: string;
	token: string;
	app: { id: string; secret: string };
	/** Paths that stand for the account, e.g. ['PAGE_ID', 'me']. */
	self: readonly string[];
	appFields: readonly string[];
	accountFields: readonly string[];
	/** What GET /me and GET /{account} answer. */
	owner: Record<string, unknown>;
	window: Answer;
	unknownPerson: Answer;
	/** Refuses what is not documented; null: all is well. */
	checkMessage(message: Record<string, unknown>, body: Record<string, unknown>, file: Sent['file']): Answer | null;
	/** Further paths. */
	more?(request: Seen, path: string): Answer | undefined;
}

export interface MetaFake {
	server: FakeServer;
	account: string;
	app: { id: string; secret: string };
	people: Map<string, Person>;
	sent: Sent[];
	/** The app's address for each object. */
	subscriptions: Map<string, { callback_url: string; verify_token: string; fields: string[]; active: boolean }>;
	/** What the account's own subscription asks for; null: there is none. */
	subscribed: { fields: string[] | null };
	/** The next call of any path is refused like this. */
	refuse(error: GraphError): void;
	/** A file of a person; gives its address. */
	serve(path: string, file: { mime: string; bytes: Uint8Array }): string;
	person(id: string, more?: Partial<Person>): void;
	/** A webhook's body with these items of `messaging`. */
	body(items: readonly object[], more?: object): string;
	/** An item from a person to the account. */
	item(from: string, what: object, timestamp?: number): object;
	echoOf(sent: Sent): object;
	sign(body: string | Uint8Array, secret?: string): string;
	/** The body as it arrives. */
	request(body: string, secret?: string): WebhookRequest;
	/** Posts a body, signed, like Meta. */
	deliver(url: string, body: string): Promise<number>;
	/** Posts items to the registered address. */
	tell(...items: readonly object[]): Promise<number>;
	close(): Promise<void>;
}

export interface GraphError {
	code: number;
	subcode?: number;
	message?: string;
	status?: number;
	type?: string;
	headers?: Record<string, string>;
}

/** The envelope of a refusal. */
export function graphError({ code, subcode, message = `(#${code}) refused`, status = 400, type = 'OAuthException', headers }: GraphError): Answer {
	const error = { message, type, code, ...(subcode !== undefined && { error_subcode: subcode }), fbtrace_id: 'AFakeTrace' };
	return { status, json: { error }, ...(headers && { headers }) };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names the first member that is not documented. */
export function unknownMember(value: Record<string, unknown>, known: readonly string[]): Answer | null {
	const odd = Object.keys(value).find((name) => !known.includes(name));
	return odd === undefined ? null : graphError({ code: 100, message: `(#100) Invalid parameter: unexpected key "${odd}"` });
}

export const badParameter = (message: string) => graphError({ code: 100, message: `(#100) ${message}` });

/** Quick replies as both document them. */
export function checkQuickReplies(message: Record<string, unknown>): Answer | null {
	const replies = message['quick_replies'];
	if (replies === undefined) return null;
	if (!Array.isArray(replies) || replies.length === 0 || replies.length > 13) return badParameter('quick_replies takes 1 to 13 elements');
	if (typeof message['text'] !== 'string') return badParameter('quick_replies needs text');
	for (const reply of replies) {
		if (!isRecord(reply)) return badParameter('quick_replies must hold objects');
		const { content_type, title, payload, ...rest } = reply;
		if (Object.keys(rest).length > 0) return badParameter('quick_replies: unexpected key');
		if (content_type !== 'text' || typeof title !== 'string' || typeof payload !== 'string') return badParameter('quick_replies: bad element');
		if (title === '' || [...title].length > 20) return badParameter('quick_replies: title must have 1 to 20 characters');
		if (payload === '' || [...payload].length > 1000) return badParameter('quick_replies: payload must have 1 to 1000 characters');
	}
	return null;
}

export async function fakeMeta(setup: MetaSetup, options: MetaFakeOptions = {}): Promise<MetaFake> {
	const people = new Map<string, Person>();
	const sent: Sent[] = [];
	const files = new Map<string, { mime: string; bytes: Uint8Array }>();
	const subscriptions: MetaFake['subscriptions'] = new Map();
	const subscribed: MetaFake['subscribed'] = { fields: null };
	const refusals: GraphError[] = [];
	const appToken = `${setup.app.id}|${setup.app.secret}`;
	let counter = 0;

	const elsewhere = (url: string, origin: string | undefined) => {
		const { pathname, search, origin: own } = new URL(url);
		return `${origin ?? own}${pathname}${search}`;
	};

	// Meta escapes what is not ASCII, and signs those bytes.
	const escaped = (value: unknown) =>
		JSON.stringify(value).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const sign = (body: string | Uint8Array, secret = setup.app.secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
	const body = (items: readonly object[], more: object = {}) =>
		escaped({ object: setup.object, entry: [{ id: setup.account, time: 1_772_998_024_000, messaging: items, ...more }] });
	const item = (from: string, what: object, timestamp = 1_772_998_024_000) => ({
		sender: { id: from },
		recipient: { id: setup.account },
		timestamp,
		...what,
	});
	const echoOf = ({ mid, to, body: { message } }: Sent) => ({
		sender: { id: setup.account },
		recipient: { id: to },
		timestamp: 1_772_998_025_000,
		message: { mid, is_echo: true, app_id: Number(setup.app.id), ...(isRecord(message) ? echoed(message) : {}) },
	});
	const deliver = async (url: string, text: string) => {
		const response = await fetch(elsewhere(url, options.receiverOrigin), {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', 'x-hub-signature-256': sign(text) },
			body: text,
		});
		await response.arrayBuffer();
		return response.status;
	};
	const tell = async (...items: readonly object[]) => {
		const registered = subscriptions.get(setup.object);
		if (!registered) throw new Error('no address is registered');
		return await deliver(registered.callback_url, body(items));
	};

	const handshake = async (url: string, verifyToken: string): Promise<boolean> => {
		const address = new URL(elsewhere(url, options.receiverOrigin));
		address.search = new URLSearchParams({
			...Object.fromEntries(address.searchParams),
			'hub.mode': 'subscribe',
			'hub.challenge': '1158201444',
			'hub.verify_token': verifyToken,
		}).toString();
		try {
			const response = await fetch(address);
			return response.status === 200 && (await response.text()) === '1158201444';
		} catch {
			return false;
		}
	};

	const onSubscriptions = async ({ method, form, query }: Seen): Promise<Answer> => {
		const given = (name: string) => textOf(form[name]) ?? query[name] ?? '';
		if (method === 'GET') {
			const data = [...subscriptions].map(([object, { callback_url, fields, active }]) => ({
				object,
				callback_url,
				active,
				fields: fields.map((name) => ({ name, version: VERSION })),
			}));
			return { json: { data } };
		}
		const object = given('object');
		if (!['page', 'instagram', 'user', 'permissions'].includes(object)) return badParameter('Param object must be one of the webhook objects');
		if (method === 'DELETE') {
			subscriptions.delete(object);
			return { json: { success: true } };
		}
		const [callback_url, verify_token, fields] = [given('callback_url'), given('verify_token'), given('fields').split(',')];
		const odd = fields.find((name) => !setup.appFields.includes(name));
		if (object === setup.object && odd !== undefined) return badParameter(`Param fields[0] must be one of the fields of the object, not "${odd}"`);
		if (!callback_url.startsWith('https://')) return graphError({ code: 2200, message: '(#2200) Callback verification failed: the address must be https' });
		if (!(await handshake(callback_url, verify_token))) {
			return graphError({ code: 2200, message: '(#2200) Callback verification failed: the challenge was not answered' });
		}
		subscriptions.set(object, { callback_url, verify_token, fields, active: true });
		return { json: { success: true } };
	};

	const onSubscribedApps = ({ method, query, form }: Seen): Answer => {
		if (method === 'GET') {
			const data = subscribed.fields === null ? [] : [{ id: setup.app.id, name: 'Inbox', subscribed_fields: subscribed.fields }];
			return { json: { data } };
		}
		if (method === 'DELETE') {
			subscribed.fields = null;
			return { json: { success: true } };
		}
		const fields = (query['subscribed_fields'] ?? textOf(form['subscribed_fields']) ?? '').split(',').filter(Boolean);
		if (fields.length === 0) return badParameter('The parameter subscribed_fields is required');
		const odd = fields.find((name) => !setup.accountFields.includes(name));
		if (odd !== undefined) return badParameter(`Param subscribed_fields[0] must be one of the fields, not "${odd}"`);
		subscribed.fields = fields;
		return { json: { success: true } };
	};

	const onMessages = async (request: Seen): Promise<Answer> => {
		const { body: message, file } = await readMessage(request);
		const odd = unknownMember(message, ['recipient', 'messaging_type', 'message', 'tag', 'reply_to']);
		if (odd) return odd;
		const refusal = checkEnvelope(message);
		if (refusal) return refusal;
		const to = String(isRecord(message['recipient']) ? message['recipient']['id'] : '');
		const person = people.get(to);
		if (!person) return setup.unknownPerson;
		if (person.blocked) return graphError({ code: 551, subcode: 1545041, message: '(#551) This person isn\'t available right now.' });
		const allowed = message['messaging_type'] === 'UTILITY' ? Infinity : message['tag'] === 'HUMAN_AGENT' ? 7 * DAY_MS : DAY_MS;
		if (person.silentMs > allowed) return setup.window;
		const content = isRecord(message['message']) ? message['message'] : {};
		const wrong = setup.checkMessage(content, message, file);
		if (wrong) return wrong;
		const fetched = await fetchNamed(content, options.filesOrigin);
		if (fetched === 'gone') return graphError({ code: 100, subcode: 2018008, message: '(#100) Failed to fetch the file from the url' });
		counter += 1;
		const taken = file ?? fetched;
		const stored: Sent = { mid: `m_${setup.object}_${counter}`, to, body: message, ...(taken && { file: taken }) };
		sent.push(stored);
		if (options.echoes && subscriptions.has(setup.object)) await tell(echoOf(stored)).catch(() => 0);
		return { json: { recipient_id: to, message_id: stored.mid } };
	};

	const onPerson = (id: string): Answer => {
		const person = people.get(id);
		if (!person) return graphError({ code: 100, subcode: 33, message: `Unsupported get request. Object with ID '${id}' does not exist` });
		return { json: person.profile === null ? {} : { ...person.profile, id } };
	};

	const handle = async (request: Seen): Promise<Behaviour> => {
		const file = files.get(request.path);
		if (file && request.headers['authorization'] !== undefined) return { status: 400, text: 'No token is wanted here' };
		if (file) return { headers: { 'content-type': file.mime }, bytes: file.bytes };
		const match = /^\/(v\d+\.\d+)\/(.+)$/.exec(request.path);
		if (!match) return { status: 404, text: 'Not Found' };
		if (match[1] !== VERSION) return graphError({ code: 2635, message: '(#2635) You are calling a deprecated version of the API.' });
		const refusal = refusals.shift();
		if (refusal) return graphError(refusal);
		const path = match[2] ?? '';
		const token = tokenOf(request);
		if (token === undefined) return graphError({ code: 2500, message: 'An active access token must be used to query information about the current user.' });
		if (path === `${setup.app.id}/subscriptions`) {
			if (token !== appToken) return graphError({ code: 190, message: 'Invalid OAuth access token signature.' });
			return await onSubscriptions(request);
		}
		if (token !== setup.token) return graphError({ code: 190, message: `Malformed access token ${token}`, status: 401 });
		const [node = '', edge] = path.split('/');
		if (setup.self.includes(node)) {
			if (edge === undefined) return { json: setup.owner };
			if (edge === 'messages' && request.method === 'POST') return await onMessages(request);
			if (edge === 'subscribed_apps') return onSubscribedApps(request);
		}
		return setup.more?.(request, path) ?? (edge === undefined && request.method === 'GET' ? onPerson(node) : graphError({ code: 100, subcode: 33, message: 'Unsupported request.' }));
	};

	const server = await fakeServer(handle);
	return {
		server,
		account: setup.account,
		app: setup.app,
		people,
		sent,
		subscriptions,
		subscribed,
		refuse: (error) => void refusals.push(error),
		serve(path, file) {
			files.set(path, file);
			return `${server.url}${path}`;
		},
		person: (id, more = {}) => void people.set(id, { profile: {}, silentMs: 0, blocked: false, ...more }),
		body,
		item,
		echoOf,
		sign,
		request: (text, secret) => ({
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(text, secret) },
			query: {},
			body: Buffer.from(text),
			receivedAt: 1_772_998_030_000,
		}),
		deliver,
		tell,
		close: () => server.close(),
	};
}

const textOf = (field: FormDataEntryValue | undefined) => (typeof field === 'string' ? field : undefined);

function tokenOf({ headers, query, form }: Seen): string | undefined {
	const bearer = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
	return bearer ?? query['access_token'] ?? textOf(form['access_token']);
}

/** A JSON body, or the fields of an upload: those hold JSON where the JSON body holds objects. */
async function readMessage({ json, form }: Seen): Promise<{ body: Record<string, unknown>; file?: NonNullable<Sent['file']> }> {
	if (isRecord(json)) return { body: json };
	const body: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(form)) {
		if (typeof value === 'string') body[name] = /^[[{]/.test(value) ? JSON.parse(value) : value;
		else if (name !== 'filedata') body[name] = value;
	}
	const { filedata } = form;
	if (filedata === undefined || typeof filedata === 'string') return { body };
	return { body, file: { name: filedata.name, mime: filedata.type, bytes: Buffer.from(await filedata.arrayBuffer()) } };
}

const MESSAGING_TYPES = ['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'];

function checkEnvelope(body: Record<string, unknown>): Answer | null {
	const { recipient, messaging_type, tag, reply_to, message } = body;
	if (!isRecord(recipient) || typeof recipient['id'] !== 'string') return badParameter('param recipient must be non-empty.');
	if (!isRecord(message)) return badParameter('param message must be non-empty.');
	if (messaging_type !== undefined && !MESSAGING_TYPES.some((known) => known === messaging_type)) {
		return badParameter('param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG, UTILITY');
	}
	if ((messaging_type === 'MESSAGE_TAG') !== (tag !== undefined)) return badParameter('MESSAGE_TAG and tag belong together');
	if (tag !== undefined && tag !== 'HUMAN_AGENT') return badParameter(`The message tag ${JSON.stringify(tag)} is no longer available`);
	if (reply_to !== undefined && !(isRecord(reply_to) && typeof reply_to['mid'] === 'string' && Object.keys(reply_to).length === 1)) {
		return badParameter('param reply_to must have a mid');
	}
	return null;
}

async function fetchNamed(message: Record<string, unknown>, origin: string | undefined): Promise<Sent['file'] | 'gone' | undefined> {
	const attachment = isRecord(message['attachment']) ? message['attachment'] : {};
	const url = isRecord(attachment['payload']) ? attachment['payload']['url'] : undefined;
	if (typeof url !== 'string' || origin === undefined) return undefined;
	const { pathname, search } = new URL(url);
	try {
		const response = await fetch(`${origin}${pathname}${search}`);
		if (!response.ok) return 'gone';
		return { name: pathname, mime: response.headers.get('content-type') ?? '', bytes: Buffer.from(await response.arrayBuffer()) };
	} catch {
		return 'gone';
	}
}

/** What of a sent message its echo repeats. */
function echoed({ text, metadata, attachment }: Record<string, unknown>): object {
	return {
		...(text !== undefined && { text }),
		...(metadata !== undefined && { metadata }),
		...(isRecord(attachment) && { attachments: [{ type: attachment['type'], payload: { url: 'https://cdn.fbsbx.com/sent' } }] }),
	};
}
