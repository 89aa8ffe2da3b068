import { fakeServer, type Answer, type FakeServer, type Seen } from './server';
import { ok, refusal, wrongIn, type SentMessage } from './tiktok-rules';
import { ACCOUNT, ANN, APP_ID, APP_SECRET, CONVERSATION, signature } from './tiktok-webhooks';

export { ok, refusal, REQUEST_ID } from './tiktok-rules';
export * from './tiktok-webhooks';

/**
 * TikTok's API for Business on this machine, as the fact sheet describes it: HTTP says 200 for refusals too, paths end with a
 * slash, an access token is renewed by a refresh token that is another one each time.
 */
export interface FakeTikTok {
	server: FakeServer;
	fields: Record<string, unknown>;
	wrongFields: Record<string, unknown>;
	/** The tokens that count now. */
	tokens: { access: string; refresh: string };
	/** What it took, in order, each with the id it answered. */
	sent: (SentMessage & { message_id: string })[];
	/** Ids of uploaded images. */
	images: Map<string, File>;
	/** Code of a message to this conversation: 0 takes it. Conversations that are not here get 40007. */
	conversations: Map<string, { code: number; message?: string }>;
	/** The messages that went since the person wrote: 10 at most. */
	unanswered: Map<string, number>;
	/** Where the app's direct messages go; empty: nowhere. */
	callbackUrl: string;
	/** Files of people, by media id; and those that lie open, by name. */
	files: Map<string, { bytes: Uint8Array; mime: string }>;
	/** False: the account did not grant its name. */
	showsName: boolean;
	/** The access token is no longer taken. */
	expire(): void;
	/** Posts a notice with its genuine signature to the address that is set. */
	deliver(body: string): Promise<Response>;
	close(): Promise<void>;
}

const API = '/open_api/v1.3';
const MESSAGES_MAX = 10;

