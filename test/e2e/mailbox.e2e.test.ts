import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ImapFlow } from 'imapflow';
import { Unanswered } from '../../src/core/http';
import type { MailService, ReceivedMail } from '../../src/core/mail';
import { mailService } from '../../src/n8n/mail/service';
import { CERTIFICATE } from '../fakes/certificate';
import { fakeSmtp } from '../fakes/mail-smtp';
import { outcomeOf, outgoing, serverOn } from '../n8n/mail/outgoing';
import { until } from '../until';
import { describeWithDovecot, startDovecot, type Dovecot } from './kit/dovecot';

const SUPPORT = { user: 'support@shop.test', password: 'correct horse battery staple' };
const SALES = { user: 'sales@shop.test', password: 'hunter2' };
const MB = 1024 * 1024;

interface Place {
	user: string;
	password: string;
	mailbox: string;
	port: number;
	secure: boolean;
	host: string;
}

/** Reads like the loop that asks a channel for news: again after a pause when the server was away. */
class Reader {
	readonly mails: ReceivedMail[] = [];
	readonly batches: number[] = [];
	failures = 0;
	private readonly end = new AbortController();

	constructor(private readonly service: MailService, private cursor: string | null = null) {}

	/** One question. */
	async ask(): Promise<ReceivedMail[]> {
		const { mails, cursor } = await this.service.next(this.cursor, this.end.signal);
		this.cursor = cursor;
		this.mails.push(...mails);
		if (mails.length > 0) this.batches.push(mails.length);
		return mails;
	}

	async begin(): Promise<this> {
		await this.ask();
		return this;
	}

	async askUntil(count: number): Promise<void> {
		while (this.mails.length < count) {
			try {
				await this.ask();
			} catch (error) {
				if (!(error instanceof Unanswered)) throw error;
				this.failures += 1;
				await wait(100);
			}
		}
	}

	/** How far it read. */
	at(): string {
		if (this.cursor === null) throw new Error('nothing was asked yet');
		return this.cursor;
	}

	stop(): void {
		this.end.abort();
	}

	get subjects(): string[] {
		return this.mails.map(({ subject }) => subject);
	}
}

let count = 0;
const mail = (subject: string) => {
	count += 1;
	return [`From: Ann <ann@example.test>`, `To: ${SUPPORT.user}`, `Subject: ${subject}`, `Message-ID: <in-${count}@example.test>`, '', `Hello from ${subject}`].join('\r\n');
};
const names = (prefix: string, length: number) => Array.from({ length }, (_, index) => `${prefix} ${index}`);

