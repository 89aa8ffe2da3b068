import type { Socket } from 'node:net';
import { answerFetch, uidsOf, type StoredMail } from './mail-imap-fetch';
import type { SmtpLogin } from './mail-smtp';

/** 'hang up': the connection is cut after the command was read; 'hang': there is never an answer. */
const UNANSWERED = ['hang up', 'hang'];

export interface Mailbox {
	uidValidity: number;
	mails: StoredMail[];
	uidNext: number;
}

export interface Rules {
	login: SmtpLogin;
	idle: boolean;
	behaviourOf(command: string): string | undefined;
}

/** One connection to the mailbox. */
export class Session {
	private rest = '';
	/** Takes the next line instead of it being a command. */
	private continued: ((line: string) => void) | null = null;
	private selected = false;
	private idling = false;

	constructor(
		readonly socket: Socket,
		private readonly mailbox: Mailbox,
		private readonly rules: Rules,
	) {
		socket.setNoDelay(true);
		socket.setEncoding('latin1');
		socket.on('data', (chunk) => this.read(String(chunk)));
		this.say('* OK IMAP4rev1 ready');
	}

	tell(): void {
		if (this.selected && this.idling) this.say(`* ${this.mailbox.mails.length} EXISTS`);
	}

	private read(chunk: string): void {
		this.rest += chunk;
		for (let end = this.rest.indexOf('\r\n'); end >= 0; end = this.rest.indexOf('\r\n')) {
			const line = this.rest.slice(0, end);
			this.rest = this.rest.slice(end + 2);
			const { continued } = this;
			if (continued) {
				this.continued = null;
				continued(line);
			} else this.command(line);
		}
	}

	private command(line: string): void {
		const [, tag = '*', rest = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
		const [, name = '', args = ''] = /^((?:UID )?\S+) ?(.*)$/is.exec(rest) ?? [];
		const verb = name.toUpperCase();
		const behaviour = this.rules.behaviourOf(verb === 'LOGIN' ? 'LOGIN' : rest);
		if (behaviour === 'hang up') this.socket.destroy();
		if (behaviour !== undefined) return UNANSWERED.includes(behaviour) ? undefined : this.say(`${tag} ${behaviour}`);
		this.answer(verb, args, (reply) => this.say(`${tag} ${reply}`));
	}

	private answer(verb: string, args: string, done: (reply: string) => void): void {
		const { mailbox } = this;
		switch (verb) {
			case 'CAPABILITY':
				this.say(`* CAPABILITY IMAP4rev1 ID NAMESPACE AUTH=PLAIN${this.rules.idle ? ' IDLE' : ''}`);
				return done('OK done');
			case 'ID':
				this.say('* ID ("name" "fake")');
				return done('OK done');
			case 'NAMESPACE':
				this.say('* NAMESPACE (("" "/")) NIL NIL');
				return done('OK done');
			case 'LOGIN': {
				const [user, password] = [...args.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain);
				return done(this.loggedIn(user, password));
			}
			case 'AUTHENTICATE':
				this.say('+ ');
				this.continued = (line) => {
					const [, user, password] = Buffer.from(line, 'base64').toString().split('\0');
					done(this.loggedIn(user, password));
				};
				return;
			case 'LIST':
			case 'LSUB':
				if (/"?(INBOX|\*|%)"?$/i.test(args)) this.say(`* ${verb} (\\HasNoChildren) "/" INBOX`);
				return done('OK done');
			case 'SELECT':
			case 'EXAMINE':
				return done(this.select(args));
			case 'NOOP':
				if (this.selected) this.say(`* ${mailbox.mails.length} EXISTS`);
				return done('OK done');
			case 'IDLE':
				this.idling = true;
				this.say('+ idling');
				this.continued = () => {
					this.idling = false;
					done('OK done');
				};
				return;
			case 'UID SEARCH':
				this.say(['* SEARCH', ...uidsOf(mailbox.mails, args)].join(' '));
				return done('OK done');
			case 'FETCH':
			case 'UID FETCH':
				for (const part of answerFetch(mailbox.mails, args, verb === 'FETCH')) this.socket.write(part);
				return done('OK done');
			case 'LOGOUT':
				this.say('* BYE bye');
				done('OK done');
				return void this.socket.end();
			default:
				return done(`BAD this fake knows no ${verb}`);
		}
	}

	private loggedIn(user: string | undefined, password: string | undefined): string {
		const { login } = this.rules;
		return user === login.user && password === login.password ? 'OK logged in' : 'NO [AUTHENTICATIONFAILED] Authentication failed.';
	}

	private select(args: string): string {
		const { mailbox } = this;
		if (!/^"?INBOX"?$/i.test(args)) return 'NO [NONEXISTENT] No such mailbox';
		this.selected = true;
		this.say('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)');
		this.say(`* ${mailbox.mails.length} EXISTS`);
		this.say(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
		this.say(`* OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`);
		return 'OK [READ-ONLY] done';
	}

	private say(line: string): void {
		this.socket.write(`${line}\r\n`);
	}
}
