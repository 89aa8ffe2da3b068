import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { MailServer, OutgoingMail } from '../../../src/core/mail';
import { upgradeOf } from '../../../src/n8n/mail/encryption';
import { mailService } from '../../../src/n8n/mail/service';
import { CERTIFICATE, PRIVATE_KEY } from '../../fakes/certificate';
import { fakeSmtp, type FakeSmtp } from '../../fakes/mail-smtp';
import { outcomeOf, outgoing, serverOn } from './outgoing';
import { scriptedSmtp, type Script } from './scripted-smtp';

const { user, password } = serverOn(0);
let smtp: FakeSmtp;
const serve = async (tls?: { secure: boolean }) => {
	smtp = await fakeSmtp({ user, password }, tls && { key: PRIVATE_KEY, cert: CERTIFICATE, ...tls });
};
const service = (more: Partial<MailServer> = {}) => mailService({ smtp: serverOn(smtp.port, more), imap: null });
afterEach(() => smtp.close());

/** How many such things keep this process from ending. */
const keptBy = (kind: string) => process.getActiveResourcesInfo().filter((name) => name === kind).length;

describe('a mail goes out', () => {
	beforeEach(() => serve());

	const send = async (more: Partial<OutgoingMail>) => {
		const accepted = await service().send(outgoing(more));
		const sent = smtp.mails.at(-1);
		if (!sent) throw new Error('nothing arrived');
		return { ...sent, accepted };
	};
	const headersOf = (source: string) => source.slice(0, source.indexOf('\r\n\r\n')).replace(/\r\n\s+/g, ' ').split('\r\n');

	test('with all that belongs to it', async () => {
		const { from, to, mail, source, accepted } = await send({
			from: { name: 'Büro "Nord"', address: 'support@shop.test' },
			to: [{ name: 'Ann', address: 'ann@example.test' }],
			cc: [{ name: '', address: 'cc@example.test' }],
			bcc: [{ name: 'Boss', address: 'boss@shop.test' }],
			replyTo: [{ name: '', address: 'replies@shop.test' }],
			subject: 'Re: Größe ✓',
			text: 'Grüße\n.\nend',
			html: '<p>Grüße</p>',
			messageId: '<m-2@shop.test>',
			inReplyTo: '<in-1@example.test>',
			references: ['<in-0@example.test>', '<in-1@example.test>'],
			headers: { 'Auto-Submitted': 'auto-replied' },
			attachments: [{ name: 'Übersicht.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') }],
		});
		expect(accepted).toEqual({ accepted: ['ann@example.test', 'cc@example.test', 'boss@shop.test'], rejected: [] });
		expect({ from, to }).toEqual({ from: 'support@shop.test', to: ['ann@example.test', 'cc@example.test', 'boss@shop.test'] });
		expect(source).not.toContain('boss@shop.test');
		expect(mail).toMatchObject({
			subject: 'Re: Größe ✓',
			text: 'Grüße\n.\nend',
			html: '<p>Grüße</p>',
			messageId: '<m-2@shop.test>',
			inReplyTo: '<in-1@example.test>',
			references: ['<in-0@example.test>', '<in-1@example.test>'],
			from: { value: [{ name: 'Büro "Nord"', address: 'support@shop.test' }] },
			replyTo: { value: [{ address: 'replies@shop.test' }] },
		});
		expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
		expect(mail.attachments).toMatchObject([{ filename: 'Übersicht.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }]);
	});

	test('A19: without a subject it has none, and without HTML it is text alone', async () => {
		const { source, mail } = await send({ subject: '', html: '' });
		expect(headersOf(source).some((line) => /^subject: ?\S/i.test(line))).toBe(false);
		expect(mail.html).toBe(false);
		expect(mail.headers.get('content-type')).toMatchObject({ value: 'text/plain' });
	});

	test.each<[string, Partial<OutgoingMail>]>([
		['subject', { subject: 'hello\r\nBcc: evil@example.test\r\n\r\nbody' }],
		['name', { from: { name: 'Shop\r\nBcc: evil@example.test', address: 'support@shop.test' } }],
		['header', { headers: { 'X-Note': 'a\r\nBcc: evil@example.test' } }],
		['name of a header', { headers: { 'X-Note: a\r\nBcc': 'evil@example.test' } }],
		['Message-ID', { messageId: '<a@b.test>\r\nBcc: evil@example.test' }],
		['In-Reply-To', { inReplyTo: '<a@b.test>\r\nBcc: evil@example.test' }],
		['references', { references: ['<a@b.test>\r\nBcc: evil@example.test'] }],
		['name of a file', { attachments: [{ name: 'a"\r\nBcc: evil@example.test\r\n\r\n.txt', mime: 'text/plain', bytes: Buffer.from('x') }] }],
		['type of a file', { attachments: [{ name: 'a.txt', mime: 'text/plain\r\nBcc: evil@example.test', bytes: Buffer.from('x') }] }],
	])('line breaks in the %s add no header and no recipient', async (_where, more) => {
		const { source, to } = await send(more);
		expect(to).toEqual(['ann@example.test']);
		expect(source).not.toMatch(/^bcc/im);
		expect(source).toContain('It is on its way.');
	});

	test.each(['ann@example.test>\r\nRCPT TO:<evil@example.test', 'ann', '', 'a b@example.test', 'ann@example.test\nevil@example.test', '<ann@example.test>'])(
		'%j is no address, which is said before anybody is asked',
		async (address) => {
			expect(await outcomeOf(service().send(outgoing({ to: [{ name: '', address }] })))).toMatchObject({ about: 'mail', status: 553, enhanced: '5.1.3' });
			expect(smtp.connections()).toBe(0);
		},
	);

	test('A13: a mail that is sent along is a file as well', async () => {
		const eml = { name: 'earlier.eml', mime: 'message/rfc822', bytes: Buffer.from('Subject: Earlier\r\n\r\nHello\r\n') };
		const { mail } = await send({ attachments: [eml] });
		expect(mail.text?.trim()).toBe('It is on its way.');
		expect(mail.attachments).toMatchObject([{ filename: 'earlier.eml', contentType: 'message/rfc822' }]);
	});

	test('text that looks like a place on this machine or in the web is sent as it is', async () => {
		const { mail } = await send({ text: '/etc/passwd', html: 'http://127.0.0.1/', attachments: [{ name: 'file:///etc/passwd', mime: 'text/plain', bytes: Buffer.from('mine') }] });
		expect(mail).toMatchObject({ text: '/etc/passwd', html: 'http://127.0.0.1/', attachments: [{ content: Buffer.from('mine') }] });
	});

	test('what some recipients were refused with is told, and the others get it', async () => {
		smtp.refuse('rcpt', '550 5.1.1 No such user', 'bob@example.test');
		const to = ['ann', 'bob'].map((name) => ({ name, address: `${name}@example.test` }));
		expect((await send({ to })).accepted).toEqual({
			accepted: ['ann@example.test'],
			rejected: [{ address: 'bob@example.test', response: '550 5.1.1 No such user' }],
		});
	});

	test('a refused mail leaves the way open for the next', async () => {
		smtp.refuse('data', '554 5.7.1 Spam');
		expect(await outcomeOf(service().send(outgoing()))).toMatchObject({ about: 'mail', status: 554 });
		await send({});
	});

	test('a wrong password', async () => {
		const wrong = service({ password: 'guess' });
		const said = { server: 'smtp', about: 'login', status: 535, enhanced: '5.7.8', response: 'Authentication credentials invalid' };
		expect(await outcomeOf(wrong.send(outgoing()))).toEqual(said);
		expect(await outcomeOf(wrong.check('smtp'))).toEqual(said);
		expect(await outcomeOf(service({ password: '' }).check('smtp'))).toMatchObject({ about: 'login', status: null });
		await service().check('smtp');
	});
});

describe('connections', () => {
	beforeEach(() => serve());
	const many = (count: number) => Promise.all(Array.from({ length: count }, () => service().send(outgoing())));

	test('are used again, by whoever has the same settings', async () => {
		await service().send(outgoing());
		await service().send(outgoing());
		expect(smtp.connections()).toBe(1);
		expect(smtp.mails).toHaveLength(2);
	});

	test('are three at most', async () => {
		await many(10);
		expect(smtp.mails).toHaveLength(10);
		expect(smtp.connections()).toBe(3);
	});

	test('while they rest they keep no process from ending', async () => {
		await service().send(outgoing());
		// The other end of the connection is in this process too, and counts.
		expect(keptBy('TCPSocketWrap')).toBe(1);
		await service().send(outgoing());
		expect(keptBy('TCPSocketWrap')).toBe(1);
	});

	test.each<[string, Script]>([
		['has closed meanwhile', {}],
		['closes just then', { hangUpAt: ['MAIL again'] }],
		['says that it closes', { replies: { 'MAIL again': '421 4.4.2 Idle for too long' } }],
	])('promise 4: one that the server %s is replaced, and the mail goes once', async (_when, script) => {
		const scripted = await scriptedSmtp(script);
		const other = mailService({ smtp: serverOn(scripted.port), imap: null });
		await other.send(outgoing());
		if (script.hangUpAt === undefined && script.replies === undefined) scripted.hangUp();
		await other.send(outgoing());
		expect(scripted.connections()).toBe(2);
		expect(scripted.lines.filter((line) => line.includes('It is on its way.'))).toHaveLength(2);
		await scripted.close();
	});

	test('promise 4: one that breaks after the mail is not tried again', async () => {
		await service().send(outgoing());
		smtp.breakNext();
		expect(await outcomeOf(service().send(outgoing()))).toBe('after');
		expect(smtp.mails).toHaveLength(2);
	});
});

describe('TLS', () => {
	const trusted = getCACertificates('default');
	afterEach(() => setDefaultCACertificates(trusted));

	test('from the first byte, with a certificate that is known', async () => {
		await serve({ secure: true });
		setDefaultCACertificates([...trusted, CERTIFICATE]);
		await service({ secure: true }).send(outgoing());
		expect(keptBy('TCPSocketWrap')).toBe(1);
		await service({ secure: true }).send(outgoing());
		expect(smtp.mails).toHaveLength(2);
		expect(smtp.connections()).toBe(1);
	});

	test('a certificate that vouches for itself is not enough', async () => {
		await serve({ secure: true });
		const said = { server: 'smtp', about: 'tls', status: null, enhanced: null, response: 'self-signed certificate' };
		expect(await outcomeOf(service({ secure: true }).send(outgoing()))).toEqual(said);
		expect(await outcomeOf(service({ secure: true }).check('smtp'))).toEqual(said);
	});

	test('a certificate for another name', async () => {
		await serve({ secure: true });
		setDefaultCACertificates([...trusted, CERTIFICATE]);
		expect(await outcomeOf(service({ secure: true, host: 'localhost' }).send(outgoing()))).toMatchObject({
			about: 'tls',
			response: expect.stringMatching(/^Hostname\/IP does not match certificate's altnames/) as string,
		});
	});

	test('a server that begins in plain text is named', async () => {
		await serve();
		expect(await outcomeOf(service({ secure: true }).send(outgoing()))).toMatchObject({
			about: 'tls',
			response: 'the server does not speak TLS from the first byte on this port',
		});
	});

	test('later, where it is offered: on this machine with any certificate', async () => {
		await serve({ secure: false });
		await service().send(outgoing());
		expect(smtp.mails).toHaveLength(1);
	});

	test('a password for another machine does not leave before it', async () => {
		// By this name the machine is found, and not known to be this one.
		const host = '127.1';
		await serve();
		expect(await outcomeOf(service({ host }).send(outgoing()))).toMatchObject({ about: 'tls', response: 'the server offers no encryption on this port' });
		expect(smtp.logins()).toBe(0);
		await smtp.close();
		smtp = await fakeSmtp({ user: '', password: '' });
		expect(await outcomeOf(service({ host, user: '', password: '' }).send(outgoing()))).toMatchObject({ accepted: ['ann@example.test'] });
		await smtp.close();
		await serve({ secure: false });
		expect(await outcomeOf(service({ host }).send(outgoing()))).toMatchObject({ about: 'tls', response: 'self-signed certificate' });
		expect(smtp.logins()).toBe(0);
	});

	test('a password for another machine needs it, and a certificate that is known', () => {
		const of = (host: string, login = { user, password }) => upgradeOf(serverOn(25, { host, ...login }));
		const NONE = { user: '', password: '' };
		expect(of('smtp.example.test')).toEqual({ required: true, verified: true });
		expect(of('10.0.0.5')).toEqual({ required: true, verified: true });
		expect(of('localhost.example.test')).toEqual({ required: true, verified: true });
		expect(of('127.0.0.1.example.test')).toEqual({ required: true, verified: true });
		expect(of('smtp.example.test', NONE)).toEqual({ required: false, verified: false });
		for (const host of ['localhost', 'LOCALHOST', 'mail.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]']) {
			expect(of(host)).toEqual({ required: false, verified: false });
		}
	});
});
