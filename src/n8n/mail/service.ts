import type { MailServers, MailService } from '../../core/mail';

/**
 * The mail servers of one credential. What they are spoken to with is loaded when it is first needed: it is large, and few
 * use all channels.
 */
export function mailService(servers: MailServers): MailService {
	let opened: Promise<MailService> | null = null;
	// Node.js wants the whole name of a file that is loaded later.
	const open = () => (opened ??= import('./mail-servers.js').then(({ openServers }) => openServers(servers)));
	return {
		send: async (mail) => (await open()).send(mail),
		check: async (server) => (await open()).check(server),
		next: async (cursor, signal) => (await open()).next(cursor, signal),
	};
}

const nobody = () => Promise.reject(new Error('This channel has no mail server'));

/** For providers that have no mail servers. */
export const NO_MAIL: MailService = { send: nobody, check: nobody, next: nobody };
