import { createHash } from 'node:crypto';
import type { ChannelEvent, EpochMs, InboundContent, WebhookRequest } from '../../core/channel';
import type { Mail } from '../../core/message-parts';
import { writePerson } from './addresses';
import type { EmailCredential } from './credential';
import { DATE_BEFORE_MAX_MS, EMAIL } from './facts';
import { isMessageId } from './message-id';
import { newText } from './quotes';
import { whatItIs, type Reading } from './reading';
import { reportEvents } from './report';
import { referencesOf } from './thread';
import { readMail, type KeptMail } from './wire';

/** Mails are fetched: nobody posts them. */
export function isAuthentic(): boolean {
	return false;
}

/** One body is one mail, as `poll` wrote it. */
export function parse({ body }: WebhookRequest, _credential: EmailCredential, account: string): ChannelEvent[] {
	const mail = readMail(body);
	const id = idOf(mail);
	const about = (key: string) => ({ key, channel: EMAIL.id, account, at: sentAt(mail) });
	const reading = whatItIs(mail, account);
	switch (reading.kind) {
		case 'ignored':
			return [{ ...about(`ignored:${id}`), kind: 'ignored', why: reading.why }];
		case 'report':
			return reportEvents(reading, account, (part) => about(`report:${id}:${part}`));
		case 'returned':
			return [{ ...about(`returned:${id}`), kind: 'receipt', externalId: id, messageId: reading.own.messageId, state: 'sent' }];
		case 'echo':
		case 'message':
			return [saidBy(reading, mail, id, about)];
	}
}

type Said = Extract<Reading, { kind: 'echo' | 'message' }>;

function saidBy(reading: Said, mail: KeptMail, id: string, about: (key: string) => Pick<ChannelEvent, 'key' | 'channel' | 'account' | 'at'>): ChannelEvent {
	const content = contentOf(mail);
	if (!content) return { ...about(`ignored:${id}`), kind: 'ignored', why: 'a mail without subject, text and files' };
	const said = { ...about(id), content, externalId: id, ...answered(mail), details: { mail: detailsOf(mail, id) } };
	const { channel, account } = said;
	if (reading.kind === 'echo') return { ...said, kind: 'echo', to: { channel, account, user: reading.to.address } };
	const { name, address } = reading.from;
	return {
		...said,
		kind: 'message',
		from: { channel, account, user: address },
		...(name !== '' && name.toLowerCase() !== address && { name }),
		profile: { email: address },
	};
}

/** The same for each copy of a mail, by To and by Cc. Without a usable Message-ID a sum of what it says. */
function idOf({ messageId, date, from, subject, text }: KeptMail): string {
	if (messageId !== null && isMessageId(messageId)) return messageId;
	const sum = createHash('sha256').update(JSON.stringify([messageId, date, from?.address, subject, text])).digest('hex');
	return `sha256:${sum}`;
}

/** When it was written; a clock that is wrong counts for nothing. */
function sentAt({ date, receivedAt }: KeptMail): EpochMs {
	return date !== null && date <= receivedAt && date >= receivedAt - DATE_BEFORE_MAX_MS ? date : receivedAt;
}

/** Null: it says nothing. */
function contentOf(mail: KeptMail): InboundContent | null {
	const subject = mail.subject.trim();
	const text = newText(mail.text, subject, mail.inReplyTo !== null || mail.references.length > 0) || subject;
	if (mail.attachments.length > 0) return { kind: 'media', attachments: mail.attachments, text: text || null };
	return text === '' ? null : { kind: 'text', text };
}

function answered({ inReplyTo }: KeptMail): { replyTo?: string } {
	return inReplyTo !== null && isMessageId(inReplyTo) ? { replyTo: inReplyTo } : {};
}

/** The whole of it, as it came. */
function detailsOf({ subject, text, html, from, to, cc, replyTo, references, inReplyTo }: KeptMail, id: string): Mail {
	const before = references.length > 0 || inReplyTo === null ? references : [inReplyTo];
	return {
		subject,
		text,
		...(html !== null && { html }),
		...(from && { from: writePerson(from) }),
		to: to.map(writePerson),
		...(cc.length > 0 && { cc: cc.map(writePerson) }),
		...(replyTo.length > 0 && { replyTo: replyTo.map(writePerson) }),
		references: referencesOf([...before, id]),
	};
}
