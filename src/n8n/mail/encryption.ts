import type { MailServer } from '../../core/mail';

/** What is asked of a connection that begins in plain text. */
export interface Upgrade {
	/** Without TLS there is no login. */
	required: boolean;
	/** The certificate has to be the server's, and known. */
	verified: boolean;
}

/**
 * A password goes to another machine only where the way there is encrypted and leads to the right server. On this machine,
 * and where no password is sent, plain text would do: TLS is taken when it is offered, whatever the certificate (mail
 * servers often come with one that nobody knows).
 */
export function upgradeOf({ host, user, password }: MailServer): Upgrade {
	const required = !isLoopback(host) && (user !== '' || password !== '');
	return { required, verified: required };
}

function isLoopback(host: string): boolean {
	const name = host.toLowerCase().replace(/^\[|\]$/g, '');
	return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** Names of Node.js and OpenSSL for a certificate that is not right and for a partner that speaks no TLS. */
const TLS_CODE = /^(ERR_(TLS|SSL)_|(CERT|CRL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME|INVALID|PATH_LENGTH)_|EPROTO$)/;
/** What OpenSSL calls an answer in plain text. */
const NO_TLS = /wrong.version.number|packet.length.too.long|unknown.protocol|http.request/i;

/** What went wrong with TLS, in words; null: the code is about something else. */
export function tlsProblem(code: string | undefined, message: string): string | null {
	if (code === undefined || !TLS_CODE.test(code)) return null;
	if (NO_TLS.test(message) || NO_TLS.test(code)) return 'the server does not speak TLS from the first byte on this port';
	// OpenSSL's own lines tell of addresses and source files first.
	const [, reason] = /:SSL routines:[^:]*:([^:]+)/.exec(message) ?? [];
	// Node.js' hint on how to start it is for developers.
	return (reason ?? message).replace(/; if the root CA.*$/s, '').trim();
}

/** Ports on which TLS begins with the first byte: in plain text nobody answers there. */
const TLS_PORTS = [465, 993];
export const NO_ENCRYPTION = 'the server offers no encryption on this port';
export const AWAITS_TLS = 'this port is for TLS from the first byte';

/** Whether silence is what was to be expected. */
export function awaitsTls({ secure, port }: MailServer): boolean {
	return !secure && TLS_PORTS.includes(port);
}
