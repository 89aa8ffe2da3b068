import { telegram } from '../../../src/channels/telegram';
import { FAILURES } from '../../../src/channels/telegram/failures';
import { provider } from '../../../src/channels/telegram/provider';
import { ConversationsError, type Failure, type FailureCode } from '../../../src/core/failure';
import type { Content } from '../../../src/core/channel';
import { sendPorts } from '../../fakes/ports';
import { BOT_TOKEN, fakeTelegram, refused, type FakeTelegram } from '../../fakes/telegram';
import { ACCOUNT, attachment, FILES, USER } from './subject';

let fake: FakeTelegram;

beforeEach(async () => {
	fake = await fakeTelegram();
});
afterEach(() => fake.server.close());

const HELLO: Content = { kind: 'text', text: 'Hello' };

async function failureOf(work: Promise<unknown>): Promise<Failure> {
	const thrown = await work.then(() => undefined, (error: unknown) => error);
	if (!(thrown instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(thrown)}`);
	return thrown.failure;
}

function send(content = HELLO, { user = USER, fields = fake.fields } = {}): Promise<string[]> {
	const options = { messageId: 'm1', quote: null, reply: null, humanAgent: false };
	return telegram.send(content, { channel: 'telegram', account: ACCOUNT, user }, sendPorts(provider, fields, { files: FILES }), options);
}

/** Answers in the words of Telegram's server, and the row of the table that each must meet. */
const CAPTURED: [code: number, description: string, is: FailureCode, row: number][] = [
	[401, 'Unauthorized', 'credential_invalid', 0],
	[401, 'Unauthorized: invalid token specified', 'credential_invalid', 0],
	[404, 'Not Found', 'credential_invalid', 1],
	[421, 'Misdirected Request: unallowed token specified', 'configuration_invalid', 2],
	[403, 'Forbidden: bot was blocked by the user', 'recipient_unreachable', 3],
	[403, 'Forbidden: user is deactivated', 'recipient_unreachable', 4],
	[403, "Forbidden: bot can't initiate conversation with a user", 'recipient_unreachable', 5],
	[403, 'Forbidden: bot was kicked from the group chat', 'recipient_unreachable', 6],
	[403, 'Forbidden: bot was kicked from the supergroup chat', 'recipient_unreachable', 6],
	[403, 'Forbidden: bot is not a member of the channel chat', 'recipient_unreachable', 6],
	[403, 'Forbidden: the group chat was deleted', 'recipient_unreachable', 6],
	[403, "Forbidden: bot can't send messages to bots", 'recipient_unreachable', 7],
	[403, 'Forbidden: something new', 'recipient_unreachable', 8],
	[400, 'Bad Request: chat not found', 'recipient_unreachable', 9],
	[400, 'Bad Request: private chat not found', 'recipient_unreachable', 9],
	[400, 'Bad Request: user not found', 'recipient_unreachable', 9],
	[400, 'Bad Request: PEER_ID_INVALID', 'recipient_unreachable', 9],
	[400, 'Bad Request: group chat was upgraded to a supergroup chat', 'recipient_unreachable', 10],
	[400, 'Bad Request: message is too long', 'content_unsupported', 11],
	[400, 'Bad Request: message caption is too long', 'content_unsupported', 11],
	[400, 'Bad Request: message text is empty', 'content_unsupported', 12],
	[400, 'Bad Request: text must be non-empty', 'content_unsupported', 12],
	[400, "Bad Request: can't parse entities: unsupported start tag", 'content_unsupported', 13],
	[400, 'Bad Request: reply markup is too long', 'content_unsupported', 14],
	[400, 'Bad Request: BUTTON_DATA_INVALID', 'content_unsupported', 14],
	[400, 'Bad Request: message to be replied not found', 'content_unsupported', 15],
	[400, 'Bad Request: VOICE_MESSAGES_FORBIDDEN', 'content_unsupported', 16],
	[400, 'Bad Request: Wrong type of the web page content', 'content_unsupported', 17],
	[400, 'Bad Request: Failed to get HTTP URL content', 'content_unsupported', 17],
	[400, 'Bad Request: Wrong HTTP URL specified', 'content_unsupported', 17],
	[400, "Bad Request: can't upload file by URL", 'content_unsupported', 17],
	[400, 'Bad Request: file is too big', 'content_unsupported', 18],
	[400, 'Bad Request: wrong file_id or the file is temporarily unavailable', 'provider_unavailable', 19],
	[400, 'Bad Request: PHOTO_INVALID_DIMENSIONS', 'content_unsupported', 20],
	[400, 'Bad Request: IMAGE_PROCESS_FAILED', 'content_unsupported', 20],
	[400, 'Bad Request: file must be non-empty', 'content_unsupported', 20],
	[400, 'Bad Request: query is too old and response timeout expired or query ID is invalid', 'rejected', 21],
	[400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook', 'configuration_invalid', 22],
	[400, 'Bad Request: bad webhook: IP address 10.0.0.1 is reserved', 'configuration_invalid', 22],
	[400, 'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443', 'configuration_invalid', 22],
	[400, 'Bad Request: bad webhook: Failed to resolve host: Name or service not known', 'configuration_invalid', 22],
	[400, 'Bad Request: invalid webhook URL specified', 'configuration_invalid', 22],
	[400, 'Bad Request: FROZEN_METHOD_INVALID', 'credential_invalid', 23],
	[409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", 'configuration_invalid', 24],
	[409, 'Conflict: terminated by setWebhook request', 'configuration_invalid', 24],
	[409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running', 'configuration_invalid', 25],
	[409, 'Conflict: terminated by other setWebhook', 'configuration_invalid', 25],
	[413, 'Request Entity Too Large', 'content_unsupported', 26],
	[429, 'Too Many Requests: retry after 7', 'rate_limited', 27],
	[500, 'Internal Server Error: restart', 'outcome_unknown', 28],
	[500, 'Internal Server Error: Request aborted', 'outcome_unknown', 28],
	[500, "Internal Server Error: sent message was immediately deleted and can't be returned", 'outcome_unknown', 28],
	[500, 'Internal Server Error', 'provider_unavailable', -1],
	[500, 'Internal Server Error: RPC_CALL_FAIL', 'provider_unavailable', -1],
	[503, 'Service Unavailable', 'provider_unavailable', 29],
	[502, 'Bad Gateway', 'outcome_unknown', -1],
	[504, 'Gateway Timeout', 'outcome_unknown', -1],
	[400, 'Bad Request: SOMETHING_NEW', 'rejected', -1],
];

test.each(CAPTURED)('%i %s → %s', async (code, description, is, row) => {
	fake.server.next(/./, refused(code, description));
	const failure = await failureOf(send());
	expect(failure).toMatchObject({ code: is, channel: 'telegram', providerCode: String(code), providerMessage: description, retryable: ['rate_limited', 'provider_unavailable'].includes(is) });
	if (row >= 0) expect(failure.reason).toBe(FAILURES[row]?.reason);
	expect(JSON.stringify(failure)).not.toContain(BOT_TOKEN);
});

test('every row of the table is met by one of them', () => {
	expect([...new Set(CAPTURED.map(([, , , row]) => row).filter((row) => row >= 0))].sort((a, b) => a - b)).toEqual([...FAILURES.keys()]);
});

test('every sentence says what to do, in plain words', () => {
	for (const { reason } of FAILURES) {
		expect(reason).toMatch(/^[A-Z].*\.$/);
		expect(reason).not.toMatch(/\b(errors?|problems?|failures?|mistakes?)\b/i);
	}
});

test('a refusal that comes with status 200 counts too', async () => {
	fake.server.next(/./, { status: 200, json: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' } });
	expect(await failureOf(send())).toMatchObject({ code: 'recipient_unreachable' });
});

test('how long to wait: in the body, in the header, or in the words alone', async () => {
	fake.server.next(/./, refused(429, 'Too Many Requests: retry after 7', { retry_after: 7 }));
	expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 7000 });
	fake.server.next(/./, { status: 429, headers: { 'retry-after': '3' }, text: 'Too Many Requests' });
	expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 3000 });
	fake.server.next(/./, refused(429, 'Too Many Requests: retry after 35'));
	expect(await failureOf(send())).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 35_000 });
});

describe('what the fake refuses by itself', () => {
	test('a wrong token, a person who has not started the bot, one who blocked it, one who is gone', async () => {
		expect(await failureOf(send(HELLO, { fields: fake.wrongFields }))).toMatchObject({ code: 'credential_invalid' });
		expect(await failureOf(send(HELLO, { user: '42' }))).toMatchObject({ code: 'recipient_unreachable', providerMessage: 'Bad Request: chat not found' });
		fake.blocked.add(USER);
		expect(await failureOf(send())).toMatchObject({ code: 'recipient_unreachable', providerMessage: 'Forbidden: bot was blocked by the user' });
		fake.deactivated.add(USER);
		expect(await failureOf(send())).toMatchObject({ code: 'recipient_unreachable', providerMessage: 'Forbidden: user is deactivated' });
		expect(fake.sent).toEqual([]);
	});

	test('a file of the wrong type', async () => {
		const attachments = [{ ...attachment('invoice', 'file'), kind: 'image' as const }];
		expect(await failureOf(send({ kind: 'media', text: null, attachments }))).toMatchObject({ code: 'content_unsupported' });
	});
});

test('no answer: before the request left it may be tried again, after it nobody knows', async () => {
	expect(await failureOf(send(HELLO, { fields: { ...fake.fields, baseUrl: 'http://127.0.0.1:1' } }))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	fake.server.next(/./, 'hang up');
	expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
});
