import { ownMessageId } from '../../../src/channels/email/message-id';
import type { TestFile } from '../../fakes/ports';
import { HTML_REPLIES } from './fixtures/html-replies';
import { COMPLAINT, exchange, oldExim, postfix, READ_RECEIPT } from './fixtures/reports';
import { eventOf, eventsOf, parts, raw, received } from './mailbox';
import { ACCOUNT, ANN, OUR_ID, OUR_MAIL, RECEIVED_AT, WRITTEN_AT } from './subject';

const message = async (source: Parameters<typeof eventOf>[0], kept?: TestFile[]) => {
	const event = await eventOf(source, kept);
	if (event.kind !== 'message') throw new Error(`expected a message, got ${JSON.stringify(event)}`);
	return event;
};
const why = async (source: Parameters<typeof eventOf>[0]) => {
	const event = await eventOf(source);
	return event.kind === 'ignored' ? event.why : event;
};

describe('what a person writes', () => {
	test('who it is, when it was, what is new in it, and the whole of it', async () => {
		const body = 'It came. Grüße 🎉\n\nOn 11/21/26 10:00, Shop Support wrote:\n> It is on its way.\n-- \nAnn';
		const headers = { From: '"Lee, Ann" <Ann.Lee@Example.test>', Cc: 'Bob <bob@example.test>', 'In-Reply-To': OUR_MAIL, References: `<in-0@example.test> ${OUR_MAIL}` };
		expect(await eventOf(raw(headers, body))).toEqual({
			kind: 'message',
			channel: 'email',
			account: ACCOUNT,
			key: '<in-1@example.test>',
			externalId: '<in-1@example.test>',
			at: WRITTEN_AT,
			from: { channel: 'email', account: ACCOUNT, user: 'ann.lee@example.test' },
			name: 'Lee, Ann',
			profile: { email: 'ann.lee@example.test' },
			replyTo: OUR_MAIL,
			content: { kind: 'text', text: 'It came. Grüße 🎉' },
			details: {
				mail: {
					subject: 'Order 7',
					text: body,
					from: 'Lee, Ann <Ann.Lee@Example.test>',
					to: [`Shop Support <${ACCOUNT}>`],
					cc: ['Bob <bob@example.test>'],
					references: ['<in-0@example.test>', OUR_MAIL, '<in-1@example.test>'],
				},
			},
		});
	});

	test('HTML alone: its text, and the HTML without what could harm', async () => {
		const html = '<p>It came. <a href="https://shop.test/7">See</a></p><script>alert(1)</script><blockquote>It is on its way.</blockquote>';
		const event = await message(raw({ 'Content-Type': 'text/html; charset=utf-8', 'In-Reply-To': OUR_MAIL }, html));
		expect(event.content.text).toMatch(/^It came\. See/);
		expect(event.content.text).not.toContain('on its way');
		expect(event.details?.mail?.html).toContain('It came.');
		expect(event.details?.mail?.html).not.toContain('script');
	});

	test.each(HTML_REPLIES)('HTML of $from: what is new', async ({ html }) => {
		const event = await message(raw({ 'Content-Type': 'text/html; charset=utf-8', 'In-Reply-To': OUR_MAIL, Subject: 'Re: Order 7' }, html));
		expect(event.content).toEqual({ kind: 'text', text: 'Thanks, it came.' });
		expect(event.details?.mail?.text).toContain('Hello');
	});

	test.each([
		['a subject alone is the text', raw({}, '\n'), 'Order 7'],
		['a body without a subject', raw({ Subject: '' }), 'Where is it?'],
		['a name that is the address', raw({ From: '"ann@example.test" <ann@example.test>' }), 'Where is it?'],
	])('%s', async (_name, source, text) => {
		const event = await message(source);
		expect(event.content).toEqual({ kind: 'text', text });
	});

	test('a name that is only the address again is none', async () => {
		expect(await message(raw({ From: '"ann@example.test" <ann@example.test>' }))).not.toHaveProperty('name');
		expect(await message(raw({ From: 'ann@example.test' }))).not.toHaveProperty('name');
	});

	test('a mail that was passed on is kept whole', async () => {
		const body = 'Von: Bob\nGesendet: Samstag\nAn: Ann\nBetreff: Rechnung\n\n100 Euro';
		expect((await message(raw({ Subject: 'WG: Rechnung' }, body))).content.text).toBe(body);
	});

	test('the same mail by To and by Cc has one key, also without a Message-ID', async () => {
		const [first, second, other] = await eventsOf([raw({ 'Message-ID': '' }), raw({ 'Message-ID': '', 'Delivered-To': ACCOUNT }), raw({ 'Message-ID': '' }, 'Another')]);
		expect(first?.key).toMatch(/^sha256:[0-9a-f]{64}$/);
		expect(second?.key).toBe(first?.key);
		expect(other?.key).not.toBe(first?.key);
	});

	test('a Message-ID that no index could hold counts as none', async () => {
		const event = await message(raw({ 'Message-ID': `<${'a'.repeat(600)}@example.test>`, 'In-Reply-To': `<${'b'.repeat(600)}@example.test>` }));
		expect(event.externalId).toMatch(/^sha256:/);
		expect(event).not.toHaveProperty('replyTo');
		expect(event.details?.mail?.references).toEqual([]);
	});

	test.each([
		['of a clock ahead', 'Mon, 23 Nov 2026 08:00:00 +0000', RECEIVED_AT],
		['of a clock that has stopped', 'Thu, 01 Jan 1970 00:00:00 +0000', RECEIVED_AT],
		['that is none', 'yesterday', RECEIVED_AT],
		['of a server that tried for days', 'Wed, 18 Nov 2026 08:00:00 +0000', Date.parse('2026-11-18T08:00:00Z')],
	])('a date %s', async (_name, date, at) => {
		expect((await message(raw({ Date: date }))).at).toBe(at);
	});

	test('what a database cannot keep is left out', async () => {
		const mail = await received(raw());
		const event = await message({ ...mail, subject: 'a\0b\ud800', text: 'x\0y' });
		expect(event.content.text).toBe('xy');
		expect(event.details?.mail?.subject).toBe('ab');
	});

	test('of a long thread the first and the latest mails are named', async () => {
		const ids = Array.from({ length: 60 }, (_, index) => `<r${index}@example.test>`);
		const references = (await message(raw({ References: ids.join('\n ') }))).details?.mail?.references ?? [];
		expect(references).toHaveLength(20);
		expect(references[0]).toBe('<r0@example.test>');
		expect(references.slice(-2)).toEqual(['<r59@example.test>', '<in-1@example.test>']);
	});
});

