import { parts, read } from './raw';

const OUR_ID = '<c_17.01KAB@shop.test>';
const TO_US = ['Return-Path: <>', 'To: support@shop.test', 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0'];
const report = (...bodies: (string | Buffer)[][]) => parts('report; report-type=delivery-status', ...bodies);
const text = (words: string) => ['Content-Type: text/plain; charset=us-ascii', '', words];
const original = ['From: Shop Support <support@shop.test>', 'To: ann@example.test', `Message-ID: ${OUR_ID}`, 'Subject: Your order'];

const failed = (more: object = {}) => ({
	originalMessageId: OUR_ID,
	recipients: [{ address: 'ann@example.test', action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 <ann@example.test>: User unknown', ...more }],
});

test('Postfix', async () => {
	const mail = await read(
		...TO_US,
		'From: MAILER-DAEMON@mx.shop.test (Mail Delivery System)',
		'Subject: Undelivered Mail Returned to Sender',
		'Message-Id: <20261122080005.4F2A1@mx.shop.test>',
		...report(
			['Content-Description: Notification', ...text('This is the mail system at host mx.shop.test.')],
			[
				'Content-Description: Delivery report',
				'Content-Type: message/delivery-status',
				'',
				'Reporting-MTA: dns; mx.shop.test',
				'X-Postfix-Queue-ID: 4F2A1',
				'X-Postfix-Sender: rfc822; support@shop.test',
				'Arrival-Date: Sun, 22 Nov 2026 08:00:00 +0000 (UTC)',
				'',
				'Final-Recipient: rfc822; ann@example.test',
				'Original-Recipient: rfc822;ann@example.test',
				'Action: failed',
				'Status: 5.1.1',
				'Remote-MTA: dns; mx.example.test',
				'Diagnostic-Code: smtp; 550 5.1.1 <ann@example.test>:',
				'    User unknown',
			],
			['Content-Description: Undelivered Message', 'Content-Type: message/rfc822', '', ...original, '', 'It is on its way.'],
		),
	);
	expect(mail).toMatchObject({ returnPath: '', from: { address: 'MAILER-DAEMON@mx.shop.test' }, text: 'This is the mail system at host mx.shop.test.' });
	expect(mail.report).toEqual(failed());
	expect(mail.attachments.map(({ name }) => name)).toEqual(['attachment-1.txt', 'Your order.eml']);
});

test('Postfix, about a mail that waits, with the headers alone', async () => {
	const { report: said } = await read(
		...TO_US,
		...report(
			text('THIS IS A WARNING ONLY.'),
			['Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.shop.test', '', 'Final-Recipient: rfc822; ann@example.test', 'Action: delayed', 'Status: 4.4.1', 'Diagnostic-Code: X-Postfix; connect to mx.example.test: Connection timed out', 'Will-Retry-Until: Fri, 27 Nov 2026 08:00:00 +0000'],
			['Content-Type: text/rfc822-headers', '', ...original],
		),
	);
	expect(said).toEqual(failed({ action: 'delayed', status: '4.4.1', diagnostic: 'connect to mx.example.test: Connection timed out' }));
});

test('Exchange Online: HTML beside the text, the mail in base64', async () => {
	const whole = Buffer.from([...original, '', 'It is on its way.'].join('\r\n')).toString('base64');
	const mail = await read(
		...TO_US,
		'From: <postmaster@example.test>',
		'Subject: Undeliverable: Your order',
		`In-Reply-To: ${OUR_ID}`,
		...report(
			parts('alternative', text('Your message to ann@example.test could not be delivered.'), ['Content-Type: text/html', '', '<p>Your message …</p>']),
			[
				'Content-Type: message/delivery-status',
				'',
				'Reporting-MTA: dns;AM0PR01MB1234.eurprd01.prod.exchangelabs.com',
				'Received-From-MTA: dns;mx.shop.test',
				'Arrival-Date: Sun, 22 Nov 2026 08:00:05 +0000',
				'',
				'Final-Recipient: rfc822;ann@example.test',
				'Action: failed',
				'Status: 5.1.10',
				'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.test not found by SMTP address lookup',
			],
			['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', whole],
		),
	);
	expect(mail.report).toEqual(failed({ status: '5.1.10', diagnostic: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.test not found by SMTP address lookup' }));
	expect(mail.text).toBe('Your message to ann@example.test could not be delivered.');
});

test('Gmail: several lines of reason, no address of the first hop', async () => {
	const { report: said, headers } = await read(
		...TO_US,
		'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
		'X-Failed-Recipients: ann@example.test',
		'Subject: Delivery Status Notification (Failure)',
		...report(
			parts('related', parts('alternative', text('** Address not found **'), ['Content-Type: text/html', '', '<img src="cid:icon.png">'])),
			[
				'Content-Type: message/delivery-status',
				'',
				'Reporting-MTA: dns; googlemail.com',
				`X-Original-Message-ID: ${OUR_ID}`,
				'',
				'Final-Recipient: rfc822; ann@example.test',
				'Action: failed',
				'Status: 5.1.1',
				'Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try',
				' 550-5.1.1 double-checking the address.',
				' 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser',
				'Last-Attempt-Date: Sun, 22 Nov 2026 00:00:05 -0800 (PST)',
			],
		),
	);
	expect(said).toEqual(
		failed({
			diagnostic: '550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the address. 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser',
		}),
	);
	expect(headers['x-failed-recipients']).toBe('ann@example.test');
});

test('Exim of today: it says 5.0.0 of everything, what the other server said counts', async () => {
	const { report: said } = await read(
		...TO_US,
		'X-Failed-Recipients: ann@example.test',
		'From: Mail Delivery System <Mailer-Daemon@mx.shop.test>',
		...report(
			text('This message was created automatically by mail delivery software.'),
			['Content-type: message/delivery-status', '', 'Reporting-MTA: dns; mx.shop.test', '', 'Action: failed', 'Final-Recipient: rfc822;ann@example.test', 'Status: 5.0.0', 'Remote-MTA: dns; mx.example.test', 'Diagnostic-Code: smtp; 550 5.2.1 Mailbox disabled'],
			['Content-type: message/rfc822', '', ...original, '', 'It is on its way.'],
		),
	);
	expect(said).toEqual(failed({ status: '5.2.1', diagnostic: '550 5.2.1 Mailbox disabled' }));
});

test('Exim of old: no report, but all to make one of', async () => {
	const mail = await read(
		...TO_US,
		'X-Failed-Recipients: ann@example.test',
		'From: Mail Delivery System <Mailer-Daemon@mx.shop.test>',
		'',
		'A message that you sent could not be delivered to one or more of its recipients.',
		'',
		'  ann@example.test',
		'    550 5.1.1 User unknown',
		'',
		'------ This is a copy of the message, including all the headers. ------',
		'',
		...original,
	);
	expect(mail).toMatchObject({ report: null, returnPath: '', headers: { 'x-failed-recipients': 'ann@example.test' } });
	expect(mail.text).toContain(`Message-ID: ${OUR_ID}`);
});

test('several recipients, each with what became of it', async () => {
	const { report: said } = await read(
		...TO_US,
		...report(text('…'), [
			'Content-Type: message/delivery-status',
			'',
			'Reporting-MTA: dns; mx.shop.test',
			'',
			'Original-Recipient: rfc822;bob@example.test',
			'Action: Delivered (to mailbox)',
			'Status: 2.0.0 (ok)',
			'',
			'',
			'Final-Recipient: rfc822;<ann@example.test>',
			'Action: FAILED',
			'Diagnostic-Code: smtp; 552 5.2.2 Over quota',
			'',
			'Final-Recipient: RFC822; carol@example.test',
			'Action: failed',
			'Status: nonsense',
		]),
	);
	expect(said).toEqual({
		originalMessageId: null,
		recipients: [
			{ address: 'bob@example.test', action: 'delivered', status: '2.0.0', diagnostic: null },
			{ address: 'ann@example.test', action: 'failed', status: '5.2.2', diagnostic: '552 5.2.2 Over quota' },
			{ address: 'carol@example.test', action: 'failed', status: null, diagnostic: null },
		],
	});
});

test('addresses beyond ASCII (RFC 6533), and a server that leaves out the part about the mail', async () => {
	const { report: said } = await read(
		...TO_US,
		...report(
			text('…'),
			['Content-Type: message/global-delivery-status', 'Content-Transfer-Encoding: 8bit', '', 'Final-Recipient: utf-8; jürgen@example.test', 'Action: failed', 'Status: 5.1.1'],
			['Content-Type: message/global-headers', '', ...original],
		),
	);
	expect(said).toEqual({ originalMessageId: OUR_ID, recipients: [{ address: 'jürgen@example.test', action: 'failed', status: '5.1.1', diagnostic: null }] });
});

test('an address of a machine in a reason is no code', async () => {
	const { report: said } = await read(
		...TO_US,
		...report(text('…'), ['Content-Type: message/delivery-status', '', 'Final-Recipient: rfc822;ann@example.test', 'Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 554 refused from 5.1.1.7 and 15.1.1']),
	);
	expect(said?.recipients).toMatchObject([{ status: '5.0.0' }]);
});

test.each([
	['a mail', ['From: ann@example.test', '', 'hello']],
	['a receipt of reading', [...TO_US, ...parts('report; report-type=disposition-notification', text('read'), ['Content-Type: message/disposition-notification', '', 'Final-Recipient: rfc822;ann@example.test'])]],
	['somebody who passes on a report', ['From: ann@example.test', ...parts('mixed', text('look'), ['Content-Type: message/rfc822', '', ...TO_US, ...report(text('…'), ['Content-Type: message/delivery-status', '', 'Final-Recipient: rfc822;bob@example.test', 'Action: failed'])])]],
])('%s is none', async (_name, lines) => {
	expect((await read(...lines)).report).toBeNull();
});
