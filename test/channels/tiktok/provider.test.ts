import { tiktok } from '../../../src/channels/tiktok';
import { provider } from '../../../src/channels/tiktok/provider';
import { tokens } from '../../../src/channels/tiktok/tokens';
import { ConversationsError, InputError } from '../../../src/core/failure';
import { AnswerTooLarge, type HttpRequest, type HttpResponse } from '../../../src/core/http';
import type { MediaSource } from '../../../src/core/message-parts';
import { httpFor } from '../../../src/n8n/calls/http';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';
import { ACCOUNT, APP_ID, APP_SECRET, CONVERSATION, fakeTikTok, notices, ok, refusal, type FakeTikTok } from '../../fakes/tiktok';
import { credential } from './subject';

const API = '/open_api/v1.3';
const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/tiktok';

let fake: FakeTikTok;
beforeEach(async () => {
	fake = await fakeTikTok();
});
afterEach(() => fake.close());

const ports = (more: Record<string, unknown> = {}) => callPorts(provider, { ...fake.fields, ...more });
const asked = () => fake.server.requests.map(({ method, path }) => `${method} ${path.replace(API, '')}`);
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('the credential', () => {
	const { accessToken: _given, baseUrl: _base, ...needed } = credential;

	test('has defaults, and its texts are trimmed', () => {
		expect(provider.read({ ...needed, appId: ` ${APP_ID} ` })).toEqual({ ...credential, accessToken: '' });
	});

	test.each([
		['App ID', { appId: '' }],
		['App Secret', { appSecret: ' ' }],
		['Refresh Token', { refreshToken: '' }],
		['Business ID', { businessId: '' }],
		['Base URL', { baseUrl: 'business-api.tiktok.com' }],
	])("'%s' is named when it is not right: %j", (parameter, change) => {
		const read = () => provider.read({ ...credential, ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${parameter}'`);
	});

	test('its account is the business id, without a call', async () => {
		expect(await provider.account(ports())).toBe(ACCOUNT);
		expect(fake.server.requests).toEqual([]);
	});
});

describe('the test of the credential', () => {
	test('asks for the name, reads messages and the address of the app', async () => {
		fake.callbackUrl = ADDRESS;
		expect(await provider.test(ports())).toBe("Connected to @shop. Its app's messages go to n8n.example.test.");
		expect(asked()).toEqual(['GET /business/get/', 'GET /business/message/conversation/list/', 'GET /business/webhook/list/']);
		expect(fake.server.requests.map(({ query }) => query)).toEqual([
			{ business_id: ACCOUNT, fields: '["username","display_name"]' },
			{ business_id: ACCOUNT, conversation_type: 'SINGLE', limit: '1' },
			{ app_id: APP_ID, secret: APP_SECRET, event_type: 'DIRECT_MESSAGE' },
		]);
	});

	test('does without the name where it was not granted', async () => {
		fake.showsName = false;
		expect(await provider.test(ports())).toBe(`Connected to the account ${ACCOUNT}.`);
		fake.showsName = true;
		fake.server.next(/business\/get/, ok({ display_name: 'The Shop' }), ok({}), { status: 504 });
		expect(await provider.test(ports())).toBe('Connected to The Shop.');
		expect(await provider.test(ports())).toBe(`Connected to the account ${ACCOUNT}.`);
		expect(await provider.test(ports())).toBe(`Connected to the account ${ACCOUNT}.`);
	});

	test.each([
		['the chats', /conversation\/list/],
		['the address of the app', /webhook\/list/],
	])('where the account tells its name, %s that TikTok does not know are no fault of the credential', async (_name, path) => {
		fake.server.next(path, { status: 404 });
		expect(await provider.test(ports())).toBe('Connected to @shop.');
	});

	test('where nothing is known, the base URL is named', async () => {
		const failure = await failureOf(provider.test(ports({ baseUrl: fake.server.url })));
		expect(failure).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") as unknown });
	});

	test('names a permission to read messages that is missing, also where the name was granted', async () => {
		fake.server.next(/conversation\/list/, refusal(40_001, 'The scope message.list.read is not granted.'));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('all permissions') as unknown });
	});

	test('names a business id that is not the one of the tokens', async () => {
		const failure = await failureOf(provider.test(ports({ businessId: '_000another' })));
		expect(failure).toMatchObject({ code: 'credential_invalid', providerCode: '40001' });
		expect(failure.reason).toContain("'Business ID'");
	});

	test.each([
		['40002', refusal(40_002, 'Param business_id is invalid.')],
		['40007', refusal(40_007, 'The account does not exist.')],
	])('names it also with %s', async (providerCode, answer) => {
		fake.server.next(/conversation\/list/, answer);
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', providerCode, reason: expect.stringContaining("'Business ID'") as unknown });
	});

	test.each([
		['App Secret', { appSecret: 'another' }],
		['App ID', { appId: '1' }],
	])("names a wrong '%s'", async (label, change) => {
		const failure = await failureOf(provider.test(ports(change)));
		expect(failure).toMatchObject({ code: 'credential_invalid', providerCode: '40001' });
		expect(failure.reason).toContain(`'${label}'`);
	});

	test('says that the account must be authorised again when neither token counts', async () => {
		const failure = await failureOf(provider.test(callPorts(provider, fake.wrongFields)));
		expect(failure).toMatchObject({ code: 'credential_invalid', providerCode: '40105' });
		expect(failure.reason).toMatch(/Authorise the TikTok account.*'Access Token' and 'Refresh Token'/);
	});
});

