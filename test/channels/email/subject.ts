import type { EmailCredential } from '../../../src/channels/email/credential';
import { writeMail, type KeptMail } from '../../../src/channels/email/wire';
import type { WebhookRequest } from '../../../src/core/channel';
import type { Attachment } from '../../../src/core/message-parts';
import type { Subject } from '../../contracts/channel';
import { ADDRESS, fakeMailServers, NAME, PASSWORD } from '../../fakes/mail';

export const ACCOUNT = ADDRESS;
export const ANN = 'ann@example.test';
export const RECEIVED_AT = Date.parse('2026-11-22T08:00:05Z');
export const WRITTEN_AT = Date.parse('2026-11-22T08:00:00Z');
/** Our own id of a message, and the Message-ID that its mail has. */
export const OUR_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
export const OUR_MAIL = `<${OUR_ID}.conversations@shop.test>`;

export const about = { channel: 'email', account: ACCOUNT, at: WRITTEN_AT } as const;
export const ann = { channel: 'email', account: ACCOUNT, user: ANN } as const;

const server = { host: 'mail.shop.test', secure: true, user: ADDRESS, password: PASSWORD };
export const credential: EmailCredential = {
	fromAddress: ADDRESS,
	fromName: NAME,
	smtp: { ...server, port: 465 },
	imap: { ...server, port: 993, mailbox: 'INBOX' },
};

/** A mail of Ann's, as `poll` hands it on. */
export function kept(more: Partial<KeptMail> = {}): KeptMail {
	return {
		key: '7.42',
		receivedAt: RECEIVED_AT,
		messageId: '<in-1@example.test>',
		inReplyTo: null,
		references: [],
		from: { name: 'Ann Lee', address: 'Ann@Example.Test' },
		returnPath: 'ann@example.test',
		replyTo: [],
		to: [{ name: '', address: ADDRESS }],
		cc: [],
		subject: 'Order 7',
		date: WRITTEN_AT,
		text: 'Where is it?',
		html: null,
		headers: {},
		attachments: [],
		report: null,
		...more,
	};
}

export function request(mail: KeptMail): WebhookRequest {
	return { method: 'POST', headers: {}, query: {}, body: writeMail(mail), receivedAt: RECEIVED_AT };
}

const photo: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 3 };
const pdf: Attachment = { fileId: 'file-pdf', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 };
export const attachments = { photo, pdf };
export const files = {
	'file-jpg': { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
	'file-pdf': { name: 'invoice.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
};

const message = { ...about, kind: 'message', from: ann, name: 'Ann Lee', profile: { email: ANN } } as const;
const shown = { from: 'Ann Lee <Ann@Example.Test>', to: [ADDRESS] };

export const subject: Subject<EmailCredential> = {
	credential,
	otherCredential: { ...credential, smtp: { ...credential.smtp, password: 'another' } },
	account: ACCOUNT,
	user: ANN,
	signatureHeader: null,
	signatureOf: (header) => header,
	received: [
		{
			name: 'a first mail',
			request: request(kept({ html: '<p>Where is it?</p>' })),
			events: [
				{
					...message,
					key: '<in-1@example.test>',
					externalId: '<in-1@example.test>',
					content: { kind: 'text', text: 'Where is it?' },
					details: { mail: { ...shown, subject: 'Order 7', text: 'Where is it?', html: '<p>Where is it?</p>', references: ['<in-1@example.test>'] } },
				},
			],
		},
		{
			name: 'an answer with a picture',
			request: request(
				kept({
					messageId: '<in-2@example.test>',
					inReplyTo: OUR_MAIL,
					references: ['<in-1@example.test>', OUR_MAIL],
					subject: 'Re: Order 7',
					text: 'It came broken.\n\nOn 11/21/26 10:00, Shop Support wrote:\n> It came.',
					attachments: [photo],
				}),
			),
			events: [
				{
					...message,
					key: '<in-2@example.test>',
					externalId: '<in-2@example.test>',
					replyTo: OUR_MAIL,
					content: { kind: 'media', text: 'It came broken.', attachments: [photo] },
					details: {
						mail: {
							...shown,
							subject: 'Re: Order 7',
							text: 'It came broken.\n\nOn 11/21/26 10:00, Shop Support wrote:\n> It came.',
							references: ['<in-1@example.test>', OUR_MAIL, '<in-2@example.test>'],
						},
					},
				},
			],
		},
		{
			name: 'an answer that one of us wrote in the mailbox',
			request: request(
				kept({
					messageId: '<agent-1@shop.test>',
					inReplyTo: '<in-1@example.test>',
					from: { name: 'Shop', address: ADDRESS },
					to: [{ name: 'Ann', address: 'Ann@example.test' }],
					subject: 'Re: Order 7',
					text: 'It is on its way.',
				}),
			),
			events: [
				{
					...about,
					kind: 'echo',
					key: '<agent-1@shop.test>',
					externalId: '<agent-1@shop.test>',
					to: ann,
					replyTo: '<in-1@example.test>',
					content: { kind: 'text', text: 'It is on its way.' },
					details: { mail: { from: `Shop <${ADDRESS}>`, to: ['Ann <Ann@example.test>'], subject: 'Re: Order 7', text: 'It is on its way.', references: ['<in-1@example.test>', '<agent-1@shop.test>'] } },
				},
			],
		},
		{
			name: 'an out-of-office notice',
			request: request(kept({ headers: { 'auto-submitted': 'auto-replied' } })),
			events: [{ ...about, kind: 'ignored', key: 'ignored:<in-1@example.test>', why: 'an automatic mail (auto-replied)' }],
		},
		{
			name: 'a report that a mail of ours could not be delivered',
			request: request(
				kept({
					messageId: '<dsn-1@mx.example.test>',
					from: { name: '', address: 'MAILER-DAEMON@mx.example.test' },
					returnPath: '',
					report: { originalMessageId: OUR_MAIL, recipients: [{ address: ANN, action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 no such user' }] },
				}),
			),
			events: [
				{
					...about,
					kind: 'receipt',
					key: 'report:<dsn-1@mx.example.test>:0',
					externalId: OUR_MAIL,
					messageId: OUR_ID,
					state: 'failed',
					failure: {
						code: 'recipient_unreachable',
						reason:
							'The mail was taken and came back. No mail can be delivered at this address: there is no such mailbox or domain, or it is closed. Check how the address is written, or use another channel.',
						channel: 'email',
						retryable: false,
						retryAfterMs: null,
						providerCode: '550 5.1.1',
						providerMessage: '550 5.1.1 no such user',
					},
				},
			],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello\n\nSee https://shop.test/orders/7.' },
		{ kind: 'text', text: 'Hello', mail: { subject: 'Order 7', html: '<p><b>Hello</b></p>', cc: ['Bob <bob@example.test>'], bcc: ['archive@shop.test'], replyTo: ['orders@shop.test'] } },
		{ kind: 'media', text: 'Your invoice', attachments: [pdf, photo, pdf, photo, pdf] },
		{ kind: 'media', text: null, attachments: [pdf] },
	],
	files,
	fake: fakeMailServers,
};
