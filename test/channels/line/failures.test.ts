import { line } from '../../../src/channels/line';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { Unanswered } from '../../../src/core/http';
import type { Content } from '../../../src/core/channel';
import { ANN, AT, BOT, fakeLine, type FakeLine } from '../../fakes/line';
import { sendPorts } from '../../fakes/ports';
import type { Behaviour } from '../../fakes/server';
import { attachment, files } from './subject';

const KEY = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const text: Content = { kind: 'text', text: 'Hello' };

let fake: FakeLine;
beforeEach(async () => {
	fake = await fakeLine({ now: () => AT });
});
afterEach(() => fake.server.close());

function ports(fields: Record<string, string> = fake.fields) {
	if (!line.provider) throw new Error('LINE has a provider');
	return sendPorts(line.provider, fields, { now: AT, files });
}

async function failing({ content = text, user = ANN, fields = fake.fields, reply = false } = {}): Promise<Failure> {
	const options = { messageId: KEY, quote: null, reply: reply ? { token: 'rt', until: AT + 1 } : null, humanAgent: false };
	const error: unknown = await line.send(content, { channel: 'line', account: BOT, user }, ports(fields), options).catch((thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	expect(error.accepted).toEqual([]);
	expect(error.failure.reason).not.toMatch(/error|problem|failure|mistake/i);
	return error.failure;
}

const answered = (behaviour: Behaviour, more: Parameters<typeof failing>[0] = {}) => {
	fake.server.next(/message/, behaviour);
	return failing(more);
};

describe('what LINE refuses, in its own words', () => {
	test('401: the token is not known', async () => {
		const failure = await failing({ fields: fake.wrongFields });
		expect(failure).toMatchObject({ code: 'credential_invalid', retryable: false, providerCode: '401' });
		expect(failure.providerMessage).toMatch(/^Authentication failed due to the following reason: .* \(trace [0-9a-f-]{36}\)$/);
	});

	test('400: nobody with this id on this account', async () => {
		expect(await failing({ user: 'Ubbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2' })).toMatchObject({
			code: 'recipient_unreachable', retryable: false, providerMessage: expect.stringContaining('Failed to send messages') as unknown,
		});
	});

	test('400: no id of LINE at all', async () => {
		expect(await failing({ user: '+447700900123' })).toMatchObject({
			code: 'recipient_unreachable', retryable: false, providerMessage: expect.stringContaining("The property, 'to',") as unknown,
		});
	});

	test("429: the month's messages are used up", async () => {
		fake.quota = { limit: 200, used: 200 };
		expect(await failing()).toMatchObject({ code: 'quota_used', retryable: false, retryAfterMs: null, providerCode: '429' });
	});

	test('429: too fast', async () => {
		const slower = { status: 429, json: { message: 'The API rate limit has been exceeded. Try again later.' } };
		expect(await answered(slower)).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 1000 });
		expect(await answered({ ...slower, headers: { 'retry-after': '7' } })).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});

	test('403: not for this account', async () => {
		expect(await answered({ status: 403, json: { message: 'Access to this API is not available for your account' } })).toMatchObject({
			code: 'credential_invalid', retryable: false, providerCode: '403',
		});
	});

	test('400: something in the message', async () => {
		const failure = await failing({ content: { kind: 'text', text: 'a'.repeat(5001) } });
		expect(failure).toMatchObject({ code: 'content_unsupported', retryable: false });
		expect(failure.providerMessage).toContain('The request body has 1 error(s) [messages[0].text: Length must be between 0 and 5000]');
		expect(failure.providerMessage).not.toContain('aaa');
	});

	test('400: the address of a file', async () => {
		const media: Content = { kind: 'media', text: null, attachments: [attachment('photo', 'image')] };
		const url = `https://n8n.example.test/${'a'.repeat(2000)}`;
		const options = { messageId: KEY, quote: null, reply: null, humanAgent: false };
		const sent = line.send(media, { channel: 'line', account: BOT, user: ANN }, { ...ports(), publicUrl: async () => url }, options);
		await expect(sent).rejects.toMatchObject({ failure: { code: 'configuration_invalid', retryable: false } });
	});

	test('410, 413 and 415: gone, too large, or of the wrong type', async () => {
		const content: Content = { kind: 'text', text: 'a'.repeat(2 * 1024 * 1024) };
		expect(await failing({ content })).toMatchObject({ code: 'content_unsupported', providerCode: '413' });
		expect(await answered({ status: 410, json: { message: 'Gone' } })).toMatchObject({ code: 'content_unsupported', retryable: false });
		expect(await answered({ status: 415, json: { message: 'The content type, text/plain, is not supported' } })).toMatchObject({ code: 'content_unsupported' });
	});

	test('404: the base URL is somewhere else', async () => {
		expect(await failing({ fields: { ...fake.fields, baseUrl: `${fake.server.url}/v1` } })).toMatchObject({ code: 'configuration_invalid', providerCode: '404' });
	});

	test('a code that nobody knows', async () => {
		expect(await answered({ status: 418, json: { message: "I'm a teapot" } })).toMatchObject({ code: 'rejected', retryable: false, providerCode: '418' });
	});
});

describe("LINE's own trouble", () => {
	test.each([500, 502, 503, 504])('%i on a push: it may be made again with its key', async (status) => {
		expect(await answered({ status, text: '<html>' })).toMatchObject({ code: 'outcome_unknown', retryable: true, providerCode: String(status) });
	});

	test.each([500, 502, 503, 504])('%i on a reply: it has no key', async (status) => {
		expect(await answered({ status, json: { message: 'Internal Server Error' } }, { reply: true })).toMatchObject({ code: 'outcome_unknown', retryable: false });
	});

	test('no answer before or after the request left', async () => {
		const sent = (when: 'before' | 'after') =>
			line.send(text, { channel: 'line', account: BOT, user: ANN }, { ...ports(), http: () => Promise.reject(new Unanswered(when)) }, {
				messageId: KEY, quote: null, reply: null, humanAgent: false,
			});
		await expect(sent('before')).rejects.toMatchObject({ failure: { code: 'provider_unavailable', retryable: true } });
		await expect(sent('after')).rejects.toMatchObject({ failure: { code: 'outcome_unknown', retryable: true } });
	});

	test('an ordinary call that nobody answers can be made again', async () => {
		fake.server.next(/profile/, 'hang up', { status: 503, text: '' });
		for (const providerCode of [null, '503']) {
			await expect(line.provider?.profile?.(ANN, BOT, ports())).rejects.toMatchObject({ failure: { code: 'provider_unavailable', retryable: true, providerCode } });
		}
	});

	test('what is no answer of a provider is thrown as it is', async () => {
		const broken = new Error('no such port');
		const { http: _http, ...rest } = ports();
		const profile = line.provider?.profile?.(ANN, BOT, { ...rest, http: () => Promise.reject(broken) });
		await expect(profile).rejects.toBe(broken);
	});
});

test('neither the token nor the secret is in a failure', async () => {
	const said = JSON.stringify(await failing({ fields: fake.wrongFields }));
	for (const secret of Object.values(fake.wrongFields).filter((value) => !value.startsWith('http'))) expect(said).not.toContain(secret);
});
