import { parts, PLAIN_HEAD, raw, read, RECEIVED_AT } from './raw';

test('a mail with everything', async () => {
	const mail = await read(
		'Return-Path: <ann@bounces.example.test>',
		'Received: from mx.example.test by shop.test; Sun, 22 Nov 2026 08:00:05 +0000',
		'Received: from laptop by mx.example.test; Sun, 22 Nov 2026 08:00:01 +0000',
		'Date: Sun, 22 Nov 2026 09:00:00 +0100 (CET)',
		'From: "Lee, Ann" <ann@example.test>',
		'Reply-To: Ann at work <ann@work.test>',
		'To: Shop <support@shop.test>, team: one@shop.test, Two <two@shop.test>;',
		'Cc: boss@example.test',
		'Subject: Re: Order 7',
		'Message-ID: <in-2@example.test>',
		'In-Reply-To: <m-1@shop.test>',
		'References: <in-1@example.test>',
		'\t<m-1@shop.test>',
		'X-Folded: one',
		' two\tthree',
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: 8bit',
		'',
		'Grüße,',
		'Ann',
		'-- ',
		'Ann Lee',
	);
	expect(mail).toMatchObject({
		key: '7.42',
		receivedAt: RECEIVED_AT,
		messageId: '<in-2@example.test>',
		inReplyTo: '<m-1@shop.test>',
		references: ['<in-1@example.test>', '<m-1@shop.test>'],
		from: { name: 'Lee, Ann', address: 'ann@example.test' },
		returnPath: 'ann@bounces.example.test',
		replyTo: [{ name: 'Ann at work', address: 'ann@work.test' }],
		to: [
			{ name: 'Shop', address: 'support@shop.test' },
			{ name: '', address: 'one@shop.test' },
			{ name: 'Two', address: 'two@shop.test' },
		],
		cc: [{ name: '', address: 'boss@example.test' }],
		subject: 'Re: Order 7',
		date: Date.parse('2026-11-22T08:00:00Z'),
		text: 'Grüße,\nAnn\n-- \nAnn Lee',
		html: null,
		attachments: [],
		report: null,
	});
	expect(mail.headers).toMatchObject({
		received: 'from mx.example.test by shop.test; Sun, 22 Nov 2026 08:00:05 +0000',
		'x-folded': 'one two three',
		'content-type': 'text/plain; charset=utf-8',
	});
});

test('a mail without anything', async () => {
	expect(await read('')).toEqual({
		key: '7.42',
		receivedAt: RECEIVED_AT,
		messageId: null,
		inReplyTo: null,
		references: [],
		from: null,
		returnPath: null,
		replyTo: [],
		to: [],
		cc: [],
		subject: '',
		date: null,
		text: '',
		html: null,
		headers: {},
		attachments: [],
		report: null,
	});
});

