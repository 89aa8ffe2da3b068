import { viber } from '../../../src/channels/viber';
import { FAILURES } from '../../../src/channels/viber/failures';
import { provider } from '../../../src/channels/viber/provider';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { callPorts, sendPorts } from '../../fakes/ports';
import { ACCOUNT, ANN, LEFT, callbacks, fakeViber, refusal, signed, type FakeViber } from '../../fakes/viber';
import { credential } from './subject';

const HOUR_MS = 3_600_000;

let fake: FakeViber;
beforeEach(async () => {
	fake = await fakeViber();
});
afterEach(() => fake.close());

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const send = (user = ANN, text = 'Hello') =>
	viber.send({ kind: 'text', text }, { channel: 'viber', account: ACCOUNT, user }, sendPorts(provider, fake.fields), {
		messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
		quote: null,
		reply: null,
		humanAgent: false,
	});
const late = (desc: string): Failure => {
	const [event] = viber.webhook.parse(signed(callbacks.failed('5100000000000000003', desc)), credential, ACCOUNT);
	if (event?.kind !== 'receipt' || event.state !== 'failed') throw new Error('not a failed receipt');
	return event.failure;
};

/** What Viber says to a message, for each of its statuses, and what it means. */
const OF_A_MESSAGE: [status: number, words: string, code: Failure['code']][] = [
	[3, 'badData', 'content_unsupported'],
	[4, 'missingData', 'content_unsupported'],
	[5, 'receiverNotRegistered', 'recipient_unreachable'],
	[6, 'notSubscribed', 'recipient_unreachable'],
	[10, 'webhookNotSet', 'configuration_invalid'],
	[11, 'receiverNoSuitableDevice', 'recipient_unreachable'],
	[12, 'tooManyRequests', 'rate_limited'],
	[13, 'apiVersionNotSupported', 'recipient_unreachable'],
	[14, 'incompatibleWithVersion', 'content_unsupported'],
	[16, 'inchatReplyMessageNotAllowed', 'content_unsupported'],
	[17, 'publicAccountIsNotInline', 'content_unsupported'],
	[18, 'noPublicChat', 'content_unsupported'],
	[19, 'cannotSendBroadcast', 'content_unsupported'],
	[20, 'broadcastNotAllowed', 'content_unsupported'],
	[21, 'unsupportedCountry', 'recipient_unreachable'],
	[22, 'paymentUnsupported', 'content_unsupported'],
	[23, 'freeMessagesExceeded', 'quota_used'],
	[24, 'noBalance', 'quota_used'],
];
const OF_THE_BOT: [status: number, words: string][] = [
	[7, 'publicAccountBlocked'],
	[8, 'publicAccountNotFound'],
	[9, 'publicAccountSuspended'],
	[15, 'publicAccountNotAuthorized'],
];

test.each(OF_A_MESSAGE)('status %i (%s) is %s', async (status, words, code) => {
	fake.people.set(ANN, status);
	expect(await failureOf(send())).toMatchObject({
		code,
		channel: 'viber',
		providerCode: String(status),
		providerMessage: words,
		retryable: status === 12,
		retryAfterMs: status === 12 ? HOUR_MS : null,
	});
});

test.each(OF_THE_BOT)('status %i (%s) is named by a message and by the test of the credential', async (status, words) => {
	fake.botStatus = status;
	const named = { code: 'credential_invalid', channel: 'viber', providerCode: String(status), providerMessage: words, retryable: false };
	expect(await failureOf(send())).toMatchObject(named);
	expect(await failureOf(provider.test(callPorts(provider, fake.fields)))).toMatchObject(named);
});

test('status 2 (invalidAuthToken) is credential_invalid', async () => {
	const ports = callPorts(provider, fake.wrongFields);
	expect(await failureOf(provider.test(ports))).toMatchObject({ code: 'credential_invalid', providerCode: '2', providerMessage: 'invalidAuthToken' });
});

test('status 1 (invalidUrl) is configuration_invalid', async () => {
	const registering = provider.registration.register({ url: 'http://n8n.example.test/w', secret: '' }, ACCOUNT, callPorts(provider, fake.fields));
	expect(await failureOf(registering)).toMatchObject({ code: 'configuration_invalid', providerCode: '1', providerMessage: 'invalidUrl' });
});

