import { Unanswered } from '../../core/http';
import type { MailService } from '../../core/mail';
import { Bell } from './bell';
import { boxOf, readCursor, writeCursor, type Cursor } from './cursor';
import { imapFailure } from './imap-errors';
import { openSession, type ImapServer, type ImapSession } from './imap-session';
import { MailLoader } from './loader';
import { newsAfter, presentEnd, type News } from './news';

type Next = MailService['next'];

/** So long a call waits for a mail. Well below the half hour after which servers end a wait. */
const WAIT_MS = 5 * 60_000;
/** How often a server is asked that does not tell by itself. */
const ASK_MS = 30_000;
/** So long the connection stays when nobody asks any more. */
const REST_MS = 60_000;

/** Reads one mailbox, over one connection that stays open from one call to the next. */
export class Mailbox {
	private readonly loader = new MailLoader();
	private readonly box: string;
	private session: ImapSession | null = null;
	/** Closes the connection, from its first moment on. */
	private end: () => void = () => undefined;
	private signal: AbortSignal | null = null;
	private timer: NodeJS.Timeout | null = null;
	/** The server says that it tells of news by itself, and then does not. */
	private mustAsk = false;
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly server: ImapServer) {
		this.box = boxOf(server);
	}

	/** As MailService says. Of several calls at once each waits for the one before. */
	next(...[cursor, signal]: Parameters<Next>): ReturnType<Next> {
		const mine = this.last.then(() => this.ask(cursor, signal));
		this.last = mine.catch(() => undefined);
		return mine;
	}

	private async ask(text: string | null, signal: AbortSignal): ReturnType<Next> {
		if (this.timer) clearTimeout(this.timer);
		this.obey(signal);
		try {
			if (signal.aborted) throw new Unanswered('before');
			const { mails, cursor } = await this.news(text === null ? null : readCursor(text), signal);
			this.timer = setTimeout(this.close, REST_MS);
			this.timer.unref();
			return { mails, cursor: writeCursor(cursor) };
		} catch (error) {
			this.close();
			throw imapFailure(error, 'reading', this.server);
		}
	}

	private async news(cursor: Cursor | null, signal: AbortSignal): Promise<News> {
		// What a session knows of the mailbox's end is of when it began.
		if (!cursor || !this.session?.client.usable) this.close();
		const session = this.session ?? (await this.open());
		if (!cursor) return { mails: [], cursor: await presentEnd(session, this.box) };
		return await this.awaited(cursor, session, signal);
	}

	private async awaited(start: Cursor, session: ImapSession, signal: AbortSignal): Promise<News> {
		const until = Date.now() + WAIT_MS;
		const bell = new Bell();
		session.client.on('exists', bell.ring).on('close', bell.ring);
		try {
			for (let at = start; ; ) {
				const news = await newsAfter(at, session, this.loader, this.box);
				const left = until - Date.now();
				// What was passed over is told by the cursor alone; it need not wait to be kept.
				if (news.mails.length > 0 || left <= 0 || writeCursor(news.cursor) !== writeCursor(start)) return news;
				await this.wait(session, bell, left);
				if (signal.aborted || !session.client.usable) throw new Unanswered('before');
				at = news.cursor;
			}
		} finally {
			session.client.off('exists', bell.ring).off('close', bell.ring);
		}
	}

	/** Until something happens; the next command ends the server's wait. */
	private async wait({ client }: ImapSession, bell: Bell, ms: number): Promise<void> {
		if (this.mustAsk || !client.capabilities.has('IDLE')) {
			await bell.wait(Math.min(ASK_MS, ms));
			if (client.usable) await client.noop();
			return;
		}
		let isOver = false;
		const ended = (result?: boolean) => {
			if (isOver) return;
			this.mustAsk = result === false;
			bell.ring();
		};
		client.idle().then(ended, () => ended());
		await bell.wait(ms);
		isOver = true;
	}

	private async open(): Promise<ImapSession> {
		this.mustAsk = false;
		this.session = await openSession(this.server, (client) => {
			this.end = () => client.close();
		});
		return this.session;
	}

	private readonly close = (): void => {
		this.end();
		this.end = () => undefined;
		this.session = null;
		if (this.timer) clearTimeout(this.timer);
	};

	/** The connection ends with the signal, also between two calls. */
	private obey(signal: AbortSignal): void {
		if (this.signal === signal) return;
		this.signal?.removeEventListener('abort', this.close);
		this.signal = signal;
		signal.addEventListener('abort', this.close);
	}
}
