import { whatsapp } from '../../../src/channels/whatsapp';
import { FAILURES } from '../../../src/channels/whatsapp/failures';
import { provider as api } from '../../../src/channels/whatsapp/provider';
import type { Content } from '../../../src/core/channel';
import { ConversationsError, type Failure, type FailureCode } from '../../../src/core/failure';
import { sendPorts } from '../../fakes/ports';
import { FAKE, graphError, SHEENA, status, webhook, type FakeWhatsApp } from '../../fakes/whatsapp';
import { FILES, paper, provider, subject } from './subject';

let fake: FakeWhatsApp;
beforeAll(async () => {
	fake = await provider();
});
afterAll(() => fake.server.close());

const MESSAGES = `/v26.0/${FAKE.phoneNumberId}/messages`;
const TEXT: Content = { kind: 'text', text: 'the words of the message' };

async function failureOf(content: Content = TEXT, user: string = SHEENA.phone, fields = fake.fields): Promise<Failure> {
	const ports = sendPorts(api, fields, { files: FILES });
	const options = { messageId: 'our-message', quote: null, reply: null, humanAgent: false };
	try {
		await whatsapp.send(content, { channel: 'whatsapp', account: FAKE.phoneNumberId, user }, ports, options);
	} catch (error) {
		if (error instanceof ConversationsError) return error.failure;
		throw error;
	}
	throw new Error('it was sent');
}