describe('files', () => {
	const png = { head: 'Content-Type: image/png; name="logo.png"\nContent-Transfer-Encoding: base64\nContent-ID: <logo>\nContent-Disposition: inline; filename="logo.png"', body: Buffer.from('PNG').toString('base64') };
	const pdf = { head: 'Content-Type: application/pdf; name="invoice.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="invoice.pdf"', body: Buffer.from('%PDF').toString('base64') };
	const signature = { head: 'Content-Type: application/pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64', body: 'AAAA' };
	const html = { head: 'Content-Type: text/html; charset=utf-8', body: '<p>See this</p><img src="cid:logo">' };

	test('are kept; the text is theirs, and pictures within it are told by name', async () => {
		const { type, body } = parts('mixed', html, png, pdf, signature);
		const kept: TestFile[] = [];
		const event = await message(raw({ 'Content-Type': type }, body), kept);
		expect(event.content).toMatchObject({
			kind: 'media',
			text: 'See this',
			attachments: [
				{ fileId: 'kept-1', kind: 'image', name: 'inline-logo.png', mime: 'image/png', sizeBytes: 3 },
				{ fileId: 'kept-2', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 },
			],
		});
		expect(kept.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['PNG', '%PDF']);
	});

	test('without any words have the subject, or none', async () => {
		const { type, body } = parts('mixed', pdf);
		expect((await message(raw({ 'Content-Type': type }, body))).content).toMatchObject({ kind: 'media', text: 'Order 7' });
		expect((await message(raw({ 'Content-Type': type, Subject: '' }, body))).content).toMatchObject({ kind: 'media', text: null });
	});

	test('that could not be had are named all the same', async () => {
		const mail = await received(raw());
		const event = await message({ ...mail, attachments: [{ name: 'film.mp4', mime: 'video/mp4', bytes: Buffer.alloc(0), inline: false, missing: 'It has more than 25 MB.' }] });
		expect(event.content).toMatchObject({ attachments: [{ fileId: null, kind: 'video', name: 'film.mp4', sizeBytes: 0, missing: 'It has more than 25 MB.' }] });
	});

	test('of what is left alone are not kept', async () => {
		const { type, body } = parts('mixed', pdf);
		const kept: TestFile[] = [];
		expect(await eventOf(raw({ 'Content-Type': type, 'List-Id': '<news.example.test>' }, body), kept)).toMatchObject({ kind: 'ignored' });
		expect(kept).toEqual([]);
	});
});