/** `receiverOrigin`: where the host of a registered address really listens, e.g. 'http://127.0.0.1:5678'. */
export async function fakeTikTok({ receiverOrigin }: { receiverOrigin?: string } = {}): Promise<FakeTikTok> {
	let count = 0;
	const server = await fakeServer((request) => {
		if (request.path.startsWith('/files/')) return serveFile(request);
		if (!request.path.startsWith(`${API}/`) || !request.path.endsWith('/')) return { status: 404, text: '404 page not found' };
		return answer(request, request.path.slice(API.length));
	});
	const baseUrl = `${server.url}${API}`;
	const fields = { appId: APP_ID, appSecret: APP_SECRET, accessToken: 'act.first', refreshToken: 'rft.first', businessId: ACCOUNT, baseUrl };
	const fake: FakeTikTok = {
		server,
		fields,
		wrongFields: { ...fields, accessToken: 'act.unknown', refreshToken: 'rft.unknown' },
		tokens: { access: 'act.first', refresh: 'rft.first' },
		sent: [],
		images: new Map(),
		conversations: new Map([[CONVERSATION, { code: 0 }]]),
		unanswered: new Map(),
		callbackUrl: '',
		files: new Map(),
		showsName: true,
		expire: () => void (fake.tokens.access = 'act.none'),
		deliver: (body) => {
			const { pathname, search, href } = new URL(fake.callbackUrl);
			const url = receiverOrigin === undefined ? href : `${receiverOrigin}${pathname}${search}`;
			const headers = { 'content-type': 'application/json', 'tiktok-signature': signature(body, Math.floor(Date.now() / 1000)) };
			return fetch(url, { method: 'POST', headers, body, redirect: 'error' });
		},
		close: () => server.close(),
	};

	function answer(request: Seen, path: string): Answer {
		if (path === '/tt_user/oauth2/refresh_token/') return renew(request);
		if (path.startsWith('/business/webhook/')) return webhook(request, path);
		const token = request.headers['access-token'];
		if (token === undefined) return refusal(40104, 'Access token is empty.');
		if (token !== fake.tokens.access) return refusal(40105, 'Access token is incorrect or has been revoked.');
		const { business_id: business } = { ...request.query, ...request.form, ...jsonOf(request) };
		if (business !== ACCOUNT) return refusal(40001, 'No permission to operate the business account.');
		const handler = CALLS[`${request.method} ${path}`];
		return handler ? handler(request) : { status: 405, text: 'Method Not Allowed' };
	}

	const CALLS: Record<string, (request: Seen) => Answer> = {
		'POST /business/message/send/': (request) => take(jsonOf(request)),
		'POST /business/message/media/upload/': upload,
		'POST /business/message/media/download/': (request) => download(jsonOf(request)),
		'GET /business/message/conversation/list/': ({ query }) =>
			['SINGLE', 'STRANGER'].includes(query['conversation_type'] ?? '')
				? ok({ conversations: [{ conversation_id: CONVERSATION, update_time: 1_789_814_497_488 }], has_more: false, cursor: 0 })
				: refusal(40002, 'Param conversation_type is invalid.'),
		'GET /business/message/content/list/': ({ query }) => contents(query['conversation_id'] ?? ''),
		'GET /business/get/': () =>
			fake.showsName ? ok({ username: 'shop', display_name: 'The Shop' }) : refusal(40001, 'The scope user.info.username is not granted.'),
	};

	function renew(request: Seen): Answer {
		const { client_id: id, client_secret: secret, grant_type: grant, refresh_token: refresh, ...rest } = jsonOf(request);
		if (Object.keys(rest).length > 0 || grant !== 'refresh_token') return refusal(40002, 'Param grant_type is invalid.');
		if (id !== APP_ID || secret !== APP_SECRET) return refusal(40101, 'Illegal app id or secret.');
		if (refresh !== fake.tokens.refresh) return refusal(40105, 'Refresh token is invalid or has expired.');
		count += 1;
		fake.tokens = { access: `act.renewed-${count}`, refresh: `rft.renewed-${count}` };
		return ok({
			access_token: fake.tokens.access,
			expires_in: 86_400,
			refresh_token: fake.tokens.refresh,
			refresh_token_expires_in: 31_536_000,
			open_id: ACCOUNT,
			scope: 'message.list.read,message.list.send,message.list.manage,user.account.type',
			token_type: 'Bearer',
		});
	}

	/** By the app's id and secret; there is no token here. */
	function webhook(request: Seen, path: string): Answer {
		const isList = path === '/business/webhook/list/';
		if (request.method !== (isList ? 'GET' : 'POST')) return { status: 405, text: 'Method Not Allowed' };
		if (request.headers['access-token'] !== undefined) return refusal(40002, 'Header Access-Token is not supported.');
		const { app_id: id, secret, event_type: type, callback_url: url } = isList ? request.query : jsonOf(request);
		if (id !== APP_ID || secret !== APP_SECRET) return refusal(40001, 'No permission: app_id or secret is wrong.');
		if (type !== 'DIRECT_MESSAGE') return refusal(40002, 'Param event_type is invalid.');
		if (path === '/business/webhook/update/') {
			if (!isPublic(url)) return refusal(40002, 'Param callback_url is invalid.');
			fake.callbackUrl = url;
		} else if (path === '/business/webhook/delete/') fake.callbackUrl = '';
		else if (!isList) return { status: 404, text: '404 page not found' };
		return ok({ app_id: APP_ID, event_type: type, ...(fake.callbackUrl !== '' && { callback_url: fake.callbackUrl }) });
	}

	function take(body: Record<string, unknown>): Answer {
		const wrong = wrongIn(body);
		if (wrong !== undefined) return refusal(40002, wrong);
		const message = body as unknown as SentMessage;
		const conversation = fake.conversations.get(message.recipient);
		if (!conversation) return refusal(40007, 'The conversation does not exist.');
		if (conversation.code !== 0) return refusal(conversation.code, conversation.message ?? 'refused');
		if (message.image && !fake.images.has(message.image.media_id)) return refusal(40007, 'The media does not exist.');
		const before = fake.unanswered.get(message.recipient) ?? 0;
		if (before >= MESSAGES_MAX) return refusal(40064, 'Blocked by direct message rules.');
		fake.unanswered.set(message.recipient, before + 1);
		const id = `u5sent${(fake.sent.length + 1).toString().padStart(3, '0')}+A==`;
		fake.sent.push({ ...message, message_id: id });
		return ok({ message: { message_id: id } });
	}

	function upload({ form }: Seen): Answer {
		const { file, media_type: type } = form;
		if (type !== 'IMAGE' || !(file instanceof File)) return refusal(40002, 'Param media_type is invalid.');
		if (!['image/jpeg', 'image/png'].includes(file.type)) return refusal(40908, 'The file type is not supported.');
		if (file.size > 3 * 1024 * 1024) return refusal(40002, 'The file is too large.');
		const id = `image-${fake.images.size + 1}`;
		fake.images.set(id, file);
		return ok({ media_id: id });
	}

	function download(body: Record<string, unknown>): Answer {
		const { conversation_id: conversation, message_id: message, media_id: media, media_type: type } = body;
		if (typeof message !== 'string' || !['IMAGE', 'VIDEO'].includes(String(type))) return refusal(40002, 'Param media_type is invalid.');
		if (conversation !== CONVERSATION || typeof media !== 'string' || !fake.files.has(media)) return refusal(40007, 'The media does not exist.');
		return ok({ download_url: `${server.url}/files/stored/${media}?x-expires=1789900899` });
	}

	/** What was said there wants the token, what lies open must not get it. */
	function serveFile({ path, headers }: Seen): Answer {
		const [, , place, name = ''] = path.split('/');
		const token = headers['x-user'];
		if (place === 'stored' ? token !== fake.tokens.access : token !== undefined) return { status: 403, text: 'Access Denied' };
		const file = fake.files.get(name);
		return file ? { bytes: file.bytes, headers: { 'content-type': file.mime } } : { status: 404 };
	}

	function contents(conversation: string): Answer {
		if (!fake.conversations.has(conversation)) return refusal(40002, 'Param conversation_id is invalid.');
		return ok({
			participants: [
				{ role: 'BUSINESS_ACCOUNT', id: ACCOUNT, display_name: 'The Shop', profile_image: 'https://p16-sign-sg.tiktokcdn.com/b.jpeg' },
				{ role: 'PERSONAL_ACCOUNT', id: ANN, display_name: 'Ann Lee', profile_image: 'https://p16-sign-sg.tiktokcdn.com/a.jpeg', is_follower: true },
			],
			messages: [],
		});
	}

	return fake;
}

function jsonOf({ json }: Seen): Record<string, unknown> {
	return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

/** https, and a name that the internet may know. */
function isPublic(url: unknown): url is string {
	if (typeof url !== 'string' || !URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	return protocol === 'https:' && hostname !== 'localhost' && hostname.includes('.') && !/^[\d.]+$/.test(hostname);
}