describe('tokens', () => {
	const renew = (refresh = 'rft.first', more: Record<string, unknown> = {}) => {
		const read = provider.read({ ...fake.fields, ...more });
		const { tokens: _none, ...bare } = provider;
		const http = httpFor(bare, read);
		return tokens.renew({ token: 'act.first', until: null, refresh }, true, { http, now: () => 1000, credential: read });
	};
	const answering = (text: string): HttpResponse => ({ status: 200, headers: {}, bytes: Buffer.from(text) });

	test('the ones in the credential count until they are refused; without an access token one is asked for', () => {
		expect(tokens.given(credential)).toEqual({ token: 'act.first', until: null, refresh: 'rft.first' });
		expect(tokens.given({ ...credential, accessToken: '' })).toBeNull();
	});

	test('what is kept belongs to one account and one authorisation', () => {
		expect(tokens.key(credential)).toMatch(new RegExp(`^tiktok/${ACCOUNT}/[0-9a-f]{16}$`));
		expect(tokens.key(credential)).toBe(tokens.key({ ...credential, accessToken: 'another' }));
		expect(tokens.key(credential)).not.toBe(tokens.key({ ...credential, refreshToken: 'another' }));
		expect(tokens.key(credential)).not.toContain(credential.refreshToken);
	});

	test('a fresh pair is asked for with the app and the refresh token, and without a token', async () => {
		expect(await renew()).toEqual({ token: 'act.renewed-1', until: 86_401_000, refresh: 'rft.renewed-1' });
		const [request] = fake.server.requests;
		expect(request).toMatchObject({ method: 'POST', path: `${API}/tt_user/oauth2/refresh_token/`, query: {} });
		expect(request?.json).toEqual({ client_id: APP_ID, client_secret: APP_SECRET, grant_type: 'refresh_token', refresh_token: 'rft.first' });
		expect(request?.headers['access-token']).toBeUndefined();
	});

	test('the newest refresh token counts, else that of the credential; one that is not replaced stays', async () => {
		fake.tokens.refresh = 'rft.newer';
		await renew('rft.newer');
		fake.tokens.refresh = 'rft.first';
		const read = provider.read(fake.fields);
		const { tokens: _none, ...bare } = provider;
		const first = await tokens.renew(null, false, { http: httpFor(bare, read), now: () => 0, credential: read });
		expect(first.refresh).toBe('rft.renewed-2');
		fake.server.next(/refresh_token/, ok({ access_token: 'act.x' }));
		expect(await renew('rft.y')).toEqual({ token: 'act.x', until: null, refresh: 'rft.y' });
	});

	test.each([
		['a refresh token that was used', {}, 'rft.used', '40105', /Authorise the TikTok account.*'Access Token' and 'Refresh Token'/],
		['another app', { appSecret: 'another' }, 'rft.first', '40101', /'App ID' and 'App Secret'/],
	])('%s is named', async (_name, change, refresh, providerCode, sentence) => {
		const failure = await failureOf(renew(refresh, change));
		expect(failure).toMatchObject({ code: 'credential_invalid', channel: 'tiktok', providerCode });
		expect(failure.reason).toMatch(sentence);
		expect(JSON.stringify(failure)).not.toMatch(/rft\.|act\.|secret0/);
	});

	test.each([
		['too many calls', refusal(40_100), 'rate_limited'],
		['too many calls, by HTTP', { status: 429 }, 'rate_limited'],
		['trouble at TikTok', refusal(51_065), 'provider_unavailable'],
		['trouble at TikTok, by HTTP', { status: 503 }, 'provider_unavailable'],
		['no answer', 'hang up', 'provider_unavailable'],
		['an answer without a token', ok({}), 'provider_unavailable'],
		['an answer of something else', { text: 'hello' }, 'provider_unavailable'],
		['an address that is not there', { status: 404 }, 'configuration_invalid'],
		['any other code', refusal(49_999), 'credential_invalid'],
	] as const)('%s', async (_name, behaviour, code) => {
		fake.server.next(/refresh_token/, behaviour);
		expect(await failureOf(renew())).toMatchObject({ code });
	});

	test('only the codes of a token mean that it no longer counts, whatever else is fetched', () => {
		expect(tokens.isRefused(answering('{"code":40105,"message":"x"}'))).toBe(true);
		expect(tokens.isRefused(answering('{"code":0,"message":"OK","data":{"code":40105}}'))).toBe(false);
		expect(tokens.isRefused(answering('{"code":40001}'))).toBe(false);
		expect(tokens.isRefused(answering('<html>40105'))).toBe(false);
		expect(tokens.isRefused({ status: 200, headers: {}, bytes: new Uint8Array() })).toBe(false);
	});

	test('a token that ended is renewed on the way, and the call made again', async () => {
		fake.expire();
		const to = { channel: 'tiktok', account: ACCOUNT, user: CONVERSATION } as const;
		const options = { messageId: 'm', quote: null, reply: null, humanAgent: false };
		const sendPorts = { ...ports(), file: () => Promise.reject(new Error('none')), publicUrl: () => Promise.reject(new Error('none')), durationMs: async () => null, receiverUrl: async () => null };
		await tiktok.send({ kind: 'text', text: 'Hello' }, to, sendPorts, options);
		await tiktok.send({ kind: 'text', text: 'Again' }, to, sendPorts, options);
		expect(asked()).toEqual(['POST /business/message/send/', 'POST /tt_user/oauth2/refresh_token/', 'POST /business/message/send/', 'POST /business/message/send/']);
		expect(fake.server.requests.map(({ headers }) => headers['access-token'])).toEqual(['act.first', undefined, 'act.renewed-1', 'act.renewed-1']);
		expect(fake.sent.map(({ text }) => text?.body)).toEqual(['Hello', 'Again']);
	});

	test('without an access token in the credential one is asked for first', async () => {
		expect(await provider.test(ports({ accessToken: '' }))).toBe('Connected to @shop.');
		expect(asked()[0]).toBe('POST /tt_user/oauth2/refresh_token/');
	});
});

