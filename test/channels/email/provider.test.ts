import { email } from '../../../src/channels/email';
import { provider } from '../../../src/channels/email/provider';
import type { ChannelEvent } from '../../../src/core/channel';
import { ConversationsError, InputError, type Failure } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { NO_MAIL } from '../../../src/n8n/mail/service';
import { ADDRESS, fakeMailServers, NAME, PASSWORD, WRONG_PASSWORD, type FakeMail } from '../../fakes/mail';
import { callPorts, pollPorts, type TestFile } from '../../fakes/ports';
import { parts, raw } from './mailbox';
import { ACCOUNT, ANN, OUR_MAIL } from './subject';

const PLAIN = { fromAddress: ` ${ADDRESS} `, smtpHost: 'smtp.shop.test', smtpUser: ADDRESS, smtpPassword: PASSWORD };

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('the credential', () => {
	test('has defaults: TLS on its own ports; receiving with the same login as sending', () => {
		expect(provider.read({ ...PLAIN, imapHost: 'imap.shop.test' })).toEqual({
			fromAddress: ADDRESS,
			fromName: '',
			smtp: { host: 'smtp.shop.test', port: 465, secure: true, user: ADDRESS, password: PASSWORD },
			imap: { host: 'imap.shop.test', port: 993, secure: true, user: ADDRESS, password: PASSWORD, mailbox: 'INBOX' },
		});
	});

	test('every field counts', () => {
		const fields = {
			...PLAIN,
			fromName: ` ${NAME} `,
			smtpPort: 2525,
			smtpSecure: true,
			imapHost: ' imap.shop.test ',
			imapPort: '1430',
			imapSecure: false,
			imapUser: 'reader',
			imapPassword: 'other',
			mailbox: 'INBOX.Support',
		};
		const credential = provider.read(fields);
		expect(credential).toMatchObject({
			fromName: NAME,
			smtp: { port: 2525, secure: true },
			imap: { host: 'imap.shop.test', port: 1430, secure: false, user: 'reader', password: 'other', mailbox: 'INBOX.Support' },
		});
		expect(provider.mailServers?.(credential)).toEqual({ smtp: credential.smtp, imap: credential.imap });
	});

	test.each([
		[{ smtpSecure: false }, 587, false],
		[{ smtpPort: 587 }, 587, false],
		[{ smtpPort: 465 }, 465, true],
		[{ smtpPort: 587, smtpSecure: true }, 587, true],
	])('port and kind of connection: %j', (fields, port, secure) => {
		expect(provider.read({ ...PLAIN, ...fields }).smtp).toMatchObject({ port, secure });
	});

	test('without an IMAP server it only sends; without a user there is no login', () => {
		expect(provider.read(PLAIN).imap).toBeNull();
		expect(provider.read({ ...PLAIN, smtpUser: '', smtpPassword: '' }).smtp).toMatchObject({ user: '', password: '' });
	});

	test.each<[string, CredentialFields]>([
		['From Address', { fromAddress: '' }],
		['From Address', { fromAddress: 'Shop <support@shop.test>' }],
		['SMTP Host', { smtpHost: '' }],
		['SMTP Host', { smtpHost: 'https://smtp.shop.test' }],
		['SMTP Host', { smtpHost: 'smtp.shop.test:465' }],
		['SMTP Port', { smtpPort: 'tls' }],
		['SMTP Port', { smtpPort: 70_000 }],
		['SMTP Password', { smtpPassword: '' }],
		['IMAP Host', { imapHost: 'imap shop' }],
		['IMAP Port', { imapHost: 'imap.shop.test', imapPort: 0 }],
		['IMAP User', { imapHost: 'imap.shop.test', smtpUser: '', smtpPassword: '' }],
		['IMAP Password', { imapHost: 'imap.shop.test', imapUser: 'reader', smtpUser: '', smtpPassword: '' }],
	])("'%s' is named when it is not right: %j", (label, change) => {
		const read = () => provider.read({ ...PLAIN, ...change });
		expect(read).toThrow(InputError);
		expect(read).toThrow(`'${label}'`);
	});

	test('hosts may be numbers', () => {
		expect(provider.read({ ...PLAIN, smtpHost: '192.0.2.1', imapHost: '2001:db8::1' })).toMatchObject({ smtp: { host: '192.0.2.1' }, imap: { host: '2001:db8::1' } });
	});

	test('the account is the address, told without a call; the password is what must not be told', async () => {
		const ports = callPorts(provider, { ...PLAIN, fromAddress: 'Support@Shop.test' });
		expect(await provider.account({ ...ports, mail: NO_MAIL })).toBe(ACCOUNT);
		expect(provider.secretOf(ports.credential)).toBe(PASSWORD);
		expect(provider.secretOf(provider.read({ ...PLAIN, smtpUser: '', smtpPassword: '', imapHost: 'i.test', imapUser: 'u', imapPassword: 'p' }))).toBe('p');
		expect(provider.bases(ports.credential)).toEqual({});
		expect(provider.authorize({ method: 'GET', url: 'https://shop.test/x' }, ports.credential)).toEqual({ method: 'GET', url: 'https://shop.test/x' });
	});
});

