import type { FakeMailServers } from '../contracts/channel';
import { fakeImap, type FakeImap } from './mail-imap';
import { fakeSmtp, type FakeSmtp } from './mail-smtp';

/** Made up; the address is who writes, and the user of both servers. */
export const ADDRESS = 'support@shop.test';
export const NAME = 'Shop Support';
export const PASSWORD = 'correct horse battery staple';
export const WRONG_PASSWORD = 'Tr0ub4dor&3';

/**
 * Two mail servers on this machine that keep to RFC 5321 and 3501: a mail goes out by `smtp`, and one comes in by
 * `imap.put(raw)`.
 */
export interface FakeMail extends FakeMailServers {
	/** A credential for the SMTP server alone. */
	sendOnlyFields: Record<string, unknown>;
	smtp: FakeSmtp;
	imap: FakeImap;
	/** What the SMTP server accepted, in order. */
	mails: FakeSmtp['mails'];
}

export async function fakeMailServers(): Promise<FakeMail> {
	const login = { user: ADDRESS, password: PASSWORD };
	const [smtp, imap] = await Promise.all([fakeSmtp(login), fakeImap(login)]);
	const fields = fieldsFor(smtp.port, imap.port);
	return {
		fields,
		wrongFields: { ...fields, smtpPassword: WRONG_PASSWORD, imapPassword: WRONG_PASSWORD },
		// Nobody listens on the port of tcpmux.
		goneFields: { ...fields, smtpPort: 1, imapPort: 1 },
		sendOnlyFields: { ...fields, imapHost: '' },
		smtp,
		imap,
		mails: smtp.mails,
		breakNext: () => smtp.breakNext(),
		close: async () => {
			await Promise.all([smtp.close(), imap.close()]);
		},
	};
}

/** As n8n keeps a `conversationsEmailApi`. */
export function fieldsFor(smtpPort: number, imapPort: number): Record<string, unknown> {
	return {
		fromAddress: ADDRESS,
		fromName: NAME,
		smtpHost: '127.0.0.1',
		smtpPort,
		smtpSecure: false,
		smtpUser: ADDRESS,
		smtpPassword: PASSWORD,
		imapHost: '127.0.0.1',
		imapPort,
		imapSecure: false,
		imapUser: ADDRESS,
		imapPassword: PASSWORD,
		mailbox: 'INBOX',
	};
}
