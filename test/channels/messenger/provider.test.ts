import { messenger } from '../../../src/channels/messenger';
import { provider } from '../../../src/channels/messenger/provider';
import { PAGE_FIELDS } from '../../../src/channels/kit/meta/page-fields';
import type { WebhookRequest } from '../../../src/core/channel';
import { ConversationsError, InputError, type Failure } from '../../../src/core/failure';
import { AnswerTooLarge } from '../../../src/core/http';
import { APP, fakeMessenger, PAGE_ID, PSID, type FakeMessenger } from '../../fakes/messenger';
import { graphError } from '../../fakes/meta-messaging';
import { callPorts, sendPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';

const ADDRESS = 'https://n8n.example.test/webhook/1/conversations';
const APP_TOKEN = `Bearer ${APP.id}|${APP.secret}`;

/** What n8n does with a request, as far as this channel is concerned. */
let receiver: FakeServer;
let received: WebhookRequest[];
let fake: FakeMessenger;
beforeEach(async () => {
	received = [];
	receiver = await fakeServer(({ method, headers, query, bytes }) => {
		const request = { method, headers, query, body: bytes, receivedAt: 1 };
		received.push(request);
		const reply = messenger.webhook.handshake?.(request, provider.read(fake.fields));
		return reply ? { status: reply.status, headers: { ...reply.headers }, text: reply.body ?? '' } : { status: method === 'POST' ? 200 : 403 };
	});
	fake = await fakeMessenger({ receiverOrigin: receiver.url, echoes: true });
});
afterEach(async () => {
	await fake.close();
	await receiver.close();
});

const ports = (fields = fake.fields) => callPorts(provider, fields);
const requests = () => fake.server.requests.map(({ method, path, query, form, headers }) => ({ method, path, query, form, token: headers['authorization'] }));

async function failureOf(work: Promise<unknown>): Promise<Failure> {
	const error: unknown = await work.catch((thrown: unknown) => thrown);
	if (error instanceof ConversationsError) return error.failure;
	throw new Error(`expected a ConversationsError, got ${String(error)}`);
}

describe('the credential', () => {
	test('texts are trimmed, empty ones get their defaults', () => {
		expect(provider.read({ pageAccessToken: ' t ', pageId: 42, baseUrl: ' ', graphVersion: '' })).toEqual({
			token: 't', pageId: '42', appId: '', appSecret: '', verifyToken: '', graphVersion: 'v26.0', baseUrl: 'https://graph.facebook.com',
		});
		expect(provider.bases(provider.read({ ...fake.fields, baseUrl: 'https://gateway.example.test/meta/' }))).toEqual({ baseUrl: 'https://gateway.example.test/meta' });
	});

	test.each([['pageAccessToken', 'Page Access Token'], ['pageId', 'Page ID']])('%s must be filled in', (name, label) => {
		expect(() => provider.read({ ...fake.fields, [name]: ' ' })).toThrow(InputError);
		expect(() => provider.read({ ...fake.fields, [name]: ' ' })).toThrow(label);
	});

	test('the account is told without a call; the token is the secret and goes into the header', async () => {
		expect(await provider.account(ports())).toBe(PAGE_ID);
		expect(fake.server.requests).toEqual([]);
		const credential = provider.read(fake.fields);
		expect(provider.secretOf(credential)).toBe(fake.fields['pageAccessToken']);
		expect(provider.authorize({ method: 'GET', url: '/me' }, credential).headers).toEqual({ authorization: `Bearer ${credential.token}` });
		const own = { method: 'GET', url: '/1', headers: { authorization: 'Bearer app' } } as const;
		expect(provider.authorize(own, credential)).toBe(own);
		const query = { method: 'GET', url: '/1', query: { access_token: 'app' } } as const;
		expect(provider.authorize(query, credential)).toBe(query);
		const file = { method: 'GET', url: `${fake.server.url}/files/photo.png` } as const;
		expect(provider.authorize(file, credential)).toBe(file);
	});

	test('all is well', async () => {
		expect(await provider.test(ports())).toBe(`Connected to the Page 'Lucky Shrub' (${PAGE_ID}).`);
		expect(requests()).toMatchObject([
			{ method: 'GET', path: `/v26.0/${PAGE_ID}`, query: { fields: 'id,name' } },
			{ method: 'GET', path: '/v26.0/me', query: { fields: 'id,name' } },
			{ method: 'GET', path: `/v26.0/${PAGE_ID}/subscribed_apps` },
			{ method: 'GET', path: `/v26.0/${APP.id}/subscriptions`, query: {}, token: APP_TOKEN },
		]);
	});

	test('without an app nothing is asked about it', async () => {
		await provider.test(ports({ ...fake.fields, appSecret: '' }));
		expect(requests().filter(({ path }) => path.includes(APP.id))).toEqual([]);
	});

	test.each([
		['who the token is', /\/me$/, '100/33'],
		['the Page, but who the token is', new RegExp(`/${PAGE_ID}$`), '10'],
		["the Page's subscription", /subscribed_apps$/, '404'],
		["the app's addresses", /subscriptions$/, '100'],
	])('where a gateway does not tell %s, the rest counts', async (_what, path, refusal) => {
		const [code, subcode] = refusal.split('/').map(Number);
		fake.server.next(path, refusal === '404' ? { status: 404, text: 'Not Found' } : graphError({ code: code ?? 0, ...(subcode !== undefined && { subcode }) }));
		expect(await provider.test(ports())).toBe(`Connected to the Page 'Lucky Shrub' (${PAGE_ID}).`);
	});

	test('a Page that Meta does not show to this token is named', async () => {
		fake.server.next(/\/me$/, graphError({ code: 100, subcode: 33 }));
		expect(await failureOf(provider.test(ports({ ...fake.fields, pageId: '42' })))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Page ID'") });
	});

	test('a token of another Page is named', async () => {
		fake.server.next(/\/me$/, { json: { id: '99', name: 'Other Shop' } });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/'Other Shop' \(ID 99\), not of the Page with the ID 1067280970047460/) });
	});

	test('a permission that is missing is named', async () => {
		fake.server.next(/subscribed_apps$/, graphError({ code: 200, message: '(#200) Requires pages_manage_metadata permission', status: 403 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({
			code: 'configuration_invalid',
			reason: expect.stringContaining("'pages_manage_metadata'"),
			providerCode: '200',
			providerMessage: '(#200) Requires pages_manage_metadata permission (trace AFakeTrace)',
		});
	});

	test('an app secret of another app is named', async () => {
		const failure = await failureOf(provider.test(ports({ ...fake.fields, appSecret: 'another' })));
		expect(failure).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining("'App ID' and 'App Secret' do not belong together") });
	});

	test('an expired token, limits and a server that is not Meta are told apart', async () => {
		fake.refuse({ code: 190, subcode: 463, status: 401 });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('expired') });
		fake.server.next(/subscribed_apps$/, graphError({ code: 190, subcode: 460, status: 401 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('password') });
		fake.server.next(/subscribed_apps$/, graphError({ code: 4 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'rate_limited' });
		fake.server.next(/subscriptions$/, graphError({ code: 2, status: 500 }));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'provider_unavailable' });
		fake.server.next(/\/\d+$/, { text: 'Welcome to nginx' }, { status: 404, text: 'Not Found' });
		fake.server.next(/\/me$/, { status: 404, text: 'Not Found' }, { status: 404, text: 'Not Found' });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") });
	});
});

