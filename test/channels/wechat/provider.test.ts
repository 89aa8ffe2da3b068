import { wechat } from '../../../src/channels/wechat';
import { provider } from '../../../src/channels/wechat/provider';
import { tokens } from '../../../src/channels/wechat/tokens';
import { ConversationsError, InputError } from '../../../src/core/failure';
import { AnswerTooLarge, type HttpResponse } from '../../../src/core/http';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';
import { fakeWeChat, refusal, type FakeWeChat } from '../../fakes/wechat';
import { ANN, APP_ID, ENCODING_AES_KEY, TOKEN, eventXml, messageXml } from '../../fakes/wechat-posts';
import { credential } from './subject';

const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/wechat';
const STABLE_TOKEN = '/cgi-bin/stable_token';

let fake: FakeWeChat;
beforeEach(async () => {
	fake = await fakeWeChat();
});
afterEach(() => fake.close());

const ports = (now = 0) => callPorts(provider, fake.fields, now);
const paths = () => fake.server.requests.map(({ path }) => path);
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('the credential', () => {
	const least = { appId: APP_ID, appSecret: 'secret', token: TOKEN };

	test('has defaults, and its texts are trimmed', () => {
		expect(provider.read({ appId: ` ${APP_ID} `, appSecret: ' secret\n', token: ` ${TOKEN}`, encodingAesKey: ` ${ENCODING_AES_KEY}` })).toEqual({
			appId: APP_ID,
			appSecret: 'secret',
			token: TOKEN,
			encodingAesKey: ENCODING_AES_KEY,
			messagesPerWindow: 20,
			baseUrl: 'https://api.weixin.qq.com',
		});
		expect(provider.read(least)).toMatchObject({ encodingAesKey: '' });
	});

	test.each([
		['App ID', { appId: ' ' }],
		['App Secret', { appSecret: '' }],
		['Token', { token: undefined }],
		['Encoding AES Key', { encodingAesKey: ENCODING_AES_KEY.slice(1) }],
		['Encoding AES Key', { encodingAesKey: `${ENCODING_AES_KEY}=` }],
		['Encoding AES Key', { encodingAesKey: ENCODING_AES_KEY.replace('a', '-') }],
		['Messages per Window', { messagesPerWindow: 0 }],
		['Messages per Window', { messagesPerWindow: -5 }],
		['Messages per Window', { messagesPerWindow: 2.5 }],
		['Messages per Window', { messagesPerWindow: 'many' }],
		['Base URL', { baseUrl: 'api.weixin.qq.com' }],
	])("'%s' is named when it is not right: %j", (parameter, change) => {
		const read = () => provider.read({ ...least, ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${parameter}'`);
	});

	test('C23, P3: how many messages go until the contact writes again is its to say', () => {
		const count = (messagesPerWindow: unknown) => provider.messagesPerWindow?.(provider.read({ ...fake.fields, messagesPerWindow }));
		expect(count(5)).toBe(5);
		expect(count('5')).toBe(5);
		expect(count(1)).toBe(1);
		expect(count(undefined)).toBe(20);
	});

	test('the account is its AppID, for which nobody is asked', async () => {
		expect(await provider.account(ports())).toBe(APP_ID);
		expect(fake.server.requests).toEqual([]);
	});

	test('its test asks for a token, and for what only an account that may send is told', async () => {
		expect(await provider.test(ports())).toBe(`Connected to the account ${APP_ID}.`);
		expect(paths().filter((path) => path !== STABLE_TOKEN)).toEqual(['/cgi-bin/customservice/getkflist']);
		expect(paths()).toContain(STABLE_TOKEN);
		expect(fake.sent).toEqual([]);
	});

	test('a test account without customer service staff is well', async () => {
		fake.staff = null;
		expect(await provider.test(ports())).toMatch(/^Connected/);
	});

	test.each([['an unknown path', { status: 404 }], ['no answer', 'hang up' as const], ['the calls of the day used up', refusal(45009)], ['another format', { json: {} }]])(
		'where it gets a token, %s instead of the list of staff is no fault of the credential',
		async (_name, behaviour) => {
			fake.server.next('/cgi-bin/customservice/getkflist', behaviour);
			expect(await provider.test(ports())).toMatch(/^Connected/);
		},
	);

	test.each([['credential_invalid', 48001], ['configuration_invalid', 48004]])('an account that may not send is named: %s', async (code, errcode) => {
		fake.server.next('/cgi-bin/customservice/getkflist', refusal(errcode));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code, providerCode: String(errcode) });
	});

	test('an AppSecret that was reset is noticed although there is still a token', async () => {
		await provider.test(ports());
		fake.server.next(STABLE_TOKEN, refusal(40125));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', providerCode: '40125' });
	});

	test.each([['no answer', 'hang up' as const], ['an answer in another format', { text: 'n8n is starting up' }], ['a gateway without one', { status: 504 }]])(
		'%s is no fault of the credential, and may be asked for again',
		async (_name, behaviour) => {
			await provider.test(ports());
			fake.server.next(STABLE_TOKEN, behaviour);
			expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'provider_unavailable', retryable: true, channel: 'wechat' });
		},
	);
});

