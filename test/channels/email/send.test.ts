import { email } from '../../../src/channels/email';
import { htmlOf } from '../../../src/channels/email/html';
import { provider } from '../../../src/channels/email/provider';
import type { Content, SendOptions } from '../../../src/core/channel';
import { contentRefusal } from '../../../src/core/content';
import { ConversationsError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { fakeMailServers, type FakeMail } from '../../fakes/mail';
import { sendPorts, type TestFile } from '../../fakes/ports';
import { eventOf } from './mailbox';
import { ACCOUNT, ANN, attachments, files, OUR_ID, OUR_MAIL } from './subject';

const { photo, pdf } = attachments;
const HELLO = { kind: 'text', text: 'Hello' } as const;
const THREAD = { inReplyTo: '<in-2@example.test>', references: ['<in-1@example.test>', OUR_MAIL, '<in-2@example.test>'], subject: 'Order 7' };

let fake: FakeMail;
beforeEach(async () => {
	fake = await fakeMailServers();
});
afterEach(() => fake.close());

interface Given extends Partial<SendOptions> {
	fields?: CredentialFields;
	stored?: Record<string, TestFile>;
	user?: string;
}
const send = (content: Content, { fields = fake.fields, stored = files, user = ANN, ...options }: Given = {}) =>
	email.send(content, { channel: 'email', account: ACCOUNT, user }, sendPorts(provider, fields, { files: stored }), {
		messageId: OUR_ID,
		quote: null,
		reply: null,
		humanAgent: false,
		...options,
	});
const failed = async (work: Promise<unknown>): Promise<ConversationsError> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error;
};
/** What went over the wire. */
const sent = () => {
	const [first, ...others] = fake.mails;
	if (!first || others.length > 0) throw new Error(`${fake.mails.length} mails went`);
	return first;
};
const header = (name: string) => {
	const value = sent().mail.headers.get(name.toLowerCase());
	return typeof value === 'string' ? value : undefined;
};
const withMail = (mail: NonNullable<Extract<Content, { kind: 'text' }>['mail']>): Content => ({ ...HELLO, mail });

test('a text: who it is from and to, text and HTML, and an id by which it is known', async () => {
	expect(await send({ kind: 'text', text: 'Hello 👋\n\nIt is here: https://shop.test/7?a=1&b=2.' })).toEqual([OUR_MAIL]);
	const { from, to, mail } = sent();
	expect({ from, to }).toEqual({ from: ACCOUNT, to: [ANN] });
	expect(mail.from?.value).toEqual([{ name: 'Shop Support', address: ACCOUNT }]);
	expect(mail.to).toMatchObject({ value: [{ name: '', address: ANN }] });
	expect(mail.messageId).toBe(OUR_MAIL);
	expect(mail.text?.trimEnd()).toBe('Hello 👋\n\nIt is here: https://shop.test/7?a=1&b=2.');
	expect(mail.html).toBe('<p>Hello 👋</p>\n<p>It is here: <a href="https://shop.test/7?a=1&amp;b=2">https://shop.test/7?a=1&amp;b=2</a>.</p>');
	expect(mail.attachments).toEqual([]);
});

test('without a name people see the address', async () => {
	await send(HELLO, { fields: { ...fake.fields, fromName: '' } });
	expect(sent().mail.from?.value).toEqual([{ name: '', address: ACCOUNT }]);
});

describe('subjects', () => {
	test.each<[string, Content, SendOptions['thread'], string]>([
		['A17: the one that is given', withMail({ subject: 'Your order' }), undefined, 'Your order'],
		['A19: none given, so it is blank, in a thread too', withMail({}), THREAD, ''],
		['A19: an empty one is blank', withMail({ subject: '' }), THREAD, ''],
		['a default message answers the subject of the thread', HELLO, THREAD, 'Re: Order 7'],
		['and says so once', HELLO, { ...THREAD, subject: 'RE: Order 7' }, 'RE: Order 7'],
		['in other languages too', HELLO, { ...THREAD, subject: 'AW: Bestellung 7' }, 'AW: Bestellung 7'],
		['a mail that was passed on is answered', HELLO, { ...THREAD, subject: 'Fwd: Order 7' }, 'Re: Fwd: Order 7'],
		['a thread without a subject', HELLO, { ...THREAD, subject: null }, ''],
		['a first default message has none', HELLO, undefined, ''],
		['a line break is a space', withMail({ subject: 'Order 7\r\nBcc: evil@example.test' }), undefined, 'Order 7 Bcc: evil@example.test'],
		['letters of other alphabets', withMail({ subject: 'Größe 🎉 注文' }), undefined, 'Größe 🎉 注文'],
	])('%s', async (_name, content, thread, subject) => {
		await send(content, { ...(thread && { thread }) });
		expect(sent().mail.subject ?? '').toBe(subject);
		expect(sent().to).toEqual([ANN]);
	});
});

