import type { Address, Content, SendOptions } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { MailAccepted, MailPerson, OutgoingMail } from '../../core/mail';
import type { Attachment } from '../../core/message-parts';
import type { SendPorts } from '../../core/provider';
import { readPerson } from './addresses';
import type { EmailCredential } from './credential';
import { AUTO_SUBMITTED, MAIL_MAX_BYTES, SUPPRESSED_RESPONSES } from './facts';
import { htmlOf } from './html';
import { ownMessageId } from './message-id';
import { handedOver, recipientRefused, unsupported } from './refusals';
import { oneLine, replySubject, threadingOf } from './thread';

type Ports = SendPorts<EmailCredential>;
type MailContent = Extract<Content, { kind: 'text' | 'media' }>;

/** One mail, whose Message-ID is its id. */
export async function send(content: Content, to: Address, ports: Ports, options: SendOptions): Promise<string[]> {
	if (content.kind !== 'text' && content.kind !== 'media') throw unsupported('A mail has a text and files. Choose the message type Text or Media.');
	const mail = await mailOf(content, to, ports, options);
	const answer = await handedOver(ports.credential, () => ports.mail.send(mail));
	reportRejected(answer, mail, options);
	return [mail.messageId];
}

async function mailOf(content: MailContent, to: Address, ports: Ports, options: SendOptions): Promise<OutgoingMail> {
	const { fromName, fromAddress } = ports.credential;
	const contact = readPerson(to.user);
	if (!contact) throw unsupported("The contact's address on this channel is not an email address. Write to the contact on another channel.");
	const { cc = [], bcc = [], replyTo = [], html, subject } = content.mail ?? {};
	const seen = new Set([contact.address.toLowerCase()]);
	const copies = { cc: others('CC', cc, seen), bcc: others('BCC', bcc, seen) };
	const text = content.text ?? '';
	const threading = threadingOf(options);
	const mail = {
		from: { name: fromName, address: fromAddress },
		to: [contact],
		...copies,
		replyTo: others('Reply-To', replyTo, new Set()),
		// Whoever fills in a mail decides on its subject too, also that there is none (A19).
		subject: content.mail ? oneLine(subject ?? '') : replySubject(options.thread?.subject ?? ''),
		text,
		html: html?.trim() ? html : htmlOf(text),
		messageId: ownMessageId(options.messageId, fromAddress, contact.address, copies.cc.length + copies.bcc.length > 0),
		...threading,
		headers: options.isAutomatic ? automatic(threading.inReplyTo !== null, fromAddress) : {},
		attachments: content.kind === 'media' ? await filesOf(content.attachments, ports) : [],
	};
	return withinSize(mail);
}

/** No program answers what a program wrote, and what comes back to us all the same is known. */
function automatic(isAnswer: boolean, fromAddress: string): Record<string, string> {
	return {
		'Auto-Submitted': isAnswer ? AUTO_SUBMITTED.answer : AUTO_SUBMITTED.other,
		'X-Auto-Response-Suppress': SUPPRESSED_RESPONSES,
		'X-Loop': fromAddress.toLowerCase(),
	};
}

/** Each once. `seen`: who gets the mail anyway, in lower case. */
function others(field: string, list: readonly string[], seen: Set<string>): MailPerson[] {
	const people: MailPerson[] = [];
	for (const text of list) {
		if (text.trim() === '') continue;
		const person = readPerson(text);
		if (!person) throw unsupported(`'${oneLine(text)}' in '${field}' is not an email address. It looks like ann@example.com or Ann Lee <ann@example.com>.`);
		if (seen.has(person.address.toLowerCase())) continue;
		seen.add(person.address.toLowerCase());
		people.push(person);
	}
	return people;
}

async function filesOf(attachments: readonly Attachment[], ports: Ports): Promise<OutgoingMail['attachments']> {
	const files = [];
	for (const { fileId, name, mime, missing } of attachments) {
		if (fileId === null) throw unsupported(missing ?? `The file '${name}' is not there. Attach it again.`);
		files.push({ name, mime, bytes: await ports.file(fileId) });
	}
	return files;
}

function withinSize(mail: OutgoingMail): OutgoingMail {
	const bytes = mail.attachments.reduce((sum, file) => sum + file.bytes.length, Buffer.byteLength(mail.text) + Buffer.byteLength(mail.html));
	if (bytes <= MAIL_MAX_BYTES) return mail;
	const megabytes = (count: number) => Math.ceil((count / 1_048_576) * 10) / 10;
	throw unsupported(`The mail has ${megabytes(bytes)} MB with its files; ${megabytes(MAIL_MAX_BYTES)} MB are the most that mail servers take. Send smaller files, or links to them.`);
}

/** The contact was refused, while others got the mail; or the other way round. */
function reportRejected({ accepted, rejected }: MailAccepted, { to }: OutgoingMail, options: SendOptions): void {
	const isContact = (address: string) => to.some((person) => person.address.toLowerCase() === address.toLowerCase());
	const refusal = rejected.find(({ address }) => isContact(address));
	if (refusal) throw onlyCopies(refusal.response, accepted);
	for (const { address, response } of rejected) {
		options.note?.(`The copy to ${address} did not go: the mail server answered '${oneLine(response)}'.`);
	}
}

/** Sending it again would double the copies. */
function onlyCopies(response: string, accepted: readonly string[]): ConversationsError {
	const cause = recipientRefused(response);
	if (accepted.length === 0) return new ConversationsError(cause);
	const reason = `${cause.reason} The copies went to ${accepted.join(', ')} all the same, so the mail is not sent again by itself.`;
	return new ConversationsError(failure(cause.code, reason, { ...cause, retryable: false }));
}