describe('what no person wrote to us opens nothing', () => {
	test.each([
		['an out-of-office notice', { 'Auto-Submitted': 'auto-replied' }, 'an automatic mail (auto-replied)'],
		['an answer of a program', { 'Auto-Submitted': 'Auto-Generated (failure)' }, 'an automatic mail (auto-generated)'],
		['an answer of an old program', { 'X-Autoreply': 'yes' }, 'an automatic answer (x-autoreply)'],
		['an answer of another old program', { 'X-Autorespond': 'Order 7' }, 'an automatic answer (x-autorespond)'],
		['an answer of Exchange', { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }, 'an automatic mail that wants no answer'],
		['a mail to many', { Precedence: 'bulk' }, 'a mail to many (precedence bulk)'],
		['an old auto-reply', { Precedence: 'auto_reply' }, 'a mail to many (precedence auto_reply)'],
		['junk', { Precedence: 'Junk' }, 'a mail to many (precedence junk)'],
		['a mailing list', { 'List-Id': 'Users <users.lists.example.test>' }, 'a mail of a mailing list'],
		['a newsletter', { 'List-Unsubscribe': '<https://example.test/u>' }, 'a newsletter or another mail to many'],
		['our own answer, sent back', { 'X-Loop': ACCOUNT }, 'an automatic mail of our own that came back'],
		['a bounce without a report', { 'Return-Path': '<>' }, 'a notice of a mail server: nobody is to get an answer'],
		['a mail server', { From: 'Mail Delivery Subsystem <MAILER-DAEMON@example.test>' }, 'a notice of a mail server'],
		['a postmaster', { From: 'postmaster@example.test', 'Reply-To': 'ann@example.test' }, 'a notice of a mail server'],
		['an address that nobody reads', { From: 'Bank <no-reply@bank.test>' }, 'a mail from an address that nobody reads'],
		['another', { From: 'orders-noreply@bank.test' }, 'a mail from an address that nobody reads'],
		['yet another', { From: 'do_not_reply@bank.test', 'Reply-To': 'noreply@bank.test' }, 'a mail from an address that nobody reads'],
		['nobody', { From: '' }, 'a mail without a sender'],
		['an address that is none', { From: 'Ann <ann>' }, 'a mail without a sender'],
	])('%s', async (_name, headers, expected) => {
		expect(await why(raw(headers))).toBe(expected);
	});

	test('a complaint about spam, and a receipt of reading', async () => {
		expect(await why(COMPLAINT)).toBe('a complaint about spam');
		expect(await why(READ_RECEIPT)).toBe('a receipt of reading');
	});

	test('a mail that says nothing', async () => {
		expect(await why(raw({ Subject: '' }, '\n \n'))).toBe('a mail without subject, text and files');
	});

	test.each([
		['Auto-Submitted: no', { 'Auto-Submitted': 'no' }],
		['X-Auto-Response-Suppress about receipts alone', { 'X-Auto-Response-Suppress': 'DR, RN' }],
		['X-Auto-Response-Suppress: None', { 'X-Auto-Response-Suppress': 'None' }],
		['Precedence: first-class', { Precedence: 'first-class' }],
		["somebody else's X-Loop", { 'X-Loop': 'ann@example.test' }],
		['a name like noreply', { From: 'Noreplyson <anoreply@example.test>' }],
		['our own address as a group, as Google Groups writes', { 'List-ID': '<support.shop.test>', 'List-Unsubscribe': '<mailto:x@shop.test>', Precedence: 'list' }],
	])('but %s is no reason', async (_name, headers) => {
		expect(await eventOf(raw(headers))).toMatchObject({ kind: 'message' });
	});
});