describe('R32: threads', () => {
	const references = () => (sent().source.match(/^References:((?:.|\r\n[ \t])*)/im)?.[1] ?? '').split(/\s+/).filter(Boolean);

	test('a first mail answers nothing', async () => {
		await send(HELLO);
		expect(sent().mail.inReplyTo).toBeUndefined();
		expect(references()).toEqual([]);
	});

	test('the next one answers the last of the thread', async () => {
		await send(HELLO, { thread: THREAD });
		expect(sent().mail.inReplyTo).toBe('<in-2@example.test>');
		expect(references()).toEqual(THREAD.references);
	});

	test('R31: the mail to quote is the one that is answered', async () => {
		await send(HELLO, { thread: THREAD, quote: '<in-1@example.test>' });
		expect(sent().mail.inReplyTo).toBe('<in-1@example.test>');
		expect(references()).toEqual(['<in-1@example.test>']);
	});

	test('one of another thread brings that', async () => {
		await send(HELLO, { thread: THREAD, quote: '<other@example.test>' });
		expect(sent().mail.inReplyTo).toBe('<other@example.test>');
		expect(references()).toEqual(['<other@example.test>']);
	});

	test('a mail that has no Message-ID cannot be named', async () => {
		await send(HELLO, { thread: THREAD, quote: `sha256:${'0'.repeat(64)}` });
		expect(sent().mail.inReplyTo).toBe('<in-2@example.test>');
	});

	test('a thread whose last mail has none goes on from the one before', async () => {
		const unnamed = `sha256:${'0'.repeat(64)}`;
		await send(HELLO, { thread: { ...THREAD, inReplyTo: unnamed, references: ['<in-1@example.test>', unnamed] } });
		expect(sent().mail.inReplyTo).toBe('<in-1@example.test>');
		expect(references()).toEqual(['<in-1@example.test>']);
	});

	test.each([
		['many', Array.from({ length: 80 }, (_, index) => `<r${index}@example.test>`), 20],
		['long', Array.from({ length: 20 }, (_, index) => `<r${index}${'x'.repeat(400)}@example.test>`), 9],
	])('of %s ids the first and the latest stay', async (_name, ids, count) => {
		await send(HELLO, { thread: { ...THREAD, references: ids, inReplyTo: ids.at(-1) ?? '' } });
		expect(references()).toHaveLength(count);
		expect(references()[0]).toBe(ids[0]);
		expect(references().at(-1)).toBe(ids.at(-1));
	});

	test('ids that would break a header are left out', async () => {
		await send(HELLO, { thread: { ...THREAD, references: ['<a@b>\r\nBcc: evil@example.test', 'no brackets', '<in-2@example.test>'] } });
		expect(references()).toEqual(['<in-2@example.test>']);
		expect(sent().source).not.toContain('evil@');
	});
});

