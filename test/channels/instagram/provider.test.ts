import { instagram } from '../../../src/channels/instagram';
import { provider } from '../../../src/channels/instagram/provider';
import { FIELDS_LEAST, INSTAGRAM_FIELDS, LOGIN_FIELDS } from '../../../src/channels/instagram/facts';
import { PAGE_FIELDS } from '../../../src/channels/kit/meta/page-fields';
import type { WebhookRequest } from '../../../src/core/channel';
import { ConversationsError, InputError, type Failure } from '../../../src/core/failure';
import { ACCOUNT_ID, fakeInstagram, IG_APP, IGSID, LINKED_PAGE_ID, type FakeInstagram } from '../../fakes/instagram';
import { graphError } from '../../fakes/meta-messaging';
import { callPorts, sendPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';

const ADDRESS = 'https://n8n.example.test/webhook/1/conversations';
const APP_TOKEN = `Bearer ${IG_APP.id}|${IG_APP.secret}`;

/** What n8n does with a request, as far as this channel is concerned. */
let receiver: FakeServer;
let received: WebhookRequest[];
let byLogin: FakeInstagram;
let byPage: FakeInstagram;
beforeEach(async () => {
	received = [];
	receiver = await fakeServer(({ method, headers, query, bytes }) => {
		const request = { method, headers, query, body: bytes, receivedAt: 1 };
		received.push(request);
		const reply = instagram.webhook.handshake?.(request, provider.read(byLogin.fields));
		return reply ? { status: reply.status, headers: { ...reply.headers }, text: reply.body ?? '' } : { status: method === 'POST' ? 200 : 403 };
	});
	byLogin = await fakeInstagram({ receiverOrigin: receiver.url, echoes: true });
	byPage = await fakeInstagram({ receiverOrigin: receiver.url, loginType: 'facebook' });
});
afterEach(async () => {
	await byLogin.close();
	await byPage.close();
	await receiver.close();
});

const ports = (fields = byLogin.fields) => callPorts(provider, fields);
const requests = (fake = byLogin) => fake.server.requests.map(({ method, path, query, form, headers }) => ({ method, path, query, form, token: headers['authorization'] }));

async function failureOf(work: Promise<unknown>): Promise<Failure> {
	const error: unknown = await work.catch((thrown: unknown) => thrown);
	if (error instanceof ConversationsError) return error.failure;
	throw new Error(`expected a ConversationsError, got ${String(error)}`);
}

describe('the credential', () => {
	const read = (fields: object) => provider.read({ accessToken: 't', accountId: '1', ...fields });

	test('the base URL follows the way of logging in; calls about the app go to graph.facebook.com', () => {
		expect(provider.bases(read({}))).toEqual({ baseUrl: 'https://graph.instagram.com', appBaseUrl: 'https://graph.facebook.com' });
		expect(provider.bases(read({ loginType: 'facebook', baseUrl: '' }))).toEqual({ baseUrl: 'https://graph.facebook.com', appBaseUrl: 'https://graph.facebook.com' });
		const gateway = 'https://gateway.example.test/meta';
		expect(provider.bases(read({ baseUrl: `${gateway}/` }))).toEqual({ baseUrl: gateway, appBaseUrl: gateway });
	});

	test.each([
		[{ accessToken: '' }, 'Access Token'],
		[{ accountId: ' ' }, 'Account ID'],
		[{ loginType: 'myspace' }, 'Login Type'],
		[{ baseUrl: 'graph' }, 'Base URL'],
	])('%j is refused', (fields, label) => {
		expect(() => read(fields)).toThrow(InputError);
		expect(() => read(fields)).toThrow(label);
	});

	test('the account is told without a call; the token is the secret', async () => {
		expect(await provider.account(ports())).toBe(ACCOUNT_ID);
		expect(byLogin.server.requests).toEqual([]);
		expect(provider.secretOf(provider.read(byLogin.fields))).toBe(byLogin.fields['accessToken']);
		expect(provider.secretHosts).toEqual([]);
	});

	test('all is well with Instagram login', async () => {
		expect(await provider.test(ports())).toBe(`Connected to the Instagram account @luckyshrub (${ACCOUNT_ID}).`);
		expect(requests()).toMatchObject([
			{ method: 'GET', path: '/v26.0/me', query: { fields: 'user_id,username' } },
			{ method: 'GET', path: `/v26.0/${ACCOUNT_ID}/subscribed_apps` },
			{ method: 'GET', path: `/v26.0/${IG_APP.id}/subscriptions`, query: {}, token: APP_TOKEN },
		]);
	});

	test("all is well with a Page's token", async () => {
		expect(await provider.test(ports(byPage.fields))).toBe(`Connected to the Instagram account @luckyshrub (${ACCOUNT_ID}).`);
		expect(requests(byPage)).toMatchObject([
			{ method: 'GET', path: '/v26.0/me', query: { fields: 'id,name,instagram_business_account{id,username}' } },
			{ method: 'GET', path: '/v26.0/me', query: { fields: 'id' } },
			{ method: 'GET', path: `/v26.0/${LINKED_PAGE_ID}/subscribed_apps` },
			{ method: 'GET', path: `/v26.0/${IG_APP.id}/subscriptions` },
		]);
	});

	test.each([/subscribed_apps$/, /subscriptions$/])('where a gateway does not tell %s, the rest counts', async (path) => {
		byLogin.server.next(path, graphError({ code: 100, subcode: 33 }));
		expect(await provider.test(ports())).toContain('@luckyshrub');
		expect(byLogin.server.requests).toHaveLength(3);
	});

	test('another account is named, with its id', async () => {
		const sentence = expect.stringContaining(`@luckyshrub with the ID ${ACCOUNT_ID}, not 0`);
		expect(await failureOf(provider.test(ports({ ...byLogin.fields, accountId: '0' })))).toMatchObject({ code: 'configuration_invalid', reason: sentence });
		expect(await failureOf(provider.test(ports({ ...byPage.fields, accountId: '0' })))).toMatchObject({ code: 'configuration_invalid', reason: sentence });
	});

	test('a Page without an Instagram account is named', async () => {
		byPage.server.next(/\/me$/, { json: { id: '1', name: 'Lucky Shrub' } });
		expect(await failureOf(provider.test(ports(byPage.fields)))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Lucky Shrub' has no Instagram professional account") });
	});

	test('the other way of logging in, and a server that is not Meta', async () => {
		const failure = await failureOf(provider.test(ports({ ...byPage.fields, loginType: 'instagram' })));
		expect(failure).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Login Type'") });
		byLogin.server.next(/\/me$/, { text: 'Welcome to nginx' });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'configuration_invalid' });
	});

	test.each([
		['instagram', "'instagram_business_manage_messages'"],
		['facebook', "'instagram_manage_messages' and 'pages_manage_metadata'"],
	])('a permission that is missing is named: %s', async (loginType, permissions) => {
		const fake = loginType === 'facebook' ? byPage : byLogin;
		fake.server.next(/subscribed_apps$/, graphError({ code: 10, status: 403 }));
		expect(await failureOf(provider.test(ports(fake.fields)))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining(permissions), providerCode: '10' });
	});

	test('an app secret of another app, an expired token and limits are told apart', async () => {
		expect(await failureOf(provider.test(ports({ ...byLogin.fields, appSecret: 'another' })))).toMatchObject({
			code: 'credential_invalid',
			reason: expect.stringContaining("'App ID' and 'App Secret' do not belong together"),
		});
		byLogin.refuse({ code: 190, subcode: 463, status: 401 });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('expired') });
		byLogin.server.next(/subscribed_apps$/, graphError({ code: 190, subcode: 463, status: 401 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('expired') });
		byLogin.server.next(/subscribed_apps$/, graphError({ code: 80002 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'rate_limited' });
	});
});

