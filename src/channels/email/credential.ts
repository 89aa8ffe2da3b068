import { InputError } from '../../core/failure';
import type { MailServer, MailServers } from '../../core/mail';
import type { CredentialFields } from '../../core/provider';
import { field, requiredField } from '../kit/credential';
import { isAddress } from './addresses';
import { IMAP_PORTS, MAILBOX, SMTP_PORTS } from './facts';

export interface EmailCredential extends MailServers {
	/** As written; `account` of the channel is the same in lower case. */
	fromAddress: string;
	/** Empty: people see the address. */
	fromName: string;
}

export type Side = 'SMTP' | 'IMAP';

/** @throws InputError that names the field. */
export function readCredential(fields: CredentialFields): EmailCredential {
	const smtp = server(fields, 'SMTP', requiredField(fields, 'smtpHost', 'SMTP Host'), {
		user: field(fields, 'smtpUser'),
		password: field(fields, 'smtpPassword'),
	});
	if (smtp.user !== '' && smtp.password === '') throw empty('SMTP Password', "for the user in 'SMTP User'");
	return { fromAddress: fromAddress(fields), fromName: field(fields, 'fromName'), smtp, imap: imapOf(fields, smtp) };
}

function imapOf(fields: CredentialFields, smtp: MailServer): EmailCredential['imap'] {
	const host = field(fields, 'imapHost');
	if (host === '') return null;
	const user = field(fields, 'imapUser', smtp.user);
	const password = field(fields, 'imapPassword', smtp.password);
	if (user === '') throw empty('IMAP User', 'for the IMAP server, which always wants one');
	if (password === '') throw empty('IMAP Password', "for the user in 'IMAP User'");
	return { ...server(fields, 'IMAP', host, { user, password }), mailbox: field(fields, 'mailbox', MAILBOX) };
}

function server(fields: CredentialFields, side: Side, host: string, login: Pick<MailServer, 'user' | 'password'>): MailServer {
	const prefix = side.toLowerCase();
	const label = `${side} Host`;
	if (!/^[^\s/:@]+$/.test(host) && !/^[\da-f:]+$/i.test(host)) {
		throw new InputError(label, `'${label}' of the credential is not the name of a server. Enter the name alone, e.g. ${prefix}.example.com; the port has a field of its own.`);
	}
	const ports = side === 'SMTP' ? SMTP_PORTS : IMAP_PORTS;
	const given = portField(fields, `${prefix}Port`, `${side} Port`);
	const secure = typeof fields[`${prefix}Secure`] === 'boolean' ? fields[`${prefix}Secure`] === true : given === null || given === ports.secure;
	return { host, port: given ?? (secure ? ports.secure : ports.plain), secure, ...login };
}

/** Null: not given. */
function portField(fields: CredentialFields, name: string, label: string): number | null {
	const text = field(fields, name);
	if (text === '') return null;
	if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535) {
		throw new InputError(label, `'${label}' of the credential must be a whole number from 1 to 65535.`);
	}
	return Number(text);
}

function fromAddress(fields: CredentialFields): string {
	const address = requiredField(fields, 'fromAddress', 'From Address');
	if (isAddress(address)) return address;
	throw new InputError('From Address', "'From Address' of the credential is not an email address. Enter it alone, e.g. support@example.com; the name has a field of its own.");
}

function empty(label: string, why: string): InputError {
	return new InputError(label, `'${label}' of the credential is empty. Fill it in ${why}.`);
}