describe('forms on web pages', () => {
	test.each([
		['in the name of nobody', { From: 'Shop <no-reply@shop.test>', 'Reply-To': 'Bob Ray <Bob@example.test>' }],
		['in the name of the web server', { From: 'WordPress <wordpress@shop.test>', 'Reply-To': 'Bob Ray <Bob@example.test>' }],
		['in our own name', { From: `Shop <${ACCOUNT}>`, 'Reply-To': 'Bob Ray <Bob@example.test>' }],
	])('%s: the contact is who filled it in', async (_name, headers) => {
		expect(await message(raw(headers))).toMatchObject({ from: { user: 'bob@example.test' }, name: 'Bob Ray', profile: { email: 'bob@example.test' }, details: { mail: { replyTo: ['Bob Ray <Bob@example.test>'] } } });
	});

	test('several to answer to are nobody in particular', async () => {
		expect(await why(raw({ From: 'no-reply@shop.test', 'Reply-To': 'a@example.test, b@example.test' }))).toBe('a mail from an address that nobody reads');
	});

	test('a person who wants answers elsewhere stays who it is', async () => {
		expect(await message(raw({ 'Reply-To': 'ann@work.test' }))).toMatchObject({ from: { user: ANN }, details: { mail: { replyTo: ['ann@work.test'] } } });
	});
});

describe('mails of our own', () => {
	const ours = { From: `Shop <${ACCOUNT}>`, To: 'Ann <Ann@example.test>', 'Message-ID': '<agent-1@shop.test>', 'In-Reply-To': '<in-1@example.test>' };

	test('an answer written in the mailbox is heard as one of ours', async () => {
		expect(await eventOf(raw({ ...ours, To: `${ACCOUNT}, Ann <Ann@example.test>` }, 'It is on its way.\n-- \nShop'))).toMatchObject({
			kind: 'echo',
			key: '<agent-1@shop.test>',
			externalId: '<agent-1@shop.test>',
			to: { channel: 'email', account: ACCOUNT, user: ANN },
			replyTo: '<in-1@example.test>',
			content: { kind: 'text', text: 'It is on its way.' },
		});
	});

	test.each([
		['what answers nobody', { ...ours, 'In-Reply-To': '' }, 'a mail of our own'],
		['what goes to nobody else', { ...ours, To: ACCOUNT }, 'a mail of our own'],
		['what its own server says is not from us', { ...ours, 'Authentication-Results': 'mx.shop.test; spf=fail; dmarc=fail (p=reject)' }, 'a mail that only claims to be ours'],
	])('%s is left alone', async (_name, headers, expected) => {
		expect(await why(raw(headers))).toBe(expected);
	});

	test('one that a workflow sent shows that it went', async () => {
		const headers = { From: ACCOUNT, To: ANN, 'Message-ID': OUR_MAIL, 'Auto-Submitted': 'auto-generated' };
		expect(await eventOf(raw(headers))).toMatchObject({ kind: 'receipt', externalId: OUR_MAIL, messageId: OUR_ID, state: 'sent' });
		expect(await why(raw({ ...headers, From: 'A list <list@example.test>' }))).toBe('a mail of our own that came back on another way');
	});

	test.each([
		['Thunderbird', `<${OUR_ID}@shop.test>`],
		['Apple Mail', `<${OUR_ID.toUpperCase()}@shop.test>`],
		['another company', OUR_MAIL.replace('shop.test', 'other.test')],
	])('a Message-ID of %s is not one of them', async (_name, id) => {
		expect(await eventOf(raw({ 'Message-ID': id }))).toMatchObject({ kind: 'message', externalId: id });
	});
});