describe('the address for webhooks', () => {
	const { registration } = provider;
	const register = (fake = byLogin) => registration.register({ url: ADDRESS, secret: '' }, ACCOUNT_ID, ports(fake.fields));

	test('one app has one address, whatever its accounts', () => {
		expect(registration.key(provider.read(byLogin.fields), ACCOUNT_ID)).toBe(`instagram/${IG_APP.id}`);
		expect(registration.key(provider.read({ ...byLogin.fields, appId: '' }), ACCOUNT_ID)).toBe(`instagram/${ACCOUNT_ID}`);
	});

	test('with Instagram login: the app, then the account', async () => {
		await register();
		expect(requests()).toMatchObject([
			{
				method: 'POST', path: `/v26.0/${IG_APP.id}/subscriptions`, token: APP_TOKEN,
				form: { object: 'instagram', callback_url: ADDRESS, verify_token: 'our-word', fields: LOGIN_FIELDS.join(',') },
			},
			{ method: 'GET', path: `/v26.0/${ACCOUNT_ID}/subscribed_apps` },
			{
				method: 'POST', path: `/v26.0/${ACCOUNT_ID}/subscribed_apps`, token: `Bearer ${String(byLogin.fields['accessToken'])}`,
				query: { subscribed_fields: LOGIN_FIELDS.join(',') },
			},
		]);
		expect(received).toMatchObject([{ method: 'GET', query: { 'hub.verify_token': 'our-word' } }]);
	});

	test("with a Page's token: the app, then the Page, which is asked for all that Messenger needs too", async () => {
		await register(byPage);
		expect(requests(byPage)).toMatchObject([
			{ method: 'POST', form: { object: 'instagram', fields: INSTAGRAM_FIELDS.join(',') } },
			{ method: 'GET', path: '/v26.0/me', query: { fields: 'id' } },
			{ method: 'GET', path: `/v26.0/${LINKED_PAGE_ID}/subscribed_apps` },
			{ method: 'POST', path: `/v26.0/${LINKED_PAGE_ID}/subscribed_apps`, query: { subscribed_fields: PAGE_FIELDS.join(',') } },
		]);
	});

	test("a Page that is not named is 'me'", async () => {
		byPage.server.next(/\/me$/, graphError({ code: 100, subcode: 33 }));
		await register(byPage);
		expect(requests(byPage).at(-1)).toMatchObject({ method: 'POST', path: '/v26.0/me/subscribed_apps' });
	});

	test('fields that Meta does not know by our names are left out', async () => {
		const unknown = (field: string) => graphError({ code: 100, message: `(#100) Param subscribed_fields[0] must be one of the fields, not "${field}"` });
		byLogin.server.next(/subscriptions$/, unknown('message_echoes'));
		byLogin.server.next(/subscribed_apps$/, { json: { data: [] } }, unknown('message_echoes'), unknown('message_edit'));
		await register();
		expect(byLogin.subscriptions.get('instagram')?.fields).toEqual(INSTAGRAM_FIELDS);
		expect(byLogin.subscribed.fields).toEqual(FIELDS_LEAST);
	});

	test('a token for Instagram alone may not have the fields of Messenger: one other is enough', async () => {
		const refusal = graphError({ code: 200, message: '(#200) To subscribe to the messages field, one of these permissions is needed: pages_messaging', status: 403 });
		byPage.server.next(/subscribed_apps$/, { json: { data: [] } }, refusal);
		await register(byPage);
		expect(byPage.subscribed.fields).toEqual(['feed']);
		byPage.subscribed.fields = [...PAGE_FIELDS];
		await register(byPage);
		expect(byPage.subscribed.fields).toEqual(PAGE_FIELDS);
	});

	test('other refusals end it', async () => {
		byPage.server.next(/subscribed_apps$/, { json: { data: [] } }, graphError({ code: 4 }));
		expect(await failureOf(register(byPage))).toMatchObject({ code: 'rate_limited' });
		byPage.server.next(/subscribed_apps$/, { json: { data: [] } }, graphError({ code: 200 }), graphError({ code: 210 }));
		expect(await failureOf(register(byPage))).toMatchObject({ code: 'credential_invalid', providerCode: '210' });
	});

	test('what Meta then posts is genuine, and what we send comes back', async () => {
		await register();
		await byLogin.tell(byLogin.item(IGSID, { message: { mid: 'a1', text: 'Grüße' } }));
		const options = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };
		const [mid] = await instagram.send({ kind: 'text', text: 'Hello' }, { channel: 'instagram', account: ACCOUNT_ID, user: IGSID }, sendPorts(provider, byLogin.fields), options);
		const [sent] = byLogin.sent;
		if (!sent) throw new Error('nothing was sent');
		await byLogin.tell(byLogin.readOf(sent));
		const credential = provider.read(byLogin.fields);
		const posts = received.filter(({ method }) => method === 'POST');
		expect(posts.map((post) => instagram.webhook.isAuthentic(post, credential, ACCOUNT_ID, ''))).toEqual([true, true, true]);
		expect(posts.flatMap((post) => instagram.webhook.parse(post, credential, ACCOUNT_ID))).toMatchObject([
			{ kind: 'message', content: { kind: 'text', text: 'Grüße' } },
			{ kind: 'echo', externalId: mid, content: { kind: 'text', text: 'Hello' } },
			{ kind: 'receipt', state: 'read', externalId: mid },
		]);
	});

	test('an address that does not answer is named', async () => {
		await receiver.close();
		receiver = await fakeServer(() => ({ status: 404 }));
		expect(await failureOf(register())).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining('WEBHOOK_URL'), providerCode: '2200' });
	});

	test('where Meta posts to now, and why nothing may come', async () => {
		expect(await registration.current(ACCOUNT_ID, ports())).toEqual({ url: null, problem: null });
		await register();
		expect(await registration.current(ACCOUNT_ID, ports())).toEqual({ url: ADDRESS, problem: null });
		byLogin.subscribed.fields = null;
		expect(await registration.current(ACCOUNT_ID, ports())).toEqual({ url: null, problem: expect.stringContaining('does not listen') });
	});

	test('a Page that only another app listens to does not bring anything', async () => {
		await register(byPage);
		expect(await registration.current(ACCOUNT_ID, ports(byPage.fields))).toEqual({ url: ADDRESS, problem: null });
		byPage.server.next(/subscribed_apps$/, { json: { data: [{ id: '99', name: 'Another app' }] } });
		expect(await registration.current(ACCOUNT_ID, ports(byPage.fields))).toEqual({ url: null, problem: expect.stringContaining('does not listen') });
	});

	test("taking it away ends the account's subscription and leaves the app's address", async () => {
		await register();
		await registration.remove(ACCOUNT_ID, ports());
		expect(byLogin.subscribed.fields).toBeNull();
		expect(byLogin.subscriptions.has('instagram')).toBe(true);
		expect(requests().at(-1)).toMatchObject({ method: 'DELETE', path: `/v26.0/${ACCOUNT_ID}/subscribed_apps` });
	});

	test("a Page's subscription stays as long as the app listens to Messenger too", async () => {
		await register(byPage);
		byPage.subscriptions.set('page', { callback_url: ADDRESS, verify_token: 'x', fields: ['messages'], active: true });
		await registration.remove(ACCOUNT_ID, ports(byPage.fields));
		expect(byPage.subscribed.fields).not.toBeNull();
		byPage.subscriptions.delete('page');
		await registration.remove(ACCOUNT_ID, ports(byPage.fields));
		expect(byPage.subscribed.fields).toBeNull();
	});

	test.each([
		['appId', 'App ID', 'instagram', 'API setup with Instagram login'],
		['appSecret', 'App Secret', 'instagram', 'Webhook subscription'],
		['verifyToken', 'Verify Token', 'facebook', 'Instagram settings'],
	])('without %s it says what to click', (name, label, loginType, click) => {
		const sentence = registration.byHand(provider.read({ ...byLogin.fields, loginType, [name]: '' }), ADDRESS);
		for (const part of [`'${label}'`, ADDRESS, click]) expect(sentence).toContain(part);
	});

	test('with them it registers by itself', () => {
		expect(registration.byHand(provider.read(byLogin.fields), ADDRESS)).toBeNull();
	});
});

