import { MalformedPayload } from '../../core/channel';
import type { DeliveryReport, MailPerson, ReceivedMail } from '../../core/mail';
import type { Attachment, MediaKind } from '../../core/message-parts';
import { isObject, type JsonObject } from '../kit/json';

/** A received mail whose files are kept: what stands between reading a mailbox and `parse`, as JSON. */
export interface KeptMail extends Omit<ReceivedMail, 'attachments'> {
	attachments: Attachment[];
}

export function writeMail(mail: KeptMail): Uint8Array {
	return Buffer.from(JSON.stringify(mail));
}

/** @throws MalformedPayload */
export function readMail(body: Uint8Array): KeptMail {
	const mail = parsed(body);
	return {
		key: text(mail, 'key'),
		receivedAt: number(mail, 'receivedAt'),
		messageId: orNull(mail, 'messageId', text),
		inReplyTo: orNull(mail, 'inReplyTo', text),
		references: list(mail, 'references').map(textOf),
		from: orNull(mail, 'from', (of, key) => person(of[key])),
		returnPath: orNull(mail, 'returnPath', text),
		replyTo: list(mail, 'replyTo').map(person),
		to: list(mail, 'to').map(person),
		cc: list(mail, 'cc').map(person),
		subject: text(mail, 'subject'),
		date: orNull(mail, 'date', number),
		text: text(mail, 'text'),
		html: orNull(mail, 'html', text),
		headers: Object.fromEntries(Object.entries(object(mail['headers'])).map(([name, value]) => [name, textOf(value)])),
		attachments: list(mail, 'attachments').map(attachment),
		report: orNull(mail, 'report', (of, key) => report(object(of[key]))),
	};
}

function parsed(body: Uint8Array): JsonObject {
	try {
		return object(JSON.parse(Buffer.from(body).toString('utf8')));
	} catch (error) {
		if (error instanceof SyntaxError) throw new MalformedPayload('The body is not valid JSON.');
		throw error;
	}
}

function object(value: unknown): JsonObject {
	if (!isObject(value)) throw new MalformedPayload('The body is not a mail.');
	return value;
}

/** Without what a database cannot keep: NUL, and halves of characters. */
function textOf(value: unknown): string {
	if (typeof value !== 'string') throw new MalformedPayload('A text of the mail is missing.');
	return value.replaceAll('\0', '').replace(/\p{Cs}/gu, '');
}

function text(of: JsonObject, key: string): string {
	return textOf(of[key]);
}

function number(of: JsonObject, key: string): number {
	const value = of[key];
	if (typeof value !== 'number' || !Number.isFinite(value)) throw new MalformedPayload(`The mail's '${key}' is not a number.`);
	return value;
}

function list(of: JsonObject, key: string): unknown[] {
	const value = of[key];
	if (!Array.isArray(value)) throw new MalformedPayload(`The mail's '${key}' is not a list.`);
	return value;
}

function orNull<T>(of: JsonObject, key: string, read: (of: JsonObject, key: string) => T): T | null {
	return of[key] === null ? null : read(of, key);
}

function person(value: unknown): MailPerson {
	const given = object(value);
	return { name: text(given, 'name'), address: text(given, 'address') };
}

const KINDS: readonly MediaKind[] = ['image', 'video', 'audio', 'file'];

function attachment(value: unknown): Attachment {
	const given = object(value);
	const kind = KINDS.find((each) => each === given['kind']);
	if (!kind) throw new MalformedPayload('A file of the mail is of no kind that is known.');
	return {
		fileId: orNull(given, 'fileId', text),
		kind,
		name: text(given, 'name'),
		mime: text(given, 'mime'),
		sizeBytes: number(given, 'sizeBytes'),
		...(given['missing'] !== undefined && { missing: text(given, 'missing') }),
	};
}

function report(given: JsonObject): DeliveryReport {
	return {
		originalMessageId: orNull(given, 'originalMessageId', text),
		recipients: list(given, 'recipients').map((value) => {
			const recipient = object(value);
			return {
				address: orNull(recipient, 'address', text),
				action: text(recipient, 'action'),
				status: orNull(recipient, 'status', text),
				diagnostic: orNull(recipient, 'diagnostic', text),
			};
		}),
	};
}
