import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { freePort } from '../../../demo/ports.mjs';
import { until } from '../../until';
import { writeConfig, type MailUser } from './dovecot-config';

/** Found by `npm run test:e2e`, which says so when there is none. */
const path = process.env['DOVECOT_PATH'];

/** Tests that need a real mail server; skipped on a machine without one. */
export const describeWithDovecot = path ? describe : describe.skip;

const START_LIMIT_MS = 20_000;

/** A real Dovecot in a folder and on ports of its own, all of it on this machine. */
export interface Dovecot {
	/** Plain text, with STARTTLS. */
	imapPort: number;
	/** TLS from the first byte; the certificate of test/fakes/certificate.ts. */
	imapsPort: number;
	/** Puts a mail into a user's INBOX, as a mail server at the door would. */
	deliver(raw: string | Uint8Array, user: string): Promise<void>;
	/** Many in their order, over one connection. */
	deliverAll(raws: readonly (string | Uint8Array)[], user: string): Promise<void>;
	stop(): Promise<void>;
	start(): Promise<void>;
	restart(): Promise<void>;
	/** Gives the mails of a user's INBOX a new UIDVALIDITY and new UIDs; restarts. */
	renumber(user: string): Promise<void>;
	/** The names of the files of a user's INBOX; what stands behind ':2,' are its flags, S for \Seen. */
	files(user: string): string[];
	/** What it logged. */
	log(): string;
	/** Stops it and removes its folder. */
	remove(): Promise<void>;
}

export async function startDovecot(users: readonly MailUser[]): Promise<Dovecot> {
	if (!path) throw new Error('There is no Dovecot on this machine; put this test into describeWithDovecot.');
	const folder = mkdtempSync(join(tmpdir(), 'conversations-dovecot-'));
	const ports = { imap: await freePort(), imaps: await freePort(), lmtp: await freePort() };
	const config = writeConfig(folder, ports, users);
	const server = new Server(path, config, [ports.imap, ports.imaps, ports.lmtp], () => logOf(folder));
	process.once('exit', server.kill);
	await server.start();

	const inbox = (user: string) => join(folder, 'users', user);
	const deliverAll = async (raws: readonly (string | Uint8Array)[], user: string) => {
		const door = nodemailer.createTransport({ pool: true, maxConnections: 1, maxMessages: Infinity, lmtp: true, host: '127.0.0.1', port: ports.lmtp, ignoreTLS: true });
		const from = 'door@shop.test';
		for (const raw of raws) {
			const { rejected, response } = await door.sendMail({ envelope: { from, to: [user] }, raw: Buffer.from(raw) });
			if (rejected.length > 0) throw new Error(`Dovecot did not take a mail: ${response}`);
		}
		door.close();
	};
	return {
		imapPort: ports.imap,
		imapsPort: ports.imaps,
		deliver: (raw, user) => deliverAll([raw], user),
		deliverAll,
		stop: () => server.stop(),
		start: () => server.start(),
		restart: async () => {
			await server.stop();
			await server.start();
		},
		renumber: async (user) => {
			await server.stop();
			for (const name of readdirSync(inbox(user))) if (name.startsWith('dovecot')) rmSync(join(inbox(user), name), { recursive: true });
			await server.start();
		},
		files: (user) => ['new', 'cur'].flatMap((part) => (existsSync(join(inbox(user), part)) ? readdirSync(join(inbox(user), part)) : [])),
		log: () => logOf(folder),
		remove: async () => {
			await server.stop('SIGKILL');
			process.off('exit', server.kill);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function logOf(folder: string): string {
	const file = join(folder, 'dovecot.log');
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

class Server {
	private child: ChildProcess | null = null;

	constructor(
		private readonly program: string,
		private readonly config: string,
		private readonly ports: readonly number[],
		private readonly log: () => string,
	) {}

	async start(): Promise<void> {
		const child = spawn(this.program, ['-F', '-c', this.config], { stdio: 'ignore', detached: true });
		this.child = child;
		const answering = () => Promise.all(this.ports.map(answers)).then((all) => all.every(Boolean));
		await until(async () => {
			if (child.exitCode !== null) throw new Error(`Dovecot ended with ${child.exitCode}:\n${this.log()}`);
			return await answering();
		}, START_LIMIT_MS);
	}

	/** 'SIGKILL': at once, which leaves its files as they are. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		const { child } = this;
		this.child = null;
		if (!child || child.exitCode !== null) return;
		const exit = once(child, 'exit');
		child.kill(signal);
		await exit;
		killGroup(child);
	}

	readonly kill = (): void => {
		if (this.child) killGroup(this.child);
	};
}

/** Those who serve somebody outlive their master by some ten seconds. */
function killGroup({ pid }: ChildProcess): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch (error) {
		// All are gone.
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: '127.0.0.1', port });
		const done = (yes: boolean) => {
			socket.destroy();
			resolve(yes);
		};
		socket.once('connect', () => done(true));
		socket.once('error', () => done(false));
	});
}
