import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { LoggerProxy } from 'n8n-workflow';
import type { ReceivedMail } from '../../core/mail';
import { slimMail, wholeMail } from './imap-mail';
import { MAIL_MAX_BYTES, MAIL_TOO_LARGE, NOT_HANDED_OUT } from './limits';
import { readMail, type MailSource } from './parsing';

/** So often a mail is asked for whole, so often in all. */
const TRIES = { whole: 2, all: 4 };

/** Fetches one mail after the other; one that the server cannot hand out does not hold up those behind it for ever. */
export class MailLoader {
	/** How often the server failed at a mail, by its key. */
	private readonly failures = new Map<string, number>();

	/** Null: it is gone, or was asked for in vain too often. @throws what the server says, or that it hung up */
	async load(client: ImapFlow, { uid, size = 0, internalDate }: FetchMessageObject, uidValidity: string): Promise<ReceivedMail | null> {
		const key = `${uidValidity}.${uid}`;
		const failures = this.failures.get(key) ?? 0;
		if (failures >= TRIES.all) {
			LoggerProxy.warn(`Conversations: the mail server failed ${failures} times to hand out mail ${key} of the mailbox. It was passed over.`);
			return null;
		}
		this.failures.set(key, failures + 1);
		const source = await this.fetch(client, uid, size, failures);
		this.failures.delete(key);
		return source && readMail(source, { key, receivedAt: timeOf(internalDate) });
	}

	private fetch(client: ImapFlow, uid: number, size: number, failures: number): Promise<MailSource | null> {
		if (size > MAIL_MAX_BYTES) return slimMail(client, uid, MAIL_TOO_LARGE);
		return failures < TRIES.whole ? wholeMail(client, uid) : slimMail(client, uid, NOT_HANDED_OUT);
	}
}

/** `internalDate`: as imapflow gives it; 0: the server did not tell. */
export function timeOf(internalDate: Date | string | undefined): number {
	const at = new Date(internalDate ?? 0).getTime();
	return Number.isNaN(at) ? 0 : at;
}
