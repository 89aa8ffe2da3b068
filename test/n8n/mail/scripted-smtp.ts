import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * When a server hangs up: on being connected, instead of answering this command, in the middle of the mail, after its last
 * line; at the second mail of a connection.
 */
export type Moment = 'connect' | 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'dot' | 'MAIL again';

export interface ScriptedSmtp {
	port: number;
	/** What was said, one line each; a mail is one entry. */
	lines: string[];
	connections(): number;
	/** Ends all that is connected now. */
	hangUp(): void;
	close(): Promise<void>;
}

export interface Script {
	/** Hangs up then, once for each entry, on one connection after the other. */
	hangUpAt?: Moment[];
	/**
	 * Instead of the usual answer, by the first word of the command; 'dot' for the mail, 'greeting' for the first line,
	 * 'MAIL again' for the second mail of a connection.
	 */
	replies?: Record<string, string>;
	extensions?: string[];
}

const USUAL: Record<string, string> = { MAIL: '250 ok', RCPT: '250 ok', 'MAIL again': '250 ok', DATA: '354 go on', dot: '250 2.0.0 queued', AUTH: '235 welcome', QUIT: '221 bye', RSET: '250 ok' };

/** Says what it is told to say, and hangs up where it is told to. Speaks no TLS. */
export async function scriptedSmtp({ hangUpAt = [], replies = {}, extensions = ['PIPELINING', 'AUTH PLAIN'] }: Script = {}): Promise<ScriptedSmtp> {
	const plan = [...hangUpAt];
	const lines: string[] = [];
	const sockets = new Set<Socket>();
	let connections = 0;

	const answer = (command: string): string => {
		const scripted = replies[command];
		if (scripted !== undefined) return scripted;
		if (command === 'greeting') return '220 scripted';
		if (command === 'DATA' && (replies['RCPT'] ?? replies['MAIL']) !== undefined) return '503 5.5.1 no valid recipients';
		if (command !== 'EHLO') return USUAL[command] ?? '502 what?';
		return ['scripted', ...extensions].map((line, index) => `250${index < extensions.length ? '-' : ' '}${line}`).join('\r\n');
	};

	const server = createServer((socket) => {
		connections += 1;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => undefined);
		const moment = plan.shift();
		const say = (command: string) => {
			const isNow = moment === command;
			if (isNow) socket.destroy();
			else socket.write(`${answer(command)}\r\n`);
			return !isNow;
		};
		if (moment === 'connect') return void socket.destroy();
		if (!say('greeting')) return;

		let rest = '';
		let inMail = false;
		let mails = 0;
		socket.setEncoding('latin1');
		socket.on('data', (chunk) => {
			rest += String(chunk);
			while (!socket.destroyed) {
				if (inMail && moment === 'body' && rest.length > 0) return void socket.destroy();
				const end = rest.indexOf(inMail ? '\r\n.\r\n' : '\r\n');
				if (end < 0) return;
				const said = rest.slice(0, end);
				rest = rest.slice(end + (inMail ? 5 : 2));
				lines.push(said);
				const word = inMail ? 'dot' : (said.split(/[ :]/)[0] ?? '').toUpperCase();
				if (word === 'MAIL') mails += 1;
				const command = word === 'MAIL' && mails === 2 ? 'MAIL again' : word;
				inMail = false;
				if (say(command) && command === 'DATA') inMail = answer('DATA').startsWith('3');
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const hangUp = () => sockets.forEach((socket) => socket.destroy());
	return {
		port: (server.address() as AddressInfo).port,
		lines,
		connections: () => connections,
		hangUp,
		close: async () => {
			hangUp();
			server.close();
			await once(server, 'close');
		},
	};
}
