import { createHash } from 'node:crypto';
import { Unanswered } from '../../core/http';
import { MailRefused, type MailAccepted, type MailServer } from '../../core/mail';
import type { ComposedMail } from './compose';
import { SmtpSession } from './smtp-session';

const SESSIONS_MAX = 3;
/** Servers end connections that are used for ever. */
const MAILS_PER_SESSION = 100;
/** How long a session waits for the next mail; servers allow minutes. */
const REST_MS = 30_000;
/** The server has closed the session, or is about to. */
const CLOSING = 421;

interface Pooled {
	session: SmtpSession;
	mails: number;
	/** Runs while it waits for a mail. */
	timer: NodeJS.Timeout | null;
}

/** The sessions with one server under one login. */
class SmtpPool {
	private readonly resting: Pooled[] = [];
	private readonly waiting: (() => void)[] = [];
	private inUse = 0;

	constructor(
		private readonly server: MailServer,
		private readonly emptied: () => void,
	) {}

	/** @throws MailRefused, Unanswered */
	async send(mail: ComposedMail): Promise<MailAccepted> {
		await this.turn();
		try {
			return await this.sendNow(mail);
		} finally {
			this.inUse -= 1;
			this.waiting.shift()?.();
			this.tellIfEmpty();
		}
	}

	private async turn(): Promise<void> {
		while (this.inUse >= SESSIONS_MAX) await new Promise<void>((resolve) => this.waiting.push(resolve));
		this.inUse += 1;
	}

	private async sendNow(mail: ComposedMail): Promise<MailAccepted> {
		const rested = this.takeRested();
		if (rested) {
			try {
				return await this.sendBy(rested, mail);
			} catch (error) {
				// Servers close sessions that rest: that says nothing of the mail, and it surely did not go.
				if (!hadClosed(error)) throw error;
			}
		}
		return await this.sendBy({ session: await SmtpSession.open(this.server), mails: 0, timer: null }, mail);
	}

	private async sendBy(pooled: Pooled, mail: ComposedMail): Promise<MailAccepted> {
		const accepted = await pooled.session.send(mail);
		pooled.mails += 1;
		this.putToRest(pooled);
		return accepted;
	}

	private takeRested(): Pooled | null {
		for (let pooled = this.resting.pop(); pooled; pooled = this.resting.pop()) {
			if (pooled.timer) clearTimeout(pooled.timer);
			if (!pooled.session.isOpen) continue;
			pooled.session.resume();
			return pooled;
		}
		return null;
	}

	private putToRest(pooled: Pooled): void {
		if (pooled.mails >= MAILS_PER_SESSION || !pooled.session.isOpen) return pooled.session.close();
		pooled.session.rest();
		pooled.timer = setTimeout(() => {
			this.resting.splice(this.resting.indexOf(pooled), 1);
			pooled.session.close();
			this.tellIfEmpty();
		}, REST_MS);
		pooled.timer.unref();
		this.resting.push(pooled);
	}

	private tellIfEmpty(): void {
		if (this.inUse === 0 && this.resting.length === 0) this.emptied();
	}
}

function hadClosed(error: unknown): boolean {
	return error instanceof Unanswered ? error.when === 'before' : error instanceof MailRefused && error.status === CLOSING;
}

/** Those of this process, by what belongs to a login. */
const pools = new Map<string, SmtpPool>();

/** The sessions that whoever has the same settings shares; they end by themselves. */
export function smtpPool(server: MailServer): SmtpPool {
	const key = createHash('sha256').update(JSON.stringify(server)).digest('hex');
	const known = pools.get(key);
	if (known) return known;
	const pool = new SmtpPool(server, () => pools.delete(key));
	pools.set(key, pool);
	return pool;
}
