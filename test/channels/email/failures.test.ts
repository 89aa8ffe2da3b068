import { email } from '../../../src/channels/email';
import type { Refusal } from '../../../src/channels/email/failure-row';
import { FAILURES } from '../../../src/channels/email/failures';
import { provider } from '../../../src/channels/email/provider';
import { lateFailure, rowOf } from '../../../src/channels/email/refusals';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { fakeMailServers, PASSWORD, type FakeMail } from '../../fakes/mail';
import type { SmtpStep } from '../../fakes/mail-smtp';
import { callPorts, pollPorts, sendPorts } from '../../fakes/ports';
import { ACCOUNT, ANN, OUR_ID } from './subject';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let fake: FakeMail;
beforeEach(async () => {
	fake = await fakeMailServers();
});
afterEach(() => fake.close());

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const send = (fields: CredentialFields = fake.fields) =>
	email.send({ kind: 'text', text: 'Hello' }, { channel: 'email', account: ACCOUNT, user: ANN }, sendPorts(provider, fields), {
		messageId: OUR_ID,
		quote: null,
		reply: null,
		humanAgent: false,
	});

interface Pause {
	retryable?: boolean;
	retryAfterMs?: number;
}
const SOON: Pause = { retryable: true, retryAfterMs: 5 * MINUTE_MS };
const TOMORROW: Pause = { retryable: false, retryAfterMs: DAY_MS };

