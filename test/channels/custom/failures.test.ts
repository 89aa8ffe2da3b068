import { custom } from '../../../src/channels/custom';
import { FAILURES } from '../../../src/channels/custom/failures';
import { provider } from '../../../src/channels/custom/provider';
import { SEND_TIMEOUT_MS } from '../../../src/channels/custom/facts';
import { Unanswered, type HttpRequest } from '../../../src/core/http';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { ANN, CHANNEL_ID, TOKEN, body, error, events, fakeCustom, posted, type FakeCustom } from '../../fakes/custom';
import { sendPorts } from '../../fakes/ports';
import type { Answer } from '../../fakes/server';
import { credential } from './subject';

const BLOCKED = '+60999999999';
const NOW = Date.parse('2026-11-22T10:00:00Z');

let fake: FakeCustom;
beforeEach(async () => {
	fake = await fakeCustom();
});
afterEach(() => fake.close());

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const thrown: unknown = await work.then(() => undefined, (each: unknown) => each);
	if (!(thrown instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(thrown)}`);
	return thrown.failure;
};
const options = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };
const hello = { kind: 'text', text: 'Hello' } as const;
const ports = (fields = fake.fields) => sendPorts(provider, fields, { now: NOW });
const send = (user = ANN, fields = fake.fields) => custom.send(hello, { channel: 'custom', account: CHANNEL_ID, user }, ports(fields), options);
const refusedWith = (answer: Answer) => {
	fake.refusals.set(BLOCKED, answer);
	return failureOf(send(BLOCKED));
};

/** What a server answers to a message, and what it means. */
const REFUSALS: [status: number, words: string, code: Failure['code']][] = [
	[301, '', 'configuration_invalid'],
	[308, '', 'configuration_invalid'],
	[400, 'err: status_code #422 ', 'rejected'],
	[400, '401: UNAUTHORIZED', 'configuration_invalid'],
	[400, 'Unsupported message type', 'content_unsupported'],
	[400, 'Type quick_reply is not supported', 'content_unsupported'],
	[400, 'Tipo de mensagem não suportado: location', 'content_unsupported'],
	[401, '401: UNAUTHORIZED', 'credential_invalid'],
	[402, 'no balance', 'rejected'],
	[403, 'forbidden', 'credential_invalid'],
	[404, 'Channel ID não encontrado', 'configuration_invalid'],
	[405, 'method not allowed', 'configuration_invalid'],
	[409, 'conflict', 'rejected'],
	[410, 'gone', 'configuration_invalid'],
	[413, 'too large', 'content_unsupported'],
	[415, 'no', 'content_unsupported'],
	[422, 'text is too long', 'content_unsupported'],
	[429, 'slow down', 'rate_limited'],
	[500, 'Unexpected server error.', 'provider_unavailable'],
	[502, 'Failed to forward', 'outcome_unknown'],
	[503, 'down for maintenance', 'provider_unavailable'],
	[504, 'upstream', 'outcome_unknown'],
	[522, 'timeout', 'outcome_unknown'],
];

test.each(REFUSALS)("%i '%s' is %s", async (status, words, code) => {
	expect(await refusedWith(error(status, words))).toMatchObject({
		code,
		channel: 'custom',
		retryable: code === 'rate_limited' || code === 'provider_unavailable',
		providerCode: String(status),
		providerMessage: words || null,
	});
});

test('every row of the table was refused for above, or is told below', () => {
	const rowOf = (status: number, words: string) =>
		FAILURES.find(
			(row) =>
				row.status !== undefined &&
				(typeof row.status === 'number' ? row.status === status : status >= row.status[0] && status <= row.status[1]) &&
				(row.code ?? String(status)) === String(status) &&
				(row.message?.test(words) ?? true),
		);
	const tried = new Set(REFUSALS.map(([status, words]) => rowOf(status, words)));
	const rest = FAILURES.filter((row) => !tried.has(row)).map(({ code }) => code);
	expect(rest).toEqual(['ignored', 'error', 'failed']);
});

test('a 500 without an answer in the form of the protocol may have been sent', async () => {
	for (const answer of [{ status: 500 }, { status: 500, text: 'Internal Server Error' }, { status: 500, text: '<html>' }]) {
		expect(await refusedWith(answer)).toMatchObject({ code: 'outcome_unknown', retryable: false, providerCode: '500' });
	}
});

test('the sentences say what to do, without words that blame', () => {
	for (const { reason } of FAILURES) {
		expect(reason).not.toMatch(/error|problem|mistake/i);
		expect(reason).toMatch(/\.$/);
	}
});

describe('a status of success that says the opposite', () => {
	test.each([
		['an error with words', { error: { message: 'no such number' } }, 'no such number'],
		['an error as a text', { error: 'no such number' }, 'no such number'],
		['success: false', { success: false, message: 'no such number' }, 'no such number'],
		['status: error', { status: 'error' }, null],
		['an error without words', { error: true }, null],
	])('%s is rejected', async (_name, json, words) => {
		expect(await refusedWith({ json })).toMatchObject({ code: 'rejected', retryable: false, providerCode: 'error', providerMessage: words });
	});

	test.each(['Ignored', 'message ignored.'])("the word '%s': nothing was done with it", async (text) => {
		expect(await refusedWith({ text })).toMatchObject({ code: 'content_unsupported', retryable: false, providerCode: 'ignored', providerMessage: text });
	});

	test('an error that is none does not count', async () => {
		fake.server.next('/message', { json: { error: null, success: true } });
		expect(await send()).toHaveLength(1);
	});
});

describe('the words of a server', () => {
	test.each([
		['as documented, with more', { json: { error: { message: 'Erro interno', details: { a: 1 } } } }, 'Erro interno'],
		['as a text', { json: { error: 'Invalid outgoing message payload.' } }, 'Invalid outgoing message payload.'],
		['at the top', { json: { status: 'error', message: 'no such channel' } }, 'no such channel'],
		['plain', { text: ' no ' }, 'no'],
		['a page is none', { text: '<!DOCTYPE html><pre>TypeError</pre>' }, null],
		['nothing', { text: '' }, null],
		['many of them are cut', { text: 'a'.repeat(600) }, 'a'.repeat(500)],
	])('%s', async (_name, answer, words) => {
		expect(await refusedWith({ status: 418, ...answer })).toMatchObject({ providerMessage: words });
	});

	test('do not give the token away', async () => {
		const refused = await refusedWith(error(401, `Bearer ${TOKEN} is not known`));
		expect(refused.providerMessage).toBe('Bearer … is not known');
		expect(JSON.stringify(refused)).not.toContain(TOKEN);
	});
});

test.each([
	['7', 7_000],
	['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
	['Sun, 22 Nov 2026 09:00:00 GMT', 0],
	['soon', null],
])('429 with retry-after %s', async (header, retryAfterMs) => {
	expect(await refusedWith({ status: 429, headers: { 'retry-after': header } })).toMatchObject({ code: 'rate_limited', retryAfterMs });
});

test("what was taken and failed later is not_delivered, in the server's words", () => {
	const [event] = custom.webhook.parse(posted(body([events.status('prov-1', 'failed', 'number not in use')])), credential, CHANNEL_ID);
	expect(event).toMatchObject({ state: 'failed', failure: { code: 'not_delivered', retryable: false, providerCode: 'failed', providerMessage: 'number not in use' } });
});

describe('no answer', () => {
	test('before the request left: it may be tried again', async () => {
		await fake.close();
		const failure = await failureOf(send());
		expect(failure).toMatchObject({ code: 'provider_unavailable', retryable: true, channel: 'custom' });
		expect(failure.reason).toContain("'URL'");
		fake = await fakeCustom();
	});

	test('promise 4: afterwards it may have been sent; that the token may be wrong is said', async () => {
		fake.server.next('/message', 'hang up');
		const failure = await failureOf(send());
		expect(failure).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'custom' });
		expect(failure.reason).toMatch(/15 seconds.*'Token'/);
	});

	test("a server that never answers, as respond.io's example does, is not waited for longer than 15 seconds", async () => {
		const asked: HttpRequest[] = [];
		const silent = { ...ports(), http: (request: HttpRequest) => (asked.push(request), Promise.reject(new Unanswered('after'))) };
		const failure = await failureOf(custom.send(hello, { channel: 'custom', account: CHANNEL_ID, user: ANN }, silent, options));
		expect(failure.code).toBe('outcome_unknown');
		expect(asked).toMatchObject([{ timeoutMs: 15_000 }]);
		expect(SEND_TIMEOUT_MS).toBe(15_000);
	});
});