describe('where the token goes', () => {
	const authorized = (request: HttpRequest, token?: string) => provider.authorize(request, credential, token).headers;

	test.each([
		['a call', { method: 'POST', url: '/business/message/send/' }, { 'access-token': 'T' }],
		['a call of the app', { method: 'GET', url: '/business/webhook/list/' }, undefined],
		['a file that wants it', { method: 'GET', url: 'https://p16.tiktokcdn.com/x', headers: { 'x-user': '' } }, { 'x-user': 'T' }],
		['a file that lies open', { method: 'GET', url: 'https://p16.tiktokcdn.com/x' }, undefined],
	] satisfies [string, HttpRequest, Record<string, string> | undefined][])('%s', (_name, request, headers) => {
		expect(authorized(request, 'T')).toEqual(headers);
	});

	test('nowhere when there is none yet', () => {
		expect(authorized({ method: 'POST', url: '/tt_user/oauth2/refresh_token/' })).toBeUndefined();
	});

	test("the hosts that may get it are TikTok's and its owner's", () => {
		expect(provider.secretHosts).toEqual(['tiktok.com', 'tiktokcdn.com', 'tiktokcdn-us.com', 'tiktokv.com', 'ibyteimg.com', 'byteoversea.com']);
		expect(provider.secretOf(credential)).toBe(APP_SECRET);
	});

	test('another host is asked for a file without it', async () => {
		const stranger = await fakeServer(() => ({ status: 403 }));
		const seen: HttpRequest[] = [];
		const given = ports();
		const watched = { ...given, http: (request: HttpRequest) => (seen.push(request), given.http(request)) };
		fake.server.next(/media\/download/, ok({ download_url: `${stranger.url}/x` }));
		const source = { mediaId: 'v1', type: 'IMAGE', conversationId: CONVERSATION, messageId: 'm' };
		// Nor is it looked for in a private network.
		expect(await failureOf(Promise.resolve(provider.fetchMedia?.(source, 1000, watched)))).toMatchObject({ code: 'provider_unavailable' });
		expect(stranger.requests).toEqual([]);
		expect(seen.map(({ headers }) => headers)).toEqual([undefined, { 'x-user': '' }]);
		await stranger.close();
	});
});

