import { provider as api } from '../../../src/channels/whatsapp/provider';
import { ConversationsError, InputError, type Failure } from '../../../src/core/failure';
import { AnswerTooLarge } from '../../../src/core/http';
import type { CredentialFields } from '../../../src/core/provider';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type Answer, type FakeServer, type Seen } from '../../fakes/server';
import { FAKE, fakeWhatsApp, graphError, inbound, type FakeWhatsApp } from '../../fakes/whatsapp';

let fake: FakeWhatsApp;
/** Our n8n: answers the handshake, keeps what is posted. */
let receiver: FakeServer;
let word: string;
beforeEach(async () => {
	word = FAKE.verifyToken;
	receiver = await fakeServer(({ method, query }) => {
		if (method === 'POST') return { status: 200 };
		return query['hub.verify_token'] === word ? { text: query['hub.challenge'] ?? '' } : { status: 403 };
	});
	fake = await fakeWhatsApp({ receiverOrigin: receiver.url });
});
afterEach(async () => {
	await fake.server.close();
	await receiver.close();
});

const ports = (more: CredentialFields = {}) => callPorts(api, { ...fake.fields, ...more });
const NUMBER = `/v26.0/${FAKE.phoneNumberId}`;
const ACCOUNT = `/v26.0/${FAKE.businessAccountId}`;
const APP = `/v26.0/${FAKE.appId}`;
const APP_TOKEN = `${FAKE.appId}|${FAKE.appSecret}`;
const URL_OF_OURS = 'https://n8n.example.test/webhook/trigger-1/conversations/whatsapp';

async function failureOf(work: Promise<unknown>): Promise<Failure> {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
}

const asked = () => fake.server.requests.map(({ method, path, query }: Seen) => ({ method, path, query }));

describe('the credential', () => {
	test('its fields, trimmed, with the usual values for what is empty', () => {
		expect(api.read({ accessToken: ' EAAG ', phoneNumberId: ' 106 ', baseUrl: 'https://gateway.example.test/meta/' })).toEqual({
			accessToken: 'EAAG', phoneNumberId: '106', businessAccountId: '', appId: '', appSecret: '', verifyToken: '',
			graphVersion: 'v26.0', baseUrl: 'https://gateway.example.test/meta',
		});
		expect(api.bases(api.read(FAKE))).toEqual({ baseUrl: 'https://graph.facebook.com/v26.0' });
		expect(api.secretOf(api.read(FAKE))).toBe(FAKE.accessToken);
	});

	test.each([
		[{ accessToken: '' }, 'Access Token'],
		[{ phoneNumberId: '' }, 'Phone Number ID'],
		[{ phoneNumberId: '+1 555 078 3881' }, 'Phone Number ID'],
		[{ businessAccountId: '../1' }, 'Business Account ID'],
		[{ appId: 'My app' }, 'App ID'],
		[{ appId: '6708/subscriptions' }, 'App ID'],
		[{ graphVersion: 'latest' }, 'Graph Version'],
		[{ baseUrl: 'graph.facebook.com' }, 'Base URL'],
	])('%j names the field', (more, parameter) => {
		const read = () => api.read({ ...FAKE, ...more });
		expect(read).toThrow(InputError);
		expect(read).toThrow(expect.objectContaining({ parameter }) as Error);
	});

	test("the token goes into the header; a call that brings the app's keeps that", () => {
		const credential = api.read(FAKE);
		expect(api.authorize({ method: 'GET', url: '/1', headers: { accept: 'x' } }, credential).headers).toEqual({ accept: 'x', authorization: `Bearer ${FAKE.accessToken}` });
		const own = { method: 'GET', url: '/1', query: { access_token: APP_TOKEN } } as const;
		expect(api.authorize(own, credential)).toEqual(own);
		const headed = { method: 'GET', url: '/1', headers: { authorization: 'Bearer other' } } as const;
		expect(api.authorize(headed, credential)).toEqual(headed);
	});

	test('the account is the number, without a call', async () => {
		expect(await api.account(ports())).toBe(FAKE.phoneNumberId);
		expect(fake.server.requests).toEqual([]);
	});
});

