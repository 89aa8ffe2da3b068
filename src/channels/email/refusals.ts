import { ConversationsError, failure, type Failure } from '../../core/failure';
import { Unanswered } from '../../core/http';
import { MailRefused, type MailServer } from '../../core/mail';
import type { EmailCredential, Side } from './credential';
import { EMAIL, IMAP_PORTS, SMTP_PORTS } from './facts';
import type { MailFailureRow, Refusal } from './failure-row';
import { FAILURES } from './failures';

/** Of what a server says; the rest is advertising. */
const WORDS_MAX = 1000;

/** The line of the table that a refusal falls under; the last one fits all. */
export function rowOf(refusal: Refusal): MailFailureRow | undefined {
	return FAILURES.find((row) => fits(row, refusal));
}

function fits({ server, about, status, kind, enhanced, words }: MailFailureRow, refusal: Refusal): boolean {
	if (server !== undefined && server !== refusal.server) return false;
	if (about !== undefined && about !== refusal.about) return false;
	if (status !== undefined && !status.includes(refusal.status ?? 0)) return false;
	if (kind !== undefined && kind !== kindOf(refusal)) return false;
	if (enhanced === undefined && words === undefined) return true;
	return (enhanced?.test(refusal.enhanced ?? '') ?? false) || (words?.test(refusal.response) ?? false);
}

function kindOf({ status, enhanced }: Refusal): 4 | 5 {
	return (enhanced ?? String(status ?? 5)).startsWith('4') ? 4 : 5;
}

export function failureOf({ response, ...codes }: Refusal): Failure {
	const refusal = { ...codes, response: response.trim().slice(0, WORDS_MAX) };
	const row = rowOf(refusal);
	return failure(row?.is ?? 'rejected', row?.reason ?? '', {
		channel: EMAIL.id,
		...(row?.retryable !== undefined && { retryable: row.retryable }),
		...(row?.retryAfterMs !== undefined && { retryAfterMs: row.retryAfterMs }),
		providerCode: codeOf(refusal),
		providerMessage: refusal.response || null,
	});
}

/** '550 5.1.1', or IMAP's word in brackets. */
function codeOf({ status, enhanced, response }: Refusal): string | null {
	const smtp = [status, enhanced].filter((part) => part !== null).join(' ');
	return smtp || (/\[([A-Z]{3,}[A-Z-]*)\]/.exec(response)?.[1] ?? null);
}

/** What is said of one recipient in a dialogue that went on: '550 5.1.1 <ann@example.com>: no such user'. */
export function recipientRefused(response: string): Failure {
	const { status, enhanced } = codesIn(response);
	return failureOf({ server: 'smtp', about: 'mail', status, enhanced, response });
}

function codesIn(text: string): Pick<Refusal, 'status' | 'enhanced'> {
	const [, status, enhanced] = /\b([45]\d\d)(?:[ -]+([45]\.\d{1,3}\.\d{1,3}))?\b/.exec(text) ?? [];
	return { status: status === undefined ? null : Number(status), enhanced: enhanced ?? null };
}

const SAID_LATE = new Set(['recipient_unreachable', 'configuration_invalid', 'content_unsupported']);

/** What a report of a failed delivery means. Servers have tried for long: it is not tried again. */
export function lateFailure({ status, diagnostic }: { status: string | null; diagnostic: string | null }): Failure {
	const response = diagnostic?.replace(/^\s*smtp\s*;\s*/i, '').trim() ?? '';
	const told = codesIn(response);
	const known = failureOf({ server: 'smtp', about: 'mail', status: told.status, enhanced: status ?? told.enhanced, response });
	const late = { channel: EMAIL.id, providerCode: known.providerCode, providerMessage: known.providerMessage };
	if (SAID_LATE.has(known.code)) return failure(known.code, `The mail was taken and came back. ${known.reason}`, late);
	return failure('not_delivered', "The mail was taken and came back; 'providerMessage' says why. Check the contact's address, or use another channel.", late);
}

/** Hands a mail over. @throws ConversationsError */
export async function handedOver<T>({ smtp }: EmailCredential, work: () => Promise<T>): Promise<T> {
	return await explained(work, (when) => (when === 'before' ? unreachable('SMTP', smtp) : unknownOutcome()));
}

/** Asks a server for something that sends nothing, so that it may be asked again. @throws ConversationsError */
export async function asked<T>(side: Side, server: MailServer, work: () => Promise<T>): Promise<T> {
	return await explained(work, (when) => (when === 'before' ? unreachable(side, server) : noAnswer(side, server)));
}

async function explained<T>(work: () => Promise<T>, unanswered: (when: Unanswered['when']) => Failure): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof MailRefused) throw new ConversationsError(failureOf(error));
		if (error instanceof Unanswered) throw new ConversationsError(unanswered(error.when));
		throw error;
	}
}

function unreachable(side: Side, { host, port, secure }: MailServer): Failure {
	const { secure: own, plain } = side === 'SMTP' ? SMTP_PORTS : IMAP_PORTS;
	const isMixedUp = (port === own && !secure) || (port === plain && secure);
	const kind = isMixedUp ? ` Port ${own} wants '${side} SSL/TLS' on, port ${plain} off.` : '';
	return failure(
		'provider_unavailable',
		`The ${side} server ${host}:${port} cannot be reached. Check '${side} Host' and '${side} Port' of the credential, and that this n8n may connect to it.${kind}`,
		{ channel: EMAIL.id },
	);
}

function noAnswer(side: Side, { host, port }: MailServer): Failure {
	return failure('provider_unavailable', `The ${side} server ${host}:${port} did not answer in time. Try again later.`, { channel: EMAIL.id });
}

function unknownOutcome(): Failure {
	return failure(
		'outcome_unknown',
		'The SMTP server did not say in time whether it took the mail. It is not sent again, so that the contact does not get it twice.',
		{ channel: EMAIL.id },
	);
}

/** Found without asking a server. */
export function unsupported(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: EMAIL.id }));
}