describe('the access token', () => {
	const NOW = 1_763_750_000_000;
	const renew = (before: string | null, wasRefused: boolean) =>
		tokens.renew(before === null ? null : { token: before, until: null }, wasRefused, ports(NOW));
	const asked = () => fake.server.requests.filter(({ path }) => path === STABLE_TOKEN).map(({ json }) => (json as { force_refresh: boolean }).force_refresh);
	const answer = (text: string): HttpResponse => ({ status: 200, headers: {}, bytes: Buffer.from(text) });

	beforeEach(async () => {
		await provider.test(ports());
		fake.server.requests.length = 0;
	});

	test('ends after two hours and is exchanged five minutes before', async () => {
		expect(await renew(null, false)).toEqual({ token: fake.accessToken(), until: NOW + 7_200_000 });
		expect(tokens.marginMs).toBe(300_000);
		expect(tokens.given(credential)).toBeNull();
		expect(fake.server.requests[0]?.query).toEqual({});
	});

	test('one that was refused is replaced by the one that counts, without force', async () => {
		expect(await renew('an older one', true)).toMatchObject({ token: fake.accessToken() });
		expect(asked()).toEqual([false]);
	});

	test('only if that is the one that was refused, force is used, once', async () => {
		const before = fake.accessToken();
		expect((await renew(before, true)).token).not.toBe(before);
		expect(asked()).toEqual([false, true]);
	});

	test('one that merely ends is never replaced by force', async () => {
		expect(await renew(fake.accessToken(), false)).toMatchObject({ token: fake.accessToken() });
		expect(asked()).toEqual([false]);
	});

	test.each(['40001', '40014', '41001', '42001', '42007'])('the answer %s says that it no longer counts', (code) => {
		expect(tokens.isRefused(answer(`{"errcode":${code},"errmsg":"x"}`))).toBe(true);
	});

	test.each(['{"errcode":0,"errmsg":"ok"}', '{"errcode":45015,"errmsg":"40001"}', '', 'ÿØÿ', `{"errcode":40001}${' '.repeat(20_000)}`])('the answer %s does not', (text) => {
		expect(tokens.isRefused(answer(text))).toBe(false);
	});

	test('belongs to an account, its secret and the server that gives it', () => {
		const keys = [credential, { ...credential, appId: 'wx0' }, { ...credential, appSecret: 'other' }, { ...credential, baseUrl: 'https://gateway.example.test' }].map((each) => tokens.key(each));
		expect(new Set(keys).size).toBe(4);
		expect(keys[0]).toMatch(/^wechat\/wxb11529c136998cb6\//);
		expect(keys.join()).not.toContain(credential.appSecret);
		expect(tokens.key({ ...credential, token: 'other', messagesPerWindow: 5 })).toBe(keys[0]);
	});

	test('goes with every call but those that ask for one, and to WeChat alone', () => {
		const authorized = (url: string, token?: string) => provider.authorize({ method: 'GET', url, query: { a: '1' } }, credential, token).query;
		expect(authorized('/cgi-bin/user/info', 'T')).toEqual({ a: '1', access_token: 'T' });
		expect(authorized('/cgi-bin/user/info')).toEqual({ a: '1' });
		expect(authorized(STABLE_TOKEN, 'T')).toEqual({ a: '1' });
		expect(authorized('https://api.weixin.qq.com/x', 'T')).toEqual({ a: '1' });
		expect(provider.secretHosts).toEqual([]);
		expect(provider.secretOf(credential)).toBe(credential.appSecret);
	});

	test('one that ended is exchanged, and the message goes once', async () => {
		const before = fake.accessToken();
		fake.expireToken();
		await provider.test(ports());
		expect(fake.accessToken()).not.toBe(before);
		expect(asked()).not.toContain(true);
	});

	test('one that WeChat gives and refuses is exchanged by force', async () => {
		fake.spoilToken();
		await provider.test(ports());
		expect(asked().filter(Boolean)).toHaveLength(1);
	});
});

describe('the address', () => {
	const { registration } = provider;

	test('is entered by hand: the sentence says where, and what', async () => {
		expect(registration.key(credential, APP_ID)).toBe(`wechat/${APP_ID}`);
		const sentence = registration.byHand(credential, ADDRESS);
		expect(sentence).toContain(`Enter ${ADDRESS} as URL, and the Token and EncodingAESKey of the credential; choose Security Mode and XML;`);
		expect(registration.byHand({ ...credential, encodingAesKey: '' }, ADDRESS)).toContain('and the Token of the credential; choose plain text and XML;');
		expect(sentence).toContain('Settings and Development > Basic Configuration > Server Configuration');
		expect(sentence).not.toContain(TOKEN);
		expect(sentence).not.toContain(ENCODING_AES_KEY);
	});

	test('nobody is asked about it', async () => {
		await registration.register({ url: ADDRESS, secret: '' }, APP_ID, ports());
		expect(await registration.current(APP_ID, ports())).toEqual({ url: null, problem: null });
		await registration.remove(APP_ID, ports());
		expect(fake.server.requests).toEqual([]);
	});

	test('what WeChat calls is answered and taken for genuine', async () => {
		const heard: string[] = [];
		const receiver: FakeServer = await fakeServer(({ method, headers, query, bytes }) => {
			const request = { method, headers, query, body: bytes, receivedAt: Date.now() };
			if (method === 'GET') {
				const reply = wechat.webhook.handshake?.(request, credential);
				return reply ? { status: reply.status, text: reply.body ?? '' } : { status: 403 };
			}
			if (!wechat.webhook.isAuthentic(request, credential, APP_ID, '')) return { status: 401 };
			heard.push(...wechat.webhook.parse(request, credential, APP_ID).map(({ kind }) => kind));
			return { text: wechat.webhook.answer?.(null).body ?? '' };
		});
		const wechatHere = await fakeWeChat({ receiverOrigin: receiver.url });
		try {
			expect(await wechatHere.submit(ADDRESS)).toBe(true);
			for (const mode of ['plain', 'compatible', 'aes'] as const) {
				const response = await wechatHere.deliver(ADDRESS, messageXml('1', 'text', { Content: 'Hi' }), mode);
				expect([response.status, await response.text()]).toEqual([200, 'success']);
			}
			await wechatHere.deliver(ADDRESS, eventXml('unsubscribe'));
			expect(heard).toEqual(['message', 'message', 'message', 'consent']);
		} finally {
			await wechatHere.close();
			await receiver.close();
		}
	});
});

describe('what WeChat tells of a person', () => {
	const profile = (user = ANN) => provider.profile?.(user, APP_ID, ports());
	const remark = (words: string) => fake.people.set(ANN, { errcode: 0, left: 0, until: 0, remark: words });

	test('is the remark that the account has for a follower', async () => {
		remark(' Ann Lee ');
		expect(await profile()).toEqual({ name: 'Ann Lee' });
		expect(fake.server.requests.at(-1)).toMatchObject({ method: 'GET', path: '/cgi-bin/user/info', query: { openid: ANN } });
	});

	test('is nothing without one, since 2021-12-27', async () => {
		expect(await profile()).toBeNull();
		remark(' ');
		expect(await profile()).toBeNull();
	});

	test('is the language, where it is still given', async () => {
		fake.server.next('/cgi-bin/user/info', { json: { subscribe: 1, openid: ANN, language: 'zh_CN', remark: '' } });
		expect(await profile()).toEqual({ language: 'zh-CN' });
	});

	test('is nothing of somebody who does not follow', async () => {
		fake.people.set(ANN, { errcode: 43004, left: 0, until: 0, remark: '' });
		expect(await profile()).toBeNull();
	});

	test('is refused for the OpenID of another account', async () => {
		expect(await failureOf(Promise.resolve(profile('oBBBB_other')))).toMatchObject({ code: 'recipient_unreachable', providerCode: '40003' });
	});

	test('may be asked for again', async () => {
		fake.server.next('/cgi-bin/user/info', { json: {} });
		expect(await failureOf(Promise.resolve(profile()))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});
});

describe('a file of a received message', () => {
	const MEDIA = '/cgi-bin/media/get';
	const fetchFile = (mediaId: string, maxBytes = 1000) => {
		if (!provider.fetchMedia) throw new Error('no fetchMedia');
		return provider.fetchMedia({ mediaId }, maxBytes, ports());
	};
	const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0x7b]);

	test('comes as it is', async () => {
		fake.files.set('m 1', { bytes: jpeg, mime: 'image/jpeg' });
		const { bytes, mime, name } = await fetchFile('m 1');
		expect(Buffer.from(bytes)).toEqual(jpeg);
		expect({ mime, name }).toEqual({ mime: 'image/jpeg', name: null });
		expect(fake.server.requests.at(-1)).toMatchObject({ method: 'GET', path: MEDIA, query: { media_id: 'm 1', access_token: fake.accessToken() } });
	});

	test('a video may be elsewhere, which is not given the token', async () => {
		fake.files.set('v1', { url: `${fake.server.url}/elsewhere/clip` });
		fake.files.set('clip', { bytes: Buffer.from('film'), mime: 'video/mp4' });
		const { bytes, mime } = await fetchFile('v1');
		expect({ text: Buffer.from(bytes).toString(), mime }).toEqual({ text: 'film', mime: 'video/mp4' });
		expect(fake.server.requests.at(-1)).toMatchObject({ path: '/elsewhere/clip', query: {} });
	});

	test('may not be larger than asked for', async () => {
		fake.files.set('large', { bytes: Buffer.alloc(1001, 1), mime: 'image/jpeg' });
		await expect(fetchFile('large')).rejects.toThrow(AnswerTooLarge);
	});

	test('is gone after three days, here or elsewhere', async () => {
		const gone = { code: 'content_unsupported', retryable: false, reason: 'WeChat no longer has the file: it keeps files for three days. Ask the contact to send it again.' };
		expect(await failureOf(fetchFile('gone'))).toMatchObject({ ...gone, providerCode: '40007' });
		fake.files.set('v1', { url: `${fake.server.url}/elsewhere/gone` });
		expect(await failureOf(fetchFile('v1'))).toMatchObject({ ...gone, providerCode: '404' });
	});

	test('the token is exchanged for it, too', async () => {
		fake.files.set('m1', { bytes: jpeg, mime: 'image/jpeg' });
		await fetchFile('m1');
		fake.expireToken();
		expect(Buffer.from((await fetchFile('m1')).bytes)).toEqual(jpeg);
	});

	test.each([
		['trouble of the server', { status: 503 }],
		['no answer', 'hang up' as const],
		['a gateway without one', { status: 502 }],
		['WeChat being busy', refusal(-1)],
		['a page instead', { text: '<html>', headers: { 'content-type': 'text/html' } }],
		['JSON that says nothing', { json: {} }],
		['JSON that does not say what it is', { text: '{"errcode":-1,"errmsg":"system error"}' }],
	])('may be asked for again after %s', async (_name, behaviour) => {
		fake.server.next(MEDIA, behaviour);
		expect(await failureOf(fetchFile('m1'))).toMatchObject({ code: 'provider_unavailable', retryable: true, channel: 'wechat' });
	});

	test('a video elsewhere may be asked for again', async () => {
		fake.files.set('v1', { url: `${fake.server.url}/elsewhere/clip` });
		fake.server.next(/^\/elsewhere/, { status: 503 }, 'hang up');
		for (let count = 0; count < 2; count += 1) expect(await failureOf(fetchFile('v1'))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});
});
