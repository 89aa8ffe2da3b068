import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { ReceivedMail } from '../../core/mail';
import { fileName } from './file-names';
import { FILE_MAX_BYTES, FILE_TOO_LARGE, TEXT_MAX_BYTES } from './limits';
import type { MailSource } from './parsing';

/** Of a mail that is not fetched whole. */
const HEAD_MAX_BYTES = 256 * 1024;
/** Base64 makes three bytes of four. */
const ENCODED = 4 / 3;

/** Null: it is gone. @throws what the server says */
export async function wholeMail(client: ImapFlow, uid: number): Promise<MailSource | null> {
	const message = await fetched(client, uid, { source: true });
	if (!message) return null;
	const source = present(message.source);
	return { head: source, body: source, left: [] };
}

/** Its headers and text, without files. `why`: the sentence for those. Null: it is gone. @throws what the server says */
export async function slimMail(client: ImapFlow, uid: number, why: string): Promise<MailSource | null> {
	const told = await fetched(client, uid, { bodyStructure: true });
	if (!told) return null;
	const leaves = told.bodyStructure ? leavesOf(told.bodyStructure) : [];
	const texts = ['text/plain', 'text/html'].flatMap((type) => leaves.find((leaf) => leaf.type === type && !isFile(leaf)) ?? []);
	const head = { key: 'HEADER', maxLength: HEAD_MAX_BYTES };
	const parts = texts.map(({ part = '1' }) => ({ key: part, maxLength: TEXT_MAX_BYTES }));
	const message = await fetched(client, uid, { bodyParts: [head, ...parts] });
	if (!message) return null;
	const bodies = texts.map((text) => ({ text, bytes: message.bodyParts?.get(text.part ?? '1') ?? Buffer.alloc(0) }));
	return {
		head: present(message.headers),
		body: assembled(bodies),
		left: leaves.filter((leaf) => !texts.includes(leaf)).map((leaf, index) => leftFile(leaf, index, why)),
	};
}

async function fetched(client: ImapFlow, uid: number, query: Parameters<ImapFlow['fetchOne']>[1]): Promise<FetchMessageObject | null> {
	return (await client.fetchOne(String(uid), query, { uid: true })) || null;
}

function present(bytes: Buffer | undefined): Buffer {
	if (!bytes) throw new Error('the server told of the mail without giving it');
	return bytes;
}

/** All parts that hold no others. A mail within a mail is a file. */
function leavesOf(node: MessageStructureObject): MessageStructureObject[] {
	const { childNodes = [], type } = node;
	return childNodes.length === 0 || type === 'message/rfc822' ? [node] : childNodes.flatMap(leavesOf);
}

function isFile({ disposition, parameters, dispositionParameters }: MessageStructureObject): boolean {
	return disposition === 'attachment' || parameters?.['name'] !== undefined || dispositionParameters?.['filename'] !== undefined;
}

function leftFile({ type, size = 0, parameters, dispositionParameters }: MessageStructureObject, index: number, why: string): ReceivedMail['attachments'][number] {
	const given = dispositionParameters?.['filename'] ?? parameters?.['name'];
	const missing = size > FILE_MAX_BYTES * ENCODED ? FILE_TOO_LARGE : why;
	return { name: fileName(given, type, new Uint8Array(), index), mime: type, bytes: new Uint8Array(), inline: false, missing };
}

/** A body of the given texts, for the same reading as any other. */
function assembled(bodies: readonly { text: MessageStructureObject; bytes: Buffer }[]): Buffer {
	const boundary = 'what-was-fetched-of-it';
	const parts = bodies.flatMap(({ text, bytes }) => [
		Buffer.from(`--${boundary}\r\nContent-Type: ${contentType(text)}\r\nContent-Transfer-Encoding: ${safe(text.encoding ?? '7bit')}\r\n\r\n`),
		bytes,
		Buffer.from('\r\n'),
	]);
	const head = Buffer.from(`MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n`);
	return Buffer.concat([head, ...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

function contentType({ type, parameters = {} }: MessageStructureObject): string {
	const { charset = 'utf-8', format, delsp } = parameters;
	return `${safe(type)}; charset="${safe(charset)}"${format === undefined ? '' : `; format=${safe(format)}`}${delsp === undefined ? '' : `; delsp=${safe(delsp)}`}`;
}

function safe(token: string): string {
	return token.replace(/[^\w.+/-]/g, '');
}