describe('further recipients', () => {
	test('R31: Cc and Reply-To are seen, Bcc gets the mail unseen', async () => {
		const [id] = await send(withMail({ cc: ['Bob Ray <bob@example.test>', '"Lee, Cy" <cy@example.test>'], bcc: ['archive@shop.test'], replyTo: ['Orders <orders@shop.test>'] }));
		const { to, mail, source } = sent();
		expect(to.toSorted()).toEqual([ANN, 'archive@shop.test', 'bob@example.test', 'cy@example.test']);
		expect(mail.cc).toMatchObject({ value: [{ name: 'Bob Ray', address: 'bob@example.test' }, { name: 'Lee, Cy', address: 'cy@example.test' }] });
		expect(mail.replyTo?.value).toEqual([{ name: 'Orders', address: 'orders@shop.test' }]);
		expect(source).not.toContain('archive@');
		// Whoever gets a report about one of them can tell whether it is about the contact.
		expect(id).toMatch(new RegExp(`^<${OUR_ID}\\.[0-9a-f]{12}\\.conversations@shop\\.test>$`));
		expect(mail.messageId).toBe(id);
	});

	test('each gets it once, and empty entries are none', async () => {
		const [id] = await send(withMail({ cc: ['Ann <ANN@example.test>', ' ', 'bob@example.test', 'BOB@example.test'], bcc: ['bob@example.test', ''] }));
		expect(sent().to).toEqual([ANN, 'bob@example.test']);
		expect(id).not.toBe(OUR_MAIL);
	});

	test('a copy to the contact alone is none', async () => {
		expect(await send(withMail({ cc: [ANN] }))).toEqual([OUR_MAIL]);
	});

	test.each([
		['CC', { cc: ['bob'] }],
		['CC', { cc: ['bob@example.test, cy@example.test'] }],
		['CC', { cc: ['bob@example.test, Cy <cy@example.test>'] }],
		['BCC', { bcc: ['bob@example.test\r\nRCPT TO:<evil@example.test>'] }],
		['Reply-To', { replyTo: ['Bob <bob@>'] }],
	])("what is no address in '%s' is named, and nothing goes: %j", async (field, mail) => {
		const { failure } = await failed(send(withMail(mail)));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'email', retryable: false, reason: expect.stringContaining(`'${field}' is not an email address`) });
		expect(fake.smtp.connections()).toBe(0);
	});

	test('a copy that the server refuses is noted; the mail went', async () => {
		fake.smtp.refuse('rcpt', '550 5.1.1 No such user', 'bob@example.test');
		const notes: string[] = [];
		const ids = await send(withMail({ cc: ['bob@example.test'], bcc: ['archive@shop.test'] }), { note: (sentence) => void notes.push(sentence) });
		expect(ids).toHaveLength(1);
		expect(sent().to).toEqual([ANN, 'archive@shop.test']);
		expect(notes).toEqual([expect.stringMatching(/^The copy to bob@example\.test did not go: .*550 5\.1\.1 No such user/)]);
	});

	test.each([
		['550 5.1.1 No such user', 'recipient_unreachable'],
		['450 4.7.1 Greylisted', 'rate_limited'],
	])('a contact that the server refuses (%s) is a failure, though the copies went', async (reply, code) => {
		fake.smtp.refuse('rcpt', reply, ANN);
		const { failure, accepted } = await failed(send(withMail({ cc: ['bob@example.test'] })));
		expect(failure).toMatchObject({ code, retryable: false, providerCode: reply.slice(0, 9), reason: expect.stringContaining('The copies went to bob@example.test all the same') });
		expect(accepted).toEqual([]);
		expect(sent().to).toEqual(['bob@example.test']);
	});
});

describe('HTML', () => {
	test('A18: what is given goes as it is, the text beside it', async () => {
		await send(withMail({ html: '<h1>Hello</h1><p style="color: red">Ann &amp; Bob</p>' }));
		expect(sent().mail.html).toBe('<h1>Hello</h1><p style="color: red">Ann &amp; Bob</p>');
		expect(sent().mail.text?.trimEnd()).toBe('Hello');
	});

	test('an empty one is made from the text', async () => {
		await send(withMail({ html: '  ' }));
		expect(sent().mail.html).toBe('<p>Hello</p>');
	});

	test.each([
		['A31: paragraphs and lines', 'One\ntwo\n\n  \nThree\r\n\r\nFour', '<p>One<br>\ntwo</p>\n<p>Three</p>\n<p>Four</p>'],
		['nothing in a text is markup', '<b>5 > 3 & "x"</b>', '<p>&lt;b&gt;5 &gt; 3 &amp; &quot;x&quot;&lt;/b&gt;</p>'],
		['links end before the sentence does', 'See http://a.test/x, (https://b.test/y_(z)) or "https://c.test".', '<p>See <a href="http://a.test/x">http://a.test/x</a>, (<a href="https://b.test/y_(z)">https://b.test/y_(z)</a>) or &quot;<a href="https://c.test">https://c.test</a>&quot;.</p>'],
		['no other kind of link is made', 'javascript:alert(1) file:///etc/passwd', '<p>javascript:alert(1) file:///etc/passwd</p>'],
		['a link cannot break out', 'https://a.test/"><script>', '<p><a href="https://a.test/">https://a.test/</a>&quot;&gt;&lt;script&gt;</p>'],
		['nothing', ' \n ', ''],
	])('%s', (_name, text, html) => {
		expect(htmlOf(text)).toBe(html);
	});
});

