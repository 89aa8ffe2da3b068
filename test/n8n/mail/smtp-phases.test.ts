import { mailService } from '../../../src/n8n/mail/service';
import { smtpFailure } from '../../../src/n8n/mail/smtp-errors';
import { outcomeOf, outgoing, serverOn } from './outgoing';
import { scriptedSmtp, type Moment, type Script, type ScriptedSmtp } from './scripted-smtp';

let server: ScriptedSmtp;
const start = async (script: Script) => {
	server = await scriptedSmtp(script);
	return mailService({ smtp: serverOn(server.port), imap: null });
};
afterEach(() => server.close());

const PIPELINING = ['PIPELINING', 'AUTH PLAIN'];
const ONE_BY_ONE = ['AUTH PLAIN'];
const bigText = 'a line of text that is repeated\n'.repeat(200_000);

describe('promise 4: whether a mail may have gone when the server hangs up', () => {
	const before: Moment[] = ['connect', 'greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA'];

	test.each(before.flatMap((moment) => [PIPELINING, ONE_BY_ONE].map((extensions) => ({ moment, extensions }))))(
		'$moment, with $extensions: surely not',
		async ({ moment, extensions }) => {
			const service = await start({ hangUpAt: [moment], extensions });
			expect(await outcomeOf(service.send(outgoing()))).toBe('before');
			expect(server.connections()).toBe(1);
		},
	);

	test('in the middle of a long mail: surely not, since its end was never written', async () => {
		const service = await start({ hangUpAt: ['body'] });
		expect(await outcomeOf(service.send(outgoing({ text: bigText })))).toBe('before');
	});

	test.each([PIPELINING, ONE_BY_ONE])('after the last line, with %s: it may', async (...extensions) => {
		const service = await start({ hangUpAt: ['dot'], extensions });
		expect(await outcomeOf(service.send(outgoing()))).toBe('after');
		expect(server.connections()).toBe(1);
	});

	test('nobody listens: surely not', async () => {
		const service = await start({});
		const { port } = server;
		await server.close();
		expect(await outcomeOf(mailService({ smtp: serverOn(port), imap: null }).send(outgoing()))).toBe('before');
		server = await scriptedSmtp();
		expect(service).toBeDefined();
	});
});

