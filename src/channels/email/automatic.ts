import type { ReceivedMail } from '../../core/mail';
import { localPart } from './addresses';
import { AUTO_REPLY_HEADERS, BULK_PRECEDENCES, MAIL_SERVERS, NO_ANSWER_WANTED } from './facts';

type Mail = Pick<ReceivedMail, 'headers' | 'returnPath' | 'from'>;

/** Why no person wrote this mail to us, as a reason for leaving it alone; null: nothing says so. */
export function whyAutomatic(mail: Mail, account: string): string | null {
	return fromServer(mail) ?? reported(mail) ?? loop(mail, account) ?? answeredByProgram(mail) ?? listed(mail, account);
}

function fromServer({ returnPath, from }: Mail): string | null {
	if (from && MAIL_SERVERS.test(localPart(from.address))) return 'a notice of a mail server';
	return returnPath === '' ? 'a notice of a mail server: nobody is to get an answer' : null;
}

/** Complaints about spam (RFC 5965), receipts of reading (RFC 8098). */
function reported({ headers }: Mail): string | null {
	const type = headers['content-type'] ?? '';
	if (headers['x-failed-recipients'] !== undefined) return 'a notice of a mail server about a failed delivery';
	if (!/^\s*multipart\/report\b/i.test(type)) return null;
	if (/feedback-report/i.test(type)) return 'a complaint about spam';
	return /disposition-notification/i.test(type) ? 'a receipt of reading' : 'a report of a mail server';
}

function loop({ headers }: Mail, account: string): string | null {
	return headers['x-loop']?.toLowerCase().includes(account) ? 'an automatic mail of our own that came back' : null;
}

function answeredByProgram({ headers }: Mail): string | null {
	const submitted = headers['auto-submitted']?.split(/[;(]/)[0]?.trim().toLowerCase();
	if (submitted && submitted !== 'no') return `an automatic mail (${submitted})`;
	const named = AUTO_REPLY_HEADERS.find((name) => !['', 'no', 'false'].includes(headers[name]?.trim().toLowerCase() ?? ''));
	if (named) return `an automatic answer (${named})`;
	return NO_ANSWER_WANTED.test(headers['x-auto-response-suppress'] ?? '') ? 'an automatic mail that wants no answer' : null;
}

/** A group that has our own address, as Google Groups makes them, is our inbox and no list. */
function listed({ headers }: Mail, account: string): string | null {
	const listId = headers['list-id']?.toLowerCase();
	if (listId?.includes(`<${account.replace('@', '.')}>`)) return null;
	if (listId !== undefined) return 'a mail of a mailing list';
	if (headers['list-unsubscribe'] !== undefined) return 'a newsletter or another mail to many';
	const precedence = headers['precedence']?.trim().toLowerCase() ?? '';
	return BULK_PRECEDENCES.has(precedence) ? `a mail to many (precedence ${precedence})` : null;
}