describe('the address for webhooks', () => {
	const { registration } = provider;
	const register = () => registration.register({ url: ADDRESS, secret: '' }, PAGE_ID, ports());

	test('one app has one address, whatever its Pages', () => {
		const credential = provider.read(fake.fields);
		expect(registration.key(credential, PAGE_ID)).toBe(`messenger/${APP.id}`);
		expect(registration.key({ ...credential, pageId: '2' }, '2')).toBe(`messenger/${APP.id}`);
		expect(registration.key({ ...credential, appId: '' }, PAGE_ID)).toBe(`messenger/${PAGE_ID}`);
	});

	test('it is registered with the app, and the app with the Page; Meta asks for our word', async () => {
		await register();
		expect(requests()).toMatchObject([
			{
				method: 'POST', path: `/v26.0/${APP.id}/subscriptions`, query: {}, token: APP_TOKEN,
				form: { object: 'page', callback_url: ADDRESS, verify_token: 'our-word', fields: PAGE_FIELDS.join(','), access_token: `${APP.id}|${APP.secret}` },
			},
			{ method: 'GET', path: `/v26.0/${PAGE_ID}/subscribed_apps` },
			{
				method: 'POST', path: `/v26.0/${PAGE_ID}/subscribed_apps`, token: `Bearer ${String(fake.fields['pageAccessToken'])}`,
				query: { subscribed_fields: PAGE_FIELDS.join(',') },
			},
		]);
		expect(received).toMatchObject([{ method: 'GET', query: { 'hub.mode': 'subscribe', 'hub.verify_token': 'our-word' } }]);
	});

	test('what the app asks of the Page already is kept, and not asked for twice', async () => {
		fake.subscribed.fields = ['feed', 'messages'];
		await register();
		expect(fake.subscribed.fields).toEqual(['feed', ...PAGE_FIELDS]);
		await register();
		expect(requests().filter(({ method, path }) => method === 'POST' && path.endsWith('subscribed_apps'))).toHaveLength(1);
	});

	test('what Meta then posts is genuine, and our own messages come back as ours', async () => {
		await register();
		await fake.tell(fake.item(PSID, { message: { mid: 'm_1', text: 'Grüße' } }));
		const options = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };
		const [mid] = await messenger.send({ kind: 'text', text: 'Hello' }, { channel: 'messenger', account: PAGE_ID, user: PSID }, sendPorts(provider, fake.fields), options);
		const [sent] = fake.sent;
		if (!sent) throw new Error('nothing was sent');
		await fake.tell(fake.deliveryOf(sent), fake.readUpTo(PSID, 1_772_998_030_000));
		const credential = provider.read(fake.fields);
		const posts = received.filter(({ method }) => method === 'POST');
		expect(posts.map((post) => messenger.webhook.isAuthentic(post, credential, PAGE_ID, ''))).toEqual([true, true, true]);
		expect(posts.flatMap((post) => messenger.webhook.parse(post, credential, PAGE_ID))).toMatchObject([
			{ kind: 'message', content: { kind: 'text', text: 'Grüße' } },
			{ kind: 'echo', externalId: mid, messageId: options.messageId, content: { kind: 'text', text: 'Hello' } },
			{ kind: 'receipt', state: 'delivered', externalId: mid },
			{ kind: 'watermark', state: 'delivered' },
			{ kind: 'watermark', state: 'read', before: 1_772_998_030_000 },
		]);
	});

	test('an address that does not answer is named', async () => {
		await receiver.close();
		receiver = await fakeServer(() => ({ status: 404 }));
		expect(await failureOf(register())).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining('WEBHOOK_URL'), providerCode: '2200', retryable: false });
		expect(await failureOf(registration.register({ url: 'http://localhost:5678/webhook', secret: '' }, PAGE_ID, ports()))).toMatchObject({ code: 'configuration_invalid' });
		expect(fake.subscribed.fields).toBeNull();
	});

	test('no secret stands in an address', async () => {
		await register();
		await registration.current(PAGE_ID, ports());
		await provider.test(ports());
		await registration.remove(PAGE_ID, ports());
		for (const { path, query } of requests()) expect(JSON.stringify([path, query])).not.toMatch(new RegExp(`${APP.secret}|${String(fake.fields['pageAccessToken'])}`));
	});

	test.each([graphError({ code: 100, subcode: 33 }), { status: 404, text: 'Not Found' }])('a gateway that lists nothing is told all the same: %j', async (nothing) => {
		fake.server.next(/subscribed_apps$/, nothing);
		await register();
		expect(fake.subscriptions.get('page')?.callback_url).toBe(ADDRESS);
		expect(fake.subscribed.fields).toEqual(PAGE_FIELDS);
		fake.server.next(/subscribed_apps$/, nothing);
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: ADDRESS, problem: null });
		fake.server.next(/subscriptions$/, nothing);
		await registration.remove(PAGE_ID, ports());
		expect(fake.subscribed.fields).toBeNull();
	});

	test('an address that Meta does not take is named, whatever the code', async () => {
		fake.server.next(/subscriptions$/, graphError({ code: 100, message: '(#100) Callback verification failed' }));
		expect(await failureOf(register())).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining('WEBHOOK_URL'), providerCode: '100' });
	});

	test('a Page that does not allow it is named', async () => {
		fake.server.next(/subscribed_apps$/, { json: { data: [] } }, graphError({ code: 210, status: 403 }));
		expect(await failureOf(register())).toMatchObject({ code: 'credential_invalid', providerCode: '210' });
	});

	test('where Meta posts to now, and why nothing may come', async () => {
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: null, problem: null });
		await register();
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: ADDRESS, problem: null });
		fake.subscribed.fields = null;
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: null, problem: expect.stringContaining('does not listen') });
		await register();
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: ADDRESS, problem: null });
		const own = fake.subscriptions.get('page');
		if (own) own.active = false;
		expect(await registration.current(PAGE_ID, ports())).toEqual({ url: null, problem: expect.stringContaining('switched off') });
	});

	test("taking it away ends the Page's subscription and leaves the app's address", async () => {
		await register();
		await registration.remove(PAGE_ID, ports());
		expect(fake.subscribed.fields).toBeNull();
		expect(fake.subscriptions.has('page')).toBe(true);
		expect(requests().at(-1)).toMatchObject({ method: 'DELETE', path: `/v26.0/${PAGE_ID}/subscribed_apps` });
	});

	test('as long as the app listens to Instagram too, the Page goes on bringing its messages', async () => {
		await register();
		fake.subscriptions.set('instagram', { callback_url: ADDRESS, verify_token: 'x', fields: ['messages'], active: true });
		await registration.remove(PAGE_ID, ports());
		expect(fake.subscribed.fields).not.toBeNull();
	});

	test.each([['appId', 'App ID'], ['appSecret', 'App Secret'], ['verifyToken', 'Verify Token']])('without %s it says what to click', (name, label) => {
		const sentence = registration.byHand(provider.read({ ...fake.fields, [name]: '' }), ADDRESS);
		expect(sentence).toContain(`'${label}'`);
		expect(sentence).toContain(ADDRESS);
		expect(sentence).toContain('message_echoes');
	});

	test('with them it registers by itself', () => {
		expect(registration.byHand(provider.read(fake.fields), ADDRESS)).toBeNull();
	});
});

