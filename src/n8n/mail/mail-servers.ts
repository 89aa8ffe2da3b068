import type { MailServers, MailService } from '../../core/mail';
import { compose } from './compose';
import { openSession } from './imap-session';
import { Mailbox } from './mailbox';
import { smtpPool } from './smtp-pool';
import { SmtpSession } from './smtp-session';

/** What `mailService` hands out, once a mail server is needed. */
export function openServers({ smtp, imap }: MailServers): MailService {
	const mailbox = imap && new Mailbox(imap);
	return {
		send: async (mail) => smtpPool(smtp).send(await compose(mail)),
		check: async (server) => {
			if (server === 'smtp') return (await SmtpSession.open(smtp)).close();
			if (!imap) throw new Error('There is no mailbox to read');
			const { client } = await openSession(imap);
			await client.logout().catch(() => client.close());
		},
		next: async (cursor, signal) => {
			if (!mailbox) throw new Error('There is no mailbox to read');
			return await mailbox.next(cursor, signal);
		},
	};
}
