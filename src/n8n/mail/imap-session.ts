import { ImapFlow, type MailboxObject } from 'imapflow';
import type { MailServers } from '../../core/mail';
import { upgradeOf } from './encryption';
import { imapFailure } from './imap-errors';

export type ImapServer = NonNullable<MailServers['imap']>;

const CONNECT_MS = 10_000;
const GREETING_MS = 10_000;
/** Without a word from the server: then it is asked whether it is still there, and given as long again. */
const SILENCE_MS = 120_000;
const CLIENT = { name: 'n8n-nodes-conversations', version: false, vendor: false, 'support-url': false } as const;

/** A connection with the mailbox open, to read only: no mail is marked as seen. */
export interface ImapSession {
	client: ImapFlow;
	mailbox: MailboxObject;
}

/** `begun`: given the connection at once, so that it can be closed before there is a session. @throws MailRefused, Unanswered */
export async function openSession(server: ImapServer, begun: (client: ImapFlow) => void = () => undefined): Promise<ImapSession> {
	const client = new ImapFlow(optionsFor(server));
	// An error that nobody waits for only ends the connection.
	client.on('error', () => undefined);
	begun(client);
	let step: 'connecting' | 'opening' = 'connecting';
	try {
		await client.connect();
		step = 'opening';
		return { client, mailbox: await client.mailboxOpen(server.mailbox, { readOnly: true }) };
	} catch (error) {
		client.close();
		throw imapFailure(error, step, server);
	}
}

function optionsFor(server: ImapServer) {
	const { host, port, secure, user, password } = server;
	const { required, verified } = upgradeOf(server);
	return {
		host,
		port,
		secure,
		auth: { user, pass: password },
		...(required && !secure && { doSTARTTLS: true }),
		tls: { rejectUnauthorized: secure || verified },
		connectionTimeout: CONNECT_MS,
		greetingTimeout: GREETING_MS,
		socketTimeout: SILENCE_MS,
		clientInfo: CLIENT,
		logger: false as const,
		// What we do not need cannot go wrong.
		disableAutoIdle: true,
		disableAutoEnable: true,
		disableCompression: true,
		disableBinary: true,
	};
}
