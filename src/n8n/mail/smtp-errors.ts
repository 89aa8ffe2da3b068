import { Unanswered } from '../../core/http';
import { MailRefused, type MailServer } from '../../core/mail';
import { awaitsTls, AWAITS_TLS, NO_ENCRYPTION, tlsProblem } from './encryption';
import { textsOf, withoutSecret } from './error-fields';

/** What nodemailer throws, as far as we look at it. */
interface SmtpError {
	message: string;
	/** 'EAUTH', 'EENVELOPE', 'EMESSAGE', 'ETLS', 'ESOCKET', 'ETIMEDOUT', … */
	code?: string | undefined;
	/** What a socket said before nodemailer gave it a code of its own. */
	originalCode?: string | undefined;
	/** Of 'ETIMEDOUT': which time ran out, e.g. 'GREETING_TIMEOUT'. */
	timeoutType?: string | undefined;
	/** The whole reply, its lines parted by line breaks. */
	response?: string | undefined;
}

/** The server takes no mail of this size. */
const TOO_LARGE = { status: 552, enhanced: '5.3.4' };
const UNKNOWN_COMMAND = [500, 501, 502, 503, 504];
/** Not an address. */
const BAD_ADDRESS = { status: 553, enhanced: '5.1.3' };

/** `mayHaveArrived`: the end of the mail may have reached the server. */
export function smtpFailure(error: unknown, mayHaveArrived: boolean, server: MailServer): MailRefused | Unanswered {
	const { code, originalCode, timeoutType, response, message } = smtpError(error);
	if (response !== undefined) return refusal(code, withoutSecret(response, server.password));
	// Whatever became of the connection: nobody said what became of the mail.
	if (mayHaveArrived) return new Unanswered('after');
	const problem = timeoutType === 'GREETING_TIMEOUT' && awaitsTls(server) ? AWAITS_TLS : tlsProblem(originalCode ?? code, message);
	if (problem !== null) return new MailRefused('smtp', 'tls', null, null, problem);
	// What follows nodemailer found out by itself, without asking the server.
	if (code === 'EAUTH') return new MailRefused('smtp', 'login', null, null, 'user and password are needed');
	if (code === 'EENVELOPE') return new MailRefused('smtp', 'mail', BAD_ADDRESS.status, BAD_ADDRESS.enhanced, 'an address is not valid');
	if (code === 'EMESSAGE') return new MailRefused('smtp', 'mail', TOO_LARGE.status, TOO_LARGE.enhanced, message);
	return new Unanswered('before');
}

function smtpError(error: unknown): SmtpError {
	const text = textsOf(error);
	return {
		message: text('message') ?? '',
		code: text('code'),
		originalCode: text('originalCode'),
		timeoutType: text('timeoutType'),
		response: text('response'),
	};
}

function refusal(code: string | undefined, response: string): MailRefused {
	const { status, enhanced, words } = readReply(response);
	// It was asked to encrypt although it had not offered that, and does not know the word.
	if (code === 'ETLS' && status !== null && UNKNOWN_COMMAND.includes(status)) return new MailRefused('smtp', 'tls', status, enhanced, NO_ENCRYPTION);
	return new MailRefused('smtp', aboutOf(code, status, words), status, enhanced, words);
}

function aboutOf(code: string | undefined, status: number | null, words: string): MailRefused['about'] {
	if (code === 'ETLS' || status === 538 || (status === 530 && /TLS|encrypt/i.test(words))) return 'tls';
	if (status === 530 || status === 534 || status === 535) return 'login';
	// 4xx at the login: the server cannot tell now, or has had too many; the password may well be right.
	if (code === 'EAUTH') return status !== null && status < 500 ? 'other' : 'login';
	return code === 'EENVELOPE' || code === 'EMESSAGE' ? 'mail' : 'other';
}

/** '550-5.1.1 No such\n550 5.1.1 user' → 550, '5.1.1', 'No such user'. */
function readReply(response: string): { status: number | null; enhanced: string | null; words: string } {
	const [, status, enhanced] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?!\S))?/.exec(response) ?? [];
	const lines = response.split(/\r?\n/).map((line) => line.replace(/^\d{3}(?:[ -]|$)(?:\d\.\d{1,3}\.\d{1,3}(?:\s|$))?/, '').trim());
	return { status: status === undefined ? null : Number(status), enhanced: enhanced ?? null, words: lines.filter(Boolean).join(' ') };
}
