import { provider } from '../../../src/channels/sms/provider';
import { ConversationsError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { callPorts } from '../../fakes/ports';
import { ACCOUNT_SID, AUTH_TOKEN, NUMBER, SERVICE, SHORT_CODE, fakeSms, type FakeSms } from '../../fakes/sms';
import { sidOf } from '../../fakes/sms-webhooks';

const BASE = `/2010-04-01/Accounts/${ACCOUNT_SID}`;

let fake: FakeSms;
beforeEach(async () => {
	fake = await fakeSms();
});
afterEach(() => fake.close());

const ports = (more: CredentialFields = {}) => callPorts(provider, { ...fake.fields, ...more });
const service = () => callPorts(provider, fake.serviceFields);
const asked = () =>
	fake.server.requests.map(({ method, path, query, bytes }) => `${method} ${path} ${new URLSearchParams(method === 'GET' ? query : bytes.toString()).toString()}`.trim());
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('its test', () => {
	test('says whose account it is and who sends', async () => {
		expect(await provider.test(ports())).toBe(`Connected to the Twilio account Shop; messages go out from ${NUMBER}.`);
		expect(asked()).toEqual([`GET ${BASE}.json`, `GET ${BASE}/IncomingPhoneNumbers.json PhoneNumber=%2B15005550006`]);
	});

	test('names the service, and the number that it is to use', async () => {
		expect(await provider.test(service())).toBe('Connected to the Twilio account Shop; messages go out through the messaging service Support.');
		expect(await provider.test(ports({ messagingServiceSid: SERVICE }))).toBe(`Connected to the Twilio account Shop; messages go out through the messaging service Support, from ${NUMBER}.`);
		expect(asked()[1]).toBe(`GET /v1/Services/${SERVICE}`);
	});

	test('reads no more of an answer than it needs: a gateway may leave out the rest', async () => {
		fake.server.next(`${BASE}.json`, { json: { status: 'active', friendly_name: 'Shop' } });
		fake.server.next(`${BASE}/IncomingPhoneNumbers.json`, { json: { incoming_phone_numbers: [{ sid: sidOf('PN', 1), phone_number: NUMBER }] } });
		expect(await provider.test(ports())).toBe(`Connected to the Twilio account Shop; messages go out from ${NUMBER}.`);
	});

	test('asks for a short code among those of the account, and for no name', async () => {
		expect(await provider.test(ports({ from: SHORT_CODE }))).toContain(`from ${SHORT_CODE}.`);
		expect(asked().at(-1)).toBe(`GET ${BASE}/SMS/ShortCodes.json ShortCode=${SHORT_CODE}`);
		expect(await provider.test(ports({ from: 'Shop' }))).toContain('from Shop.');
		expect(asked().at(-1)).toBe(`GET ${BASE}.json`);
	});

	test('says what a trial account can do', async () => {
		fake.owner.type = 'Trial';
		expect(await provider.test(ports())).toMatch(/It is a trial account: messages go only to numbers that are verified/);
	});

	test.each(['suspended', 'closed'])('refuses an account that is %s', async (status) => {
		fake.owner.status = status;
		const failure = await failureOf(provider.test(ports()));
		expect(failure).toMatchObject({ code: 'credential_invalid', channel: 'sms' });
		expect(failure.reason).toContain(status);
	});

	test.each([
		['a number', { from: '+15005550007' }, 'has no number +15005550007'],
		['a short code', { from: '99999' }, 'has no short code 99999'],
		['a service', { messagingServiceSid: sidOf('MG', 2) }, 'has no messaging service'],
	])('refuses %s that the account does not have', async (_name, fields, words) => {
		const failure = await failureOf(provider.test(ports(fields)));
		expect(failure).toMatchObject({ code: 'configuration_invalid', channel: 'sms' });
		expect(failure.reason).toContain(words);
	});

	test('refuses a number without SMS', async () => {
		fake.number.capabilities = { sms: false, mms: false, voice: true };
		expect((await failureOf(provider.test(ports()))).reason).toContain('cannot send or receive SMS');
	});

	test('tells that an app takes what comes in', async () => {
		fake.number.sms_application_sid = sidOf('AP', 1);
		expect(await provider.test(ports())).toMatch(/Connected .* A TwiML app handles the messages/);
	});

	test.each([
		['another account', { accountSid: 'AC00000000000000000000000000000002' }, 'credential_invalid'],
		['another token', { authToken: 'ffffffffffffffffffffffffffffffff' }, 'credential_invalid'],
	])('refuses %s', async (_name, fields, code) => {
		expect(await failureOf(provider.test(ports(fields)))).toMatchObject({ code, providerCode: '20003' });
	});

	test('knows that an account that is not found is a wrong Account SID', async () => {
		fake.server.next(`${BASE}.json`, { status: 404, json: { code: 20404, message: `The requested resource ${BASE}.json was not found`, status: 404 } });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', providerCode: '20404' });
	});

	test('does not take any program for Twilio', async () => {
		fake.server.next(`${BASE}.json`, { json: { sid: 'something else' } });
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'configuration_invalid' });
	});

	test('lets nothing of the token out that Twilio answers with', async () => {
		const said = [await provider.test(ports())];
		fake.owner.status = 'closed';
		said.push(JSON.stringify(await failureOf(provider.test(ports()))));
		fake.server.next(`${BASE}.json`, { json: { sid: 'other', auth_token: AUTH_TOKEN } }, { json: { auth_token: AUTH_TOKEN } }, { status: 400, json: { auth_token: AUTH_TOKEN } });
		for (let count = 0; count < 3; count += 1) said.push(JSON.stringify(await failureOf(provider.test(ports()))));
		expect(said).toHaveLength(5);
		for (const each of said) expect(each).not.toContain(AUTH_TOKEN);
	});
});
