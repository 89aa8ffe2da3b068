import type { Capabilities, MediaLimit } from '../../core/channel';

/** The channel as it stands in sentences. */
export const EMAIL = { id: 'email', name: 'Email' } as const;

const MB = 1024 * 1024;
const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * Large servers take mails of 25 MB with everything encoded, and base64 makes a file 37 % larger (from memory). What is
 * above it is refused here, before anybody is asked.
 */
export const MAIL_MAX_BYTES = 18 * MB;
const ANY_FILE: MediaLimit = { maxBytes: MAIL_MAX_BYTES, mimes: null };

export const can = {
	contents: ['text', 'media'],
	// Mail has no limit of its own that a text would meet.
	text: { max: 100_000, unit: 'codepoint' },
	caption: { max: 100_000, unit: 'codepoint' },
	choices: null,
	attachments: { max: 5, maxBytes: MAIL_MAX_BYTES },
	media: { image: ANY_FILE, video: ANY_FILE, audio: ANY_FILE, file: ANY_FILE },
	window: null,
	// Each provider counts by the day, and says so when it is over.
	rates: { account: null, recipient: null },
	receipts: ['failed'],
	quotes: true,
	mail: true,
	sources: [
		{ url: 'https://support.google.com/mail/answer/6584', readOn: '2026-11-22' },
		{ url: 'https://support.google.com/a/answer/3726730', readOn: '2026-11-22' },
		{ url: 'https://learn.microsoft.com/en-us/troubleshoot/exchange/email-delivery/ndr/non-delivery-reports-in-exchange-online', readOn: '2026-11-22' },
		{ url: 'https://www.iana.org/assignments/smtp-enhanced-status-codes', readOn: '2026-11-22' },
		{ url: 'https://www.rfc-editor.org/rfc/rfc3834', readOn: '2026-11-22' },
		{ url: 'https://www.rfc-editor.org/rfc/rfc5322', readOn: '2026-11-22' },
	],
} as const satisfies Capabilities;

/** With TLS from the first byte, and with an upgrade of the connection. */
export const SMTP_PORTS = { secure: 465, plain: 587 } as const;
export const IMAP_PORTS = { secure: 993, plain: 143 } as const;
export const MAILBOX = 'INBOX';

/** How soon a server that asks to come back later is asked again; greylisting lasts about that long. From memory. */
export const COME_BACK_MS = 5 * MINUTE_MS;
/** How long a used-up quota of sending lasts at Gmail: until 24 hours after the mails that used it. */
export const QUOTA_MS = DAY_MS;

/** A thread has at most this many Message-IDs in 'References', and they are at most so long together. Servers refuse long headers. */
export const REFERENCES_MAX = 20;
export const REFERENCES_MAX_CHARACTERS = 4000;
/** RFC 5322 allows lines of 998 characters. A longer id is nobody's id. */
export const MESSAGE_ID_MAX = 500;
/** RFC 5321. */
export const ADDRESS_MAX = 254;

/** A sender's clock may be wrong, and servers try for some days. Beyond that the mailbox's own time counts. */
export const DATE_BEFORE_MAX_MS = 7 * DAY_MS;

/** Of what no person wrote (RFC 3834). */
export const AUTO_SUBMITTED = { answer: 'auto-replied', other: 'auto-generated' } as const;
/**
 * No answer by a program, no receipts. Not 'All': that would suppress the reports of failed delivery too (MS-OXCMAIL
 * 2.1.3.2.20).
 */
export const SUPPRESSED_RESPONSES = 'DR, RN, NRN, OOF, AutoReply';

/** Headers that only programs which answer by themselves write. From memory. */
export const AUTO_REPLY_HEADERS = ['x-autoreply', 'x-autorespond', 'x-autoreply-from', 'x-mail-autoreply', 'x-autoresponder'] as const;
export const BULK_PRECEDENCES: ReadonlySet<string> = new Set(['bulk', 'junk', 'list', 'auto_reply']);
/** Values of X-Auto-Response-Suppress that ask for no answer by a program, as programs do. */
export const NO_ANSWER_WANTED = /\b(all|oof|autoreply)\b/i;
/** What mail servers call themselves when they write. */
export const MAIL_SERVERS = /^(mailer-daemon|mail-daemon|maildaemon|mailerdaemon|postmaster)$/;
/** Addresses that nobody reads. */
export const NO_REPLY = /(^|[-_.+])(no|do[-_.]?not)[-_.]?reply($|[-_.+\d])/;
/** Addresses from which web servers send what was filled in on a page. From memory. */
export const WEB_SERVERS = /^(wordpress|www-data|apache|nobody|webform|contactform)$/;
/** Files that say something about the mail, not to the reader. */
export const SIGNATURE_FILES: ReadonlySet<string> = new Set(['application/pkcs7-signature', 'application/x-pkcs7-signature', 'application/pgp-signature']);
/** Pictures within a text are told from files by how their names begin. */
export const INLINE_PREFIX = 'inline-';