describe('its test', () => {
	const causes = async (more: CredentialFields = {}) => failureOf(api.test(ports(more)));

	test('makes the calls that receiving and sending need, and changes nothing', async () => {
		expect(await api.test(ports())).toBe('Connected to the WhatsApp number +1 555-078-3881 (Lucky Shrub).');
		expect(asked()).toEqual([
			{ method: 'GET', path: NUMBER, query: { fields: 'id,display_phone_number,verified_name,code_verification_status' } },
			{ method: 'GET', path: `${ACCOUNT}/phone_numbers`, query: { fields: 'id', limit: '100' } },
			{ method: 'GET', path: `${ACCOUNT}/message_templates`, query: { fields: 'id', limit: '1' } },
			{ method: 'GET', path: NUMBER, query: { fields: 'platform_type' } },
			{ method: 'GET', path: `${APP}/subscriptions`, query: { access_token: APP_TOKEN } },
		]);
	});

	const missing = graphError(100, '(#100) Tried accessing nonexisting field (platform_type)');
	test.each<[string, Answer]>([
		['does not offer it', { status: 404, text: 'Not Found' }],
		['wants the other token', graphError(190, 'Invalid OAuth access token.')],
		['wants some token', { status: 401, text: '' }],
		['has no such object', graphError(100, 'Unsupported get request.', { subcode: 33 })],
		['answers with something else', { json: { success: true } }],
	])('is passed without a look at the app where Meta %s, and says so', async (_name, answer) => {
		fake.server.next(NUMBER, { json: { ...fake.number, id: FAKE.phoneNumberId, platform_type: undefined } }, missing);
		fake.server.next(`${APP}/subscriptions`, answer);
		expect(await api.test(ports())).toBe("Connected to the WhatsApp number +1 555-078-3881 (Lucky Shrub). Whether 'App ID' and 'App Secret' belong together could not be seen.");
	});

	test('says what cannot be done with fields that are empty', async () => {
		expect(await api.test(ports({ businessAccountId: '', appId: '', appSecret: '' }))).toMatch(/Connected .*'Business Account ID'.*'App Secret'/);
	});

	test('a wrong token', async () => {
		expect(await failureOf(api.test(callPorts(api, fake.wrongFields)))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('access token') as string });
	});

	test('a missing permission', async () => {
		fake.mayManage = false;
		expect(await causes()).toMatchObject({ code: 'credential_invalid', providerCode: '200', reason: expect.stringContaining('whatsapp_business_management') as string });
	});

	test.each([
		[{ phoneNumberId: '999' }, "'Phone Number ID'"],
		[{ businessAccountId: '999' }, "'Business Account ID'"],
	])('an id that is not there: %j', async (more, field) => {
		expect(await causes(more)).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining(field) as string });
	});

	test('a number of another account', async () => {
		fake.numbers = ['1111111111'];
		expect(await causes()).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/does not belong/) as string });
	});

	test.each([
		['VERIFIED', /not registered.*Register it/],
		['NOT_VERIFIED', /not registered.*Verify it/],
	])('a number that is not registered (%s)', async (verification, reason) => {
		fake.number = { ...fake.number, platform_type: 'NOT_APPLICABLE', code_verification_status: verification };
		expect(await causes()).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(reason) as string });
	});

	test('a registered number whose code has expired is fine', async () => {
		fake.number = { ...fake.number, code_verification_status: 'EXPIRED' };
		expect(await api.test(ports())).toMatch(/^Connected/);
	});

	test.each([[{ appSecret: 'another' }], [{ appSecret: FAKE.appSecret, appId: '999' }]])('an app and a secret that do not belong together: %j', async (more) => {
		expect(await causes(more)).toMatchObject({ code: 'credential_invalid', reason: expect.stringMatching(/^The App ID and App Secret do not belong together\./) as string });
	});

	test('something that is not the Graph API', async () => {
		fake.server.next(NUMBER, { text: '<html>' });
		expect(await causes()).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") as string });
	});

	test('nobody there, and no answer: nothing was sent', async () => {
		expect(await causes({ baseUrl: 'http://127.0.0.1:1' })).toMatchObject({ code: 'provider_unavailable' });
		fake.server.next(NUMBER, 'hang up');
		expect(await causes()).toMatchObject({ code: 'provider_unavailable', retryable: true, reason: expect.stringContaining('no usable answer') as string });
	});

	test('too many calls', async () => {
		fake.server.next(NUMBER, graphError(80007));
		expect(await causes()).toMatchObject({ code: 'rate_limited' });
	});
});

