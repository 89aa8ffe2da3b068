import { wechat } from '../../../src/channels/wechat';
import { FAILURES } from '../../../src/channels/wechat/failures';
import { provider } from '../../../src/channels/wechat/provider';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { callPorts, sendPorts } from '../../fakes/ports';
import { fakeWeChat, refusal, type FakeWeChat } from '../../fakes/wechat';
import { ANN, APP_ID } from '../../fakes/wechat-posts';

const MESSAGE_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const SEND = '/cgi-bin/message/custom/send';

let fake: FakeWeChat;
beforeEach(async () => {
	fake = await fakeWeChat();
});
afterEach(() => fake.close());

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const send = (user = ANN, text = 'Hello', fields = fake.fields) =>
	wechat.send({ kind: 'text', text }, { channel: 'wechat', account: APP_ID, user }, sendPorts(provider, fields), {
		messageId: MESSAGE_ID,
		quote: null,
		reply: null,
		humanAgent: false,
	});
const testCredential = (fields = fake.fields) => provider.test(callPorts(provider, fields));
const codes = (...from: number[]) => from;
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** What WeChat says to a message, and what it means. */
const OF_A_MESSAGE: [code: Failure['code'], errcodes: number[], more?: Partial<Failure>][] = [
	['window_closed', codes(45015)],
	['quota_used', codes(45047)],
	['rate_limited', codes(45009), { retryable: false }],
	['rate_limited', codes(45011), { retryable: true, retryAfterMs: 60_000 }],
	['recipient_unreachable', codes(40003, 43004, 43005, 43019, 46004, 48002, 50005)],
	[
		'content_unsupported',
		codes(...range(40004, 40012), 40033, 40035, 40038, 40118, 40121, 40137, 41005, 41006, ...range(44001, 44004), ...range(45001, 45008), 47001),
	],
	['provider_unavailable', codes(-1, 61450), { retryable: true }],
	['configuration_invalid', codes(40200)],
	['credential_invalid', codes(48008)],
];
/** What it says to every call of an account. */
const OF_THE_ACCOUNT: [code: Failure['code'], errcodes: number[]][] = [
	['credential_invalid', codes(48001, 50001, 45035, 61004)],
	['configuration_invalid', codes(48004, 50002)],
];
/** What it says to whoever asks for a token. */
const OF_A_TOKEN = codes(40013, 41002, 40125, 41004, 40164, 40243, 89501, 89503, 89506, 89507);
/** The token no longer counts. */
const OF_THE_TOKEN = codes(40001, 40014, 41001, 42001, 42007);

describe.each(OF_A_MESSAGE)('%s', (code, errcodes, more = {}) => {
	test.each(errcodes)('%i', async (errcode) => {
		fake.people.set(ANN, { errcode, left: 20, until: Infinity, remark: '' });
		const said = await failureOf(send());
		expect(said).toMatchObject({ code, channel: 'wechat', retryable: false, retryAfterMs: null, providerCode: String(errcode), ...more });
		expect(said.providerMessage).toContain('rid: 6239400b-7c13a47d-3cf2e8b9');
	});
});

describe.each(OF_THE_ACCOUNT)('%s, to a message and to the test of the credential', (code, errcodes) => {
	test.each(errcodes)('%i', async (errcode) => {
		fake.accountErrcode = errcode;
		const named = { code, channel: 'wechat', retryable: false, providerCode: String(errcode) };
		expect(await failureOf(send())).toMatchObject(named);
		expect(await failureOf(testCredential())).toMatchObject(named);
	});
});

test.each(OF_A_TOKEN)('credential_invalid, when a token is asked for: %i', async (errcode) => {
	fake.tokenErrcode = errcode;
	const named = { code: 'credential_invalid', channel: 'wechat', retryable: false, providerCode: String(errcode) };
	expect(await failureOf(send())).toMatchObject(named);
	expect(await failureOf(testCredential())).toMatchObject(named);
	expect(fake.server.requests.every(({ path }) => path === '/cgi-bin/stable_token')).toBe(true);
});

test.each(OF_THE_TOKEN)('credential_invalid, when a fresh token is refused again: %i', async (errcode) => {
	fake.server.next(SEND, refusal(errcode), refusal(errcode));
	expect(await failureOf(send())).toMatchObject({ code: 'credential_invalid', retryable: false, providerCode: String(errcode) });
	expect(fake.sent).toEqual([]);
});

test('every code of the table was refused for above', () => {
	const tried = [...OF_A_MESSAGE, ...OF_THE_ACCOUNT].flatMap(([, errcodes]) => errcodes).concat(OF_A_TOKEN, OF_THE_TOKEN).map(String);
	const known = FAILURES.flatMap(({ code = [] }) => code);
	expect([...tried].sort()).toEqual([...known].sort());
	expect(new Set(known).size).toBe(known.length);
});