describe('headers as they come', () => {
	test.each([
		['Message-ID:<a@b.test>', '<a@b.test>'],
		['Message-ID: a@b.test', '<a@b.test>'],
		['Message-ID:\r\n <a@b.test>', '<a@b.test>'],
		['Message-Id: <a b@c.test>', '<ab@c.test>'],
		['MESSAGE-ID: <a@b.test> (added by mx)', '<a@b.test>'],
		['Message-ID: ', null],
		['Message-ID: <>', null],
	])('%j', async (line, messageId) => {
		expect((await read(line, '', 'x')).messageId).toBe(messageId);
	});

	test('ids without white space between them, and with words around them', async () => {
		const mail = await read('In-Reply-To: Message from Ann of yesterday <a@b.test>', 'References: <a@b.test><c@d.test>', '', 'x');
		expect(mail).toMatchObject({ inReplyTo: '<a@b.test>', references: ['<a@b.test>', '<c@d.test>'] });
	});

	test.each([
		['Return-Path: <>', ''],
		['Return-Path: <ann@example.test>', 'ann@example.test'],
		['Return-path: ann@example.test', 'ann@example.test'],
		['X: y', null],
	])('%s', async (line, returnPath) => {
		expect((await read(line, '', 'x')).returnPath).toBe(returnPath);
	});

	test.each([
		['From: ann@example.test', { name: '', address: 'ann@example.test' }],
		['From: ann@example.test (Ann Lee)', { name: 'Ann Lee', address: 'ann@example.test' }],
		['From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <j@example.test>', { name: 'Jürgen Müller', address: 'j@example.test' }],
		['From: "=?utf-8?B?SsO8cmdlbg==?=" <j@example.test>', { name: 'Jürgen', address: 'j@example.test' }],
		['From: "boss@shop.test" <evil@example.test>', { name: 'boss@shop.test', address: 'evil@example.test' }],
		['From: Jürgen <j@example.test>', { name: 'Jürgen', address: 'j@example.test' }],
		['From: <j@xn--bcher-kva.example>', { name: '', address: 'j@xn--bcher-kva.example' }],
		// An encoded word is a name, whatever it decodes to (RFC 2047 section 5).
		['From: =?utf-8?q?boss=40shop.test=2C?= <evil@example.test>', { name: 'boss@shop.test,', address: 'evil@example.test' }],
		['From: undisclosed-recipients:;', null],
		['From: Ann', null],
	])('%s', async (line, from) => {
		expect((await read(line, '', 'x')).from).toEqual(from);
	});

	test('of a repeated header the first; names that objects have are names like others', async () => {
		const { headers } = await read('X-A: 1', 'X-A: 2', '__proto__: p', 'constructor: c', 'Precedence: bulk', '', 'x');
		expect(headers['x-a']).toBe('1');
		expect(Object.keys(headers).sort()).toEqual(['__proto__', 'constructor', 'precedence', 'x-a']);
	});

	test('a date that is none is not told', async () => {
		expect((await read('Date: yesterday', '', 'x')).date).toBeNull();
	});

	test('lines that are no headers are passed over', async () => {
		const mail = await read('From ann@example.test Sun Nov 22 08:00:00 2026', 'Subject: Hello', 'what is this', ' and this', 'To: a@b.test', '', 'x');
		expect(mail).toMatchObject({ subject: 'Hello', to: [{ address: 'a@b.test' }] });
	});

	test('line breaks alone, without carriage returns, part lines too', async () => {
		const mail = await read('Subject: Hello\nTo: a@b.test\n\nfirst\nsecond');
		expect(mail).toMatchObject({ subject: 'Hello', to: [{ address: 'a@b.test' }], text: 'first\nsecond' });
	});
});