describe('registration', () => {
	const register = (more: CredentialFields = {}) => api.registration.register({ url: URL_OF_OURS, secret: 'unused' }, FAKE.phoneNumberId, ports(more));

	test('is keyed by the number', () => {
		expect(api.registration.key(api.read(FAKE), FAKE.phoneNumberId)).toBe(`whatsapp/${FAKE.phoneNumberId}`);
	});

	test('subscribes the app, lets it get messages, then sets the address of the number', async () => {
		await register();
		expect(fake.server.requests.map(({ method, path, query, json, form }) => ({ method, path, query, json, form }))).toEqual([
			{ method: 'GET', path: `${ACCOUNT}/subscribed_apps`, query: {}, json: undefined, form: {} },
			{ method: 'POST', path: `${ACCOUNT}/subscribed_apps`, query: {}, json: undefined, form: {} },
			{ method: 'GET', path: `${APP}/subscriptions`, query: { access_token: APP_TOKEN }, json: undefined, form: {} },
			{
				method: 'POST', path: `${APP}/subscriptions`, query: { access_token: APP_TOKEN }, json: undefined,
				form: { object: 'whatsapp_business_account', callback_url: URL_OF_OURS, verify_token: FAKE.verifyToken, fields: 'messages' },
			},
			{
				method: 'POST', path: NUMBER, query: {}, form: {},
				json: { webhook_configuration: { override_callback_uri: URL_OF_OURS, verify_token: FAKE.verifyToken } },
			},
		]);
		expect(fake.server.requests[4]?.headers).toMatchObject({ authorization: `Bearer ${FAKE.accessToken}` });
		expect(receiver.requests.map(({ query }) => query['hub.mode'])).toEqual(['subscribe', 'subscribe']);
		expect(await fake.post(inbound({ id: 'wamid.1', type: 'text', text: { body: 'Hi' } }))).toBe(200);
		expect(receiver.requests[2]).toMatchObject({ method: 'POST', path: '/webhook/trigger-1/conversations/whatsapp' });
	});

	test("leaves the app's address and subscription as they are", async () => {
		fake.isSubscribed = true;
		fake.appCallback = { url: 'https://crm.example.test/hook', fields: ['messages'] };
		await register();
		expect(asked().map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${ACCOUNT}/subscribed_apps`, `GET ${APP}/subscriptions`, `POST ${NUMBER}`]);
		expect(fake.appCallback.url).toBe('https://crm.example.test/hook');
	});

	test('does without the app when the credential does not name it', async () => {
		await register({ appId: '', appSecret: '' });
		expect(asked().map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${ACCOUNT}/subscribed_apps`, `POST ${ACCOUNT}/subscribed_apps`, `POST ${NUMBER}`]);
	});

	/** Only what is documented for the override: the number's webhook, and `POST` to the account's subscribed apps. */
	const onlyNumberAnd = async (refusal: Answer) => {
		const subscribed: string[] = [];
		const small = await fakeServer(async ({ method, path, json }) => {
			if (path === NUMBER && method === 'GET') return { json: { webhook_configuration: {}, id: FAKE.phoneNumberId } };
			if (path === `${ACCOUNT}/subscribed_apps` && method === 'POST') subscribed.push(path);
			else if (path !== NUMBER || method !== 'POST') return refusal;
			else subscribed.push(JSON.stringify(json));
			return { json: { success: true } };
		});
		await register({ baseUrl: small.url }).finally(() => small.close());
		return subscribed;
	};

	test.each<[string, Answer]>([
		['not found', { status: 404, text: 'Not Found' }],
		['not allowed', { status: 405, text: '' }],
		['unknown to the Graph API', graphError(2500, 'Unknown path components')],
		['unsupported', graphError(100, 'Unsupported get request.', { subcode: 33 })],
		['a matter of permissions', graphError(200)],
	])('is not stopped by what cannot be seen: %s', async (_name, refusal) => {
		expect(await onlyNumberAnd(refusal)).toEqual([
			`${ACCOUNT}/subscribed_apps`,
			JSON.stringify({ webhook_configuration: { override_callback_uri: URL_OF_OURS, verify_token: FAKE.verifyToken } }),
		]);
	});

	test('is not stopped by a gateway that knows one token only', async () => {
		fake.server.next(`${APP}/subscriptions`, graphError(190, 'Invalid OAuth access token.'));
		await register();
		expect(fake.override).toBe(URL_OF_OURS);
		expect(fake.appCallback).toBeNull();
	});

	test('waits for what may pass by itself: a second subscription would take away an address of the account', async () => {
		fake.server.next(`${ACCOUNT}/subscribed_apps`, graphError(131016));
		expect(await failureOf(register())).toMatchObject({ code: 'provider_unavailable' });
		fake.server.next(`${APP}/subscriptions`, graphError(4));
		expect(await failureOf(register())).toMatchObject({ code: 'rate_limited' });
		expect(fake.override).toBe('');
	});

	test('says when the app does not ask for messages', async () => {
		fake.appCallback = { url: 'https://crm.example.test/hook', fields: ['account_alerts'] };
		expect(await failureOf(register())).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'messages'") as string });
	});

	test('says when Meta does not get the answer it wants', async () => {
		word = 'another word';
		expect(await failureOf(register())).toMatchObject({ code: 'configuration_invalid', providerCode: '2200', reason: expect.stringContaining('https') as string });
	});

	test('says when the address is none for Meta, and when the app and its secret do not fit', async () => {
		fake.appCallback = { url: 'https://crm.example.test/hook', fields: ['messages'] };
		const http = api.registration.register({ url: 'http://n8n.example.test/x', secret: '' }, FAKE.phoneNumberId, ports());
		expect(await failureOf(http)).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining('https') as string });
		expect(await failureOf(register({ appSecret: 'another' }))).toMatchObject({ code: 'credential_invalid', reason: expect.stringContaining('App Secret') as string });
	});

	test('the address now, before and after, and when it was taken away', async () => {
		const current = () => api.registration.current(FAKE.phoneNumberId, ports());
		expect(await current()).toEqual({ url: null, problem: null });
		expect(asked()).toEqual([{ method: 'GET', path: NUMBER, query: { fields: 'webhook_configuration' } }]);
		await register();
		expect(await current()).toEqual({ url: URL_OF_OURS, problem: null });
		await api.registration.remove(FAKE.phoneNumberId, ports());
		expect(fake.server.requests.at(-1)).toMatchObject({ method: 'POST', path: NUMBER, json: { webhook_configuration: { override_callback_uri: '' } } });
		expect(await current()).toEqual({ url: null, problem: null });
	});

	test('by hand only when a field that it needs is empty', () => {
		const byHand = (more: CredentialFields) => api.registration.byHand(api.read({ ...FAKE, ...more }), URL_OF_OURS);
		expect(byHand({})).toBeNull();
		expect(byHand({ businessAccountId: '' })).toMatch(/'Business Account ID'.*https:\/\/n8n\.example\.test\/webhook/);
		expect(byHand({ businessAccountId: '', verifyToken: '' })).toMatch(/'Business Account ID' and 'Verify Token'/);
	});
});

