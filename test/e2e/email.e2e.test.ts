import { ADDRESS, fieldsFor, NAME, PASSWORD } from '../fakes/mail';
import { fakeSmtp, type FakeSmtp } from '../fakes/mail-smtp';
import { until } from '../until';
import { describeWithDovecot, startDovecot, type Dovecot } from './kit/dovecot';
import { N8n, type WorkflowJson } from './kit/n8n';
import { Rest } from './kit/rest';
import { node, ours, to } from './kit/workflows';

/** Email in a real n8n with a real mailbox: a conversation in one thread, a restart in between, a bounce, programs that answer. */

jest.setTimeout(240_000);

const LIMIT_MS = 40_000;
const EMAIL = { conversationsEmailApi: { id: 'cred-email', name: 'email' } };
const contact = "={{ $('Opened').item.json.contact.id }}";
const connected = { contact, connectedChannels: ['email'] };

/** Asks, waits for the answer, thanks under a subject of its own, closes. What comes back leaves on the second output. */
function workflow(): WorkflowJson {
	const opened = { channels: ['email'], sources: ['contact'], options: { groupMessagesSeconds: 0 } };
	const thanks = { channelResponses: ['email'], emailMessageType: 'text', emailText: 'Thank you', emailSubject: 'We got it', emailHtml: '<p><b>Thank you</b></p>' };
	return {
		id: 'mails',
		name: 'Mails',
		settings: { executionOrder: 'v1' },
		nodes: [
			node('Opened', ours('conversationOpenedTrigger'), opened, { typeVersion: 2, webhookId: 'mail-hook', credentials: EMAIL }),
			node('Ask', ours('sendMessage'), { ...connected, text: '🤖 What is your order number?', waitFor: 'reply', waitLimit: 5 }, { credentials: EMAIL }),
			node('Thank', ours('sendMessage'), { ...connected, text: 'Thank you', ...thanks, waitFor: 'delivery', waitLimit: 5 }, { credentials: EMAIL }),
			node('Close', ours('closeConversation'), { contact, summary: 'Bounced' }),
		],
		connections: { Opened: { main: [to('Ask')] }, Ask: { main: [to('Thank')] }, Thank: { main: [[], [{ node: 'Close', type: 'main', index: 0 }]] } },
	};
}

const mailOf = (id: string, from: string, headers: string, text: string) =>
	`Message-ID: <${id}@example.test>\r\nFrom: ${from}\r\nTo: ${ADDRESS}\r\nDate: ${new Date().toUTCString()}\r\n${headers}\r\n\r\n${text}\r\n`;

