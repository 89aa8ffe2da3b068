import { Unanswered } from '../../core/http';
import { MailRefused, type MailServer } from '../../core/mail';
import { awaitsTls, AWAITS_TLS, NO_ENCRYPTION, tlsProblem } from './encryption';
import { flagOf, textsOf, withoutSecret } from './error-fields';

/** RFC 5530: the server cannot now, whatever the login or the mailbox. */
const NOT_NOW = ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG', 'OVERQUOTA', 'CONTACTADMIN'];

/** `step`: what was being done. A server that hangs up while it is `reading` says nothing of the credential. */
export function imapFailure(error: unknown, step: 'connecting' | 'opening' | 'reading', server: MailServer): MailRefused | Unanswered {
	if (error instanceof MailRefused || error instanceof Unanswered) return error;
	const text = textsOf(error);
	const refused = (about: MailRefused['about'], words: string) =>
		new MailRefused('imap', about, null, null, withoutSecret(words, server.password));

	const problem = tlsProblem(text('code'), text('message') ?? '');
	if (problem !== null) return refused('tls', problem);
	if (text('code') === 'GREETING_TIMEOUT' && awaitsTls(server)) return refused('tls', AWAITS_TLS);
	if (text('message') === 'Server does not support STARTTLS') return refused('tls', NO_ENCRYPTION);
	if (text('message') === 'Login is disabled') return refused('tls', 'the server takes no login without encryption');

	const code = text('serverResponseCode') ?? '';
	const words = `${code && `[${code}] `}${text('responseText') ?? text('message') ?? ''}`;
	if (code === 'PRIVACYREQUIRED') return refused('tls', words);
	if (flagOf(error, 'authenticationFailed') || text('message') === 'Unsupported authentication mechanism') {
		return refused(NOT_NOW.includes(code) ? 'other' : 'login', words);
	}
	if (text('responseStatus') !== undefined) return refused(step === 'opening' && !NOT_NOW.includes(code) ? 'mailbox' : 'other', words);
	const goodbye = text('reason');
	return goodbye !== undefined && step !== 'reading' ? refused('other', goodbye) : new Unanswered('before');
}