describeWithDovecot('a real mail server', () => {
	let dovecot: Dovecot;
	const readers: Reader[] = [];
	beforeEach(async () => {
		dovecot = await startDovecot([SUPPORT, SALES]);
	});
	afterEach(async () => {
		readers.splice(0).forEach((reader) => reader.stop());
		await dovecot.remove();
	});

	const service = (more: Partial<Place> = {}) =>
		mailService({ smtp: serverOn(1), imap: { host: '127.0.0.1', port: dovecot.imapPort, secure: false, ...SUPPORT, mailbox: 'INBOX', ...more } });
	const reader = (more: Partial<Place> = {}, cursor: string | null = null) => {
		const made = new Reader(service(more), cursor);
		readers.push(made);
		return made;
	};
	const deliver = (...subjects: string[]) => dovecot.deliverAll(subjects.map(mail), SUPPORT.user);

	test('a mail that arrives is there within seconds, and is not marked as seen', async () => {
		await deliver('old');
		const reads = await reader().begin();
		const news = reads.ask();
		await wait(500);
		const since = Date.now();
		await deliver('new');
		expect(await news).toMatchObject([{ subject: 'new', text: 'Hello from new', from: { name: 'Ann', address: 'ann@example.test' } }]);
		expect(Date.now() - since).toBeLessThan(5_000);
		expect(Math.abs((reads.mails[0]?.receivedAt ?? 0) - since)).toBeLessThan(60_000);
		const flags = dovecot.files(SUPPORT.user).map((name) => /:2,(\w*)$/.exec(name)?.[1] ?? '');
		expect(flags).toHaveLength(2);
		expect(flags.join('')).not.toContain('S');
	});

	test('what arrives while nobody reads is read later, once, by whoever goes on', async () => {
		const first = await reader().begin();
		await deliver('a', 'b');
		await first.askUntil(2);
		first.stop();
		await deliver('c', 'd');
		await dovecot.restart();
		await deliver('e');
		const second = reader({}, first.at());
		await second.askUntil(3);
		expect([first.subjects, second.subjects]).toEqual([['a', 'b'], ['c', 'd', 'e']]);
		expect(new Set([...first.mails, ...second.mails].map(({ key }) => key)).size).toBe(5);
	});

	test('hundreds come in their order, some at a time', async () => {
		const reads = await reader().begin();
		const all = names('mail', 300);
		await deliver(...all);
		await reads.askUntil(all.length);
		expect(reads.subjects).toEqual(all);
		expect(Math.max(...reads.batches)).toBe(20);
	});

	test('the server is restarted while it waits, again and again: none is lost, none comes twice', async () => {
		const reads = await reader().begin();
		const all = names('mail', 40);
		const reading = reads.askUntil(all.length);
		for (const [index, name] of all.entries()) {
			if (index % 10 === 5) await dovecot.restart();
			await deliver(name);
		}
		await reading;
		expect(reads.subjects).toEqual(all);
		expect(reads.failures).toBeGreaterThan(0);
	});

	test('the server is away for a while', async () => {
		const reads = await reader().begin();
		const asked = outcomeOf(reads.ask());
		await wait(300);
		await dovecot.stop();
		expect(await asked).toBe('before');
		expect(await outcomeOf(reads.ask())).toBe('before');
		await dovecot.start();
		await deliver('after all');
		await reads.askUntil(1);
		expect(reads.subjects).toEqual(['after all']);
	});

	test('UIDVALIDITY changes: what was not read yet is read, old mails are not', async () => {
		await deliver('old');
		// INTERNALDATE counts in seconds, and so does Dovecot's UIDVALIDITY.
		await wait(1_100);
		const reads = await reader().begin();
		await deliver('a', 'b');
		await reads.askUntil(2);
		await wait(1_100);
		const before = reads.at();
		await deliver('c');
		await dovecot.renumber(SUPPORT.user);
		await deliver('d');
		// What was read in the hour before is given once more, and known by its Message-ID.
		const ids = () => [...new Set(reads.mails.map(({ messageId }) => messageId))];
		while (ids().length < 4) await reads.askUntil(reads.mails.length + 1);
		expect([...new Set(reads.subjects)].sort()).toEqual(['a', 'b', 'c', 'd']);
		const number = (text: string) => /"uidValidity":"(\d+)"/.exec(text)?.[1];
		expect(number(reads.at())).not.toBe(number(before));
	});

	test('two mailboxes, each with its own mails', async () => {
		const [support, sales] = [await reader().begin(), await reader(SALES).begin()];
		await dovecot.deliver(mail('for support'), SUPPORT.user);
		await dovecot.deliver(mail('for sales'), SALES.user);
		await Promise.all([support.askUntil(1), sales.askUntil(1)]);
		expect([support.subjects, sales.subjects]).toEqual([['for support'], ['for sales']]);
	});

	test('another folder than INBOX, with a name beyond ASCII', async () => {
		const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.imapPort, secure: false, auth: { user: SUPPORT.user, pass: SUPPORT.password }, tls: { rejectUnauthorized: false }, logger: false });
		await client.connect();
		await client.mailboxCreate('Größe');
		const reads = await reader({ mailbox: 'Größe' }).begin();
		const news = reads.ask();
		await client.append('Größe', mail('sorted'));
		expect(await news).toMatchObject([{ subject: 'sorted' }]);
		await client.logout();
	});

	describe('a credential that is not right', () => {
		test.each<[string, Partial<Place>, object | string]>([
			['a wrong password', { password: 'guess' }, { about: 'login', response: '[AUTHENTICATIONFAILED] Authentication failed.' }],
			['an unknown user', { user: 'nobody@shop.test' }, { about: 'login' }],
			['an unknown mailbox', { mailbox: 'Nowhere' }, { about: 'mailbox', response: expect.stringMatching(/doesn't exist/) as string }],
		])('%s', async (_name, more, said) => {
			expect(await outcomeOf(service(more).check('imap'))).toMatchObject({ server: 'imap', ...(typeof said === 'object' && said) });
			expect(await outcomeOf(reader(more).ask())).toMatchObject({ server: 'imap', ...(typeof said === 'object' && said) });
		});

		test('all is well', async () => {
			await service().check('imap');
		});
	});

	describe('TLS from the first byte', () => {
		const trusted = getCACertificates('default');
		afterEach(() => setDefaultCACertificates(trusted));

		test('a certificate that vouches for itself is not enough', async () => {
			expect(await outcomeOf(service({ secure: true, port: dovecot.imapsPort }).check('imap'))).toMatchObject({ about: 'tls', response: 'self-signed certificate' });
		});

		test('one that is known is, for the name that it has', async () => {
			setDefaultCACertificates([...trusted, CERTIFICATE]);
			await service({ secure: true, port: dovecot.imapsPort }).check('imap');
			expect(await outcomeOf(service({ secure: true, port: dovecot.imapsPort, host: 'localhost' }).check('imap'))).toMatchObject({ about: 'tls' });
		});

		test('on a port that begins in plain text', async () => {
			expect(await outcomeOf(service({ secure: true }).check('imap'))).toMatchObject({ about: 'tls', response: 'the server does not speak TLS from the first byte on this port' });
		});
	});

	test('large files: one of 25 MB comes, of a larger mail the words come and the files are named', async () => {
		const reads = await reader().begin();
		const withFile = (subject: string, bytes: number) =>
			[
				'From: ann@example.test',
				`Subject: ${subject}`,
				`Message-ID: <${subject}@example.test>`,
				'Content-Type: multipart/mixed; boundary=outer',
				'',
				'--outer',
				'Content-Type: multipart/alternative; boundary=inner',
				'',
				'--inner',
				'Content-Type: text/plain; charset=iso-8859-1',
				'Content-Transfer-Encoding: quoted-printable',
				'',
				'Gr=FC=DFe',
				'--inner',
				'Content-Type: text/html; charset=utf-8',
				'Content-Transfer-Encoding: base64',
				'',
				Buffer.from('<p>Grüße<script>alert(1)</script></p>').toString('base64'),
				'--inner--',
				'--outer',
				'Content-Type: video/mp4; name="clip.mp4"',
				'Content-Disposition: attachment; filename="clip.mp4"',
				'Content-Transfer-Encoding: base64',
				'',
				Buffer.alloc(bytes, 'x').toString('base64').replace(/.{76}/g, '$&\r\n'),
				'--outer',
				'Content-Type: application/pdf',
				"Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf",
				'',
				'%PDF',
				'--outer--',
				'',
			].join('\r\n');
		await dovecot.deliverAll([withFile('fits', 25 * MB), withFile('too-large', 30 * MB), mail('small')], SUPPORT.user);
		await reads.askUntil(3);

		const words = { text: 'Grüße', html: '<p>Grüße</p>', from: { address: 'ann@example.test' }, report: null };
		const [fits, large, small] = reads.mails;
		expect(fits).toMatchObject({ ...words, messageId: '<fits@example.test>' });
		expect(fits?.attachments.map(({ name, bytes, missing }) => [name, bytes.length, missing])).toEqual([['clip.mp4', 25 * MB, undefined], ['Übersicht.pdf', 4, undefined]]);
		expect(large).toMatchObject({ ...words, messageId: '<too-large@example.test>', headers: { 'content-type': 'multipart/mixed; boundary=outer' } });
		expect(large?.attachments).toEqual([
			{ name: 'clip.mp4', mime: 'video/mp4', bytes: new Uint8Array(), inline: false, missing: 'The file is larger than 25 MB.' },
			{ name: 'Übersicht.pdf', mime: 'application/pdf', bytes: new Uint8Array(), inline: false, missing: 'The mail is larger than 36 MB, so its files were left in the mailbox.' },
		]);
		expect(small).toMatchObject({ subject: 'small' });
		// By the second mail the answer was as large as one may be.
		expect(reads.batches.length).toBeGreaterThan(1);
	});

	test('what we send is what we read', async () => {
		const smtp = await fakeSmtp(serverOn(0));
		const sent = outgoing({
			subject: 'Größe ✓ '.repeat(20).trim(),
			text: 'Grüße\n.\n..\nFrom here\n\n-- \nShop',
			html: '<p>Grüße <a href="https://shop.test/7">hier</a></p>',
			messageId: '<m-7@shop.test>',
			inReplyTo: '<in-1@example.test>',
			references: Array.from({ length: 20 }, (_, index) => `<in-${index}@a-rather-long-name.example.test>`),
			cc: [{ name: 'Jürgen, "der" Chef', address: 'boss@shop.test' }],
			attachments: [{ name: 'Übersicht 你好.bin', mime: 'application/x-thing', bytes: Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)) }],
		});
		await mailService({ smtp: serverOn(smtp.port), imap: null }).send(sent);
		const reads = await reader().begin();
		await dovecot.deliver(Buffer.from(smtp.mails[0]?.source ?? '', 'latin1'), SUPPORT.user);
		await reads.askUntil(1);
		expect(reads.mails[0]).toMatchObject({
			subject: sent.subject,
			text: sent.text,
			html: '<p>Grüße <a href="https://shop.test/7" rel="noopener noreferrer nofollow" target="_blank">hier</a></p>',
			messageId: sent.messageId,
			inReplyTo: sent.inReplyTo,
			references: sent.references,
			from: sent.from,
			to: sent.to,
			cc: sent.cc,
			attachments: sent.attachments.map((file) => ({ ...file, inline: false })),
		});
		await smtp.close();
	});

	test('it ends at once when it is told to, and leaves no connection', async () => {
		const reads = await reader().begin();
		const asked = outcomeOf(reads.ask());
		await wait(300);
		const since = Date.now();
		reads.stop();
		expect(await asked).toBe('before');
		expect(Date.now() - since).toBeLessThan(1_000);
		const ended = () => dovecot.log().match(/Disconnected: Connection closed/g)?.length ?? 0;
		await until(() => ended() > 0);
	});
});