describe('people', () => {
	test('their name, else the one of their account', async () => {
		expect(await provider.profile?.(IGSID, ACCOUNT_ID, ports())).toEqual({ name: 'Ann Lee' });
		expect(requests()).toMatchObject([{ method: 'GET', path: `/v26.0/${IGSID}`, query: { fields: 'name,username' } }]);
		byLogin.person('2', { profile: { name: null, username: 'bo' } });
		expect(await provider.profile?.('2', ACCOUNT_ID, ports())).toEqual({ name: 'bo' });
	});

	test('nothing is told of many', async () => {
		byLogin.person('3', { profile: null });
		expect(await provider.profile?.('3', ACCOUNT_ID, ports())).toBeNull();
		expect(await provider.profile?.('unknown', ACCOUNT_ID, ports())).toBeNull();
		byLogin.refuse({ code: 230, message: 'User consent is required to access user profile' });
		expect(await provider.profile?.(IGSID, ACCOUNT_ID, ports())).toBeNull();
	});

	test('an expired token is not nothing', async () => {
		byLogin.refuse({ code: 190, subcode: 463 });
		expect(await failureOf(provider.profile?.(IGSID, ACCOUNT_ID, ports()) ?? Promise.resolve())).toMatchObject({ code: 'credential_invalid' });
	});
});

test('files of people are fetched from where they are, while they are there', async () => {
	const fetchMedia = (url: string) => provider.fetchMedia?.({ url }, 1000, ports()) ?? Promise.resolve();
	const url = byLogin.serve('/files/photo.jpg', { mime: 'image/jpeg', bytes: Buffer.from('jpg') });
	expect(await fetchMedia(url)).toEqual({ bytes: new Uint8Array(Buffer.from('jpg')), mime: 'image/jpeg', name: null });
	expect(await failureOf(fetchMedia(`${byLogin.server.url}/files/gone`))).toMatchObject({ code: 'rejected', providerCode: '404' });
});