describe('what the server says', () => {
	const refused = (about: string, status: number | null, enhanced: string | null, response: string) => ({ server: 'smtp', about, status, enhanced, response });

	test.each([
		{ command: 'greeting', reply: '554 No service here', as: refused('other', 554, null, 'No service here') },
		{ command: 'greeting', reply: '421 4.3.2 Too many connections', as: refused('other', 421, '4.3.2', 'Too many connections') },
		{ command: 'AUTH', reply: '535 5.7.8 Error: authentication failed', as: refused('login', 535, '5.7.8', 'Error: authentication failed') },
		{ command: 'AUTH', reply: '534-5.7.9 Application-specific password required.\r\n534 5.7.9 Learn more', as: refused('login', 534, '5.7.9', 'Application-specific password required. Learn more') },
		{ command: 'AUTH', reply: '454 4.7.0 Temporary authentication failure', as: refused('other', 454, '4.7.0', 'Temporary authentication failure') },
		{ command: 'AUTH', reply: '530 5.7.0 Must issue a STARTTLS command first', as: refused('tls', 530, '5.7.0', 'Must issue a STARTTLS command first') },
		{ command: 'AUTH', reply: '538 5.7.11 Encryption required for requested authentication mechanism', as: refused('tls', 538, '5.7.11', 'Encryption required for requested authentication mechanism') },
		{ command: 'MAIL', reply: '553 5.7.1 Sender address rejected: not owned by user', as: refused('mail', 553, '5.7.1', 'Sender address rejected: not owned by user') },
		{ command: 'MAIL', reply: '530 5.7.0 Authentication Required.', as: refused('login', 530, '5.7.0', 'Authentication Required.') },
		{ command: 'MAIL', reply: '421 4.7.0 Try again later', as: refused('mail', 421, '4.7.0', 'Try again later') },
		{ command: 'RCPT', reply: '550 5.1.1 <ann@example.test>: user unknown', as: refused('mail', 550, '5.1.1', '<ann@example.test>: user unknown') },
		{ command: 'RCPT', reply: '451 4.7.1 Greylisted', as: refused('mail', 451, '4.7.1', 'Greylisted') },
		{ command: 'RCPT', reply: '550 No such person', as: refused('mail', 550, null, 'No such person') },
		{ command: 'DATA', reply: '554 5.5.1 No', as: refused('mail', 554, '5.5.1', 'No') },
		{ command: 'dot', reply: '554 5.7.1 Looks like spam', as: refused('mail', 554, '5.7.1', 'Looks like spam') },
		{ command: 'dot', reply: '452 4.3.1 Out of storage', as: refused('mail', 452, '4.3.1', 'Out of storage') },
		{ command: 'dot', reply: '421 4.7.0 Try again later', as: refused('mail', 421, '4.7.0', 'Try again later') },
	])('$command: $reply', async ({ command, reply, as }) => {
		for (const extensions of [PIPELINING, ONE_BY_ONE]) {
			const service = await start({ replies: { [command]: reply }, extensions });
			expect(await outcomeOf(service.send(outgoing()))).toEqual(as);
			await server.close();
		}
		server = await scriptedSmtp();
	});

	test('a password that the server repeats is left out, plain and encoded', async () => {
		const { password, user } = serverOn(0);
		const encoded = Buffer.from(`\0${user}\0${password}`).toString('base64');
		const service = await start({ replies: { AUTH: `501 5.5.2 Cannot decode ${encoded}, that is ${password}` } });
		const said = JSON.stringify(await outcomeOf(service.send(outgoing())));
		expect(said).toContain('Cannot decode');
		expect(said).not.toContain(password);
		const parts = said.match(/[A-Za-z0-9+/=]{8,}/g) ?? [];
		for (const part of parts) expect(Buffer.from(part, 'base64').toString()).not.toMatch(/correct|horse|battery|staple/);
	});

	test('a size that the server announced beforehand is not tried', async () => {
		const service = await start({ extensions: ['SIZE 1000', 'AUTH PLAIN'] });
		expect(await outcomeOf(service.send(outgoing({ text: bigText })))).toEqual(refused('mail', 552, '5.3.4', 'Message size larger than allowed 1000'));
		expect(server.lines.some((line) => line.startsWith('MAIL'))).toBe(false);
	});

	test('no login where one is needed', async () => {
		const service = await start({ extensions: ['PIPELINING'] });
		expect(await outcomeOf(service.send(outgoing()))).toMatchObject({ about: 'login', status: null });
		expect(server.lines.join()).not.toContain('AUTH');
	});
});

describe('a server that says nothing', () => {
	const silence = (code: string, timeoutType: string) => Object.assign(new Error('Timeout'), { code, timeoutType, command: 'CONN' });
	const said = (error: Error, port: number, hasLeft = false) => outcomeOf(Promise.reject(smtpFailure(error, hasLeft, serverOn(port))));

	test('has surely not got what was not sent, and may have got what was', async () => {
		expect(await said(silence('ETIMEDOUT', 'CONNECT_TIMEOUT'), 25)).toBe('before');
		expect(await said(silence('ETIMEDOUT', 'GREETING_TIMEOUT'), 587)).toBe('before');
		expect(await said(silence('ETIMEDOUT', 'SOCKET_TIMEOUT'), 25)).toBe('before');
		expect(await said(silence('ETIMEDOUT', 'SOCKET_TIMEOUT'), 25, true)).toBe('after');
	});

	test('a connection whose encryption breaks after the mail left says nothing of the mail', async () => {
		const broken = Object.assign(new Error('read EPROTO'), { code: 'ESOCKET', originalCode: 'EPROTO', command: 'CONN' });
		expect(await said(broken, 465, true)).toBe('after');
		expect(await said(broken, 465)).toMatchObject({ about: 'tls' });
	});

	test('on a port for TLS, in plain text, is named', async () => {
		expect(await said(silence('ETIMEDOUT', 'GREETING_TIMEOUT'), 465)).toMatchObject({ about: 'tls', response: 'this port is for TLS from the first byte' });
	});
});
