import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Session, type Mailbox } from './mail-imap-session';
import type { SmtpLogin } from './mail-smtp';

export interface FakeImap {
	port: number;
	/** Puts a mail into the mailbox and tells whoever waits; gives its UID. Bare line breaks become CRLF. */
	put(raw: string | Uint8Array, receivedAt?: Date): number;
	/** Gives the mails new numbers, as after a restore; whoever is connected is thrown out. */
	renumber(): void;
	/** The next command that fits is answered with this, e.g. 'NO [SERVERBUG] Internal error', 'hang up' or 'hang'. */
	next(command: RegExp, behaviour: string): void;
	/** What clients said, without tags and passwords. */
	commands: string[];
	/** How many are connected now. */
	open(): number;
	close(): Promise<void>;
}

/** An IMAP server on this machine with one mailbox, INBOX. `idle`: it tells of news by itself. */
export async function fakeImap(login: SmtpLogin, { idle = true } = {}): Promise<FakeImap> {
	const mailbox: Mailbox = { uidValidity: 1, mails: [], uidNext: 1 };
	const sessions = new Set<Session>();
	const commands: string[] = [];
	const planned: { command: RegExp; behaviour: string }[] = [];
	const behaviourOf = (command: string) => {
		commands.push(command);
		const index = planned.findIndex((plan) => plan.command.test(command));
		return index < 0 ? undefined : planned.splice(index, 1)[0]?.behaviour;
	};
	const server = createServer((socket) => {
		const session = new Session(socket, mailbox, { login, idle, behaviourOf });
		sessions.add(session);
		socket.on('close', () => sessions.delete(session));
		socket.on('error', () => undefined);
	});
	const hangUp = () => sessions.forEach(({ socket }) => socket.destroy());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');

	return {
		port: (server.address() as AddressInfo).port,
		put: (raw, receivedAt = new Date()) => {
			const text = typeof raw === 'string' ? raw : Buffer.from(raw).toString('latin1');
			const bytes = Buffer.from(text.replace(/\r?\n/g, '\r\n'), typeof raw === 'string' ? 'utf8' : 'latin1');
			const uid = mailbox.uidNext++;
			mailbox.mails.push({ uid, bytes, receivedAt });
			sessions.forEach((session) => session.tell());
			return uid;
		},
		renumber: () => {
			mailbox.uidValidity += 1;
			mailbox.mails = mailbox.mails.map((mail, index) => ({ ...mail, uid: index + 1 }));
			mailbox.uidNext = mailbox.mails.length + 1;
			hangUp();
		},
		next: (command, behaviour) => void planned.push({ command, behaviour }),
		commands,
		open: () => sessions.size,
		close: async () => {
			hangUp();
			server.close();
			await once(server, 'close');
		},
	};
}
