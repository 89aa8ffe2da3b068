import { ConversationsError, failure } from '../../core/failure';
import type { ReceivedMail } from '../../core/mail';
import type { Attachment, MediaKind } from '../../core/message-parts';
import type { CallPorts, PollPorts } from '../../core/provider';
import type { EmailCredential } from './credential';
import { EMAIL, INLINE_PREFIX, SIGNATURE_FILES } from './facts';
import { whatItIs } from './reading';
import { asked } from './refusals';
import { writeMail } from './wire';

type Ports = PollPorts<EmailCredential>;

/** Waits for mails. @throws ConversationsError */
export async function poll(cursor: string | null, ports: Ports): Promise<{ bodies: Uint8Array[]; cursor: string }> {
	const { imap } = ports.credential;
	if (!imap) throw nothingToRead();
	const news = await asked('IMAP', imap, () => ports.mail.next(cursor, ports.signal));
	const bodies: Uint8Array[] = [];
	for (const mail of news.mails) bodies.push(await bodyOf(mail, ports));
	return { bodies, cursor: news.cursor };
}

/** Makes sure that the mailbox can be read. @throws ConversationsError */
export async function checkReading({ mail, credential: { imap } }: CallPorts<EmailCredential>): Promise<void> {
	if (!imap) throw nothingToRead();
	await asked('IMAP', imap, () => mail.check('imap'));
}

async function bodyOf({ attachments, ...words }: ReceivedMail, ports: Ports): Promise<Uint8Array> {
	const { kind } = whatItIs(words, ports.credential.fromAddress.toLowerCase());
	const isSaid = kind === 'message' || kind === 'echo';
	return writeMail({ ...words, attachments: isSaid ? await kept(attachments, ports) : [] });
}

/** The files of what is only left alone are not kept. */
async function kept(files: ReceivedMail['attachments'], ports: Ports): Promise<Attachment[]> {
	const attachments: Attachment[] = [];
	for (const [position, file] of files.entries()) {
		if (SIGNATURE_FILES.has(file.mime.toLowerCase())) continue;
		const { mime, bytes, missing } = file;
		const name = nameOf(file, position);
		attachments.push(missing === undefined ? await ports.keepFile({ name, mime, bytes }) : { fileId: null, kind: kindOf(mime), name, mime, sizeBytes: bytes.length, missing });
	}
	return attachments;
}

function nameOf({ name, inline }: ReceivedMail['attachments'][number], position: number): string {
	const own = name.trim() || `file-${position + 1}`;
	return inline ? `${INLINE_PREFIX}${own}` : own;
}

function kindOf(mime: string): MediaKind {
	const [type] = mime.toLowerCase().split('/');
	return type === 'image' || type === 'video' || type === 'audio' ? type : 'file';
}

function nothingToRead(): ConversationsError {
	return new ConversationsError(
		failure(
			'configuration_invalid',
			"The credential has no IMAP server, so no mail can be received with it. Fill in 'IMAP Host', or leave Email out of the trigger's channels; sending needs no trigger.",
			{ channel: EMAIL.id },
		),
	);
}
