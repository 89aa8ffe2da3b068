import { randomBytes } from 'node:crypto';
import { fakeServer, type Answer, type FakeServer, type Seen } from './server';
import { ANN, APP_ID, ENCODING_AES_KEY, TOKEN, post, sha1, type Mode } from './wechat-posts';
import { ERRMSG, fileRefusal, refusalOf, type SentMessage } from './wechat-rules';

/** Somebody who has an OpenID of the account. */
export interface Person {
	/** What a message to this person is refused with; 0: nothing. */
	errcode: number;
	/** How many messages may go to this person, and until when. */
	left: number;
	until: number;
	remark: string;
}

/**
 * WeChat on this machine, written from its documentation (developers.weixin.qq.com): HTTP says 200 for refusals too, tokens
 * are asked for and end, a message has no id, and only so many go until the person writes again.
 */
export interface FakeWeChat {
	server: FakeServer;
	fields: Record<string, unknown>;
	/** The same with another AppSecret. */
	wrongFields: Record<string, unknown>;
	/** What it took, in order. */
	sent: SentMessage[];
	people: Map<string, Person>;
	/** Allowed after a message of a person. */
	perWindow: number;
	/** Of the account: 48001 not verified, 48004 restricted … is what every call with a token answers; 0: nothing. */
	accountErrcode: number;
	/** What is answered to whoever asks for a token: 40164, 40243 …; 0: nothing. */
	tokenErrcode: number;
	/** Customer service staff; null: the account has none set up. */
	staff: { kf_account: string }[] | null;
	/** Files of people, by their ids; `url`: a video that is elsewhere. */
	files: Map<string, { bytes: Uint8Array; mime: string } | { url: string }>;
	/** The kinds of the files that were uploaded, by their ids. */
	uploaded: Map<string, string>;
	/** The access token that counts. */
	accessToken(): string;
	/** It ends: whoever asks gets another one. */
	expireToken(): void;
	/** It is refused, and yet given to whoever does not ask by force. */
	spoilToken(): void;
	/** Ann writes or does something, `ago` before now: so WeChat takes messages to her. */
	heard(what?: 'message' | 'tap', ago?: number): void;
	/** Posts to an address with genuine signatures, as WeChat does. */
	deliver(url: string, xml: string, mode?: Mode): Promise<Response>;
	/** 'Submit' in the console: calls the address; whether it took it. */
	submit(url: string): Promise<boolean>;
	close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** `receiverOrigin`: where the host of an address really listens, e.g. 'http://127.0.0.1:5678'. */
export async function fakeWeChat({ receiverOrigin }: { receiverOrigin?: string } = {}): Promise<FakeWeChat> {
	const appSecret = randomBytes(16).toString('hex');
	let number = 0;
	let token = { text: '', expired: false, spoiled: false };
	const newToken = () => {
		token = { text: `T${(number += 1)}_${randomBytes(48).toString('base64url')}`, expired: false, spoiled: false };
	};
	newToken();
	const reached = (url: string, query: Record<string, string>) => {
		const { pathname, origin } = new URL(url);
		return `${receiverOrigin ?? origin}${pathname}?${new URLSearchParams(query).toString()}`;
	};
	const now = () => Math.floor(Date.now() / 1000);

	const server = await fakeServer((request) => answer(request));
	const common = { appId: APP_ID, token: TOKEN, encodingAesKey: ENCODING_AES_KEY, messagesPerWindow: 20, baseUrl: server.url };
	const fake: FakeWeChat = {
		server,
		fields: { ...common, appSecret },
		wrongFields: { ...common, appSecret: 'ffffffffffffffffffffffffffffffff' },
		sent: [],
		people: new Map(),
		perWindow: 20,
		accountErrcode: 0,
		tokenErrcode: 0,
		staff: [],
		files: new Map(),
		uploaded: new Map(),
		accessToken: () => token.text,
		expireToken: () => void (token.expired = true),
		spoilToken: () => void (token.spoiled = true),
		heard(what = 'message', ago = 0) {
			const person = fake.people.get(ANN) ?? { errcode: 0, left: 0, until: 0, remark: '' };
			const [left, ms] = what === 'message' ? [fake.perWindow, 48 * HOUR_MS] : [3, 60_000];
			fake.people.set(ANN, { ...person, left: Math.max(left, ago > 0 ? 0 : person.left), until: Date.now() - ago + ms });
		},
		deliver(url, xml, mode = 'plain') {
			if (xml.includes('[unsubscribe]')) fake.people.set(ANN, { errcode: 0, left: 0, until: 0, remark: '' });
			else fake.heard(xml.includes('[event]') ? 'tap' : 'message');
			const { query, body } = post(xml, { mode, seconds: now() });
			return fetch(reached(url, query), { method: 'POST', headers: { 'content-type': 'text/xml' }, body, redirect: 'error' });
		},
		async submit(url) {
			const [timestamp, nonce, echostr] = [String(now()), '486452656', '4375120948345356249'];
			const response = await fetch(reached(url, { signature: sha1(TOKEN, timestamp, nonce), timestamp, nonce, echostr }), { redirect: 'error' });
			return response.status === 200 && (await response.text()) === echostr;
		},
		close: () => server.close(),
	};
	fake.heard();

	async function answer(request: Seen): Promise<Answer> {
		const { method, path, query } = request;
		if (path === '/cgi-bin/stable_token') return giveToken(request);
		if (path.startsWith('/elsewhere/')) return elsewhere(request);
		if (query['access_token'] === undefined) return refusal(41001);
		if (token.expired) return refusal(42001);
		if (query['access_token'] !== token.text || token.spoiled) return refusal(40001);
		if (fake.tokenErrcode === 40164) return refusal(40164);
		if (fake.accountErrcode !== 0) return refusal(fake.accountErrcode);
		if (method === 'POST' && path === '/cgi-bin/message/custom/send') return takeMessage(request);
		if (method === 'POST' && path === '/cgi-bin/media/upload') return await takeFile(request);
		if (method === 'GET' && path === '/cgi-bin/media/get') return giveFile(query['media_id'] ?? '');
		if (method === 'GET' && path === '/cgi-bin/user/info') return tellPerson(query['openid'] ?? '');
		if (method === 'GET' && path === '/cgi-bin/customservice/getkflist') return fake.staff ? { json: { kf_list: fake.staff } } : refusal(65400);
		return refusal(40066);
	}

	function giveToken({ method, json }: Seen): Answer {
		if (method !== 'POST') return refusal(43002);
		const { grant_type: grantType, appid, secret, force_refresh: byForce = false, ...others } = (json ?? {}) as Record<string, unknown>;
		if (grantType !== 'client_credential' || typeof byForce !== 'boolean' || Object.keys(others).length > 0) return refusal(47001);
		if (fake.tokenErrcode !== 0) return refusal(fake.tokenErrcode);
		if (appid !== APP_ID) return refusal(40013);
		if (secret !== appSecret) return refusal(40125);
		if (byForce || token.expired) newToken();
		return { json: { access_token: token.text, expires_in: 7200 } };
	}

	function takeMessage({ json, bytes }: Seen): Answer {
		const wrong = refusalOf(json, bytes.toString(), fake.uploaded);
		if (wrong !== 0) return refusal(wrong);
		const message = json as SentMessage;
		const person = fake.people.get(message.touser);
		if (!person) return refusal(40003);
		if (person.errcode !== 0) return refusal(person.errcode);
		if (person.until < Date.now()) return refusal(45015);
		if (person.left === 0) return refusal(45047);
		person.left -= 1;
		fake.sent.push(message);
		return refusal(0);
	}

	async function takeFile({ query, form }: Seen): Promise<Answer> {
		const { type } = query;
		const wrong = await fileRefusal(type, form);
		if (wrong !== 0 || type === undefined) return refusal(wrong);
		const id = `M${fake.uploaded.size + 1}_${type}`;
		fake.uploaded.set(id, type);
		return { json: { type, [type === 'thumb' ? 'thumb_media_id' : 'media_id']: id, created_at: now() } };
	}

	function giveFile(id: string): Answer {
		const file = fake.files.get(id);
		if (!file) return { ...refusal(40007), headers: { 'content-type': 'text/plain' } };
		if ('url' in file) return { text: JSON.stringify({ video_url: file.url }), headers: { 'content-type': 'text/plain' } };
		return { bytes: file.bytes, headers: { 'content-type': file.mime, 'content-disposition': `attachment; filename="${id}"` } };
	}

	/** Videos, open to whoever has the address. */
	function elsewhere({ path, query }: Seen): Answer {
		const file = fake.files.get(path.slice('/elsewhere/'.length));
		if (!file || 'url' in file || query['access_token'] !== undefined) return { status: 404 };
		return { bytes: file.bytes, headers: { 'content-type': file.mime } };
	}

	function tellPerson(openid: string): Answer {
		const person = fake.people.get(openid);
		if (!person) return refusal(40003);
		if (person.errcode === 43004) return { json: { subscribe: 0, openid, tagid_list: [] } };
		return { json: { subscribe: 1, openid, subscribe_time: 1_382_694_957, remark: person.remark, groupid: 0, tagid_list: [], subscribe_scene: 'ADD_SCENE_QR_CODE' } };
	}

	return fake;
}

/** 0 is how WeChat says that all is well. The trace at the end is for its support desk. */
export function refusal(errcode: number): Answer {
	const trace = errcode === 0 ? '' : ' rid: 6239400b-7c13a47d-3cf2e8b9';
	return { text: JSON.stringify({ errcode, errmsg: `${ERRMSG[errcode] ?? 'unknown'}${trace}` }), headers: { 'content-type': 'application/json; encoding=utf-8' } };
}
