import type { DeliveryReport, MailPerson, ReceivedMail } from '../../core/mail';
import { addressOf, localPart, plainName } from './addresses';
import { whyAutomatic } from './automatic';
import { MAIL_SERVERS, NO_REPLY, WEB_SERVERS } from './facts';
import { ownIdWithin, readOwnId, type OwnId } from './message-id';

/** All of a mail but its files. */
export type MailWords = Omit<ReceivedMail, 'attachments'>;

/** What a mail is to us. `why`: the reason for leaving it alone. */
export type Reading =
	| { kind: 'message'; from: MailPerson }
	/** One of us wrote it, in the mailbox itself. */
	| { kind: 'echo'; to: MailPerson }
	| { kind: 'report'; report: DeliveryReport; about: string }
	| { kind: 'returned'; own: OwnId }
	| { kind: 'ignored'; why: string };

/** `account`: our address, in lower case. */
export function whatItIs(mail: MailWords, account: string): Reading {
	const report = reportIn(mail, account);
	if (report) return report;
	const from = usable(mail.from);
	const own = readOwnId(mail.messageId, account);
	if (own) return from?.address === account ? { kind: 'returned', own } : ignored('a mail of our own that came back on another way');
	const automatic = whyAutomatic(mail, account);
	if (automatic !== null) return ignored(automatic);
	if (!from) return ignored('a mail without a sender');
	return from.address === account ? byOurselves(mail, account) : byOthers(mail, from, account);
}

/** Null: it is no report of delivery. Old servers name the failed recipients in a header, and quote our mail in the text. */
function reportIn(mail: MailWords, account: string): Reading | null {
	if (!isNotice(mail)) return null;
	const { inReplyTo, references, headers } = mail;
	const failed = headers['x-failed-recipients'] ?? '';
	const report = mail.report ?? (failed === '' ? null : { originalMessageId: null, recipients: failed.split(',').map(asFailed) });
	if (!report) return null;
	const answered = [inReplyTo, ...references.toReversed()].find((id) => readOwnId(id, account) !== null);
	const about = report.originalMessageId ?? answered ?? ownIdWithin(mail.text);
	return about === null ? ignored('a report of a mail server that does not say which mail it is about') : { kind: 'report', about, report };
}

function asFailed(address: string): DeliveryReport['recipients'][number] {
	return { address: address.trim() || null, action: 'failed', status: null, diagnostic: null };
}

/** Not what a person passes on to us. */
function isNotice({ from, returnPath, headers }: MailWords): boolean {
	return returnPath === '' || !from || MAIL_SERVERS.test(localPart(from.address)) || /^\s*multipart\/report\b/i.test(headers['content-type'] ?? '');
}

function byOurselves(mail: MailWords, account: string): Reading {
	const visitor = replyToOf(mail, account);
	// A form on our site, or a group whose members' servers allow no other sender, writes to us in our own name.
	if (visitor && mail.inReplyTo === null && addressed(mail, account)) return { kind: 'message', from: visitor };
	if (/\bdmarc=fail\b/i.test(mail.headers['authentication-results'] ?? '')) return ignored('a mail that only claims to be ours');
	const to = mail.to.map(usable).find((person) => person !== null && person.address !== account);
	if (mail.inReplyTo === null || !to) return ignored('a mail of our own');
	return { kind: 'echo', to };
}

function byOthers(mail: MailWords, from: MailPerson, account: string): Reading {
	const name = localPart(from.address);
	if (!NO_REPLY.test(name) && !WEB_SERVERS.test(name)) return { kind: 'message', from };
	const visitor = replyToOf(mail, account);
	return visitor ? { kind: 'message', from: visitor } : ignored('a mail from an address that nobody reads');
}

/** The one person who is to get the answer, when that is somebody who reads it. */
function replyToOf({ replyTo }: MailWords, account: string): MailPerson | null {
	const [only, ...others] = replyTo.map(usable);
	if (!only || others.length > 0 || only.address === account) return null;
	const name = localPart(only.address);
	return NO_REPLY.test(name) || MAIL_SERVERS.test(name) ? null : only;
}

function addressed({ to, cc }: MailWords, account: string): boolean {
	return [...to, ...cc].some(({ address }) => address.trim().toLowerCase() === account);
}

/** Null: nobody can be written to there. */
function usable(person: MailPerson | null): MailPerson | null {
	const address = addressOf(person?.address ?? '');
	return person && address !== null ? { name: plainName(person.name), address } : null;
}

function ignored(why: string): Reading {
	return { kind: 'ignored', why };
}
