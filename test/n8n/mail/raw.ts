import type { ReceivedMail } from '../../../src/core/mail';
import { readMail } from '../../../src/n8n/mail/parsing';

/** Lines as a mail on the wire; what is given as bytes stays as it is. */
export function raw(...lines: (string | Buffer)[]): Buffer {
	return Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\r\n')])));
}

export const RECEIVED_AT = Date.parse('2026-11-22T08:00:05Z');

export function read(...lines: (string | Buffer)[]): Promise<ReceivedMail> {
	const source = raw(...lines);
	return readMail({ head: source, body: source, left: [] }, { key: '7.42', receivedAt: RECEIVED_AT });
}

/** Headers that most mails have. */
export const PLAIN_HEAD = ['From: Ann Lee <ann@example.test>', 'To: support@shop.test', 'Subject: Order 7', 'Message-ID: <in-1@example.test>'];

/** The parts of a multipart body, with what goes around them. */
export function parts(kind: string, ...bodies: (string | Buffer)[][]): (string | Buffer)[] {
	const boundary = `b-${kind.replace(/\W/g, '-')}`;
	const inner = bodies.flatMap((body) => [`--${boundary}`, ...body]);
	return [`Content-Type: multipart/${kind}; boundary="${boundary}"`, 'MIME-Version: 1.0', '', ...inner, `--${boundary}--`];
}
