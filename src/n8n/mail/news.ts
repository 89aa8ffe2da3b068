import type { FetchMessageObject } from 'imapflow';
import { Unanswered } from '../../core/http';
import { MailRefused, type ReceivedMail } from '../../core/mail';
import { past, renumbered, type Cursor } from './cursor';
import type { ImapSession } from './imap-session';
import { BATCH, MAIL_MAX_BYTES } from './limits';
import { timeOf, type MailLoader } from './loader';

/** Some mails, and where to go on. */
export interface News {
	mails: ReceivedMail[];
	cursor: Cursor;
}

/** A day, since servers compare days, each in its own zone. */
const SEARCH_MARGIN_MS = 24 * 60 * 60_000;
/** So many of the last are looked at: one that was moved here lately is not the one that came last. */
const LATEST = 50;

/** Behind all that is there now. */
export async function presentEnd({ client, mailbox }: ImapSession, box: string): Promise<Cursor> {
	const first = Math.max(1, mailbox.exists - LATEST + 1);
	const latest = mailbox.exists > 0 ? await client.fetchAll(`${first}:*`, { uid: true, internalDate: true }) : [];
	const start = Math.max(0, ...latest.map(({ internalDate }) => timeOf(internalDate)));
	// Servers need not tell what number comes next.
	const last = Math.max(0, (mailbox.uidNext || 1) - 1, ...latest.map(({ uid }) => uid));
	return { box, uidValidity: String(mailbox.uidValidity), uid: last, at: start, start };
}

/** The next mails after `cursor`, which may be none. @throws MailRefused, what the server says, or that it hung up */
export async function newsAfter(cursor: Cursor, session: ImapSession, loader: MailLoader, box: string): Promise<News> {
	const uidValidity = String(session.mailbox.uidValidity);
	const known = cursor.box === box && cursor.uidValidity === uidValidity;
	let at = known ? cursor : renumbered(cursor, box, uidValidity, session.mailbox.uidNext);
	if (at.again) {
		const news = await readOn(at, session, loader);
		if (news.mails.length > 0 || news.cursor.again) return news;
		at = news.cursor;
	}
	return await readOn(at, session, loader);
}

async function readOn(cursor: Cursor, session: ImapSession, loader: MailLoader): Promise<News> {
	const { client, mailbox } = session;
	const uids = await uidsAfter(cursor, session);
	const chosen = uids.slice(0, BATCH.mails);
	const told = chosen.length > 0 ? await client.fetchAll(chosen.join(','), { uid: true, size: true, internalDate: true }, { uid: true }) : [];
	const mails: ReceivedMail[] = [];
	let at = cursor;
	let bytes = 0;
	for (const uid of chosen) {
		const message = told.find((one) => one.uid === uid);
		const size = Math.min(message?.size ?? 0, MAIL_MAX_BYTES);
		if (mails.length > 0 && bytes + size > BATCH.bytes) return { mails, cursor: at };
		const mail = message && isNews(message, cursor) ? await loader.load(client, message, String(mailbox.uidValidity)) : null;
		if (mail) mails.push(mail);
		bytes += size;
		at = past(at, uid, timeOf(message?.internalDate));
	}
	return { mails, cursor: uids.length === chosen.length ? caughtUp(at) : at };
}

/** Ascending. 'n:*' always holds the last mail, also when its number is smaller. */
async function uidsAfter({ uid, again }: Cursor, { client }: ImapSession): Promise<number[]> {
	const since = again && { since: new Date(again.since - SEARCH_MARGIN_MS) };
	const found = await client.search({ uid: `${uid + 1}:*`, ...since }, { uid: true });
	if (!Array.isArray(found)) {
		if (!client.usable) throw new Unanswered('before');
		throw new MailRefused('imap', 'other', null, null, 'the mailbox could not be searched');
	}
	return found.filter((one) => one > uid && (again === undefined || one < again.until)).sort((a, b) => a - b);
}

function isNews({ internalDate }: FetchMessageObject, { again }: Cursor): boolean {
	return again === undefined || timeOf(internalDate) >= again.since;
}

/** All that had new names is read: from here on numbers alone count. */
function caughtUp({ again, ...cursor }: Cursor): Cursor {
	return again ? { ...cursor, uid: Math.max(cursor.uid, again.until - 1) } : cursor;
}
