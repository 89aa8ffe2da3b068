import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { getExpectedTwilioSignature, validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { sms } from '../../../src/channels/sms';
import type { WebhookRequest } from '../../../src/core/channel';
import { ACCOUNT_SID, ANN, AUTH_TOKEN, NUMBER } from '../../fakes/sms';
import { ADDRESS, formOf, message, sidOf, sign, signed, type Posted } from '../../fakes/sms-webhooks';
import { credential } from './subject';

const isAuthentic = (request: WebhookRequest, of = credential) => sms.webhook.isAuthentic(request, of, NUMBER, '');
const hi = message(sidOf('SM', 1), 'Hi');
const withSignature = (request: WebhookRequest, signature: string): WebhookRequest => ({
	...request,
	headers: { ...request.headers, 'x-twilio-signature': signature },
});
/** The request with a signature that was made of another spelling of its address. */
const signedAs = (url: string, params: Posted, spelling: string) => withSignature(signed(params, { url }), sign(spelling, params));

test('the known vector', () => {
	const url = 'https://hub.example.test/webhooks/twilio/ch_1?x=1';
	const params = { To: NUMBER, From: ANN, Body: 'Hello & bye', MessageSid: sidOf('SM', 1), NumMedia: '0' };
	expect(sign(url, params)).toBe('b6irsqEo0cqpPF6xlgaJVoTss1M=');
	expect(isAuthentic(withSignature(signed(params, { url }), 'b6irsqEo0cqpPF6xlgaJVoTss1M='))).toBe(true);
});

test('without the address that was called, nothing is genuine', () => {
	const { url: _url, ...rest } = signed(hi);
	expect(isAuthentic(rest)).toBe(false);
});

test('of another account, even with our own token, it is not for us', () => {
	const other = { ...hi, AccountSid: 'AC00000000000000000000000000000002' };
	expect(isAuthentic(signed(other))).toBe(false);
	expect(isAuthentic(signed(other), { ...credential, accountSid: other.AccountSid })).toBe(true);
});

test('one byte of the body, and it is another', () => {
	const request = signed(hi);
	expect(isAuthentic({ ...request, body: Buffer.from(formOf({ ...hi, Body: 'Ho' })) })).toBe(false);
	expect(isAuthentic({ ...request, body: Buffer.from(formOf({ ...hi, Extra: '1' })) })).toBe(false);
	expect(isAuthentic({ ...request, url: `${ADDRESS}/status` })).toBe(false);
});

test.each([
	['an https address', ADDRESS, 'https://n8n.example.test:443/webhook/trigger-1/conversations/sms'],
	['an http address', 'http://n8n.example.test/x', 'http://n8n.example.test:80/x'],
	['a port of its own that Twilio leaves out', 'https://n8n.example.test:8443/x', 'https://n8n.example.test/x'],
	['a port that it adds to a user', 'https://ann:pass@n8n.example.test/x', 'https://ann:pass@n8n.example.test:443/x'],
	['an address in numbers', 'https://[2001:db8::1]/x', 'https://[2001:db8::1]:443/x'],
	['a query that is put in order', "https://n8n.example.test/x?a='", 'https://n8n.example.test/x?a=%27'],
	['a query that is encoded anew', 'https://n8n.example.test/x?b=a%20b&1=c&b=%C3%A9+', 'https://n8n.example.test/x?1=c&b=a%20b&b=%C3%A9%20'],
])('%s is known in both spellings', (_name, url, spelling) => {
	expect(isAuthentic(signed(hi, { url }))).toBe(true);
	expect(isAuthentic(signedAs(url, hi, spelling))).toBe(true);
	expect(validateRequest(AUTH_TOKEN, sign(spelling, hi), url, hi)).toBe(true);
});

test.each(['https://n8n.example.test:444/webhook/trigger-1/conversations/sms', 'http://n8n.example.test/webhook/trigger-1/conversations/sms', `${ADDRESS}?`, `${ADDRESS}/`])(
	'%s is another address',
	(spelling) => {
		expect(isAuthentic(signedAs(ADDRESS, hi, spelling))).toBe(false);
	},
);

test('the part of the address that only Twilio reads may be signed or not', () => {
	expect(isAuthentic(signedAs(ADDRESS, hi, `${ADDRESS}#rc=3&rp=all`))).toBe(true);
	expect(isAuthentic(signedAs(ADDRESS, hi, `${ADDRESS}#rc=5`))).toBe(false);
});

test('a name that is there twice counts with both of its values, once each', () => {
	const params = { ...hi, MediaUrl: ['b', 'a', 'b'] };
	expect(isAuthentic(signed(params))).toBe(true);
	expect(isAuthentic(withSignature(signed(params), sign(ADDRESS, { ...hi, MediaUrl: ['a', 'b'] })))).toBe(true);
	expect(isAuthentic(withSignature(signed(params), sign(ADDRESS, { ...hi, MediaUrl: 'b' })))).toBe(false);
});

describe('a body of JSON', () => {
	const body = JSON.stringify({ AccountSid: ACCOUNT_SID, MessageSid: sidOf('SM', 1), From: ANN, Body: 'Grüße' });
	const url = `${ADDRESS}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
	const request = (text = body): WebhookRequest => ({
		...signed({}, { url }),
		headers: { 'content-type': 'application/json', 'x-twilio-signature': getExpectedTwilioSignature(AUTH_TOKEN, url, {}) },
		body: Buffer.from(text),
	});

	test("is known by its hash, as Twilio's own SDK does", () => {
		expect(isAuthentic(request())).toBe(true);
		expect(validateRequestWithBody(AUTH_TOKEN, request().headers['x-twilio-signature'] ?? '', url, body)).toBe(true);
		expect(sms.webhook.parse(request(), credential, NUMBER)).toMatchObject([{ kind: 'message', content: { text: 'Grüße' } }]);
	});

	test('that was changed is not', () => {
		expect(isAuthentic(request(body.replace('Grüße', 'Gruss')))).toBe(false);
		expect(isAuthentic({ ...request(), url: ADDRESS })).toBe(false);
	});
});

describe("Twilio's own SDK and we say the same", () => {
	const word = fc.string({ unit: 'grapheme', maxLength: 8 });
	const path = fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,12}$/);
	const query = fc.option(fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@%/ -]{0,20}$/), { nil: undefined });
	const port = fc.constantFrom('', ':443', ':80', ':8443');
	const scheme = fc.constantFrom('https', 'http', 'HTTPS');
	const url = fc
		.tuple(scheme, fc.constantFrom('n8n.example.test', 'N8N.example.test', 'u:p@n8n.example.test', '[::1]'), port, path, query)
		.map(([a, host, p, rest, search]) => `${a}://${host}${p}/${rest}${search === undefined ? '' : `?${search}`}`)
		.filter((text) => URL.canParse(text) && !text.includes('bodySHA256'));
	const params = fc
		.dictionary(word, fc.oneof(word, fc.uniqueArray(word, { minLength: 2, maxLength: 3 })), { maxKeys: 6 })
		.map((more): Posted => ({ ...more, AccountSid: ACCOUNT_SID }));
	/** What some part of Twilio might have signed instead of the address as it is configured. */
	const change = fc.constantFrom<(text: string) => string>(
		(text) => text,
		(text) => text.replace(/:\d+(?=\/)/, ''),
		(text) => text.replace(/^(https?:\/\/[^/]*?)(\/)/i, '$1:443$2'),
		(text) => text.replace(/^(https?:\/\/[^/]*?)(\/)/i, '$1:80$2'),
		(text) => new URL(text).href,
		(text) => `${text}x`,
		(text) => text.toLowerCase(),
	);

	test('of what it signs', () => {
		fc.assert(
			fc.property(url, params, (address, posted) => isAuthentic(signed(posted, { url: address }))),
			{ numRuns: 400 },
		);
	});

	test('of any other signature', () => {
		fc.assert(
			fc.property(url, url, params, change, fc.boolean(), (address, another, posted, changed, isSame) => {
				const signature = sign(changed(isSame ? address : another), posted);
				const request = withSignature(signed(posted, { url: address }), signature);
				return isAuthentic(request) === validateRequest(AUTH_TOKEN, signature, address, posted);
			}),
			{ numRuns: 1000 },
		);
	});

	test('of a query that is encoded anew', () => {
		const encoded = fc.stringMatching(/^[a-c0-3=&+%4e]{0,16}$/);
		fc.assert(
			fc.property(encoded, params, (search, posted) => {
				const address = `https://n8n.example.test/x?${search}`;
				const anew = new URLSearchParams(search);
				const spelling = `https://n8n.example.test/x?${[...anew].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
				const signature = sign(spelling, posted);
				return isAuthentic(withSignature(signed(posted, { url: address }), signature)) === validateRequest(AUTH_TOKEN, signature, address, posted);
			}),
			{ numRuns: 1000 },
		);
	});
});
