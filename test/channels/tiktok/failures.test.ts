import { tiktok } from '../../../src/channels/tiktok';
import { APP_FAILURES, FAILURES, MEDIA_FAILURES, OWNER_FAILURES, RENEWAL_FAILURES } from '../../../src/channels/tiktok/failures';
import { provider } from '../../../src/channels/tiktok/provider';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { callPorts, sendPorts } from '../../fakes/ports';
import { ACCOUNT, CONVERSATION, REQUEST_ID, fakeTikTok, refusal, type FakeTikTok } from '../../fakes/tiktok';

let fake: FakeTikTok;
beforeEach(async () => {
	fake = await fakeTikTok();
});
afterEach(() => fake.close());

const SEND = /message\/send/;
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const send = (user = CONVERSATION, text = 'Hello', fields = fake.fields) =>
	tiktok.send({ kind: 'text', text }, { channel: 'tiktok', account: ACCOUNT, user }, sendPorts(provider, fields), {
		messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
		quote: null,
		reply: null,
		humanAgent: false,
	});
const ports = () => callPorts(provider, fake.fields);

const TABLES = [...FAILURES, ...RENEWAL_FAILURES, ...OWNER_FAILURES, ...MEDIA_FAILURES, ...APP_FAILURES];

/** What TikTok says to a message, and what it means. */
const OF_A_MESSAGE: [code: number, words: string, is: Failure['code']][] = [
	[40_016, 'QPM limit reached.', 'rate_limited'],
	[40_100, 'Due to too many requests, requests from App are temporarily restricted.', 'rate_limited'],
	[40_133, 'QPD limit reached.', 'rate_limited'],
	[50_000, 'System error.', 'outcome_unknown'],
	[50_002, 'Service error.', 'outcome_unknown'],
	[51_065, 'System error.', 'outcome_unknown'],
	[40_101, 'Illegal app id or secret.', 'credential_invalid'],
	[40_064, 'You are sending messages too fast. Take a rest.', 'quota_used'],
	[40_064, 'Blocked by direct message rules.', 'window_closed'],
	[40_001, 'No permission to perform the operation.', 'credential_invalid'],
	[40_007, 'The conversation does not exist.', 'recipient_unreachable'],
	[40_002, 'Param business_id is invalid.', 'configuration_invalid'],
	[40_002, 'Param conversation_id is invalid.', 'recipient_unreachable'],
	[40_002, 'Param recipient is invalid.', 'recipient_unreachable'],
	[40_002, 'Param text is invalid.', 'content_unsupported'],
	[40_908, 'The file type is not supported.', 'content_unsupported'],
];

test.each(OF_A_MESSAGE)('%i (%s) is %s', async (code, message, is) => {
	fake.conversations.set(CONVERSATION, { code, message });
	expect(await failureOf(send())).toMatchObject({
		code: is,
		channel: 'tiktok',
		providerCode: String(code),
		providerMessage: `${message} (trace ${REQUEST_ID})`,
		retryable: is === 'rate_limited',
		retryAfterMs: null,
	});
});

test.each([40_102, 40_104, 40_105])('%i: a token that is refused is renewed once; when the new one is refused, too, it is credential_invalid', async (code) => {
	fake.server.next(SEND, refusal(code, 'no'), refusal(code, 'no'));
	expect(await failureOf(send())).toMatchObject({ code: 'credential_invalid', providerCode: String(code), retryable: false });
	expect(fake.server.requests.map(({ path }) => path.replace('/open_api/v1.3', ''))).toEqual([
		'/business/message/send/',
		'/tt_user/oauth2/refresh_token/',
		'/business/message/send/',
	]);
});

test('every code of the table was refused for above', () => {
	const tried = OF_A_MESSAGE.map(([code]) => String(code)).concat('40102', '40104', '40105');
	const codes = TABLES.flatMap(({ code = [] }) => code);
	expect([...new Set(tried)].sort()).toEqual([...new Set(codes)].sort());
});

test('the sentences say what to do, without words that blame', () => {
	for (const { reason } of TABLES) {
		expect(reason).not.toMatch(/error|problem|failure|mistake/i);
		expect(reason).toMatch(/\.$/);
	}
});

test('what TikTok itself finds wrong: a conversation that is not there, a text that is too long, an eleventh message', async () => {
	expect(await failureOf(send('u5gone=='))).toMatchObject({ code: 'recipient_unreachable', providerCode: '40007' });
	expect(await failureOf(send(CONVERSATION, 'a'.repeat(6001)))).toMatchObject({ code: 'content_unsupported', providerCode: '40002' });
	for (let count = 0; count < 10; count += 1) await send();
	expect(await failureOf(send())).toMatchObject({ code: 'window_closed', providerCode: '40064' });
});

describe('a refusal by HTTP', () => {
	test.each([
		[429, 'rate_limited', true],
		[500, 'provider_unavailable', true],
		[503, 'provider_unavailable', true],
		[502, 'outcome_unknown', false],
		[504, 'outcome_unknown', false],
		[401, 'credential_invalid', false],
		[403, 'credential_invalid', false],
		[404, 'configuration_invalid', false],
		[400, 'rejected', false],
	])('%i is %s', async (status, code, retryable) => {
		fake.server.next(SEND, { status, text: 'no' });
		expect(await failureOf(send())).toMatchObject({ code, retryable, channel: 'tiktok', providerCode: String(status) });
	});

	test('with a code counts by its code', async () => {
		fake.server.next(SEND, { status: 404, json: { code: 40_064, message: 'Blocked by direct message rules.' } });
		expect(await failureOf(send())).toMatchObject({ code: 'window_closed', providerCode: '40064', providerMessage: 'Blocked by direct message rules.' });
	});

	test('names the time to wait', async () => {
		fake.server.next(SEND, { status: 429, headers: { 'retry-after': '7' } });
		expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});

	test("of a base URL without TikTok's path is named", async () => {
		const fields = { ...fake.fields, baseUrl: fake.server.url };
		expect(await failureOf(send(CONVERSATION, 'Hello', fields))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringContaining("'Base URL'") as unknown });
	});
});

test('a code that is not known here is refused with its words', async () => {
	fake.server.next(SEND, refusal(49_999, 'Something new.'));
	expect(await failureOf(send())).toMatchObject({ code: 'rejected', retryable: false, providerCode: '49999', providerMessage: `Something new. (trace ${REQUEST_ID})` });
});

test.each([
	['log_id', { json: { code: 40_064, message: 'Blocked by direct message rules.', log_id: '20261122A1' } }],
	['X-Tt-Logid', { headers: { 'x-tt-logid': '20261122A1' }, json: { code: 40_064, message: 'Blocked by direct message rules.' } }],
])('the id for the support desk, where it comes as %s', async (_name, answer) => {
	fake.server.next(SEND, answer);
	expect(await failureOf(send())).toMatchObject({ providerCode: '40064', providerMessage: 'Blocked by direct message rules. (trace 20261122A1)' });
});

test('no answer: before the request left it may be tried again, afterwards not', async () => {
	fake.server.next(SEND, 'hang up');
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	await fake.close();
	expect(await failureOf(send())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	fake = await fakeTikTok();
});

test('a call that sends nothing may be tried again when its answer is lost', async () => {
	const lost = ['hang up', { status: 504 }, { text: 'n8n is starting up' }, refusal(51_065, 'System error.')] as const;
	fake.server.next(/webhook\/list/, ...lost);
	for (let count = 0; count < lost.length; count += 1) {
		expect(await failureOf(provider.registration.current(ACCOUNT, ports()))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	}
});
