import { COME_BACK_MS, QUOTA_MS } from './facts';
import type { MailFailureRow } from './failure-row';

const APP_PASSWORD =
	'Gmail, Yahoo and iCloud want an app password, made in the security settings of the account, instead of the usual one; Microsoft 365 and Outlook.com take no password as a rule, see the guide.';
const kindsOfTls = (side: string, secure: number, plain: number) =>
	`Port ${secure} wants '${side} SSL/TLS' on, port ${plain} off. If that is right, the certificate of the server is not: it must be valid for the name in '${side} Host'.`;

/** What servers answer to a login, to a mail and to a recipient, and what it means. */
export const FAILURES: readonly MailFailureRow[] = [
	{
		server: 'imap',
		about: 'tls',
		is: 'configuration_invalid',
		reason: `There is no safe connection to the IMAP server. ${kindsOfTls('IMAP', 993, 143)}`,
	},
	{
		about: 'tls',
		is: 'configuration_invalid',
		reason: `There is no safe connection to the SMTP server. ${kindsOfTls('SMTP', 465, 587)}`,
	},
	{
		about: 'login',
		words: /too many|temporar|try again/i,
		says: ['Too many failed attempts', 'Temporary authentication failure'],
		is: 'rate_limited',
		reason: 'The mail server takes no more logins for now. Wait some minutes; if it happens again, see whether other programs use the same mailbox.',
		retryAfterMs: COME_BACK_MS,
	},
	{
		about: 'login',
		words: /starttls|encryption (is )?required/i,
		says: ['Must issue a STARTTLS command first', 'Encryption required'],
		is: 'configuration_invalid',
		reason: "The mail server takes no login without encryption. Use port 465 in 'SMTP Port' of the credential, with 'SMTP SSL/TLS' on.",
	},
	{
		enhanced: /^5\.7\.(139|30)$/,
		words: /basic ?auth|smtpclientauth|oauth|modern auth/i,
		says: ['5.7.139', '5.7.30', 'Basic authentication is disabled', 'SmtpClientAuthentication is disabled for the Tenant'],
		is: 'credential_invalid',
		reason: "The mail server takes no password for this mailbox, as Microsoft 365 does unless an administrator allows it. Ask for 'Authenticated SMTP' to be allowed, or use the mailbox of another provider: signing in by OAuth is not offered here.",
	},
	{
		enhanced: /^5\.7\.(9|14)$/,
		words: /application-specific|app(lication)?[- ]password|web login|webalert/i,
		says: ['5.7.9', '5.7.14', 'Application-specific password required'],
		is: 'credential_invalid',
		reason: `The mail server does not take the usual password of this account. ${APP_PASSWORD}`,
	},
	{
		server: 'smtp',
		status: [530],
		is: 'credential_invalid',
		reason: "The SMTP server takes mails only after a login. Fill in 'SMTP User' and 'SMTP Password' of the credential.",
	},
	{
		server: 'imap',
		about: 'login',
		is: 'credential_invalid',
		reason: `The IMAP server does not take the login. Check 'IMAP User' and 'IMAP Password' of the credential (when empty: 'SMTP User' and 'SMTP Password'), and that IMAP is switched on for the mailbox. ${APP_PASSWORD}`,
	},
	{
		about: 'login',
		is: 'credential_invalid',
		reason: `The SMTP server does not take the login. Check 'SMTP User' and 'SMTP Password' of the credential. ${APP_PASSWORD}`,
	},
	{
		about: 'mailbox',
		is: 'configuration_invalid',
		reason: "The IMAP server has no folder of the name in 'Mailbox' of the credential. Use INBOX, or write the folder's name as the server does, e.g. INBOX.Support.",
	},
	{
		server: 'imap',
		when: 'anything else',
		is: 'provider_unavailable',
		reason: "The IMAP server refuses for now; 'providerMessage' says why. n8n asks again by itself.",
	},
	{
		enhanced: /^[45]\.(4\.5|7\.28|1\.90|7\.70[58])$/,
		words: /(daily|hourly|sending|outgoing|submission|relay\w*)\b.{0,30}(limit|quota)|message rate limit|exceeded.{0,20}sending/i,
		says: ['5.4.5', '4.7.28', '5.1.90', '5.7.705', 'Daily user sending limit exceeded'],
		is: 'rate_limited',
		reason: 'The sending limit of this mailbox is used up. Wait until the provider gives more, a day as a rule, or send through a provider with a higher limit.',
		retryable: false,
		retryAfterMs: QUOTA_MS,
	},
	{
		enhanced: /^[45]\.2\.2$/,
		words: /(mailbox|quota|inbox)\b.{0,30}(full|exceeded)|over ?quota/i,
		says: ['5.2.2', '4.2.2', 'mailbox full', 'over quota'],
		is: 'recipient_unreachable',
		reason: "The contact's mailbox is full. Write again in some days, or use another channel.",
	},
	{
		enhanced: /^[45]\.5\.3$/,
		words: /too many recipients/i,
		says: ['5.5.3', '4.5.3', 'too many recipients'],
		is: 'content_unsupported',
		reason: "The mail has more recipients than the server takes at once. Name fewer people in 'CC' and 'BCC'.",
	},
	{
		status: [552],
		enhanced: /^5\.7\.0$/,
		says: ['5.7.0'],
		is: 'content_unsupported',
		reason: 'The mail server takes no file of this type, for fear of harm: programs, scripts and archives with such. Send a link.',
	},
	{
		enhanced: /^[45]\.(3\.4|2\.3)$/,
		words: /too large|size (limit )?exceed|exceeds.{0,20}size/i,
		says: ['5.3.4', '5.2.3', 'message too large', 'Message size exceeds fixed limit'],
		is: 'content_unsupported',
		reason: 'The mail is too large for a server on its way. Send smaller files, or links to them.',
	},
	{
		status: [552],
		is: 'content_unsupported',
		reason: 'The mail is too large for the server. Send smaller files, or links to them.',
	},
	{
		kind: 5,
		enhanced: /^5\.6\.\d+$/,
		says: ['5.6.0'],
		is: 'content_unsupported',
		reason: "The mail server does not take the mail in this form; 'providerMessage' says why. Send a plain text, or other files.",
	},
	{
		kind: 5,
		enhanced: /^5\.(1\.[78]|7\.60)$/,
		words: /send ?as|sender address rejected|sender\b.{0,30}not (owned|allowed|permitted|authori[sz]ed)|not owned by/i,
		says: ['5.1.7', '5.1.8', '5.7.60', 'Sender address rejected: not owned by user'],
		is: 'configuration_invalid',
		reason: "The mail server does not take 'From Address' of the credential as the sender. Use the address of the mailbox whose user stands in 'SMTP User', or have the other one allowed there.",
	},
	{
		kind: 5,
		enhanced: /^5\.(1\.\d+|2\.[01]|4\.(1|4|310))$/,
		words:
			/(user|recipient|mailbox|address|account)\b.{0,40}(unknown|not found|does ?n[o']t exist|disabled|inactive|not local|name not allowed)|mailbox unavailable(?!.*(spam|policy|spf|dkim|dmarc|block))|\bno such|(unknown (user|recipient|mailbox|address|domain)|invalid (user|recipient|mailbox))|unroute?able|domain not found/i,
		says: ['5.1.1', '5.1.10', '5.2.1', '5.4.1', 'No such user here', 'User unknown', 'mailbox unavailable'],
		is: 'recipient_unreachable',
		reason: 'No mail can be delivered at this address: there is no such mailbox or domain, or it is closed. Check how the address is written, or use another channel.',
	},
	{
		kind: 5,
		enhanced: /^5\.7\.\d+$/,
		words: /spam|\bspf\b|dkim|dmarc|black ?list|block ?list|blocked|reputation|relay|policy|unsolicited|authenticat/i,
		says: ['5.7.1', '5.7.26', 'Relay access denied', 'likely unsolicited mail', 'blocked using a block list'],
		is: 'configuration_invalid',
		reason: "A mail server refused the mail by its rules; 'providerMessage' says which. Check that SPF and DKIM are set up for the domain of 'From Address' and that the server may send for it; a text that looks like spam is refused too.",
	},
	{
		kind: 4,
		enhanced: /^4\.7\.\d+$/,
		words: /too (many|fast|quickly|often)|gr[ae]y-?list|rate limit|throttl|try again/i,
		says: ['4.7.1', 'Greylisted', 'receiving mail too quickly'],
		is: 'rate_limited',
		reason: 'The mail server asks to come back later, as it does with senders that it does not know yet or that send much. Try again in some minutes.',
		retryAfterMs: COME_BACK_MS,
	},
	{
		kind: 4,
		when: 'any other for now (4xx)',
		is: 'provider_unavailable',
		reason: "The mail server cannot take the mail for now; 'providerMessage' says why. Try again in some minutes.",
		retryAfterMs: COME_BACK_MS,
	},
	{
		status: [501, 555],
		is: 'content_unsupported',
		reason: "The mail server does not take an address of the mail as it is written. Check the contact's address, 'CC', 'BCC' and 'From Address'.",
	},
	{
		when: 'anything else',
		is: 'rejected',
		reason: "The mail server refused the mail for a reason that is not known here. 'providerMessage' says why; the server's administrator knows more.",
	},
];