const bounceOf = (messageId: string) =>
	[
		'Return-Path: <>', 'From: Mail Delivery System <mailer-daemon@mx.example.test>', `To: ${ADDRESS}`, 'Message-ID: <bounce-1@mx.example.test>',
		'Subject: Undelivered Mail Returned to Sender', 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0',
		'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"', '',
		'--b1', 'Content-Type: text/plain', '', 'The mail could not be delivered.', '',
		'--b1', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.test', '',
		'Final-Recipient: rfc822; ann@example.test', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 No such user', '',
		'--b1', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${messageId}`, `From: ${ADDRESS}`, 'To: ann@example.test', '', '--b1--', '',
	].join('\r\n');

describeWithDovecot('email', () => {
	let n8n: N8n;
	let rest: Rest;
	let smtp: FakeSmtp;
	let dovecot: Dovecot;

	const delivers = (raw: string) => dovecot.deliver(raw, ADDRESS);
	const executions = () => rest.executions('mails');
	const waiting = async () => (await executions()).filter(({ status }) => status === 'waiting').length;
	const connectedTimes = () => dovecot.log().match(/imap-login: Info: Login/g)?.length ?? 0;

	beforeAll(async () => {
		dovecot = await startDovecot([{ user: ADDRESS, password: PASSWORD }]);
		smtp = await fakeSmtp({ user: ADDRESS, password: PASSWORD });
		await delivers(mailOf('old', 'Old <old@example.test>', 'Subject: Long ago', 'Nobody waits for this any more'));
		n8n = await N8n.prepare();
		n8n.importCredentials([{ id: 'cred-email', name: 'email', type: 'conversationsEmailApi', data: fieldsFor(smtp.port, dovecot.imapPort) }]);
		n8n.import([workflow()]);
		await n8n.start();
		rest = await Rest.signIn(n8n.url);
		await rest.publish('mails');
		// Once to see whether it can be read, once to read it.
		await until(() => connectedTimes() >= 2, LIMIT_MS);
		await new Promise((later) => setTimeout(later, 1_000));
	});

	afterAll(async () => {
		await n8n?.remove();
		await smtp?.close();
		await dovecot?.remove();
	});

	test('a mail opens a conversation, and the answer is in its thread; what programs write and old mails open nothing', async () => {
		await delivers(mailOf('vacation', 'Bob <bob@example.test>', 'Subject: Out of office\r\nAuto-Submitted: auto-replied', 'I am away'));
		await delivers(mailOf('list', 'News <news@example.test>', 'Subject: News\r\nList-Id: <news.example.test>', 'Buy'));
		await delivers(mailOf('in-1', 'Ann Lee <ann@example.test>', 'Subject: Where is it?', 'Where is my order?'));
		await until(() => smtp.mails.length === 1, LIMIT_MS);
		const [asked] = smtp.mails;
		expect(asked?.mail).toMatchObject({ subject: 'Re: Where is it?', inReplyTo: '<in-1@example.test>', text: expect.stringContaining('🤖 What is your order number?') as string });
		expect(asked?.mail.from?.value).toEqual([{ address: ADDRESS, name: NAME }]);
		expect(asked?.mail.headers.get('auto-submitted')).toBe('auto-replied');
		await until(async () => (await waiting()) === 1, LIMIT_MS);
		expect(await executions()).toHaveLength(1);
	});

	test('promise 3: the reply that comes while n8n is down continues the run when it is back, without what it quotes', async () => {
		await n8n.stop();
		const quoted = `Number 7\r\n\r\nOn Sat, 21 Nov 2026 at 10:00, ${NAME} <${ADDRESS}> wrote:\r\n> What is your order number?\r\n`;
		const id = smtp.mails[0]?.mail.messageId ?? '';
		await delivers(mailOf('in-2', 'Ann Lee <ann@example.test>', `Subject: Re: Where is it?\r\nIn-Reply-To: ${id}\r\nReferences: <in-1@example.test> ${id}`, quoted));
		await n8n.start();
		rest = await Rest.signIn(n8n.url);
		await until(() => smtp.mails.length === 2, LIMIT_MS);
		expect(smtp.mails[1]?.mail).toMatchObject({
			subject: 'We got it',
			html: expect.stringContaining('<b>Thank you</b>') as string,
			inReplyTo: '<in-2@example.test>',
			references: ['<in-1@example.test>', id, '<in-2@example.test>'],
		});
		expect(await executions()).toHaveLength(1);
	});

	test('a bounce is the failure of the mail it is about', async () => {
		await until(async () => (await waiting()) === 1, LIMIT_MS);
		await delivers(bounceOf(smtp.mails[1]?.mail.messageId ?? ''));
		await until(async () => (await executions()).every(({ status }) => status === 'success' || status === 'error'), LIMIT_MS);
		const [only] = await executions();
		const execution = await rest.execution(only?.id ?? '');
		expect(execution.error).toBeUndefined();
		expect(execution.json('Opened')).toMatchObject([{ contact: { name: 'Ann Lee', email: 'ann@example.test' }, message: { text: 'Where is my order?', email: { subject: 'Where is it?' } } }]);
		expect(execution.json('Ask')).toMatchObject([{ message: { direction: 'in', text: 'Number 7', email: { text: expect.stringContaining('wrote:') as string } } }]);
		expect(execution.json('Thank', 1)).toMatchObject([{ failure: { code: 'recipient_unreachable', providerCode: expect.stringContaining('5.1.1') as string } }]);
		// What came before is named from the second output, too.
		expect(execution.json('Close')).toMatchObject([{ closed: true, contact: { name: 'Ann Lee' } }]);
		expect(smtp.mails).toHaveLength(2);
	});

	test('nobody who uses the mailbox beside n8n notices that it reads', () => {
		expect(dovecot.files(ADDRESS).filter((name) => /:2,.*S/.test(name))).toEqual([]);
	});

	test('no password and no subject stands in the log of n8n', () => {
		expect([PASSWORD, 'Where is it?', 'Number 7'].filter((word) => n8n.log.includes(word))).toEqual([]);
	});
});