describe('people', () => {
	test('their name', async () => {
		expect(await provider.profile?.(PSID, PAGE_ID, ports())).toEqual({ name: 'Ann Lee' });
		expect(requests()).toMatchObject([{ method: 'GET', path: `/v26.0/${PSID}`, query: { fields: 'name,first_name,last_name' } }]);
		fake.person('2', { profile: { first_name: 'Bo' } });
		expect(await provider.profile?.('2', PAGE_ID, ports())).toEqual({ name: 'Bo' });
	});

	test('nothing is told of many', async () => {
		fake.person('3', { profile: null });
		expect(await provider.profile?.('3', PAGE_ID, ports())).toBeNull();
		expect(await provider.profile?.('unknown', PAGE_ID, ports())).toBeNull();
		fake.server.next(/\/3$/, { status: 404, text: 'Not Found' });
		expect(await provider.profile?.('3', PAGE_ID, ports())).toBeNull();
	});

	test.each([{ code: 2018218 }, { code: 100, subcode: 2018218 }, { code: 100, subcode: 33 }, { code: 10 }, { code: 3 }, { code: 200, subcode: 2018028 }, { code: 230 }])(
		'%j means that nothing is told',
		async (error) => {
			fake.refuse(error);
			expect(await provider.profile?.(PSID, PAGE_ID, ports())).toBeNull();
		},
	);

	test.each([{ code: 190, is: 'credential_invalid' }, { code: 4, is: 'rate_limited' }, { code: 2, is: 'provider_unavailable' }, { code: 100, is: 'content_unsupported' }])(
		'$code does not',
		async ({ code, is }) => {
			fake.refuse({ code });
			expect(await failureOf(provider.profile?.(PSID, PAGE_ID, ports()) ?? Promise.resolve())).toMatchObject({ code: is });
		},
	);
});

