import { Unanswered } from '../../../src/core/http';
import { MailRefused, type MailServer, type OutgoingMail } from '../../../src/core/mail';

/** A mail to send; `more` wins. */
export function outgoing(more: Partial<OutgoingMail> = {}): OutgoingMail {
	return {
		from: { name: 'Shop Support', address: 'support@shop.test' },
		to: [{ name: 'Ann', address: 'ann@example.test' }],
		cc: [],
		bcc: [],
		replyTo: [],
		subject: 'Your order',
		text: 'It is on its way.',
		html: '',
		messageId: '<m-1@shop.test>',
		inReplyTo: null,
		references: [],
		headers: {},
		attachments: [],
		...more,
	};
}

/** On this machine, in plain text. */
export function serverOn(port: number, more: Partial<MailServer> = {}): MailServer {
	return { host: '127.0.0.1', port, secure: false, user: 'support@shop.test', password: 'correct horse battery staple', ...more };
}

/** What it was refused with, or whether it may have gone. */
export async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Unanswered) return error.when;
		if (!(error instanceof MailRefused)) throw error;
		const { server, about, status, enhanced, response } = error;
		return { server, about, status, enhanced, response };
	}
}