test.each([
	['failure description', 'not_delivered'],
	['', 'not_delivered'],
	['receiver is not subscribed', 'recipient_unreachable'],
	['receiverNoSuitableDevice', 'recipient_unreachable'],
	['keyboard is not valid', 'content_unsupported'],
])("a failed callback with '%s' is %s, and never tried again", (desc, code) => {
	expect(late(desc)).toMatchObject({ code, channel: 'viber', retryable: false, retryAfterMs: null, providerCode: 'failed', providerMessage: desc || null });
});

test('every row of the table was refused for above', () => {
	const tried = [...OF_A_MESSAGE, ...OF_THE_BOT].map(([status]) => String(status)).concat('1', '2', 'failed');
	expect(tried.sort()).toEqual([...new Set(FAILURES.flatMap(({ code = [] }) => code))].sort());
});

test('the sentences say what to do, without words that blame', () => {
	for (const { reason } of FAILURES) {
		expect(reason).not.toMatch(/error|problem|failure|mistake/i);
		expect(reason).toMatch(/\.$/);
	}
});

test('people who left or were never there', async () => {
	expect(await failureOf(send(LEFT))).toMatchObject({ code: 'recipient_unreachable', providerCode: '6' });
	expect(await failureOf(send('c29tZWJvZHk='))).toMatchObject({ code: 'recipient_unreachable', providerCode: '5' });
});

test('what Viber finds wrong with a message comes along in its words', async () => {
	const tooLong = send(ANN, 'a'.repeat(7001));
	expect(await failureOf(tooLong)).toMatchObject({ code: 'content_unsupported', providerCode: '3', providerMessage: 'text is not valid' });
});

test('the message after a hundred without an answer waits for an hour', async () => {
	for (let count = 0; count < 100; count += 1) await send();
	expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: HOUR_MS, providerCode: '12' });
});

describe('a refusal by HTTP', () => {
	test.each([
		[429, 'rate_limited', true],
		[500, 'provider_unavailable', true],
		[503, 'provider_unavailable', true],
		[502, 'outcome_unknown', false],
		[504, 'outcome_unknown', false],
		[413, 'content_unsupported', false],
		[400, 'rejected', false],
	])('%i is %s', async (status, code, retryable) => {
		fake.server.next('/pa/send_message', { status, text: 'no' });
		expect(await failureOf(send())).toMatchObject({ code, retryable, channel: 'viber', providerCode: String(status) });
	});

	test.each([520, 524])("%i: Cloudflare's ways to say that nothing came back from behind it", async (status) => {
		fake.server.next('/pa/send_message', { status, text: '<html>' });
		expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	});

	test('without a code and words is not said to have words', async () => {
		fake.server.next('/pa/send_message', { status: 403, text: '<html>' });
		const { reason } = await failureOf(send());
		expect(reason).toMatch(/base URL.*proxy/);
		expect(reason).not.toContain('providerMessage');
	});

	test('names the time to wait', async () => {
		fake.server.next('/pa/send_message', { status: 429, headers: { 'retry-after': '7' } });
		expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});
});

test('a status that Viber does not document is refused with its words', async () => {
	fake.server.next('/pa/send_message', refusal(99, 'generalError'));
	expect(await failureOf(send())).toMatchObject({ code: 'rejected', retryable: false, providerCode: '99', providerMessage: 'generalError' });
});

test('no answer: before the request left it may be tried again, afterwards not', async () => {
	fake.server.next('/pa/send_message', 'hang up');
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	await fake.close();
	expect(await failureOf(send())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	fake = await fakeViber();
});

test('a call that sends nothing may be tried again when its answer is lost', async () => {
	const ports = callPorts(provider, fake.fields);
	fake.server.next('/pa/get_account_info', 'hang up', { status: 504 }, { text: 'n8n is starting up' }, { json: { status: 0 } });
	for (let count = 0; count < 4; count += 1) {
		expect(await failureOf(provider.account(ports))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	}
});