describe('alphabets', () => {
	const hex = (bytes: string) => Buffer.from(bytes, 'hex');

	test.each([
		['=?UTF-8?B?R3LDvMOfZSDwn5iA?=', 'Grüße 😀'],
		['=?ISO-8859-1?Q?Gr=FC=DFe?=', 'Grüße'],
		['=?utf-8?q?a?= =?utf-8?q?b?=', 'ab'],
		['=?utf-8?q?a?=\r\n =?utf-8?q?b?=', 'ab'],
		['=?utf-8?q?a?= and =?utf-8?q?b?=', 'a and b'],
		['=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=', 'Grüße'],
		['=?windows-1251?B?z/Do4uXy?=', 'Привет'],
		['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
		['=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=', 'こんにちは'],
		['=?shift_jis?B?grGC8YLJgr+CzQ==?=', 'こんにちは'],
		['=?GB2312?B?xOO6ww==?=', '你好'],
		['=?gb18030?B?xOO6ww==?=', '你好'],
		['=?big5?B?p0Gmbg==?=', '你好'],
		['=?ks_c_5601-1987?B?vsiz5w==?=', '안녕'],
		["=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", 'Grüße'],
		['=?nonsense?Q?caf=E9?=', 'café'],
		['=?utf-8?x?broken?=', '=?utf-8?x?broken?='],
		['100 =?% sure', '100 =?% sure'],
		['Grüße', 'Grüße'],
	])('subject %j', async (encoded, subject) => {
		const mail = await read(`Subject: ${encoded}`, '', 'x');
		expect([mail.subject, mail.headers['subject']]).toEqual([subject, subject]);
	});

	test('a subject in Latin-1 that does not say so', async () => {
		expect((await read(Buffer.from('Subject: Grüße', 'latin1'), '', 'x')).subject).toBe('Grüße');
	});

	test.each([
		['utf-8', Buffer.from('Grüße'), 'Grüße'],
		['iso-8859-1', hex('4772fcdf65'), 'Grüße'],
		['windows-1252', hex('93616294'), '“ab”'],
		['windows-1251', hex('cff0e8e2e5f2'), 'Привет'],
		['koi8-r', hex('f0d2c9d7c5d4'), 'Привет'],
		['ISO-2022-JP', hex('1b2442243324732 44b2441244f1b2842'.replaceAll(' ', '')), 'こんにちは'],
		['Shift_JIS', hex('82b182f182c982bf82cd'), 'こんにちは'],
		['EUC-JP', hex('a4b3a4f3a4cba4c1a4cf'), 'こんにちは'],
		['gb18030', hex('c4e3bac3'), '你好'],
		['GBK', hex('c4e3bac3'), '你好'],
		['big5', hex('a741a66e'), '你好'],
		['euc-kr', hex('bec8b3e7'), '안녕'],
		['nonsense', Buffer.from('plain'), 'plain'],
	])('text in %s', async (charset, bytes, text) => {
		expect((await read(...PLAIN_HEAD, `Content-Type: text/plain; charset="${charset}"`, 'Content-Transfer-Encoding: 8bit', '', bytes)).text).toBe(text);
		const base64 = ['Content-Transfer-Encoding: base64', '', bytes.toString('base64')];
		expect((await read(...PLAIN_HEAD, `Content-Type: text/plain; charset=${charset}`, ...base64)).text).toBe(text);
	});

	test('quoted-printable, and lines that flow (RFC 3676)', async () => {
		const mail = await read(...PLAIN_HEAD, 'Content-Type: text/plain; charset=utf-8; format=flowed', 'Content-Transfer-Encoding: quoted-printable', '', 'Gr=C3=BC=C3=9Fe an=20', 'alle und=', ' noch wen', '> quoted', '--=20', 'Ann');
		expect(mail.text).toBe('Grüße an alle und noch wen\n> quoted\n-- \nAnn');
	});
});

describe('text and HTML', () => {
	const HTML = ['Content-Type: text/html; charset=utf-8', '', '<p>Hello <b>there</b></p><p>Bye</p>'];
	const TEXT = ['Content-Type: text/plain; charset=utf-8', '', 'Hello there'];

	test('both', async () => {
		expect(await read(...PLAIN_HEAD, ...parts('alternative', TEXT, HTML))).toMatchObject({ text: 'Hello there', html: '<p>Hello <b>there</b></p><p>Bye</p>' });
	});

	test.each([
		['HTML alone', HTML],
		['HTML beside nothing', parts('alternative', ['Content-Type: text/plain', '', ' '], HTML)],
		['HTML with a picture', parts('related', HTML, ['Content-Type: image/png', 'Content-Transfer-Encoding: base64', '', 'iVBORw0K'])],
	])('%s is turned into text', async (_name, body) => {
		expect(await read(...PLAIN_HEAD, ...body)).toMatchObject({ text: 'Hello there\n\nBye', html: '<p>Hello <b>there</b></p><p>Bye</p>' });
	});

	test('text around files is one text, in its order', async () => {
		const file = ['Content-Type: application/pdf', 'Content-Disposition: attachment; filename=a.pdf', '', '%PDF'];
		const mail = await read(...PLAIN_HEAD, ...parts('mixed', TEXT, file, ['Content-Type: text/plain', '', 'and the end']));
		expect(mail).toMatchObject({ text: 'Hello there\nand the end', attachments: [{ name: 'a.pdf' }] });
	});

	test('the foot that a mailing list adds to HTML is kept', async () => {
		const mail = await read(...PLAIN_HEAD, ...parts('mixed', HTML, ['Content-Type: text/plain', '', 'List <foot>']));
		expect(mail.html).toContain('List &lt;foot&gt;');
	});

	test('more text than anybody reads is cut, and says so', async () => {
		const { text } = await read(...PLAIN_HEAD, '', 'a'.repeat(100).concat('\r\n').repeat(12_000));
		expect(text.length).toBeLessThan(1024 * 1024 + 200);
		expect(text).toMatch(/The rest of this mail is left out/);
	});
});

describe('files', () => {
	const file = (...head: string[]) => [...head, 'Content-Transfer-Encoding: base64', '', Buffer.from('bytes').toString('base64')];
	const TEXT = ['Content-Type: text/plain', '', 'see the file'];
	const readFile = async (...head: string[]) => (await read(...PLAIN_HEAD, ...parts('mixed', TEXT, file(...head)))).attachments[0];

	test.each([
		['attachment; filename=plain.pdf', 'plain.pdf'],
		['attachment; filename="with space.pdf"', 'with space.pdf'],
		['attachment; filename="=?utf-8?Q?=C3=9Cbersicht.pdf?="', 'Übersicht.pdf'],
		["attachment; filename*=utf-8''%C3%9Cbersicht.pdf", 'Übersicht.pdf'],
		["attachment; filename*=iso-8859-1''%DCbersicht.pdf", 'Übersicht.pdf'],
		["attachment;\r\n filename*0*=utf-8''%C3%9C;\r\n filename*1*=bersicht;\r\n filename*2=.pdf", 'Übersicht.pdf'],
		['attachment; filename="=?gb2312?B?xOO6wy5wZGY=?="', '你好.pdf'],
		['attachment', 'attachment-1.pdf'],
	])('%j', async (disposition, name) => {
		expect(await readFile('Content-Type: application/pdf', `Content-Disposition: ${disposition}`)).toEqual({
			name,
			mime: 'application/pdf',
			bytes: Buffer.from('bytes'),
			inline: false,
		});
	});

	test.each([
		['Content-Type: application/pdf; name="old way.pdf"', 'old way.pdf', 'application/pdf'],
		['Content-Type: image/jpeg', 'attachment-1.jpg', 'image/jpeg'],
		['Content-Type: text/calendar; method=REQUEST; charset=utf-8', 'attachment-1.ics', 'text/calendar'],
		['Content-Type: application/ms-tnef; name="winmail.dat"', 'winmail.dat', 'application/ms-tnef'],
		['Content-Type: application/octet-stream; name="scan.png"', 'scan.png', 'image/png'],
		['Content-Type: APPLICATION/X-THING', 'attachment-1', 'application/x-thing'],
	])('%s', async (type, name, mime) => {
		expect(await readFile(type)).toMatchObject({ name, mime, inline: false });
	});

	test('an invitation that stands beside the text is a file', async () => {
		const mail = await read(...PLAIN_HEAD, ...parts('alternative', TEXT, ['Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR']));
		expect(mail).toMatchObject({ text: 'see the file', attachments: [{ name: 'attachment-1.ics', mime: 'text/calendar', inline: false }] });
	});

	test('a mail within a mail is a file with its subject as name, and nothing of it is in the text', async () => {
		const inner = raw('From: bob@example.test', 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe:?= a/b', '', 'the inner text');
		const mail = await read(...PLAIN_HEAD, ...parts('mixed', TEXT, ['Content-Type: message/rfc822', '', inner]));
		expect(mail.text).toBe('see the file');
		expect(mail.attachments).toMatchObject([{ name: 'Grüße a b.eml', mime: 'message/rfc822', inline: false }]);
		expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toContain('the inner text');
	});

	test('what the HTML shows is inline, other pictures are not', async () => {
		const html = ['Content-Type: text/html', '', '<p>Look: <img src="cid:logo%40shop" alt="our logo"></p>'];
		const shown = file('Content-Type: image/png; name=logo.png', 'Content-ID: <logo@shop>');
		const apple = file('Content-Type: image/jpeg; name=photo.jpg', 'Content-Disposition: inline; filename=photo.jpg', 'Content-ID: <other@shop>');
		const mail = await read(...PLAIN_HEAD, ...parts('related', html, shown, apple));
		expect(mail).toMatchObject({
			html: '<p>Look: <span>our logo</span></p>',
			text: 'Look: our logo',
			attachments: [
				{ name: 'logo.png', inline: true },
				{ name: 'photo.jpg', inline: false },
			],
		});
	});
});

describe('what cannot be read', () => {
	test('more parts than any mail has: the mail itself is the file, its headers are told', async () => {
		const part = ['--x', 'Content-Type: text/plain', '', 'a'];
		const mail = await read(...PLAIN_HEAD, 'Content-Type: multipart/mixed; boundary=x', '', ...Array.from({ length: 1_500 }, () => part).flat());
		expect(mail).toMatchObject({ subject: 'Order 7', from: { address: 'ann@example.test' }, text: '' });
		expect(mail.attachments).toMatchObject([{ name: 'message.eml', mime: 'message/rfc822', inline: false }]);
		expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toContain('Message-ID: <in-1@example.test>');
	});

	test.each(['multipart/mixed', 'multipart/mixed; boundary="another"', 'multipart/alternative; boundary=another'])('%s that nothing parts: the mail itself is the file', async (type) => {
		const mail = await read(...PLAIN_HEAD, `Content-Type: ${type}`, '', '--x', '', 'hello', '--x--');
		expect(mail).toMatchObject({ text: '', attachments: [{ name: 'message.eml' }] });
		expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toContain('hello');
	});

	test.each([
		['no words', [...PLAIN_HEAD, '', ' ', '']],
		['a blank in base64', [...PLAIN_HEAD, 'Content-Transfer-Encoding: base64', '', 'DQo=']],
		['parts without words', [...PLAIN_HEAD, ...parts('mixed', ['Content-Type: text/plain; charset=utf-8', '', ' '])]],
	])('%s are no file', async (_name, lines) => {
		expect(await read(...lines)).toMatchObject({ text: '', attachments: [] });
	});

	test.each([
		['a multipart without an end', [...PLAIN_HEAD, 'Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'hello']],
		['broken base64', [...PLAIN_HEAD, 'Content-Transfer-Encoding: base64', '', 'aGVsbG8*!']],
		['nothing but bytes', [Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))]],
	])('%s is no reason to stop', async (_name, lines) => {
		expect(typeof (await read(...lines)).text).toBe('string');
	});
});
