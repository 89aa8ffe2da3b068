import { line } from '../../../src/channels/line';
import { AnswerTooLarge, type HttpRequest } from '../../../src/core/http';
import type { Provider } from '../../../src/core/provider';
import type { LineCredential } from '../../../src/channels/line/credential';
import { ANN, AT, BOT, fakeLine, TOKEN, type FakeLine } from '../../fakes/line';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type Behaviour, type FakeServer } from '../../fakes/server';
import { credential } from './subject';

const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/line';

let fake: FakeLine;
/** n8n: answers 200 to what is signed with the credential's secret, else 401. */
let n8n: FakeServer;
const provider = line.provider as Provider<LineCredential>;
const ports = (fields: Record<string, string> = fake.fields) => callPorts(provider, fields, AT);

/** n8n's receiver, for a credential with this channel secret. */
const receiver = (channelSecret = fake.fields['channelSecret'] ?? '') =>
	fakeServer(({ method, headers, bytes }) => {
		const request = { method, headers, query: {}, body: bytes, receivedAt: AT };
		return { status: line.webhook.isAuthentic(request, { ...credential, channelSecret }, BOT, '') ? 200 : 401 };
	});

beforeEach(async () => {
	fake = await fakeLine({ now: () => AT });
	n8n = await receiver();
	fake.receiverOrigin = n8n.url;
});
afterEach(async () => {
	await fake.server.close();
	await n8n.close();
});

const calls = () => fake.server.requests.map(({ method, path }) => `${method} ${path}`);

describe('the credential', () => {
	test('has defaults, and its texts are trimmed', () => {
		expect(provider.read({ channelAccessToken: ' token\n', channelSecret: ' secret ', baseUrl: '', dataBaseUrl: 'https://gateway.example.test/data/' })).toEqual({
			channelAccessToken: 'token', channelSecret: 'secret', baseUrl: 'https://api.line.me', dataBaseUrl: 'https://gateway.example.test/data',
		});
	});

	test.each([
		[{ channelSecret: 's' }, 'Channel Access Token'],
		[{ channelAccessToken: 't', channelSecret: ' ' }, 'Channel Secret'],
		[{ channelAccessToken: 't', channelSecret: 's', baseUrl: 'api.line.me' }, 'Base URL'],
		[{ channelAccessToken: 't', channelSecret: 's', dataBaseUrl: 'ftp://x' }, 'Data Base URL'],
	])('%j names the field', (fields, parameter) => {
		expect(() => provider.read(fields)).toThrow(expect.objectContaining({ parameter }) as Error);
	});

	test('its token goes into one header, its secret nowhere', () => {
		const request: HttpRequest = { method: 'GET', url: '/v2/bot/info', headers: { 'x-line-retry-key': 'k' } };
		expect(provider.authorize(request, credential)).toEqual({ ...request, headers: { 'x-line-retry-key': 'k', authorization: `Bearer ${TOKEN}` } });
		expect(provider.bases(credential)).toEqual({ baseUrl: 'https://api.line.me', dataBaseUrl: 'https://api-data.line.me' });
		expect(provider.secretOf(credential)).toBe(credential.channelSecret);
	});
});

