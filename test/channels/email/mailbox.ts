import { email } from '../../../src/channels/email';
import { provider } from '../../../src/channels/email/provider';
import type { ChannelEvent } from '../../../src/core/channel';
import type { ReceivedMail } from '../../../src/core/mail';
import { NO_MAIL } from '../../../src/n8n/mail/service';
import { readMail } from '../../../src/n8n/mail/parsing';
import { fieldsFor } from '../../fakes/mail';
import { pollPorts, type TestFile } from '../../fakes/ports';
import { ACCOUNT, RECEIVED_AT } from './subject';

/** What `poll` and `parse` make of these mails, given as they come over the wire. Files that are kept end up in `kept`. */
export async function eventsOf(sources: readonly (string | ReceivedMail)[], kept: TestFile[] = []): Promise<ChannelEvent[]> {
	const mails = await Promise.all(sources.map(async (source, index) => (typeof source === 'string' ? await received(source, `7.${index + 1}`) : source)));
	const ports = pollPorts(provider, fieldsFor(465, 993), { kept });
	const news = await provider.poll?.('7:0', { ...ports, mail: { ...NO_MAIL, next: () => Promise.resolve({ mails, cursor: '7:9' }) } });
	if (news?.cursor !== '7:9') throw new Error('the place in the mailbox is not handed on');
	return news.bodies.flatMap((body) => email.webhook.parse({ method: 'POST', headers: {}, query: {}, body, receivedAt: RECEIVED_AT + 60_000 }, ports.credential, ACCOUNT));
}

export function received(source: string, key = '7.1'): Promise<ReceivedMail> {
	const bytes = Buffer.from(source.replace(/\r?\n/g, '\r\n'));
	return readMail({ head: bytes, body: bytes, left: [] }, { key, receivedAt: RECEIVED_AT });
}

/** The one event of one mail. */
export async function eventOf(source: string | ReceivedMail, kept: TestFile[] = []): Promise<ChannelEvent> {
	const [event, ...others] = await eventsOf([source], kept);
	if (!event || others.length > 0) throw new Error(`expected one event, got ${others.length + (event ? 1 : 0)}`);
	return event;
}

/** A mail with these headers beside and instead of the usual ones; one that is empty is left out. */
export function raw(headers: Record<string, string> = {}, body = 'Where is it?'): string {
	const all = {
		'Return-Path': '<ann@example.test>',
		From: 'Ann Lee <ann@example.test>',
		To: `Shop Support <${ACCOUNT}>`,
		Subject: 'Order 7',
		Date: 'Sun, 22 Nov 2026 08:00:00 +0000',
		'Message-ID': '<in-1@example.test>',
		'Content-Type': 'text/plain; charset=utf-8',
		...headers,
	};
	const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
	return [...lines, '', body].join('\n');
}

/** The body of a mail of several parts, and the header that says so. */
export function parts(kind: string, ...bodies: { head: string; body: string }[]): { type: string; body: string } {
	const inner = bodies.flatMap(({ head, body }) => ['--part', head, '', body]);
	return { type: `multipart/${kind}; boundary="part"`, body: [...inner, '--part--', ''].join('\n') };
}