function lateFailureOf(code: number): Failure {
	const errors = [{ code, title: 'Title', message: 'Message', error_data: { details: 'Details.' } }];
	const [event] = whatsapp.webhook.parse(webhook(status({ id: 'wamid.OUT', status: 'failed', errors })), subject.credential, subject.account);
	if (event?.kind !== 'receipt' || event.state !== 'failed') throw new Error('no failure');
	return event.failure;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The whole table of the documentation: what its codes are for us, and how long to wait. */
const MEANINGS: [is: FailureCode, codes: number[], retryAfterMs?: number][] = [
	['window_closed', [131047, 470]],
	['credential_invalid', [0, 190]],
	['credential_invalid', [3, 10, ...range(200, 299), 131005]],
	['configuration_invalid', [368, 131031]],
	['configuration_invalid', [33, 131037, 131042, 131045, 133005, 133006, 133010, 134011]],
	['configuration_invalid', [132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 2200]],
	['configuration_invalid', [2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299]],
	['recipient_unreachable', [131026, 131030, 131049, 130472, 131050, 130497, 131021]],
	['content_unsupported', [131062, 131052, 131053, 100, 131008, 131009, 131051, 135000]],
	['rate_limited', [131056], 6_000],
	['rate_limited', [130429], 5_000],
	['rate_limited', [131048]],
	['rate_limited', [4, 80007, 133008, 133009, 133015, 133016], 300_000],
	['provider_unavailable', [131057, 2494100], 60_000],
	['provider_unavailable', [1, 2, 131000, 131016, 133000, 133004]],
	['rejected', [999999]],
];
const ROWS = MEANINGS.flatMap(([is, codes, retryAfterMs = null]) => codes.map((code) => ({ code, is, retryAfterMs })));
/** Refused for long: the people who got them complained. */
const NOT_AGAIN = new Set([131048]);

describe.each(ROWS)('code $code is $is', ({ code, is, retryAfterMs }) => {
	test('in an answer', async () => {
		fake.server.next(MESSAGES, graphError(code, `(#${code}) Words of Meta`, { details: 'Details.' }));
		const retryable = (is === 'rate_limited' || is === 'provider_unavailable') && !NOT_AGAIN.has(code);
		expect(await failureOf()).toEqual({
			code: is, reason: expect.stringMatching(/\.$/) as string, channel: 'whatsapp', retryable, retryAfterMs,
			providerCode: String(code), providerMessage: `(#${code}) Words of Meta Details. (trace Az8or2yhqkZ)`,
		});
	});

	test('in a status: the message was accepted before, so that it is not sent again', () => {
		expect(lateFailureOf(code)).toEqual({
			code: is === 'rejected' ? 'not_delivered' : is, reason: expect.stringMatching(/\.$/) as string, channel: 'whatsapp', retryable: false, retryAfterMs: null,
			providerCode: String(code), providerMessage: 'Message Details.',
		});
	});
});

test('no code of the table is without a test, and none stands in it twice', () => {
	const codes = FAILURES.filter(({ subcode, message }) => subcode === undefined && message === undefined).flatMap(({ code }) => code ?? []);
	expect([...codes].sort()).toEqual(ROWS.map(({ code }) => String(code)).filter((code) => code !== '999999').sort());
});

test('every sentence says what to do next and calls nothing by the words that frighten', () => {
	for (const { reason } of FAILURES) {
		expect(reason).not.toMatch(/\b(errors?|problems?|failures?|failed|mistakes?)\b/i);
		expect(reason).toMatch(/^[A-Z].*[.;] .*\.$|: .*\.$/);
	}
});

describe('refusals that need more than the code', () => {
	test.each([
		['a phone number id that the token may not use', graphError(100, "Unsupported post request. Object with ID '1' does not exist", { subcode: 33 }), 'configuration_invalid', '100/33'],
		['a type of file that cannot be uploaded', graphError(100, '(#100) Param file must be a file with one of the following types: audio/aac'), 'content_unsupported', '100'],
		['an address that Meta could not call', graphError(100, '(#100) Callback verification failed'), 'configuration_invalid', '100'],
		['a 401 without a code', { status: 401, text: '' }, 'credential_invalid', '401'],
		['a 500 without a code', { status: 500, text: '' }, 'provider_unavailable', '500'],
		['a 429 without a code', { status: 429, text: '' }, 'rate_limited', '429'],
		['a gateway without an answer', { status: 504, text: '' }, 'outcome_unknown', '504'],
		['a refusal with status 200', { ...graphError(131026), status: 200 }, 'recipient_unreachable', '131026'],
	])('%s', async (_name, answer, code, providerCode) => {
		fake.server.next(MESSAGES, answer);
		expect(await failureOf()).toMatchObject({ code, providerCode });
	});

	test('the time that Meta asks us to wait counts before ours', async () => {
		fake.server.next(MESSAGES, graphError(80007, 'Limit', { headers: { 'retry-after': '90' } }));
		expect(await failureOf()).toMatchObject({ code: 'rate_limited', retryAfterMs: 90_000 });
		const usage = JSON.stringify({ '102290129340398': [{ type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: 7 }] });
		fake.server.next(MESSAGES, graphError(80007, 'Limit', { headers: { 'x-business-use-case-usage': usage } }));
		expect(await failureOf()).toMatchObject({ code: 'rate_limited', retryAfterMs: 420_000 });
	});
});

describe('real refusals', () => {
	const choices = (labels: string[]): Content => ({ kind: 'choices', text: 'Pick', options: labels.map((label, index) => ({ id: String(index), label })) });
	const template = (name: string, parameters: { id: string; text: string }[]): Content => ({ kind: 'template', text: null, name, language: 'en_US', parameters });

	test('of the window: a template still goes', async () => {
		fake.closed.add(SHEENA.phone);
		expect(await failureOf()).toMatchObject({ code: 'window_closed', retryable: false });
		await expect(failureOf(template('order_update', [{ id: 'body.order_id', text: '7' }]))).rejects.toThrow('it was sent');
		fake.closed.clear();
	});

	test('of people', async () => {
		fake.unregistered.add('44719999');
		fake.crowded.add(SHEENA.scoped);
		expect(await failureOf(TEXT, '44719999')).toMatchObject({ code: 'recipient_unreachable' });
		expect(await failureOf(TEXT, SHEENA.scoped)).toMatchObject({ code: 'rate_limited', retryAfterMs: 6_000 });
		expect(await failureOf(TEXT, FAKE.displayPhone)).toMatchObject({ code: 'recipient_unreachable', providerCode: '131021' });
		expect(await failureOf(TEXT, 'somebody')).toMatchObject({ code: 'content_unsupported', providerCode: '131009' });
	});

	test.each<[string, Content, string, FailureCode]>([
		['labels that are the same', choices(['Yes', 'Yes']), '131009', 'content_unsupported'],
		['a text above the limit', { kind: 'text', text: 'a'.repeat(4097) }, '131009', 'content_unsupported'],
		['a file of a type that is not taken', { kind: 'media', text: null, attachments: [{ ...paper, mime: 'image/gif' }] }, '131053', 'content_unsupported'],
		['a value of a template that is missing', template('order_update', []), '132000', 'configuration_invalid'],
		['a value of another name', template('order_update', [{ id: 'body.colour', text: 'red' }]), '132012', 'configuration_invalid'],
	])('of %s', async (_name, content, providerCode, code) => {
		expect(await failureOf(content)).toMatchObject({ code, providerCode, retryable: false });
	});

	test('of a template that is not there, and of a token', async () => {
		expect(await failureOf(template('nowhere', []))).toMatchObject({ code: 'configuration_invalid', providerCode: '132001' });
		expect(await failureOf(TEXT, SHEENA.phone, fake.wrongFields)).toMatchObject({ code: 'credential_invalid', providerCode: '190' });
	});

	test('never repeat a token, as Meta does with one that it cannot read', async () => {
		fake.server.next(MESSAGES, graphError(190, `Malformed access token ${FAKE.accessToken}`));
		expect((await failureOf()).providerMessage).toBe('Malformed access token … (trace Az8or2yhqkZ)');
		fake.server.next(/media/, graphError(190, `Malformed access token ${FAKE.accessToken}`));
		expect(JSON.stringify(await failureOf({ kind: 'media', text: null, attachments: [paper] }))).not.toContain(FAKE.accessToken);
	});

	test('tell neither the token nor the words of the message', async () => {
		const said = JSON.stringify([await failureOf(TEXT, SHEENA.phone, fake.wrongFields), await failureOf(TEXT, 'somebody')]);
		expect(said).not.toMatch(/EAAG|words of the message/);
	});
});

describe('no answer', () => {
	test('because nobody is there: it may be tried again', async () => {
		const gone = { ...fake.fields, baseUrl: 'http://127.0.0.1:1' };
		expect(await failureOf(TEXT, SHEENA.phone, gone)).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});

	test.each([
		['the line was cut', 'hang up' as const],
		['the answer is something else', { text: 'n8n is starting up' }],
		['the answer names no message', { json: { messages: [] } }],
		['the answer never ends', { bytes: Buffer.alloc(1024 * 1024 + 1, 'a') }],
	])('%s: whether it was sent is not known', async (_name, behaviour) => {
		fake.server.next(MESSAGES, behaviour);
		expect(await failureOf()).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'whatsapp' });
	});
});
