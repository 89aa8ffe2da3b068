import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from 'smtp-server';

/** A mail that the server took. */
export interface AcceptedMail {
	/** Of the envelope. */
	from: string;
	/** Of the envelope: who got it, bcc included. */
	to: string[];
	/** As it came over the wire. */
	source: string;
	/** The same, read by mailparser. */
	mail: ParsedMail;
}

export type SmtpStep = 'auth' | 'mail' | 'rcpt' | 'data';

export interface FakeSmtp {
	port: number;
	/** What was accepted, in order. */
	mails: AcceptedMail[];
	/** How often somebody connected. */
	connections(): number;
	/** How often somebody gave a password. */
	logins(): number;
	/**
	 * The next such command gets this reply instead, e.g. '550 5.1.1 No such user'; each refusal counts once, the first that
	 * fits. `address`: only for this recipient (or sender).
	 */
	refuse(step: SmtpStep, reply: string, address?: string): void;
	/** Cuts the connection after the next mail was read, without an answer. */
	breakNext(): void;
	close(): Promise<void>;
}

export interface SmtpLogin {
	user: string;
	password: string;
}

/** An SMTP server on this machine. Without `tls` it speaks plain text only; without a user it asks for no login. */
export async function fakeSmtp({ user, password }: SmtpLogin, tls?: { key: string; cert: string; secure?: boolean }): Promise<FakeSmtp> {
	const mails: AcceptedMail[] = [];
	const refusals: { step: SmtpStep; reply: string; address: string | undefined }[] = [];
	let breaks = 0;
	let connections = 0;
	let logins = 0;

	const refusalOf = (step: SmtpStep, address?: string) => {
		const index = refusals.findIndex((refusal) => refusal.step === step && (refusal.address ?? address) === address);
		const [refusal] = index < 0 ? [] : refusals.splice(index, 1);
		return refusal ? replyError(refusal.reply) : null;
	};
	const take = async (stream: SMTPServerDataStream, from: string, to: string[]) => {
		const chunks: Buffer[] = [];
		for await (const chunk of stream) chunks.push(chunk as Buffer);
		const bytes = Buffer.concat(chunks);
		const refusal = refusalOf('data');
		if (refusal) throw refusal;
		mails.push({ from, to, source: bytes.toString('latin1'), mail: await simpleParser(bytes, { keepDeliveryStatus: true }) });
	};

	const server = new SMTPServer({
		...(tls ? { key: tls.key, cert: tls.cert, secure: tls.secure === true } : { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }),
		authOptional: user === '',
		allowInsecureAuth: true,
		hideENHANCEDSTATUSCODES: true,
		logger: false,
		closeTimeout: 100,
		onConnect: (_session, done) => {
			connections += 1;
			done();
		},
		onAuth: (auth, _session, done) => {
			logins += 1;
			const refusal = refusalOf('auth');
			if (refusal) return done(refusal);
			if (auth.username !== user || auth.password !== password) return done(replyError('535 5.7.8 Authentication credentials invalid'));
			done(null, { user });
		},
		onMailFrom: ({ address }, _session, done) => done(refusalOf('mail', address)),
		onRcptTo: ({ address }, _session, done) => done(refusalOf('rcpt', address)),
		onData: (stream, { id, envelope }, done) => {
			const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
			const to = envelope.rcptTo.map((recipient: SMTPServerAddress) => recipient.address);
			take(stream, from, to).then(() => {
				if (breaks === 0) return done(null, '2.0.0 OK: queued');
				breaks -= 1;
				for (const connection of server.connections) if (connection.session.id === id) connection._socket.destroy();
			}, done);
		},
	});
	// Clients that hang up in the middle are part of the tests.
	server.on('error', () => undefined);
	server.listen(0, '127.0.0.1');
	await once(server.server, 'listening');

	return {
		port: (server.server.address() as AddressInfo).port,
		mails,
		connections: () => connections,
		logins: () => logins,
		refuse: (step, reply, address) => void refusals.push({ step, reply, address }),
		breakNext: () => void (breaks += 1),
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

function replyError(reply: string): Error {
	return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}