describe('registration', () => {
	const { registration } = provider;
	const key = (fields: CredentialFields) => registration.key(provider.read({ ...PLAIN, ...fields }), ACCOUNT);

	test('there is no address; a folder is read once, whatever the sender', async () => {
		const ports = callPorts(provider, { ...PLAIN, imapHost: 'IMAP.shop.test' });
		expect(key({ imapHost: 'IMAP.shop.test' })).toBe(`email/${ADDRESS}@imap.shop.test/inbox`);
		expect(key({ imapHost: 'imap.shop.test', fromAddress: 'orders@shop.test' })).toBe(key({ imapHost: 'imap.shop.test' }));
		expect(key({ imapHost: 'imap.shop.test', mailbox: 'Orders' })).not.toBe(key({ imapHost: 'imap.shop.test' }));
		expect(key({})).toBe(`email/${ADDRESS}`);
		expect(registration.byHand(ports.credential, '')).toBeNull();
		await registration.remove(ACCOUNT, { ...ports, mail: NO_MAIL });
		expect(await registration.current(ACCOUNT, { ...ports, mail: NO_MAIL })).toEqual({ url: null, problem: null });
	});

	test('nobody can post a mail', () => {
		expect(provider.onlyPolls).toBe(true);
		expect(email.webhook.isAuthentic({ method: 'POST', headers: {}, query: {}, body: Buffer.alloc(0), receivedAt: 0 }, provider.read(PLAIN), ACCOUNT, '')).toBe(false);
	});
});

