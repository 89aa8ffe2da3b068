import { sms } from '../../../src/channels/sms';
import { FAILURES } from '../../../src/channels/sms/failures';
import { provider } from '../../../src/channels/sms/provider';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { callPorts, sendPorts } from '../../fakes/ports';
import { ANN, NUMBER, SERVICE, fakeSms, type FakeSms } from '../../fakes/sms';
import { refusal } from '../../fakes/sms-rules';
import { message, news, sidOf, signed } from '../../fakes/sms-webhooks';
import { credential } from './subject';

const MINUTE_MS = 60_000;

let fake: FakeSms;
beforeEach(async () => {
	fake = await fakeSms();
});
afterEach(() => fake.close());

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const send = (user = ANN, text = 'Hello', fields = fake.fields) =>
	sms.send({ kind: 'text', text }, { channel: 'sms', account: NUMBER, user }, { ...sendPorts(provider, fields), receiverUrl: () => Promise.resolve(null) }, {
		messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
		quote: null,
		reply: null,
		humanAgent: false,
	});
const late = (code: number | string): Failure => {
	const [event] = sms.webhook.parse(signed(news(sidOf('SM', 1), 'failed', { ErrorCode: String(code) })), credential, NUMBER);
	if (event?.kind !== 'receipt' || event.state !== 'failed') throw new Error('not a failed receipt');
	return event.failure;
};

/** Twilio's codes, what they mean, and how long to wait where that is known. */
const CODES: [code: Failure['code'], codes: number[], retryAfterMs?: number][] = [
	['credential_invalid', [20003, 20006, 20404, 20008, 10001, 20005, 20403, 30002, 90010]],
	['configuration_invalid', [20010, 30037, 21608, 21219, 14111, 572002, 572005, 10002, 21267, 21607]],
	['rate_limited', [20429, 63017, 63018], 1000],
	['rate_limited', [14107], MINUTE_MS / 2],
	['rate_limited', [30001, 21611], 10 * MINUTE_MS],
	['rate_limited', [30017, 30022], MINUTE_MS],
	['rate_limited', [30450, 30453, 30485], 30 * MINUTE_MS],
	['quota_used', [30023, 30027, 30454, 60728, 63038]],
	['recipient_unreachable', [21610, 21211, 21217, 21401, 21604, 63003, 63024, 21614, 21635, 30006, 21265, 21266, 21268]],
	['recipient_unreachable', [21612, 30003, 63036, 30004, 63014, 63033, 30005, 21214]],
	['configuration_invalid', [21408, 21606, 21601, 21603, 21212, 21616, 21657, 21659, 21660, 21661, 14102, 14108, 63002, 63007]],
	['configuration_invalid', [21701, 21702, 21703, 21704, 21705, 30127, 21709, 21711, 21712]],
	['configuration_invalid', [30033, 30034, 30035, 30032, 30018, 30024, 30040, 30041, 30042, 30043, 21621, 21622, 21609]],
	['configuration_invalid', [11200, 11201, 11202, 11205, 11210, 11217, 11220, 11235, 11236, 11237, 63019]],
	['content_unsupported', [21617, 21605, 21658, 21602, 21618, 21619, 14103, 21620, 21623, 12300, 12301]],
	['content_unsupported', [11751, 30019, 63034, 30011, 30007, 63013, 21654, 21655, 21656]],
	['window_closed', [63016]],
	['not_delivered', [30036, 30410]],
];

describe.each(CODES)('%s', (code, codes, retryAfterMs) => {
	const meant = { code, channel: 'sms', retryable: code === 'rate_limited', retryAfterMs: retryAfterMs ?? null };

	test.each(codes)('%i, at once and later', async (number) => {
		fake.refusals.set(ANN, number);
		const now = await failureOf(send());
		expect(now).toMatchObject({ ...meant, providerCode: String(number) });
		expect(now.providerMessage).toBe(`Refused with ${number} (trace RQ00000000000000000000000000000001)`);
		// It was accepted before: whoever sent it again could double it.
		expect(late(number)).toEqual({ ...now, retryable: false, retryAfterMs: null, providerMessage: null });
	});
});