describe('registration', () => {
	const { registration } = provider;
	const app = { app_id: APP_ID, secret: APP_SECRET, event_type: 'DIRECT_MESSAGE' };

	test('an app has one address, which needs no hand', () => {
		expect(registration.key(credential, ACCOUNT)).toBe(`tiktok/${APP_ID}`);
		expect(registration.key(credential, '_000another')).toBe(`tiktok/${APP_ID}`);
		expect(registration.byHand(credential, ADDRESS)).toBeNull();
	});

	test('the address is told, kept and taken away, by the app alone', async () => {
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
		await registration.register({ url: ADDRESS, secret: 'not used' }, ACCOUNT, ports());
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: ADDRESS, problem: null });
		await registration.remove(ACCOUNT, ports());
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
		expect(fake.server.requests.map(({ path, query, json }) => [path.replace(API, ''), query, json])).toEqual([
			['/business/webhook/list/', app, undefined],
			['/business/webhook/update/', {}, { ...app, callback_url: ADDRESS }],
			['/business/webhook/list/', app, undefined],
			['/business/webhook/delete/', {}, app],
			['/business/webhook/list/', app, undefined],
		]);
		expect(fake.server.requests.every(({ headers }) => headers['access-token'] === undefined)).toBe(true);
	});

	test.each([
		['without https', 'http://n8n.example.test/webhook/x'],
		['on this machine', 'https://localhost/webhook/x'],
	])('an address %s is refused with a sentence that says what it takes', async (_name, url) => {
		const failure = await failureOf(registration.register({ url, secret: '' }, ACCOUNT, ports()));
		expect(failure).toMatchObject({ code: 'configuration_invalid', providerCode: '40002' });
		expect(failure.reason).toMatch(/public https address with a certificate/);
	});

	test('an app that TikTok has not approved is named', async () => {
		fake.server.next(/webhook\/update/, refusal(40_001, 'No permission.'));
		expect(await failureOf(registration.register({ url: ADDRESS, secret: '' }, ACCOUNT, ports()))).toMatchObject({ code: 'credential_invalid', providerCode: '40001' });
	});

	test('what TikTok posts to the address is taken for genuine', async () => {
		let receiver: FakeServer | undefined;
		try {
			receiver = await fakeServer(() => ({ status: 200 }));
			await fake.close();
			fake = await fakeTikTok({ receiverOrigin: receiver.url });
			await registration.register({ url: ADDRESS, secret: '' }, ACCOUNT, ports());
			await fake.deliver(notices.received('u5text==', { type: 'text', text: { body: 'Grüße 👋' } }));
			const [post] = receiver.requests;
			if (!post) throw new Error('the address was not called');
			expect(post.path).toBe('/webhook/trigger-1/conversations/tiktok');
			const request = { method: post.method, headers: post.headers, query: post.query, body: post.bytes, receivedAt: Date.now() };
			expect(tiktok.webhook.isAuthentic(request, ports().credential, ACCOUNT, '')).toBe(true);
			expect(tiktok.webhook.parse(request, ports().credential, ACCOUNT)).toMatchObject([{ kind: 'identity' }, { kind: 'message', content: { text: 'Grüße 👋' } }]);
		} finally {
			await receiver?.close();
		}
	});
});

