import { provider } from '../../../src/channels/sms/provider';
import { InputError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { callPorts } from '../../fakes/ports';
import { ACCOUNT_SID, AUTH_TOKEN, NUMBER, SERVICE, SHORT_CODE, fakeSms, type FakeSms } from '../../fakes/sms';

let fake: FakeSms;
beforeEach(async () => {
	fake = await fakeSms();
});
afterEach(() => fake.close());

const ports = (more: CredentialFields = {}) => callPorts(provider, { ...fake.fields, ...more });

describe('the credential', () => {
	const given = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, from: NUMBER };

	test('has defaults, and its texts are trimmed', () => {
		expect(provider.read({ accountSid: ` ${ACCOUNT_SID} `, authToken: ` ${AUTH_TOKEN}\n`, from: ' +1 (500) 555-0006 ' })).toEqual({
			accountSid: ACCOUNT_SID,
			authToken: AUTH_TOKEN,
			from: NUMBER,
			messagingServiceSid: '',
			baseUrl: 'https://api.twilio.com',
		});
	});

	test.each([
		['+44 7700 900123', '+447700900123'],
		['72345', '72345'],
		['My Shop', 'My Shop'],
		['A&B-1_+', 'A&B-1_+'],
	])("'%s' may send, as '%s'", (from, sender) => {
		expect(provider.read({ ...given, from }).from).toBe(sender);
	});

	test.each([
		['Account SID', { accountSid: '' }, /fill it in/i],
		['Account SID', { accountSid: 'SK00000000000000000000000000000001' }, /API key/],
		['Account SID', { accountSid: `${ACCOUNT_SID}0` }, /AC and 32/],
		['Auth Token', { authToken: ' ' }, /fill it in/i],
		['From', { from: '' }, /'Messaging Service SID'.*Fill in one of them/],
		['From', { from: '07700 900123' }, /\+ and the country code/],
		['From', { from: `whatsapp:${NUMBER}` }, /number/],
		['From', { from: 'Twelve chars' }, /at most 11/],
		['From', { from: '&&&' }, /a name/],
		['Messaging Service SID', { messagingServiceSid: 'Support' }, /MG and 32/],
		['Base URL', { baseUrl: 'api.twilio.com' }, /web address/],
	])("'%s' is named when it is not right: %j", (parameter, change, words) => {
		const read = () => provider.read({ ...given, ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${parameter}'`);
		expect(read).toThrow(words);
	});

	test.each([
		['https://api.twilio.com', 'https://messaging.twilio.com'],
		['https://api.dublin.ie1.twilio.com', 'https://messaging.dublin.ie1.twilio.com'],
		['https://gateway.example.test/twilio', 'https://gateway.example.test/twilio'],
		['https://api.nottwilio.com', 'https://api.nottwilio.com'],
		['https://api.twilio.com.evil.test', 'https://api.twilio.com.evil.test'],
	])('with %s, services are at %s', (baseUrl, messagingUrl) => {
		expect(provider.bases(provider.read({ ...given, baseUrl }))).toEqual({ baseUrl, messagingUrl });
	});

	test.each([
		[{ from: NUMBER }, NUMBER],
		[{ from: SHORT_CODE }, SHORT_CODE],
		[{ from: 'Shop' }, 'Shop'],
		[{ from: '', messagingServiceSid: SERVICE }, SERVICE],
		[{ from: NUMBER, messagingServiceSid: SERVICE }, SERVICE],
	])('with %j the account is %s, and nobody is asked', async (fields, account) => {
		expect(await provider.account(ports(fields))).toBe(account);
		expect(provider.registration.key(ports(fields).credential, account)).toBe(`sms/${ACCOUNT_SID}/${account}`);
		expect(fake.server.requests).toEqual([]);
	});
});

test('the secret is for the base URLs, and for where files stand', () => {
	expect(provider.secretHosts).toEqual(['api.twilio.com']);
	expect(provider.secretOf(ports().credential)).toBe(AUTH_TOKEN);
});