describe('files of messages', () => {
	const bytes = Buffer.from('the bytes of a photo');
	const fetchMedia = (id: string, maxBytes = 1000) => api.fetchMedia?.({ id }, maxBytes, ports()) ?? Promise.reject(new Error('no media'));

	test('are asked for by their id and fetched with the token', async () => {
		const id = fake.addMedia({ bytes, mime: 'image/jpeg' });
		const file = await fetchMedia(id);
		expect(Buffer.from(file.bytes).toString()).toBe('the bytes of a photo');
		expect(file).toMatchObject({ mime: 'image/jpeg', name: null });
		expect(fake.server.requests.map(({ path, query, headers }) => [path, query, headers['authorization']])).toEqual([
			[`/v26.0/${id}`, { phone_number_id: FAKE.phoneNumberId }, `Bearer ${FAKE.accessToken}`],
			[`/whatsapp_business/attachments/${id}`, {}, `Bearer ${FAKE.accessToken}`],
		]);
	});

	test('on an address that ended a new one is asked for, once', async () => {
		const id = fake.addMedia({ bytes, mime: 'image/jpeg' });
		const place = `/whatsapp_business/attachments/${id}`;
		fake.server.next(place, { status: 404 });
		expect((await fetchMedia(id)).bytes).toHaveLength(bytes.length);
		fake.server.next(place, { status: 404 }, { status: 404 });
		expect(await failureOf(fetchMedia(id))).toMatchObject({ code: 'rejected', reason: expect.stringContaining('7 days') as string });
	});

	test('that are gone, forbidden or too large', async () => {
		expect(await failureOf(fetchMedia('12345'))).toMatchObject({ code: 'rejected', reason: expect.stringContaining('7 days') as string });
		expect(await failureOf(api.fetchMedia?.({}, 1000, ports()) ?? Promise.resolve())).toMatchObject({ code: 'rejected' });
		const id = fake.addMedia({ bytes, mime: 'image/jpeg' });
		fake.server.next(/attachments/, { status: 401, text: '' });
		expect(await failureOf(fetchMedia(id))).toMatchObject({ code: 'credential_invalid' });
		await expect(fetchMedia(id, 5)).rejects.toThrow(AnswerTooLarge);
	});

	test('without an answer may be fetched again', async () => {
		const id = fake.addMedia({ bytes, mime: 'image/jpeg' });
		fake.server.next(/attachments/, 'hang up');
		expect(await failureOf(fetchMedia(id))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next(`/v26.0/${id}`, { text: 'hello' });
		expect(await failureOf(fetchMedia(id))).toMatchObject({ code: 'rejected' });
	});

	test('elsewhere are fetched without the token, and never inside the own network', async () => {
		const elsewhere = await fakeServer(() => ({ bytes }));
		const id = fake.addMedia({ bytes, mime: 'image/jpeg' });
		fake.server.next(`/v26.0/${id}`, { json: { url: `${elsewhere.url}/file`, mime_type: 'image/jpeg' } });
		expect(await failureOf(fetchMedia(id))).toMatchObject({ code: 'provider_unavailable' });
		expect(elsewhere.requests).toEqual([]);
		await elsewhere.close();
		expect(api.secretHosts).toEqual(['fbsbx.com', 'facebook.com', 'whatsapp.net']);
	});
});

describe('templates', () => {
	const templates = (more: CredentialFields = {}) => api.templates?.(ports(more)) ?? Promise.reject(new Error('no templates'));
	const add = (name: string, components: Record<string, unknown>[], more: Record<string, unknown> = {}) =>
		void fake.templates.push({ name, language: 'en_US', status: 'APPROVED', category: 'UTILITY', components, ...more });

	test('with their fields and a preview', async () => {
		add('reservation', [
			{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://example.test'] } },
			{
				type: 'BODY',
				text: 'Table for {{number_of_guests}} on {{day}}, {{day}}.',
				example: { body_text_named_params: [{ param_name: 'day', example: 'Saturday' }, { param_name: 'number_of_guests', example: '4' }] },
			},
			{ type: 'FOOTER', text: 'Lucky Shrub' },
			{
				type: 'BUTTONS',
				buttons: [
					{ type: 'URL', text: 'Change', url: 'https://x.test/{{1}}', example: ['https://x.test/1'] },
					{ type: 'URL', text: 'Site', url: 'https://x.test' },
					{ type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550051310' },
					{ type: 'QUICK_REPLY', text: 'Cancel' },
					{ type: 'COPY_CODE', example: '25OFF' },
				],
			},
		]);
		expect(await templates()).toEqual([
			{
				name: 'reservation', language: 'en_US', category: 'UTILITY', preview: 'Table for 4 on Saturday, Saturday.',
				fields: [
					{ id: 'header.image', label: 'Header: image', kind: 'media', example: null },
					{ id: 'body.number_of_guests', label: 'Body: number_of_guests', kind: 'text', example: '4' },
					{ id: 'body.day', label: 'Body: day', kind: 'text', example: 'Saturday' },
					{ id: 'button.0.url', label: "Button 'Change': end of its address", kind: 'text', example: '1' },
					{ id: 'button.3.payload', label: "Button 'Cancel': what its press brings back", kind: 'text', example: null },
					{ id: 'button.4.code', label: "Button '5': code to copy", kind: 'text', example: '25OFF' },
				],
			},
		]);
		expect(asked()).toEqual([
			{
				method: 'GET', path: `${ACCOUNT}/message_templates`,
				query: { fields: 'name,language,status,category,parameter_format,components', status: 'approved', limit: '100' },
			},
		]);
	});

	test('with numbered values, and without examples', async () => {
		add('sale', [
			{ type: 'HEADER', format: 'TEXT', text: 'Hi {{1}}', example: { header_text: ['Ann'] } },
			{ type: 'BODY', text: '{{1}}: use {{2}}', example: { body_text: [['Mark', 'FALL25']] } },
		]);
		add('bare', [{ type: 'BODY', text: 'Your order {{1}}' }], { language: 'de' });
		expect(await templates()).toMatchObject([
			{
				preview: 'Mark: use FALL25',
				fields: [
					{ id: 'header.text.1', label: 'Header: 1', example: 'Ann' },
					{ id: 'body.1', example: 'Mark' },
					{ id: 'body.2', example: 'FALL25' },
				],
			},
			{ language: 'de', preview: 'Your order {{1}}', fields: [{ id: 'body.1', example: null }] },
		]);
	});

	test('only those that are approved and that can be filled from here', async () => {
		const body = { type: 'BODY', text: 'Hello' };
		add('fine', [body]);
		add('paused', [body], { status: 'PAUSED' });
		add('cards', [body, { type: 'CAROUSEL', cards: [] }]);
		add('place', [{ type: 'HEADER', format: 'LOCATION' }, body]);
		add('catalogue', [body, { type: 'BUTTONS', buttons: [{ type: 'CATALOG', text: 'See' }] }]);
		expect((await templates()).map(({ name }) => name)).toEqual(['fine']);
	});

	test('of all pages, at most 1,000', async () => {
		for (let index = 0; index < 1050; index += 1) add(`t${index}`, [{ type: 'BODY', text: 'Hello' }]);
		const found = await templates();
		expect(found.map(({ name }) => name)).toEqual(Array.from({ length: 1000 }, (_, index) => `t${index}`));
		expect(asked().map(({ query }) => query['after'])).toEqual([undefined, ...Array.from({ length: 9 }, (_, index) => String((index + 1) * 100))]);
	});

	test('without the account names the field; without the permission, what to do', async () => {
		expect(await failureOf(templates({ businessAccountId: '' }))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Business Account ID'") as string });
		fake.mayManage = false;
		expect(await failureOf(templates())).toMatchObject({ code: 'credential_invalid', providerCode: '200' });
	});
});
