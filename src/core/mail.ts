import type { EpochMs } from './time';

/** The part of the contract that mail needs instead of HTTP: two servers, mails out and mails in. */

export interface MailServer {
	host: string;
	port: number;
	/** TLS from the first byte; else the connection is upgraded where the server offers that. */
	secure: boolean;
	user: string;
	password: string;
}

export interface MailServers {
	smtp: MailServer;
	/** Null: mails are only sent. */
	imap: (MailServer & { mailbox: string }) | null;
}

/** `name` empty: none. */
export interface MailPerson {
	name: string;
	address: string;
}

export interface OutgoingMail {
	from: MailPerson;
	to: readonly MailPerson[];
	cc: readonly MailPerson[];
	bcc: readonly MailPerson[];
	replyTo: readonly MailPerson[];
	subject: string;
	text: string;
	/** As it is sent; the channel has seen to what is in it. */
	html: string;
	/** Ours, with angle brackets. */
	messageId: string;
	inReplyTo: string | null;
	references: readonly string[];
	/** Further headers by name, e.g. 'Auto-Submitted'. */
	headers: Readonly<Record<string, string>>;
	attachments: readonly { name: string; mime: string; bytes: Uint8Array }[];
}

/** What the SMTP server said of the recipients. */
export interface MailAccepted {
	accepted: readonly string[];
	rejected: readonly { address: string; response: string }[];
}

/** A mail as its bytes say, decoded. Nothing in it can be trusted but `html`, which is safe to show. */
export interface ReceivedMail {
	/** Names it within the mailbox: UIDVALIDITY and UID. */
	key: string;
	/** When the mailbox got it. */
	receivedAt: EpochMs;
	/** With angle brackets; null: it has none. */
	messageId: string | null;
	inReplyTo: string | null;
	references: string[];
	from: MailPerson | null;
	/** Of the envelope; '' is what bounces have; null: not told. */
	returnPath: string | null;
	replyTo: MailPerson[];
	to: MailPerson[];
	cc: MailPerson[];
	subject: string;
	date: EpochMs | null;
	/** The whole body as text, made from the HTML when there is no other. */
	text: string;
	/** Without scripts, styles that reach out, remote pictures and forms; null: it has none. */
	html: string | null;
	/** Names in lower case, values unfolded; of a repeated one the first. */
	headers: Record<string, string>;
	/** `missing`: why there are no bytes, as a sentence. `inline`: shown within the body. */
	attachments: { name: string; mime: string; bytes: Uint8Array; inline: boolean; missing?: string }[];
	/** Of a delivery report (RFC 3464). */
	report: DeliveryReport | null;
}

export interface DeliveryReport {
	/** Of the mail it is about; null: not told. */
	originalMessageId: string | null;
	recipients: {
		address: string | null;
		action: string;
		/** e.g. '5.1.1'; null: not told. */
		status: string | null;
		/** The server's words; null: not told. */
		diagnostic: string | null;
	}[];
}

/** The servers of one credential. */
export interface MailService {
	/** @throws MailRefused, Unanswered (`before`: the server surely did not take it) */
	send(mail: OutgoingMail): Promise<MailAccepted>;
	/** Logs in and out again; at IMAP it opens the mailbox as well. @throws MailRefused, Unanswered */
	check(server: 'smtp' | 'imap'): Promise<void>;
	/**
	 * The mails after `cursor` in the order they came, some at a time; waits for one when there are none. `cursor` null: from
	 * now on, without waiting. May answer with none. @throws MailRefused, Unanswered
	 */
	next(cursor: string | null, signal: AbortSignal): Promise<{ mails: ReceivedMail[]; cursor: string }>;
}

/** A mail server said no. */
export class MailRefused extends Error {
	override readonly name = 'MailRefused';
	constructor(
		readonly server: 'smtp' | 'imap',
		/** `login`: user or password. `tls`: its certificate or the kind of connection. `mailbox`: there is none of that name. `mail`: the message, a sender, a recipient. */
		readonly about: 'login' | 'tls' | 'mailbox' | 'mail' | 'other',
		/** SMTP's three digits, e.g. 550; null: not told. */
		readonly status: number | null,
		/** e.g. '5.1.1'; null: not told. */
		readonly enhanced: string | null,
		/** The server's words; holds no secret. */
		readonly response: string,
	) {
		super(`${server}: ${about}`);
	}
}
