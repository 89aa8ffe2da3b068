import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Unanswered } from '../../core/http';
import { MailRefused, type MailAccepted, type MailServer } from '../../core/mail';
import type { ComposedMail } from './compose';
import { upgradeOf } from './encryption';
import { smtpFailure } from './smtp-errors';

const CONNECT_MS = 10_000;
const GREETING_MS = 10_000;
/** Without a word from the server; some look for viruses before they answer. */
const SILENCE_MS = 60_000;
const CLOSE_MS = 1_000;
/** A mail is handed over in pieces, so that one that breaks off early is known not to have gone. */
const PIECE_BYTES = 64 * 1024;

/** One connection to an SMTP server, logged in. */
export class SmtpSession {
	private constructor(
		private readonly server: MailServer,
		private readonly socket: Socket,
		private readonly connection: SMTPConnection,
	) {}

	/** @throws MailRefused, Unanswered `before` */
	static async open(server: MailServer): Promise<SmtpSession> {
		const socket = await connected(server);
		const { required, verified } = upgradeOf(server);
		const connection = new SMTPConnection({
			connection: socket,
			host: server.host,
			port: server.port,
			secure: server.secure,
			requireTLS: required && !server.secure,
			tls: { rejectUnauthorized: server.secure || verified },
			connectionTimeout: CONNECT_MS + GREETING_MS,
			greetingTimeout: GREETING_MS,
			socketTimeout: SILENCE_MS,
			socketCloseTimeout: CLOSE_MS,
			logger: false,
		});
		// An error of a connection that nobody waits for only ends it.
		connection.on('error', () => undefined);
		const session = new SmtpSession(server, socket, connection);
		try {
			await session.step<void>((resolve, reject) => connection.connect((error?: Error | null) => (error ? reject(error) : resolve())));
			await session.login();
			return session;
		} catch (error) {
			session.drop();
			throw error instanceof MailRefused ? error : smtpFailure(error, false, server);
		}
	}

	/** Whether it can be used, as far as we know. */
	get isOpen(): boolean {
		return !this.connection.destroyed && !this.socket.destroyed;
	}

	/** @throws MailRefused, Unanswered; then it can no longer be used. */
	async send({ envelope, bytes }: ComposedMail): Promise<MailAccepted> {
		let hasLeft = false;
		const source = Readable.from(pieces(bytes), { objectMode: false });
		// The dot that ends the mail follows at once.
		source.once('end', () => (hasLeft = true));
		try {
			const { accepted, rejectedErrors = [] } = await this.step<SMTPConnection.SentMessageInfo>((resolve, reject) =>
				this.connection.send({ ...envelope, size: bytes.length }, source, (error, info) => (error ? reject(error) : resolve(info))),
			);
			return {
				accepted,
				rejected: rejectedErrors.map(({ recipient = '', response = '' }) => ({ address: recipient, response: response.replace(/\s+/g, ' ') })),
			};
		} catch (error) {
			this.drop();
			throw smtpFailure(error, hasLeft, this.server);
		}
	}

	/** While it is not in use it keeps no process from ending. */
	rest(): void {
		this.socket.unref();
	}

	resume(): void {
		this.socket.ref();
	}

	/** Takes its leave. */
	close(): void {
		this.rest();
		if (this.isOpen) this.connection.quit();
	}

	private drop(): void {
		this.rest();
		this.connection.close();
		this.socket.destroy();
	}

	private async login(): Promise<void> {
		const { user, password } = this.server;
		if (user === '' && password === '') return;
		if (!this.connection.allowsAuth) throw new MailRefused('smtp', 'login', null, null, 'the server has no login on this port');
		await this.step<void>((resolve, reject) => this.connection.login({ user, pass: password }, (error) => (error ? reject(error) : resolve())));
	}

	/** Rejects as well when the connection ends, of which nodemailer does not always tell whoever waits. */
	private async step<T>(run: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
		const { connection } = this;
		let settle = (): void => undefined;
		try {
			return await new Promise<T>((resolve, reject) => {
				// Later than whatever else it has to say of why it ended.
				const ended = () => setImmediate(() => reject(new Error('the connection ended')));
				settle = () => void connection.off('error', reject).off('end', ended);
				connection.once('error', reject).once('end', ended);
				run(resolve, reject);
			});
		} finally {
			settle();
		}
	}
}

/** @throws Unanswered */
async function connected({ host, port }: MailServer): Promise<Socket> {
	const socket = connect({ host, port });
	try {
		await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
		return socket;
	} catch {
		socket.on('error', () => undefined);
		socket.destroy();
		throw new Unanswered('before');
	}
}

function* pieces(bytes: Buffer): Generator<Buffer> {
	for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}