describe('the servers', () => {
	let fake: FakeMail;
	beforeEach(async () => {
		fake = await fakeMailServers();
	});
	afterEach(() => fake.close());

	const tested = (fields: CredentialFields) => provider.test(callPorts(provider, fields));

	test('the test says what works', async () => {
		expect(await tested(fake.fields)).toBe(`Connected for sending as ${ADDRESS}, and for receiving from INBOX.`);
		expect(await tested(fake.sendOnlyFields)).toBe(`Connected for sending as ${ADDRESS}; no IMAP server is given, so nothing is received.`);
		expect(fake.mails).toEqual([]);
	});

	test.each<[string, CredentialFields, Failure['code'], RegExp]>([
		['the password for sending', { smtpPassword: WRONG_PASSWORD }, 'credential_invalid', /^Sending does not work yet\. The SMTP server .*'SMTP Password'.*app password/],
		['the password for receiving', { imapPassword: WRONG_PASSWORD }, 'credential_invalid', /^Sending works; receiving does not yet\. The IMAP server .*'IMAP Password'.*app password/],
		['both', { smtpPassword: WRONG_PASSWORD, imapPassword: WRONG_PASSWORD }, 'credential_invalid', /^Neither sending nor receiving works yet\. The SMTP server .*The IMAP server /],
		['the port for sending', { smtpPort: 1 }, 'provider_unavailable', /^Sending does not work yet\. The SMTP server 127\.0\.0\.1:1 cannot be reached\. Check 'SMTP Host' and 'SMTP Port'/],
		['the port for receiving', { imapPort: 1 }, 'provider_unavailable', /^Sending works; .*The IMAP server 127\.0\.0\.1:1 cannot be reached\. Check 'IMAP Host' and 'IMAP Port'/],
		['the name of the server', { smtpHost: 'smtp.invalid' }, 'provider_unavailable', /The SMTP server smtp\.invalid:\d+ cannot be reached/],
		['the kind of connection for sending', { smtpSecure: true }, 'configuration_invalid', /'SMTP SSL\/TLS'/],
		['the kind of connection for receiving', { imapSecure: true }, 'configuration_invalid', /^Sending works; .*'IMAP SSL\/TLS'/],
		['the folder', { mailbox: 'Support' }, 'configuration_invalid', /^Sending works; .*'Mailbox'/],
	])('the test names what is wrong: %s', async (_name, change, code, sentence) => {
		const failure = await failureOf(tested({ ...fake.fields, ...change }));
		expect(failure).toMatchObject({ code, channel: 'email' });
		expect(failure.reason).toMatch(sentence);
		expect(JSON.stringify(failure)).not.toContain(WRONG_PASSWORD);
	});

	test.each<[string, CredentialFields, Failure['code'], RegExp]>([
		['a wrong password', { imapPassword: WRONG_PASSWORD }, 'credential_invalid', /'IMAP Password'/],
		['a folder that is not there', { mailbox: 'Support' }, 'configuration_invalid', /'Mailbox'/],
		['no IMAP server', { imapHost: '' }, 'configuration_invalid', /no IMAP server.*'IMAP Host'/],
	])('publishing a trigger fails for %s, and not otherwise', async (_name, change, code, sentence) => {
		const register = (fields: CredentialFields) => provider.registration.register({ url: '', secret: '' }, ACCOUNT, callPorts(provider, fields));
		await register(fake.fields);
		const failure = await failureOf(register({ ...fake.fields, ...change }));
		expect(failure).toMatchObject({ code, channel: 'email' });
		expect(failure.reason).toMatch(sentence);
	});

	describe('receiving', () => {
		const news = async (cursor: string | null, kept: TestFile[] = []): Promise<{ events: ChannelEvent[]; cursor: string }> => {
			const ports = pollPorts(provider, fake.fields, { kept, signal: AbortSignal.timeout(4_000) });
			const found = await provider.poll?.(cursor, ports);
			if (!found) throw new Error('nothing came back');
			const request = (body: Uint8Array) => ({ method: 'POST', headers: {}, query: {}, body, receivedAt: 0 });
			return { cursor: found.cursor, events: found.bodies.flatMap((body) => email.webhook.parse(request(body), ports.credential, ACCOUNT)) };
		};

		test('old mails are not read; new ones come as they arrive, each once', async () => {
			fake.imap.put(raw({ 'Message-ID': '<old@example.test>' }));
			const start = await news(null);
			expect(start.events).toEqual([]);
			fake.imap.put(raw({ 'Message-ID': '<new-1@example.test>' }));
			const first = await news(start.cursor);
			expect(first.events).toMatchObject([{ kind: 'message', externalId: '<new-1@example.test>', from: { user: ANN } }]);
			fake.imap.put(raw({ 'Message-ID': '<new-2@example.test>' }));
			expect((await news(first.cursor)).events).toMatchObject([{ externalId: '<new-2@example.test>' }]);
			// What was not confirmed comes again.
			expect((await news(start.cursor)).events).toMatchObject([{ externalId: '<new-1@example.test>' }, { externalId: '<new-2@example.test>' }]);
		});

		test('an answer with a file, over the wire', async () => {
			const { cursor } = await news(null);
			const pdf = { head: 'Content-Type: application/pdf; name="invoice.pdf"\nContent-Transfer-Encoding: base64', body: Buffer.from('%PDF').toString('base64') };
			const words = { head: 'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable', body: 'Gr=FC=DFe\n\nAm 21.11.26 um 10:00 schrieb Shop Support:\n> Hallo' };
			const { type, body } = parts('mixed', words, pdf);
			fake.imap.put(raw({ 'Content-Type': type, 'In-Reply-To': OUR_MAIL }, body));
			const kept: TestFile[] = [];
			expect((await news(cursor, kept)).events).toMatchObject([
				{ kind: 'message', replyTo: OUR_MAIL, content: { kind: 'media', text: 'Grüße', attachments: [{ fileId: 'kept-1', name: 'invoice.pdf', sizeBytes: 4 }] } },
			]);
			expect(kept).toMatchObject([{ name: 'invoice.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') }]);
		});

		test('without an IMAP server the trigger says what to fill in', async () => {
			const failure = await failureOf(provider.poll?.(null, pollPorts(provider, fake.sendOnlyFields)) ?? Promise.resolve());
			expect(failure).toMatchObject({ code: 'configuration_invalid', retryable: false });
			expect(failure.reason).toMatch(/no IMAP server.*'IMAP Host'/);
		});
	});
});