/** What a server says when a mail is sent, and what it means. The words are those of Postfix, Exim, Gmail, Exchange and others. */
const SAID_BY_SMTP: [step: SmtpStep, reply: string, code: Failure['code'], pause?: Pause][] = [
	['auth', '535 5.7.8 Username and Password not accepted', 'credential_invalid'],
	['auth', '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant', 'credential_invalid'],
	['mail', '550 5.7.30 Basic authentication is not supported for Client Submission', 'credential_invalid'],
	['auth', '534 5.7.9 Application-specific password required', 'credential_invalid'],
	['auth', '534 5.7.14 Please log in with your web browser', 'credential_invalid'],
	['auth', '535 5.7.11 Encryption required for requested authentication mechanism', 'configuration_invalid'],
	['auth', '535 5.7.0 Too many failed attempts', 'rate_limited', SOON],
	['auth', '454 4.7.0 Temporary authentication failure', 'rate_limited', SOON],
	['rcpt', '530 5.7.0 Authentication Required', 'credential_invalid'],
	['mail', '530 5.7.0 Must issue a STARTTLS command first', 'configuration_invalid'],
	['rcpt', '550 5.1.1 The email account that you tried to reach does not exist', 'recipient_unreachable'],
	['rcpt', '550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'recipient_unreachable'],
	['rcpt', '553 5.1.2 We were unable to find the recipient domain', 'recipient_unreachable'],
	['rcpt', '550 5.2.1 The email account that you tried to reach is inactive', 'recipient_unreachable'],
	['rcpt', '550 5.4.1 Recipient address rejected: Access denied', 'recipient_unreachable'],
	['rcpt', '550 5.4.310 DNS domain example.test does not exist', 'recipient_unreachable'],
	['rcpt', '550 No such user here', 'recipient_unreachable'],
	['rcpt', '550 Unrouteable address', 'recipient_unreachable'],
	['rcpt', '550 Requested action not taken: mailbox unavailable', 'recipient_unreachable'],
	['rcpt', '553 Requested action not taken: mailbox name not allowed', 'recipient_unreachable'],
	['rcpt', '551 User not local; please try another', 'recipient_unreachable'],
	['rcpt', '550 Invalid recipient', 'recipient_unreachable'],
	['data', '550 Requested action not taken: mailbox unavailable, reject due to policy restrictions', 'configuration_invalid'],
	['rcpt', '552 5.2.2 The recipient is out of storage space', 'recipient_unreachable'],
	['rcpt', '452 4.2.2 The recipient is out of storage space', 'recipient_unreachable'],
	['rcpt', '552 Requested mail action aborted: mailbox full', 'recipient_unreachable'],
	['data', '550 5.7.1 Our system has detected that this message is likely unsolicited mail', 'configuration_invalid'],
	['data', '550 5.7.26 Unauthenticated email from shop.test is not accepted due to DMARC policy', 'configuration_invalid'],
	['rcpt', '554 5.7.1 <ann@example.test>: Relay access denied', 'configuration_invalid'],
	['rcpt', '554 Service unavailable; client host blocked using a block list', 'configuration_invalid'],
	['mail', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'configuration_invalid'],
	['rcpt', '553 5.7.1 <support@shop.test>: Sender address rejected: not owned by user bob', 'configuration_invalid'],
	['mail', '501 5.1.7 Bad sender address syntax', 'configuration_invalid'],
	['data', '552 5.3.4 Message size exceeds fixed limit', 'content_unsupported'],
	['data', '554 5.2.3 Message is larger than the recipient takes', 'content_unsupported'],
	['data', '552 Error in processing', 'content_unsupported'],
	['data', '552 5.7.0 This message was blocked because its content presents a potential security issue', 'content_unsupported'],
	['data', '554 5.6.0 Corrupt message content', 'content_unsupported'],
	['rcpt', '452 4.5.3 Your message has too many recipients', 'content_unsupported'],
	['rcpt', '501 Bad address syntax', 'content_unsupported'],
	['data', '550 5.4.5 Daily user sending limit exceeded', 'rate_limited', TOMORROW],
	['data', '421 4.7.28 Unusual rate of mail from your domain', 'rate_limited', TOMORROW],
	['data', '550 5.1.90 Your message cannot be sent because you have reached your daily limit', 'rate_limited', TOMORROW],
	['rcpt', '550 Hourly limit of mails reached', 'rate_limited', TOMORROW],
	['rcpt', '450 4.7.1 <ann@example.test>: Recipient address rejected: Greylisted', 'rate_limited', SOON],
	['rcpt', '451 Greylisting in action, please come back later', 'rate_limited', SOON],
	['rcpt', '450 4.2.1 The user you are trying to contact is receiving mail too quickly', 'rate_limited', SOON],
	['mail', '421 Too many concurrent connections', 'rate_limited', SOON],
	['rcpt', '450 4.2.0 Mailbox busy', 'provider_unavailable', SOON],
	['mail', '452 4.3.1 Insufficient system storage', 'provider_unavailable', SOON],
	['data', '451 Local error in processing', 'provider_unavailable', SOON],
	['data', '554 Transaction failed', 'rejected'],
	['mail', '503 5.5.1 Bad sequence of commands', 'rejected'],
];

/** How it stands in the item. */
const codeIn = (reply: string) => /^\d{3}(?: \d\.\d+\.\d+)?/.exec(reply)?.[0] ?? null;

describe('what the SMTP server says', () => {
	test.each(SAID_BY_SMTP.map(([step, reply, code, pause = {}]) => ({ step, reply, code, pause })))('$step: $reply is $code', async ({ step, reply, code, pause }) => {
		fake.smtp.refuse(step, reply);
		const failure = await failureOf(send());
		expect(failure).toMatchObject({ code, channel: 'email', retryable: pause.retryable ?? false, retryAfterMs: pause.retryAfterMs ?? null, providerCode: codeIn(reply) });
		expect(failure.providerMessage).toContain(reply.split(' ').at(-1));
		expect(fake.mails).toEqual([]);
	});

	test('the password stands in nothing that is told', async () => {
		expect(JSON.stringify(await failureOf(send(fake.wrongFields)))).not.toContain(String(fake.wrongFields['smtpPassword']));
		fake.smtp.refuse('auth', `535 5.7.8 no ${PASSWORD}`);
		expect(JSON.stringify(await failureOf(send()))).not.toContain(PASSWORD);
	});
});

describe('no answer', () => {
	test('promise 4: before the mail left it may be sent again, afterwards not', async () => {
		const before = await failureOf(send(fake.goneFields));
		expect(before).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(before.reason).toMatch(/SMTP server 127\.0\.0\.1:1 cannot be reached.*'SMTP Host' and 'SMTP Port'/);
		fake.breakNext();
		expect(await failureOf(send())).toMatchObject({ code: 'outcome_unknown', retryable: false });
	});

	test.each([
		[{ smtpPort: 587, smtpSecure: true }, /Port 465 wants 'SMTP SSL\/TLS' on, port 587 off/],
		[{ smtpPort: 465, smtpSecure: false }, /Port 465 wants 'SMTP SSL\/TLS' on, port 587 off/],
	])('%j: the port and the kind of connection do not go together', async (change, sentence) => {
		expect((await failureOf(send({ ...fake.fields, ...change, smtpHost: '127.0.0.1' }))).reason).toMatch(sentence);
	});

	test('a port that speaks no TLS where TLS is wanted', async () => {
		const failure = await failureOf(send({ ...fake.fields, smtpSecure: true }));
		expect(failure).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/no safe connection to the SMTP server.*'SMTP SSL\/TLS'/) });
	});
});