describe('what no person wrote says so', () => {
	test('an automatic answer', async () => {
		await send(HELLO, { thread: THREAD, isAutomatic: true });
		expect(header('Auto-Submitted')).toBe('auto-replied');
		expect(header('X-Loop')).toBe(ACCOUNT);
		// Not 'All': Exchange would then keep back its reports of failed delivery too.
		expect(header('X-Auto-Response-Suppress')).toBe('DR, RN, NRN, OOF, AutoReply');
	});

	test('an automatic mail out of the blue', async () => {
		await send(HELLO, { isAutomatic: true });
		expect(header('Auto-Submitted')).toBe('auto-generated');
	});

	test('what a person wrote does not', async () => {
		await send(HELLO, { thread: THREAD });
		for (const name of ['Auto-Submitted', 'X-Loop', 'X-Auto-Response-Suppress', 'Precedence']) expect(header(name)).toBeUndefined();
	});

	test('no mail of ours opens a conversation when it comes back', async () => {
		await send(HELLO, { isAutomatic: true });
		expect(await eventOf(sent().source)).toMatchObject({ kind: 'receipt', externalId: OUR_MAIL, messageId: OUR_ID, state: 'sent' });
		expect(await eventOf(sent().source.replace(OUR_MAIL, '<new@list.test>').replace(/^From:.*$/m, 'From: list@list.test'))).toMatchObject({ kind: 'ignored' });
	});
});

describe('files', () => {
	test('go within the mail, with their names, types and bytes', async () => {
		await send({ kind: 'media', text: 'Your invoice', attachments: [{ ...pdf, name: 'Größe "7".pdf' }, photo] });
		expect(sent().mail.text?.trimEnd()).toBe('Your invoice');
		expect(sent().mail.attachments.map(({ filename, contentType, content }) => ({ filename, contentType, bytes: [...content] }))).toEqual([
			{ filename: 'Größe "7".pdf', contentType: 'application/pdf', bytes: [...Buffer.from('%PDF')] },
			{ filename: 'photo.jpg', contentType: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
		]);
	});

	test('need no text', async () => {
		await send({ kind: 'media', text: null, attachments: [pdf] });
		expect(sent().mail.attachments).toHaveLength(1);
		expect(sent().mail.text?.trim() ?? '').toBe('');
	});

	test('A13: five go, six do not', async () => {
		const media = (count: number): Content => ({ kind: 'media', text: null, attachments: Array.from({ length: count }, () => pdf) });
		expect(contentRefusal(media(5), email)).toBeNull();
		expect(contentRefusal(media(6), email)).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('at most 5') });
		await send(media(5));
		expect(sent().mail.attachments).toHaveLength(5);
	});

	test('that are too large together are refused before anybody is asked', async () => {
		const half = { name: 'film.mp4', mime: 'video/mp4', bytes: Buffer.alloc(10 * 1024 * 1024) };
		const film = { ...pdf, fileId: 'film', kind: 'video', name: 'film.mp4', mime: 'video/mp4', sizeBytes: 0 } as const;
		const { failure } = await failed(send({ kind: 'media', text: null, attachments: [film, film] }, { stored: { film: half } }));
		expect(failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringMatching(/has 20(\.1)? MB with its files; 18 MB/) });
		expect(fake.smtp.connections()).toBe(0);
	});

	test('that are not there are named', async () => {
		const { failure } = await failed(send({ kind: 'media', text: null, attachments: [{ ...pdf, fileId: null, missing: 'It was never fetched.' }] }));
		expect(failure).toMatchObject({ code: 'content_unsupported', reason: 'It was never fetched.' });
		expect((await failed(send({ kind: 'media', text: null, attachments: [{ ...pdf, fileId: null }] }))).failure.reason).toContain("'invoice.pdf'");
		expect(fake.smtp.connections()).toBe(0);
	});
});

test.each<Content>([
	{ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'A' }] },
	{ kind: 'location', text: null, latitude: 0, longitude: 0, name: null, address: null },
])('$kind is refused without a call', async (content) => {
	expect(contentRefusal(content, email)).toMatchObject({ code: 'content_unsupported' });
	expect((await failed(send(content))).failure).toMatchObject({ code: 'content_unsupported', channel: 'email' });
	expect(fake.smtp.connections()).toBe(0);
});

test('a contact whose address is none', async () => {
	expect((await failed(send(HELLO, { user: 'ann' }))).failure).toMatchObject({ code: 'content_unsupported' });
	expect(fake.smtp.connections()).toBe(0);
});