describe('reports of delivery', () => {
	test.each([
		['Postfix: nobody of that name', postfix({ id: OUR_MAIL }), 'recipient_unreachable', '550 5.1.1'],
		['Postfix: it tried for five days', postfix({ id: OUR_MAIL, status: '4.4.1', diagnostic: 'X-Postfix; connect to mx.example.test[192.0.2.1]:25: Connection timed out' }), 'not_delivered', '4.4.1'],
		['Postfix: taken for spam', postfix({ id: OUR_MAIL, status: '5.7.1', diagnostic: 'smtp; 550 5.7.1 blocked by policy' }), 'configuration_invalid', '550 5.7.1'],
		['Postfix: too large', postfix({ id: OUR_MAIL, status: '5.3.4', diagnostic: 'smtp; 552 5.3.4 message too big' }), 'content_unsupported', '552 5.3.4'],
		['Exchange: the mailbox is full', exchange({ id: OUR_MAIL }), 'recipient_unreachable', '554 5.2.2'],
		['an old Exim, which only writes', oldExim({ id: OUR_MAIL }), 'not_delivered', null],
	])('%s', async (_name, source, code, providerCode) => {
		expect(await eventsOf([source])).toMatchObject([
			{ kind: 'receipt', state: 'failed', externalId: OUR_MAIL, messageId: OUR_ID, failure: { code, providerCode, channel: 'email', retryable: false } },
		]);
	});

	test.each([
		['a delay', { action: 'delayed', status: '4.4.1' }, 'a delay: the mail server tries on'],
		['a mail that was handed on', { action: 'relayed', status: '2.0.0' }, 'a report that a mail was passed on'],
	])('%s is no news', async (_name, more, expected) => {
		expect(await why(postfix({ id: OUR_MAIL, ...more }))).toBe(expected);
	});

	test('a delivery is', async () => {
		expect(await eventOf(postfix({ id: OUR_MAIL, action: 'delivered', status: '2.0.0' }))).toMatchObject({ kind: 'receipt', state: 'delivered', externalId: OUR_MAIL });
	});

	test('about a mail that a person of ours wrote, or nobody we know', async () => {
		const event = await eventOf(postfix({ id: '<agent-1@shop.test>' }));
		expect(event).toMatchObject({ kind: 'receipt', state: 'failed', externalId: '<agent-1@shop.test>' });
		expect(event).not.toHaveProperty('messageId');
	});

	test('that does not say which mail it is about', async () => {
		const unnamed = postfix({ id: OUR_MAIL }).replace(`Message-ID: ${OUR_MAIL}\n`, '');
		expect(await why(unnamed)).toBe('a report of a mail server that does not say which mail it is about');
	});

	test('a copy that did not arrive changes nothing; the contact counts, in whatever case it is written', async () => {
		const id = ownMessageId(OUR_ID, ACCOUNT, ANN, true);
		expect(await why(postfix({ id, recipient: 'bob@example.test' }))).toBe('a report about a copy of a mail');
		expect(await eventOf(postfix({ id, recipient: 'Ann@Example.test' }))).toMatchObject({ kind: 'receipt', state: 'failed', externalId: id, messageId: OUR_ID });
	});

	test('without copies it is about the contact, whatever the mailbox is called by now', async () => {
		expect(await eventOf(postfix({ id: OUR_MAIL, recipient: 'ann.lee@new.test' }))).toMatchObject({ kind: 'receipt', state: 'failed' });
	});

	test('a report that a person passes on to us is a mail of that person', async () => {
		const mail = await received(raw({ Subject: 'Fwd: Undelivered Mail' }));
		const { report } = await received(postfix({ id: OUR_MAIL }));
		expect(await eventOf({ ...mail, report })).toMatchObject({ kind: 'message', from: { user: ANN } });
	});

	test('that names nobody', async () => {
		const mail = await received(postfix({ id: OUR_MAIL }));
		expect(await why({ ...mail, report: { originalMessageId: OUR_MAIL, recipients: [] } })).toBe('a report of a mail server that names nobody');
	});
});