describe('the name of a person', () => {
	const profile = (conversation = CONVERSATION) => Promise.resolve(provider.profile?.(conversation, ACCOUNT, ports()));
	const CONTENTS = /content\/list/;

	test('is that of the conversation; its id keeps its plus', async () => {
		expect(await profile()).toEqual({ name: 'Ann Lee' });
		expect(fake.server.requests[0]?.query).toEqual({ business_id: ACCOUNT, conversation_id: CONVERSATION });
		expect(asked()).toEqual(['GET /business/message/content/list/']);
	});

	test('is the one they write under when they show no other', async () => {
		const participants = [{ role: 'BUSINESS_ACCOUNT', display_name: 'The Shop' }, { role: 'PERSONAL_ACCOUNT' }];
		const messages = [
			{ sender: 'shop', from_user: { role: 'BUSINESS_ACCOUNT' } },
			{ sender: 'ann_lee', from_user: { role: 'PERSONAL_ACCOUNT' } },
		];
		fake.server.next(CONTENTS, ok({ participants, messages }), ok({ participants, messages: [] }));
		expect(await profile()).toEqual({ name: 'ann_lee' });
		expect(await profile()).toBeNull();
	});

	test('may not be had', async () => {
		expect(await failureOf(profile('u5gone=='))).toMatchObject({ code: 'recipient_unreachable', retryable: false });
	});
});

describe('a file of a received message', () => {
	const PICTURE = Buffer.from([0xff, 0xd8, 0xff]);
	const stored = { mediaId: 'pic1', type: 'IMAGE', conversationId: CONVERSATION, messageId: 'u5image==' };
	const open = () => ({ url: `${fake.server.url}/files/open/sticker1` });
	const fetchFile = (source: MediaSource, maxBytes = 1000) => {
		if (!provider.fetchMedia) throw new Error('no fetchMedia');
		return provider.fetchMedia(source, maxBytes, ports());
	};
	beforeEach(() => {
		fake.files.set('pic1', { bytes: PICTURE, mime: 'image/jpeg' });
		fake.files.set('sticker1', { bytes: Buffer.from('RIFF'), mime: 'image/webp; charset=binary' });
	});

	test('is asked for by its id, and fetched with the token in its own header', async () => {
		const { bytes, mime, name } = await fetchFile(stored);
		expect(Buffer.from(bytes)).toEqual(PICTURE);
		expect({ mime, name }).toEqual({ mime: 'image/jpeg', name: 'image.jpg' });
		const [question, file] = fake.server.requests;
		expect(question?.json).toEqual({ business_id: ACCOUNT, conversation_id: CONVERSATION, message_id: 'u5image==', media_id: 'pic1', media_type: 'IMAGE' });
		expect(file).toMatchObject({ method: 'GET', path: '/files/stored/pic1', query: { 'x-expires': '1789900899' } });
		expect({ own: file?.headers['x-user'], usual: file?.headers['access-token'] }).toEqual({ own: 'act.first', usual: undefined });
	});

	test('a sticker lies open: no token goes along, even to the host of the API', async () => {
		const { mime, name } = await fetchFile(open());
		expect({ mime, name }).toEqual({ mime: 'image/webp; charset=binary', name: 'sticker.webp' });
		expect(JSON.stringify(fake.server.requests[0]?.headers)).not.toContain('act.');
	});

	test('of an unknown type has no name', async () => {
		fake.files.set('pic1', { bytes: PICTURE, mime: 'application/x-new' });
		expect(await fetchFile(stored)).toMatchObject({ mime: 'application/x-new', name: null });
	});

	test('may not be larger than asked for', async () => {
		fake.files.set('pic1', { bytes: Buffer.alloc(1001), mime: 'image/jpeg' });
		await expect(fetchFile(stored)).rejects.toThrow(AnswerTooLarge);
	});

	test('that TikTok does not know or hand over is gone', async () => {
		expect(await failureOf(fetchFile({ ...stored, mediaId: 'gone' }))).toMatchObject({
			code: 'rejected',
			retryable: false,
			providerCode: '40007',
			reason: expect.stringContaining('the file') as unknown,
		});
		fake.server.next(/^\/files/, { status: 403 });
		expect(await failureOf(fetchFile(stored))).toMatchObject({ code: 'rejected', retryable: false, providerCode: '403' });
	});

	test('may be asked for again when the server has trouble', async () => {
		fake.server.next(/^\/files/, { status: 503 }, { status: 429 }, 'hang up');
		for (let count = 0; count < 3; count += 1) expect(await failureOf(fetchFile(stored))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next(/media\/download/, { status: 504 });
		expect(await failureOf(fetchFile(stored))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});
});
