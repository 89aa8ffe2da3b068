import { sms } from '../../../src/channels/sms';
import { provider } from '../../../src/channels/sms/provider';
import { ConversationsError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { callPorts, sendPorts } from '../../fakes/ports';
import { fakeServer, type FakeServer } from '../../fakes/server';
import { ACCOUNT_SID, ANN, NUMBER, SERVICE, SHORT_CODE, fakeSms, type FakeSms } from '../../fakes/sms';
import { ADDRESS, sidOf } from '../../fakes/sms-webhooks';

const BASE = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
const WITH_RETRIES = `${ADDRESS}#rc=3&rp=all`;

let receiver: FakeServer;
let fake: FakeSms;
beforeEach(async () => {
	receiver = await fakeServer(() => ({ status: 200 }));
	fake = await fakeSms({ receiverOrigin: receiver.url });
});
afterEach(async () => {
	await fake.close();
	await receiver.close();
});

const ports = (more: CredentialFields = {}) => callPorts(provider, { ...fake.fields, ...more });
const service = () => callPorts(provider, fake.serviceFields);
const asked = () =>
	fake.server.requests.map(({ method, path, query, bytes }) => `${method} ${path} ${new URLSearchParams(method === 'GET' ? query : bytes.toString()).toString()}`.trim());
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('registration', () => {
	const { registration } = provider;

	test('points the number here, for good', async () => {
		expect(registration.byHand(ports().credential, ADDRESS)).toBeNull();
		expect(await registration.current(NUMBER, ports())).toEqual({ url: null, problem: null });
		await registration.register({ url: ADDRESS, secret: 'not used' }, NUMBER, ports());
		expect(asked().at(-1)).toBe(`POST ${BASE}/IncomingPhoneNumbers/${sidOf('PN', 1)}.json ${new URLSearchParams({ SmsUrl: ADDRESS, SmsFallbackUrl: WITH_RETRIES, SmsMethod: 'POST', SmsFallbackMethod: 'POST' }).toString()}`);
		expect(fake.number).toMatchObject({ sms_url: ADDRESS, sms_method: 'POST' });
		expect(await registration.current(NUMBER, ports())).toEqual({ url: ADDRESS, problem: null });
		await registration.remove(NUMBER, ports());
		expect(fake.number).toMatchObject({ sms_url: '', sms_method: 'POST' });
	});

	test('points the service here, whatever its numbers say', async () => {
		await registration.register({ url: ADDRESS, secret: '' }, SERVICE, service());
		const form = { InboundRequestUrl: ADDRESS, FallbackUrl: WITH_RETRIES, InboundMethod: 'POST', FallbackMethod: 'POST', UseInboundWebhookOnNumber: 'false' };
		expect(asked().at(-1)).toBe(`POST /v1/Services/${SERVICE} ${new URLSearchParams(form).toString()}`);
		expect(await registration.current(SERVICE, service())).toEqual({ url: ADDRESS, problem: null });
		await registration.remove(SERVICE, service());
		expect(asked().at(-1)).toBe(`POST /v1/Services/${SERVICE} InboundRequestUrl=&FallbackUrl=`);
		expect(await registration.current(SERVICE, service())).toEqual({ url: null, problem: null });
	});

	test('points a short code here', async () => {
		await registration.register({ url: ADDRESS, secret: '' }, SHORT_CODE, ports({ from: SHORT_CODE }));
		expect(fake.shortCode).toEqual({ sms_url: ADDRESS, sms_method: 'POST' });
	});

	test('what comes then is genuine', async () => {
		await registration.register({ url: ADDRESS, secret: '' }, NUMBER, ports());
		await fake.receive('Hello');
		const [seen] = receiver.requests;
		if (!seen) throw new Error('the address was not called');
		const request = { method: seen.method, url: ADDRESS, headers: seen.headers, query: seen.query, body: seen.bytes, receivedAt: 0 };
		expect(sms.webhook.isAuthentic(request, ports().credential, NUMBER, '')).toBe(true);
		expect(sms.webhook.parse(request, ports().credential, NUMBER)).toMatchObject([{ kind: 'message', from: { user: ANN }, content: { text: 'Hello' } }]);
	});

	test('a name cannot receive: there is a sentence, and nothing to set', async () => {
		const name = ports({ from: 'Shop' });
		expect(registration.byHand(name.credential, ADDRESS)).toMatch(/Nobody can answer 'Shop'/);
		expect(await registration.current('Shop', name)).toEqual({ url: null, problem: null });
		await registration.register({ url: ADDRESS, secret: '' }, 'Shop', name);
		await registration.remove('Shop', name);
		expect(fake.server.requests).toEqual([]);
	});

	test('an app that handles the messages is left alone, and stops it', async () => {
		fake.number.sms_application_sid = sidOf('AP', 1);
		const { problem } = await registration.current(NUMBER, ports());
		expect(problem).toMatch(/A TwiML app handles the messages of \+15005550006/);
		const failure = await failureOf(registration.register({ url: ADDRESS, secret: '' }, NUMBER, ports()));
		expect(failure).toMatchObject({ code: 'configuration_invalid', reason: problem });
		expect(fake.number.sms_url).toBe('');
	});

	test('what publishing puts right is told', async () => {
		fake.number = { ...fake.number, sms_url: ADDRESS, sms_method: 'GET' };
		expect(await registration.current(NUMBER, ports())).toEqual({ url: ADDRESS, problem: expect.stringContaining('with GET') as unknown });
		fake.service = { ...fake.service, inbound_request_url: ADDRESS };
		expect(await registration.current(SERVICE, service())).toEqual({ url: ADDRESS, problem: expect.stringContaining("service 'Support' leaves incoming messages") as unknown });
		await registration.register({ url: ADDRESS, secret: '' }, SERVICE, service());
		expect((await registration.current(SERVICE, service())).problem).toBeNull();
	});

	test("the address of another program is told, and not taken away; Twilio's own example counts as none", async () => {
		fake.number.sms_url = 'https://other.example.test/sms';
		fake.service.inbound_request_url = 'https://other.example.test/sms';
		expect((await registration.current(NUMBER, ports())).url).toBe('https://other.example.test/sms');
		await registration.remove(NUMBER, ports());
		await registration.remove(SERVICE, service());
		expect([fake.number.sms_url, fake.service.inbound_request_url]).toEqual(['https://other.example.test/sms', 'https://other.example.test/sms']);
		fake.number.sms_url = 'https://demo.twilio.com/welcome/sms/reply';
		expect((await registration.current(NUMBER, ports())).url).toBeNull();
	});

	test.each([NUMBER, SERVICE])('an address that Twilio does not take is refused with a sentence (%s)', async (account) => {
		const asking = account === NUMBER ? ports() : service();
		const failure = await failureOf(registration.register({ url: 'https://my_n8n.example.test/x', secret: '' }, account, asking));
		expect(failure).toMatchObject({ code: 'configuration_invalid', channel: 'sms' });
		expect(failure.reason).toContain('WEBHOOK_URL');
	});

	test('a number that is gone is named', async () => {
		const failure = await failureOf(registration.register({ url: ADDRESS, secret: '' }, '+15005550007', ports({ from: '+15005550007' })));
		expect(failure).toMatchObject({ code: 'configuration_invalid' });
		expect(failure.reason).toContain('+15005550007');
	});
});

test('news of a message come to where it asked for them, and are genuine', async () => {
	await sms.send(
		{ kind: 'text', text: 'Hello' },
		{ channel: 'sms', account: NUMBER, user: ANN },
		sendPorts(provider, fake.fields, { receiver: ADDRESS }),
		{ messageId: 'm', quote: null, reply: null, humanAgent: false },
	);
	const [sent] = fake.sent;
	if (!sent) throw new Error('nothing was sent');
	await fake.report(sent.sid, 'undelivered', { ErrorCode: '30005' });
	const [seen] = receiver.requests;
	if (!seen) throw new Error('the address was not called');
	const request = { method: seen.method, url: `${ADDRESS}/status`, headers: seen.headers, query: seen.query, body: seen.bytes, receivedAt: 0 };
	expect(seen.path).toBe('/webhook/trigger-1/conversations/sms/status');
	expect(sms.webhook.isAuthentic(request, ports().credential, NUMBER, '')).toBe(true);
	expect(sms.webhook.isAuthentic({ ...request, url: ADDRESS }, ports().credential, NUMBER, '')).toBe(false);
	expect(sms.webhook.parse(request, ports().credential, NUMBER)).toMatchObject([
		{ kind: 'receipt', externalId: sent.sid, state: 'failed', failure: { code: 'recipient_unreachable', providerCode: '30005' } },
	]);
});
