import { createHash } from 'node:crypto';
import type { ImapServer } from './imap-session';

/** How far a mailbox was read. Times are the server's, of when a mail arrived there. */
export interface Cursor {
	/** Which mailbox; a credential can be changed to another. */
	box: string;
	/** Together with the mailbox it says what UIDs mean. */
	uidValidity: string;
	/** The last that was read. */
	uid: number;
	/** Of the latest that was read. */
	at: number;
	/** Of the latest that was there before anything was read: nothing up to then is news. */
	start: number;
	/** The UIDs below `until` are new names for mails of which some were read: those from `since` on are read again. */
	again?: { since: number; until: number };
}

/** Servers stamp mails that arrive at once in another order than they number them. */
const MARGIN_MS = 60 * 60_000;

export function boxOf({ host, user, mailbox }: ImapServer): string {
	return createHash('sha256').update(JSON.stringify([host.toLowerCase(), user, mailbox])).digest('hex').slice(0, 12);
}

/** Null: it is no cursor. */
export function readCursor(text: string): Cursor | null {
	const { box, uidValidity, uid, at, start, again } = fieldsOf(text);
	if (typeof box !== 'string' || typeof uidValidity !== 'string') return null;
	if (typeof uid !== 'number' || typeof at !== 'number' || typeof start !== 'number') return null;
	const { since, until } = isObject(again) ? again : {};
	return { box, uidValidity, uid, at, start, ...(typeof since === 'number' && typeof until === 'number' && { again: { since, until } }) };
}

export function writeCursor(cursor: Cursor): string {
	return JSON.stringify(cursor);
}

/** The same point in a mailbox whose mails have new numbers. `uidNext`: of the first mail to come. */
export function renumbered(cursor: Cursor, box: string, uidValidity: string, uidNext: number): Cursor {
	// Just after `start`, not at it: that one was there already.
	const since = Math.max(cursor.start + 1, (cursor.again?.since ?? cursor.at) - MARGIN_MS);
	return { ...cursor, box, uidValidity, uid: 0, again: { since, until: uidNext } };
}

/** After this mail. */
export function past(cursor: Cursor, uid: number, at = 0): Cursor {
	return { ...cursor, uid, at: Math.max(cursor.at, at) };
}

function fieldsOf(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : {};
	} catch {
		return {};
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
