import { viber } from '../../../src/channels/viber';
import { provider } from '../../../src/channels/viber/provider';
import { ConversationsError, InputError } from '../../../src/core/failure';
import { AnswerTooLarge } from '../../../src/core/http';
import { callPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';
import { ACCOUNT, TOKEN, callbacks, fakeViber, type FakeViber } from '../../fakes/viber';

const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/viber';

let receiver: FakeServer;
let status: number;
let fake: FakeViber;
beforeEach(async () => {
	status = 200;
	receiver = await fakeServer(() => ({ status }));
	fake = await fakeViber({ receiverOrigin: receiver.url });
});
afterEach(async () => {
	await fake.close();
	await receiver.close();
});

const ports = () => callPorts(provider, fake.fields);
const asked = () => fake.server.requests.map(({ method, path, json }) => ({ method, path, json }));
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('the credential', () => {
	test('has defaults, and its texts are trimmed', () => {
		expect(provider.read({ authToken: ` ${TOKEN} `, senderName: ' Shop ' })).toEqual({
			authToken: TOKEN,
			senderName: 'Shop',
			senderAvatarUrl: '',
			freeMessagesPerMonth: 10_000,
			baseUrl: 'https://chatapi.viber.com',
		});
	});

	test.each([
		['Auth Token', { authToken: ' ' }],
		['Sender Name', { senderName: '' }],
		['Sender Name', { senderName: 'a'.repeat(29) }],
		['Sender Avatar URL', { senderAvatarUrl: 'a picture' }],
		['Free Messages per Month', { freeMessagesPerMonth: -1 }],
		['Free Messages per Month', { freeMessagesPerMonth: 1.5 }],
		['Base URL', { baseUrl: 'chatapi.viber.com' }],
	])("'%s' is named when it is not right: %j", (parameter, change) => {
		const read = () => provider.read({ authToken: TOKEN, senderName: 'Shop', ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${parameter}'`);
	});

	test('the month’s free messages are its quota; there may be none', () => {
		const quota = (freeMessagesPerMonth: unknown) => provider.monthlyQuota?.(provider.read({ ...fake.fields, freeMessagesPerMonth }));
		expect(quota(250)).toBe(250);
		expect(quota(0)).toBe(0);
		expect(quota(undefined)).toBe(10_000);
		expect(viber.can.window).toEqual({ ms: 86_400_000, after: 'charged' });
	});

	test('a lively chat is not held back: only Viber knows whether the person answers', () => {
		expect(viber.can.rates.recipient).toBeNull();
	});

	test('its test says which bot it is and how many follow it', async () => {
		expect(await provider.test(ports())).toBe('Connected to the bot Shop. It has 35 subscribers.');
		expect(asked()).toEqual([{ method: 'POST', path: '/pa/get_account_info', json: {} }]);
	});

	test('the account is the id of the bot', async () => {
		expect(await provider.account(ports())).toBe(ACCOUNT);
	});
});

describe('registration', () => {
	const { registration } = provider;

	test('a bot has one address, which needs no hand', () => {
		expect(registration.key(ports().credential, ACCOUNT)).toBe(`viber/${ACCOUNT}`);
		expect(registration.byHand(ports().credential, ADDRESS)).toBeNull();
	});

	test('Viber checks the address with a signed call that our receiver takes for genuine', async () => {
		await registration.register({ url: ADDRESS, secret: 'not used' }, ACCOUNT, ports());
		expect(asked()).toEqual([
			{
				method: 'POST',
				path: '/pa/set_webhook',
				json: {
					url: ADDRESS,
					event_types: ['delivered', 'seen', 'failed', 'subscribed', 'unsubscribed', 'conversation_started'],
					send_name: true,
					send_photo: false,
				},
			},
		]);
		const [check] = receiver.requests;
		if (!check) throw new Error('the address was not called');
		expect(check.path).toBe('/webhook/trigger-1/conversations/viber');
		const request = { method: check.method, headers: check.headers, query: check.query, body: check.bytes, receivedAt: 0 };
		expect(viber.webhook.isAuthentic(request, ports().credential, ACCOUNT, '')).toBe(true);
		expect(viber.webhook.parse(request, ports().credential, ACCOUNT)).toMatchObject([{ kind: 'ignored' }]);
	});

	test('the address is told, kept and taken away', async () => {
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
		await registration.register({ url: ADDRESS, secret: '' }, ACCOUNT, ports());
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: ADDRESS, problem: null });
		expect((await fake.callBack(callbacks.delivered('5100000000000000003'))).status).toBe(200);
		expect(receiver.requests).toHaveLength(2);
		await registration.remove(ACCOUNT, ports());
		expect(asked().at(-1)).toEqual({ method: 'POST', path: '/pa/set_webhook', json: { url: '' } });
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
	});

	test.each([
		['without https', 'http://n8n.example.test/webhook/x'],
		['on this machine', 'https://localhost/webhook/x'],
		['that is a number', 'https://127.0.0.1/webhook/x'],
	])('an address %s is refused with a sentence that says what it takes', async (_name, url) => {
		const failure = await failureOf(registration.register({ url, secret: '' }, ACCOUNT, ports()));
		expect(failure).toMatchObject({ code: 'configuration_invalid', providerCode: '1' });
		expect(failure.reason).toMatch(/public https address with a certificate/);
	});

	test('an address that does not answer 200 is refused', async () => {
		status = 404;
		expect(await failureOf(registration.register({ url: ADDRESS, secret: '' }, ACCOUNT, ports()))).toMatchObject({ code: 'configuration_invalid' });
		expect(fake.webhook.url).toBe('');
	});
});

describe('a file of a received message', () => {
	const fetchFile = (url: string, maxBytes = 1000) => {
		if (!provider.fetchMedia) throw new Error('no fetchMedia');
		return provider.fetchMedia({ url }, maxBytes, ports());
	};

	test('is fetched without the token, even from the host of the API', async () => {
		fake.files.set('a b.jpg', { bytes: Buffer.from([0xff, 0xd8, 0xff]), mime: 'image/jpeg' });
		const { bytes, mime, name } = await fetchFile(fake.mediaUrl('a b.jpg'));
		expect(Buffer.from(bytes)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
		expect({ mime, name }).toEqual({ mime: 'image/jpeg', name: null });
		expect(JSON.stringify(fake.server.requests[0]?.headers)).not.toContain(TOKEN);
	});

	test('may not be larger than asked for', async () => {
		fake.files.set('large', { bytes: Buffer.alloc(1001), mime: 'image/jpeg' });
		await expect(fetchFile(fake.mediaUrl('large'))).rejects.toThrow(AnswerTooLarge);
	});

	test('is gone after about an hour', async () => {
		expect(await failureOf(fetchFile(fake.mediaUrl('gone')))).toMatchObject({ code: 'rejected', retryable: false, providerCode: '404' });
	});

	test('may be asked for again when the server has trouble', async () => {
		fake.server.next(/^\/media/, { status: 503 }, 'hang up');
		expect(await failureOf(fetchFile(fake.mediaUrl('x')))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(await failureOf(fetchFile(fake.mediaUrl('x')))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});
});

test('no other host of anybody is given the token', () => {
	expect(provider.secretHosts).toEqual([]);
	expect(provider.authorize({ method: 'GET', url: 'https://dl-media.viber.com/x' }, ports().credential)).toEqual({ method: 'GET', url: 'https://dl-media.viber.com/x' });
	expect(provider.secretOf(ports().credential)).toBe(TOKEN);
});