test('every row of the table was refused for above', () => {
	const tried = CODES.flatMap(([, codes]) => codes.map(String));
	expect(new Set(tried).size).toBe(tried.length);
	expect(tried.sort()).toEqual(FAILURES.flatMap(({ code = [] }) => code).sort());
});

test('no code stands in two rows', () => {
	const codes = FAILURES.flatMap(({ code = [] }) => code);
	expect(new Set(codes).size).toBe(codes.length);
});

test('the sentences say what to do, without words that blame', () => {
	for (const { reason } of FAILURES) {
		expect(reason).not.toMatch(/\b(error|problem|failure|mistake)/i);
		expect(reason).toMatch(/\.$/);
		expect(reason.split(/[.;:] /).length).toBeGreaterThan(1);
	}
});

test('what later comes to nothing for a reason that is not known was not delivered', () => {
	for (const code of [30008, 30500, 39999]) expect(late(code)).toMatchObject({ code: 'not_delivered', retryable: false, providerCode: String(code) });
});

test('somebody who has said STOP is not reached until they say START', async () => {
	const [event] = sms.webhook.parse(signed(message(sidOf('SM', 9), 'STOP')), credential, NUMBER);
	expect(event).toMatchObject({ kind: 'consent', allowed: false });
	fake.refusals.set(ANN, 21610);
	expect((await failureOf(send())).reason).toMatch(/STOP.*START/);
});

test("what Twilio finds wrong with a message comes along in its words, and the contact's words do not", async () => {
	const tooLong = await failureOf(send(ANN, 'private words '.repeat(200)));
	expect(tooLong).toMatchObject({ code: 'content_unsupported', providerCode: '21617' });
	expect(JSON.stringify(tooLong)).not.toContain('private words');
	expect(await failureOf(send('nobody'))).toMatchObject({ code: 'recipient_unreachable', providerCode: '21211' });
	expect(await failureOf(send(ANN, 'Hello', { ...fake.fields, from: '+15005550007' }))).toMatchObject({ code: 'configuration_invalid', providerCode: '21660' });
	expect(await failureOf(send(ANN, 'Hello', { ...fake.serviceFields, from: '+15005550007' }))).toMatchObject({ code: 'configuration_invalid', providerCode: '21711' });
	expect(await failureOf(send(ANN, 'Hello', { ...fake.serviceFields, messagingServiceSid: sidOf('MG', 2) }))).toMatchObject({ code: 'configuration_invalid', providerCode: '21701' });
});

describe('a refusal by HTTP alone', () => {
	test.each([
		[401, 'credential_invalid', false],
		[404, 'configuration_invalid', false],
		[429, 'rate_limited', true],
		[500, 'provider_unavailable', true],
		[503, 'provider_unavailable', true],
		[502, 'outcome_unknown', false],
		[504, 'outcome_unknown', false],
		[400, 'rejected', false],
		[403, 'rejected', false],
	])('%i is %s', async (status, code, retryable) => {
		fake.server.next(/Messages\.json$/, { status, text: '<html>no</html>' });
		expect(await failureOf(send())).toMatchObject({ code, retryable, channel: 'sms', providerCode: String(status) });
	});

	test('names the time to wait', async () => {
		fake.server.next(/Messages\.json$/, { status: 429, headers: { 'retry-after': '7' } });
		expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});
});

test('a code that is not known here is refused with its words', async () => {
	fake.server.next(/Messages\.json$/, refusal(29999, 'Something new'));
	expect(await failureOf(send())).toMatchObject({ code: 'rejected', retryable: false, providerCode: '29999', providerMessage: expect.stringContaining('Something new') as unknown });
});

test('no answer: before the request left it may be tried again, afterwards not', async () => {
	fake.server.next(/Messages\.json$/, 'hang up');
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	await fake.close();
	expect(await failureOf(send())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	fake = await fakeSms();
});

test('a call that sends nothing may be made again when its answer is lost', async () => {
	const { registration } = provider;
	const ports = callPorts(provider, fake.serviceFields);
	const lost = ['hang up', { status: 504 }, { text: 'n8n is starting up' }] as const;
	for (const behaviour of lost) {
		fake.server.next(`/v1/Services/${SERVICE}`, behaviour);
		expect(await failureOf(registration.current(SERVICE, ports))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	}
});
