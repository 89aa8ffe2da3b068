import type { ReceivedMail } from '../../core/mail';
import { readBody } from './body';
import { headerFields, readHead } from './head';

/** The bytes of a mail. */
export interface MailSource {
	/** Begins with its headers. */
	head: Buffer;
	/** The mail, or a smaller one made of its texts. */
	body: Buffer;
	/** Files that were left where they are. */
	left: ReceivedMail['attachments'];
}

/** Never throws: what cannot be read is handed on as a file. */
export async function readMail({ head, body, left }: MailSource, place: Pick<ReceivedMail, 'key' | 'receivedAt'>): Promise<ReceivedMail> {
	const { attachments, ...words } = await readBody(body);
	return { ...place, ...readHead(headerFields(head)), ...words, attachments: [...attachments, ...left] };
}