describe('the test of the credential', () => {
	test('says whose account it is and how much of the month is gone', async () => {
		expect(await provider.test(ports())).toBe('Connected to the LINE account Shop (@000abcde). 120 of 5000 messages used this month.');
		fake.quota.limit = null;
		expect(await provider.test(ports())).toBe('Connected to the LINE account Shop (@000abcde). 120 messages used this month.');
		fake.server.next(/consumption/, { status: 403, json: { message: 'Access to this API is not available for your account' } });
		expect(await provider.test(ports())).toBe('Connected to the LINE account Shop (@000abcde).');
	});

	test("says when 'Use webhook' is off and when people answer by hand", async () => {
		fake.webhook = { endpoint: ADDRESS, active: false };
		fake.chatMode = 'chat';
		expect(await provider.test(ports())).toMatch(/'Use webhook' is off.*'Messaging API'.*'Chat' is on in LINE Official Account Manager/);
	});

	test('names a wrong token, and an address that is not LINE', async () => {
		await expect(provider.test(ports(fake.wrongFields))).rejects.toMatchObject({ failure: { code: 'credential_invalid' } });
		fake.server.next(/info/, { status: 200, text: '<html>welcome</html>' });
		await expect(provider.test(ports())).rejects.toMatchObject({ failure: { code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") as unknown } });
		const elsewhere = { ...fake.fields, baseUrl: `${fake.server.url}/v1` };
		await expect(provider.test(ports(elsewhere))).rejects.toMatchObject({ failure: { code: 'configuration_invalid' } });
	});

	test('names a webhook setting that it may not read', async () => {
		fake.server.next(/endpoint/, { status: 403, json: { message: 'Access to this API is not available for your account' } });
		await expect(provider.test(ports())).rejects.toMatchObject({ failure: { code: 'credential_invalid', providerCode: '403' } });
	});

	test('the account is what webhooks name as their destination', async () => {
		expect(await provider.account(ports())).toBe(BOT);
	});
});

describe('the address for webhooks', () => {
	const { registration } = provider;
	const register = (url = ADDRESS, fields?: Record<string, string>) => registration.register({ url, secret: 'not used' }, BOT, ports(fields));
	const refusal = (more: object) => ({ failure: expect.objectContaining({ code: 'configuration_invalid', retryable: false, ...more }) as unknown });

	test('is one for each account, and needs nobody', () => {
		expect(registration.key(credential, BOT)).toBe(`line/${BOT}`);
		expect(registration.byHand(credential, ADDRESS)).toBeNull();
	});

	test('is set and tried out', async () => {
		await register();
		expect(calls()).toEqual(['PUT /v2/bot/channel/webhook/endpoint', 'POST /v2/bot/channel/webhook/test']);
		expect(fake.server.requests[0]?.json).toEqual({ endpoint: ADDRESS });
		expect(fake.server.requests[1]?.json).toEqual({ endpoint: ADDRESS });
		expect(n8n.requests.map(({ path, bytes }) => [path, bytes.toString()])).toEqual([
			['/webhook/trigger-1/conversations/line', `{"destination":"${BOT}","events":[]}`],
		]);
		expect(await registration.current(BOT, ports())).toEqual({ url: ADDRESS, problem: null });
	});

	test('none at all is no trouble', async () => {
		expect(await registration.current(BOT, ports())).toEqual({ url: null, problem: null });
	});

	test("'Use webhook' off is told with the clicks, and keeps nothing else from being published", async () => {
		fake.webhook.active = false;
		await register();
		expect(await registration.current(BOT, ports())).toEqual({
			url: ADDRESS,
			problem: expect.stringMatching(/'Use webhook' is off.*LINE Developers Console.*'Messaging API'.*switch on 'Use webhook'/) as unknown,
		});
	});

	test.each(['http://n8n.example.test/webhook/1', `https://n8n.example.test/${'a'.repeat(500)}`])('LINE does not take %.40s', async (url) => {
		await expect(register(url)).rejects.toMatchObject(refusal({ reason: expect.stringContaining('WEBHOOK_URL') as unknown }));
		expect(fake.webhook.endpoint).toBeNull();
	});

	test('one that nobody answers is registered, and told with what LINE says', async () => {
		fake.receiverOrigin = null;
		await register();
		expect(fake.webhook.endpoint).toBe(ADDRESS);
		expect((await registration.current(BOT, ports())).problem).toMatch(`LINE cannot deliver to ${ADDRESS}: Connection refused`);
	});

	test('one that answers something else is told with the status', async () => {
		n8n.next(/./, { status: 404, json: {} }, { status: 404, json: {} });
		await register();
		expect((await registration.current(BOT, ports())).problem).toMatch('the answer there was 404');
		expect(await registration.current(BOT, ports())).toEqual({ url: ADDRESS, problem: null });
	});

	test.each([
		{ success: false, statusCode: 503, reason: 'ERROR_STATUS_CODE', detail: '503' },
		{ success: false, statusCode: 0, reason: 'REQUEST_TIMEOUT', detail: 'Request timeout' },
		{ success: false, statusCode: -1, reason: 'UNCLASSIFIED', detail: 'Unclassified' },
		{ statusCode: 200, reason: 'OK', detail: '200' },
	])('%j may pass by itself: nobody is troubled', async (result) => {
		const json = { timestamp: '2026-11-21T19:00:00.123Z', ...result };
		fake.server.next(/test$/, { json }, { json });
		await register();
		expect(await registration.current(BOT, ports())).toEqual({ url: ADDRESS, problem: null });
	});

	test("another channel's secret is found out: LINE's signature does not fit", async () => {
		const deceived = await receiver('fedcba9876543210fedcba9876543210');
		fake.receiverOrigin = deceived.url;
		await expect(register()).rejects.toMatchObject({ failure: { code: 'credential_invalid', retryable: false, providerCode: 'ERROR_STATUS_CODE', reason: expect.stringContaining("'Channel Secret'") as unknown } });
		expect((await registration.current(BOT, ports())).problem).toMatch("'Channel Secret'");
		await deceived.close();
	});

	test.each<Behaviour>([
		{ status: 429, json: { message: 'The API rate limit has been exceeded. Try again later.' } },
		{ status: 400, json: { message: 'Invalid webhook endpoint URL' } },
		{ status: 404, json: { message: 'Not found' } },
		{ status: 405, text: '' },
		{ status: 500, json: { message: 'Internal Server Error' } },
		'hang up',
	])('where LINE does not try it out (%j) it is registered all the same', async (answer) => {
		fake.server.next(/test$/, answer, answer);
		await register();
		expect(await registration.current(BOT, ports())).toEqual({ url: ADDRESS, problem: null });
	});

	test('a gateway that does not tell the address is no hindrance', async () => {
		for (const status of [404, 405, 501]) {
			fake.server.next(/info/, { json: { userId: BOT, displayName: 'Shop' } });
			fake.server.next(/endpoint/, { status, text: '' }, { status, text: '' });
			expect(await registration.current(BOT, ports())).toEqual({ url: null, problem: null });
			expect(await provider.test(ports())).toMatch(/^Connected to the LINE account Shop/);
		}
		fake.server.next(/endpoint/, { status: 500, json: { message: 'Internal Server Error' } }, { status: 500, json: { message: 'Internal Server Error' } });
		await expect(registration.current(BOT, ports())).rejects.toMatchObject({ failure: { code: 'provider_unavailable', retryable: true } });
		expect(await provider.test(ports())).toMatch(/^Connected to the LINE account Shop/);
	});

	test('the address of another program is not tried out', async () => {
		fake.webhook.endpoint = 'https://other.example.test/callback';
		expect(await registration.current(BOT, ports())).toEqual({ url: 'https://other.example.test/callback', problem: null });
		expect(n8n.requests).toEqual([]);
	});

	test('whatever LINE has against the address, it is about the address', async () => {
		fake.server.next(/endpoint$/, { status: 400, json: { message: 'The request body has 1 error(s)', details: [{ message: 'invalid uri scheme', property: 'endpoint' }] } });
		await expect(register()).rejects.toMatchObject(refusal({ providerCode: '400', reason: expect.stringContaining('WEBHOOK_URL') as unknown }));
	});

	test('a wrong token is named', async () => {
		await expect(register(ADDRESS, fake.wrongFields)).rejects.toMatchObject({ failure: { code: 'credential_invalid' } });
	});

	test('cannot be taken away at LINE', async () => {
		await register();
		const before = calls().length;
		await registration.remove(BOT, ports());
		expect(calls()).toHaveLength(before);
	});
});

describe('people', () => {
	test('name and language', async () => {
		expect(await provider.profile?.(ANN, BOT, ports())).toEqual({ name: 'Ann', language: 'en' });
		expect(calls()).toEqual([`GET /v2/bot/profile/${ANN}`]);
		fake.people.set(ANN, { displayName: 'Ann' });
		expect(await provider.profile?.(ANN, BOT, ports())).toEqual({ name: 'Ann' });
	});

	test('who blocked the account or never was a friend tells nothing', async () => {
		expect(await provider.profile?.('Ubbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2', BOT, ports())).toBeNull();
		fake.people.set(ANN, { displayName: 'Ann', blocked: true });
		expect(await provider.profile?.(ANN, BOT, ports())).toBeNull();
	});
});

describe('files of people', () => {
	const fetchMedia = (source: Record<string, string>, maxBytes = 1000) => {
		if (!provider.fetchMedia) throw new Error('LINE has files');
		return provider.fetchMedia(source, maxBytes, ports());
	};

	test('come from the data host, with the token, once LINE has prepared them', async () => {
		const bytes = Buffer.from('a video');
		fake.files.set('500000000000000003', { bytes, mime: 'video/mp4', preparing: 1 });
		await expect(fetchMedia({ messageId: '500000000000000003' })).rejects.toMatchObject({
			failure: { code: 'provider_unavailable', retryable: true, retryAfterMs: 5000 },
		});
		const file = await fetchMedia({ messageId: '500000000000000003' });
		expect(file).toMatchObject({ mime: 'video/mp4', name: null });
		expect(Buffer.from(file.bytes)).toEqual(bytes);
		expect(calls()).toEqual(Array(2).fill('GET /data/v2/bot/message/500000000000000003/content'));
		expect(fake.server.requests[1]?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
	});

	test('that are gone are gone', async () => {
		fake.files.set('1', { bytes: Buffer.from('x'), mime: 'image/jpeg', gone: true });
		for (const messageId of ['1', '2']) {
			await expect(fetchMedia({ messageId })).rejects.toMatchObject({ failure: { code: 'content_unsupported', reason: 'LINE no longer has the file.', retryable: false } });
		}
	});

	test('that are too large are cut off', async () => {
		fake.files.set('1', { bytes: Buffer.alloc(1001), mime: 'image/jpeg' });
		await expect(fetchMedia({ messageId: '1' })).rejects.toBeInstanceOf(AnswerTooLarge);
	});

	test("LINE's own trouble passes", async () => {
		fake.server.next(/content/, { status: 500, json: { message: 'Internal Server Error' } });
		await expect(fetchMedia({ messageId: '1' })).rejects.toMatchObject({ failure: { code: 'provider_unavailable', retryable: true } });
	});

	test('that are elsewhere are asked for there, by their whole address', async () => {
		const asked: HttpRequest[] = [];
		const from = (status: number) =>
			provider.fetchMedia?.({ url: 'https://files.example.test/a.mp4' }, 1000, {
				...ports(),
				http: async (request) => {
					asked.push(request);
					return { status, headers: { 'content-type': 'video/mp4' }, bytes: Buffer.from('a clip') };
				},
			});
		expect(await from(200)).toMatchObject({ mime: 'video/mp4' });
		expect(asked).toEqual([{ method: 'GET', url: 'https://files.example.test/a.mp4', maxBytes: 1000, timeoutMs: 120_000 }]);
		await expect(from(401)).rejects.toMatchObject({ failure: { code: 'content_unsupported', providerCode: '401' } });
		await expect(from(503)).rejects.toMatchObject({ failure: { code: 'provider_unavailable' } });
	});

	test('elsewhere never see the token', async () => {
		const stranger = await fakeServer(() => ({ bytes: Buffer.from('x') }));
		// A foreign host inside a private network is not even asked; nothing of ours reaches it.
		await expect(fetchMedia({ url: `${stranger.url}/a.mp4` })).rejects.toMatchObject({ failure: { code: 'provider_unavailable' } });
		expect(stranger.requests).toEqual([]);
		await stranger.close();
	});
});