describe('what the IMAP server says', () => {
	const poll = (fields: CredentialFields = fake.fields) => provider.poll?.(null, pollPorts(provider, fields)) ?? Promise.resolve();

	test.each<[reply: string, code: Failure['code'], sentence: RegExp]>([
		['NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)', 'credential_invalid', /'IMAP User' and 'IMAP Password'/],
		['NO [ALERT] Application-specific password required (Failure)', 'credential_invalid', /app password/],
		['NO [UNAVAILABLE] Server is busy', 'provider_unavailable', /asks again by itself/],
		['NO [AUTHENTICATIONFAILED] Too many login attempts', 'rate_limited', /Wait some minutes/],
		['NO [PRIVACYREQUIRED] Login needs encryption', 'configuration_invalid', /'IMAP SSL\/TLS' on/],
	])('to a login: %s is %s', async (reply, code, sentence) => {
		fake.imap.next(/^(LOGIN|AUTHENTICATE)/, reply);
		expect(await failureOf(poll())).toMatchObject({ code, channel: 'email', reason: expect.stringMatching(sentence) });
	});

	test('to the name of a folder', async () => {
		expect(await failureOf(poll({ ...fake.fields, mailbox: 'Support' }))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/'Mailbox'/) });
	});

	test('to anything else', async () => {
		fake.imap.next(/^(SELECT|EXAMINE)/, 'NO [SERVERBUG] Internal error');
		expect(await failureOf(poll())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});

	test('nothing: nobody is there, or the connection breaks', async () => {
		const gone = await failureOf(poll(fake.goneFields));
		expect(gone).toMatchObject({ code: 'provider_unavailable', retryable: true, reason: expect.stringMatching(/IMAP server 127\.0\.0\.1:1 cannot be reached/) });
		fake.imap.next(/^(SELECT|EXAMINE)/, 'hang up');
		expect(await failureOf(poll())).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});

	test('in plain text where TLS is wanted', async () => {
		expect(await failureOf(poll({ ...fake.fields, imapSecure: true }))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/'IMAP SSL\/TLS'/) });
	});
});

/** What reports say later: the mail is gone, whatever the reason. */
test.each<[status: string | null, diagnostic: string | null, code: Failure['code']]>([
	['5.1.1', '550 5.1.1 no such user', 'recipient_unreachable'],
	['5.0.0', '550 Requested action not taken: no such user here', 'recipient_unreachable'],
	['4.2.2', '452 4.2.2 mailbox full', 'recipient_unreachable'],
	['5.7.1', '550 5.7.1 message refused', 'configuration_invalid'],
	['5.3.4', null, 'content_unsupported'],
	['4.4.7', '4.4.7 message expired', 'not_delivered'],
	['4.7.1', '451 4.7.1 greylisted, try again', 'not_delivered'],
	['5.4.5', '550 5.4.5 daily sending limit exceeded', 'not_delivered'],
	['5.0.0', null, 'not_delivered'],
	[null, null, 'not_delivered'],
])('a report of %s (%s) is %s, and never tried again', (status, diagnostic, code) => {
	expect(lateFailure({ status, diagnostic })).toMatchObject({ code, channel: 'email', retryable: false, retryAfterMs: null, providerMessage: diagnostic });
	expect(lateFailure({ status, diagnostic }).reason).toMatch(/^The mail was taken and came back[.;]/);
});

describe('the table', () => {
	const refusal = (more: Partial<Refusal>): Refusal => ({ server: 'smtp', about: 'mail', status: null, enhanced: null, response: '', ...more });

	test('every row was refused for above', () => {
		const asRefusal = ([step, reply]: (typeof SAID_BY_SMTP)[number]): Refusal => {
			const [, status, enhanced, response = ''] = /^(\d{3})(?: (\d\.\d+\.\d+))? (.*)$/.exec(reply) ?? [];
			const isLogin = status === '530' || (step === 'auth' && !status?.startsWith('4'));
			const about = /STARTTLS/.test(reply) ? 'tls' : isLogin ? 'login' : 'mail';
			return refusal({ about, status: Number(status), enhanced: enhanced ?? null, response });
		};
		const imap: Refusal[] = (['login', 'tls', 'mailbox', 'other'] as const).map((about) => refusal({ server: 'imap', about }));
		const hit = new Set([...SAID_BY_SMTP.map(asRefusal), ...imap].map(rowOf));
		expect(FAILURES.filter((row) => !hit.has(row)).map(({ reason }) => reason)).toEqual([]);
	});

	test('the sentences say what to do, without words that blame', () => {
		for (const { reason } of FAILURES) {
			expect(reason).not.toMatch(/error|problem|failure|mistake/i);
			expect(reason).toMatch(/\.$/);
		}
	});

	test('a flood of words is cut', () => {
		expect(lateFailure({ status: null, diagnostic: 'relay'.repeat(100_000) }).providerMessage).toHaveLength(1000);
	});
});

test('an account is tested without a word about it in its failures', async () => {
	expect(JSON.stringify(await failureOf(provider.test(callPorts(provider, fake.wrongFields))))).not.toContain(String(fake.wrongFields['imapPassword']));
});