test('the sentences say what to do, without words that blame', () => {
	for (const { reason } of FAILURES) {
		expect(reason).not.toMatch(/error|problem|failure|mistake/i);
		expect(reason).toMatch(/\.$/);
	}
});

test('the address that is not on the whitelist stands in the sentence, where WeChat names it', async () => {
	fake.tokenErrcode = 40164;
	const { reason, providerMessage } = await failureOf(testCredential());
	expect(reason).toMatch(/'API IP whitelist'.+ WeChat sees 203\.0\.113\.7\.$/);
	expect(providerMessage).toBe('invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6239400b-7c13a47d-3cf2e8b9');
	fake.server.next('/cgi-bin/stable_token', { text: '{"errcode":40164,"errmsg":"not in whitelist"}' });
	expect((await failureOf(testCredential())).reason).toMatch(/try again\.$/);
});

describe('what really happened', () => {
	test('the window: 48 hours after the last message', async () => {
		fake.heard('message', 48 * 3_600_000 + 1);
		expect(await failureOf(send())).toMatchObject({ code: 'window_closed', providerCode: '45015' });
		fake.heard();
		expect(await send()).toHaveLength(1);
	});

	test.each([5, 20])('P3: the count is %i, and a message of the contact begins it anew (C26)', async (count) => {
		fake.perWindow = count;
		fake.people.clear();
		fake.heard();
		for (let sent = 0; sent < count; sent += 1) await send();
		expect(await failureOf(send())).toMatchObject({ code: 'quota_used', retryable: false, providerCode: '45047' });
		fake.heard();
		expect(await send()).toHaveLength(1);
	});

	test('three messages after a tap on the menu', async () => {
		fake.people.clear();
		fake.heard('tap');
		for (let sent = 0; sent < 3; sent += 1) await send();
		expect(await failureOf(send())).toMatchObject({ code: 'quota_used' });
	});

	test('somebody else’s OpenID', async () => {
		expect(await failureOf(send('oBBBB_other'))).toMatchObject({ code: 'recipient_unreachable', providerCode: '40003' });
	});

	test.each([
		['of 2,049 bytes', '你'.repeat(683), '45002'],
		['that is empty', '', '44004'],
		['with half a character, which JSON has to escape', 'a\ud83d', '40033'],
	])('a text %s', async (_name, text, providerCode) => {
		expect(await failureOf(send(ANN, text))).toMatchObject({ code: 'content_unsupported', providerCode });
	});

	test('a wrong AppSecret and a wrong AppID', async () => {
		expect(await failureOf(testCredential(fake.wrongFields))).toMatchObject({ code: 'credential_invalid', providerCode: '40125' });
		expect(await failureOf(testCredential({ ...fake.fields, appId: 'wx0' }))).toMatchObject({ code: 'credential_invalid', providerCode: '40013' });
	});
});

describe('a refusal by HTTP', () => {
	test.each([
		[429, 'rate_limited', true],
		[500, 'provider_unavailable', true],
		[503, 'provider_unavailable', true],
		[502, 'outcome_unknown', false],
		[504, 'outcome_unknown', false],
		[412, 'rejected', false],
	])('%i is %s', async (status, code, retryable) => {
		fake.server.next(SEND, { status, text: 'no' });
		expect(await failureOf(send())).toMatchObject({ code, retryable, channel: 'wechat', providerCode: String(status) });
	});

	test('names the time to wait', async () => {
		fake.server.next(SEND, { status: 429, headers: { 'retry-after': '7' } });
		expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
	});
});

test('a code that WeChat does not document is refused with its words', async () => {
	fake.server.next(SEND, { json: { errcode: 99999, errmsg: 'new' } });
	expect(await failureOf(send())).toMatchObject({ code: 'rejected', retryable: false, providerCode: '99999', providerMessage: 'new' });
});

test.each([
	['without a code', { json: { errmsg: 'ok' } }],
	['that is empty', { text: '' }],
	['of somebody else', { text: '<html>' }],
])('an answer %s is not known to be sent', async (_name, behaviour) => {
	fake.server.next(SEND, behaviour);
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'wechat' });
});

test('no answer: before the request left it may be tried again, afterwards not', async () => {
	fake.server.next(SEND, 'hang up');
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	await fake.close();
	expect(await failureOf(send())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	fake = await fakeWeChat();
});

test('neither the token nor the secret is in what is said', async () => {
	fake.server.next(SEND, { json: { errcode: 99999, errmsg: 'new' } }, 'hang up', { status: 500 });
	for (let count = 0; count < 3; count += 1) {
		const said = JSON.stringify(await failureOf(send()));
		expect(said).not.toContain(fake.accessToken());
		expect(said).not.toContain(fake.fields['appSecret']);
	}
});