describe('files of people', () => {
	const fetchMedia = (url: string, maxBytes = 1000) => provider.fetchMedia?.({ url }, maxBytes, ports()) ?? Promise.resolve();

	test('are fetched from where they are', async () => {
		const url = fake.serve('/files/photo.png', { mime: 'image/png', bytes: Buffer.from('png') });
		expect(await fetchMedia(url)).toEqual({ bytes: new Uint8Array(Buffer.from('png')), mime: 'image/png', name: null });
	});

	test('the token goes to the base URL only', () => {
		expect(provider.secretHosts).toEqual([]);
		expect(Object.keys(provider.bases(provider.read(fake.fields)))).toEqual(['baseUrl']);
	});

	test('an address that works no longer, a server that is down, and too large a file', async () => {
		expect(await failureOf(fetchMedia(`${fake.server.url}/files/gone`))).toMatchObject({ code: 'rejected', providerCode: '404', reason: expect.stringContaining('limited time') });
		fake.server.next('/files/a', { status: 503 });
		expect(await failureOf(fetchMedia(`${fake.server.url}/files/a`))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next('/files/a', 'hang up');
		expect(await failureOf(fetchMedia(`${fake.server.url}/files/a`))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		const url = fake.serve('/files/large', { mime: 'video/mp4', bytes: Buffer.alloc(2000) });
		await expect(fetchMedia(url)).rejects.toThrow(AnswerTooLarge);
	});
});

describe('templates', () => {
	const listing = (name: string, more: object = {}) => ({ name, language: 'en', status: 'APPROVED', category: 'UTILITY', components: [{ type: 'BODY', text: 'Hello' }], ...more });

	test('those that are approved, with their fields', async () => {
		fake.templates.push(
			listing('order_update', {
				components: [
					{ type: 'BODY', text: 'Order {{order_id}} for {{name}}, {{name}}!', example: { body_text_named_params: [{ param_name: 'order_id', example: '5' }] } },
					{ type: 'BUTTONS', buttons: [{ type: 'PHONE_NUMBER', text: 'Call' }, { type: 'URL', text: 'Track', url: 'https://example.test/{{1}}', example: ['1234'] }] },
				],
			}),
			listing('numbered', { language: 'de', components: [{ type: 'BODY', text: '{{1}} und {{2}}', example: { body_text: [['eins']] } }] }),
			listing('waiting', { status: 'PENDING' }),
		);
		expect(await provider.templates?.(ports())).toEqual([
			{
				name: 'order_update', language: 'en', category: 'UTILITY', preview: 'Order {{order_id}} for {{name}}, {{name}}!',
				fields: [
					{ id: 'body.order_id', label: 'Body: order_id', kind: 'text', example: '5' },
					{ id: 'body.name', label: 'Body: name', kind: 'text', example: null },
					{ id: 'button.1.url', label: "Button: end of the address of 'Track'", kind: 'text', example: '1234' },
				],
			},
			{
				name: 'numbered', language: 'de', category: 'UTILITY', preview: '{{1}} und {{2}}',
				fields: [
					{ id: 'body.1', label: 'Body: 1', kind: 'text', example: 'eins' },
					{ id: 'body.2', label: 'Body: 2', kind: 'text', example: null },
				],
			},
		]);
		expect(requests()).toMatchObject([{ path: `/v26.0/${PAGE_ID}/message_templates`, query: { fields: 'name,language,status,category,components', limit: '100' } }]);
	});

	test('all pages of the list are read', async () => {
		fake.templates.push(...Array.from({ length: 150 }, (_, index) => listing(`t${index}`)));
		expect(await provider.templates?.(ports())).toHaveLength(150);
		expect(requests().map(({ query }) => query['after'])).toEqual([undefined, '100']);
	});

	test('a token without the permission for them is told', async () => {
		fake.refuse({ code: 200, status: 403 });
		expect(await failureOf(provider.templates?.(ports()) ?? Promise.resolve())).toMatchObject({ code: 'credential_invalid' });
	});
});
