import MailComposer from 'nodemailer/lib/mail-composer';
import { MailRefused, type MailPerson, type OutgoingMail } from '../../core/mail';

/** A mail as it goes over the wire. */
export interface ComposedMail {
	envelope: { from: string; to: string[] };
	bytes: Buffer;
}

/**
 * Line breaks in names, subject and headers become spaces, so that no line of ours can be added by what somebody wrote.
 * Bcc is in the envelope only. @throws MailRefused for what is no address.
 */
export async function compose(mail: OutgoingMail): Promise<ComposedMail> {
	const everybody = [mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo];
	if (!everybody.every(isAddressable)) throw new MailRefused('smtp', 'mail', 553, '5.1.3', 'an address is not valid');
	const composed = new MailComposer({
		from: mail.from,
		to: [...mail.to],
		cc: [...mail.cc],
		bcc: [...mail.bcc],
		replyTo: [...mail.replyTo],
		subject: mail.subject,
		text: mail.text,
		...(mail.html !== '' && { html: mail.html }),
		messageId: mail.messageId,
		...(mail.inReplyTo !== null && { inReplyTo: mail.inReplyTo }),
		references: [...mail.references],
		headers: Object.entries(mail.headers).map(([key, value]) => ({ key: oneLine(key).replaceAll(':', ''), value: oneLine(value) })),
		attachments: mail.attachments.map(({ name, mime, bytes }) => ({
			filename: oneLine(name),
			contentType: oneLine(mime),
			// A mail that is sent along would else be shown as a part of this one.
			contentDisposition: 'attachment' as const,
			content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
		})),
		disableFileAccess: true,
		disableUrlAccess: true,
	}).compile();
	const { from, to } = composed.getEnvelope();
	return { envelope: { from: from === false ? '' : from, to }, bytes: await composed.build() };
}

/** Not whether such a person exists: only that it cannot end the command it stands in. */
function isAddressable({ address }: MailPerson): boolean {
	return /^[^\s<>\u0000-\u001f\u007f]+@[^\s<>@\u0000-\u001f\u007f]+$/.test(address);
}

function oneLine(text: string): string {
	return text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ');
}
