import { simpleParser, type Attachment } from 'mailparser';
import type { ReceivedMail } from '../../core/mail';
import { fileName } from './file-names';
import { headerFields } from './head';
import { textOfHtml } from './html-text';
import { FILE_MAX_BYTES, FILE_TOO_LARGE } from './limits';
import { readReport } from './report';
import { safeHtml } from './safe-html';

/** What the parts of a mail hold. */
export type MailBody = Pick<ReceivedMail, 'text' | 'html' | 'attachments' | 'report'>;

const TEXT_MAX = 1024 * 1024;
const CUT = '\n\n[The rest of this mail is left out: it has more than 1 MB of text.]';

/** `ignoreEmbedded`: a mail within a mail is a file. The HTML is turned into text here, where it is safe. */
const PARSING = { keepDeliveryStatus: true, ignoreEmbedded: true, keepCidLinks: true, skipHtmlToText: true, skipTextLinks: true };

/** A mail that cannot be read, or of which nothing comes out, is a file of itself, so that nothing of it is lost. */
export async function readBody(source: Buffer): Promise<MailBody> {
	try {
		const { text = '', html, attachments } = await simpleParser(source, PARSING);
		if (text.trim() === '' && typeof html !== 'string' && attachments.length === 0 && isUndivided(source)) return unread(source);
		const shown = typeof html === 'string' ? cidsIn(html) : new Set<string>();
		const safe = typeof html === 'string' ? safeHtml(html) : null;
		return {
			text: shortened(text.trim() === '' && safe !== null ? textOfHtml(safe) : text.trimEnd()),
			html: safe,
			attachments: attachments.map((part, index) => attachmentOf(part, index, shown)),
			report: readReport(attachments.map(({ contentType, content }) => ({ mime: contentType.toLowerCase(), bytes: content }))),
		};
	} catch {
		return unread(source);
	}
}

/** What is wrong with it only its bytes can tell. */
function unread(source: Buffer): MailBody {
	const whole = { name: 'message.eml', mime: 'message/rfc822', bytes: source, inline: false };
	return { text: '', html: null, attachments: [whole], report: null };
}

/** It says that it has parts, and nothing parts it. */
function isUndivided(source: Buffer): boolean {
	const type = headerFields(source).find(({ name }) => name === 'content-type')?.value ?? '';
	if (!/^multipart\//i.test(type)) return false;
	const [, quoted, plain] = /\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
	const boundary = quoted ?? plain;
	return boundary === undefined || !source.includes(`--${boundary}`);
}

function shortened(text: string): string {
	return text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) + CUT : text;
}

/** The parts that the HTML shows, e.g. by `src="cid:logo@shop"`. */
function cidsIn(html: string): Set<string> {
	return new Set([...html.matchAll(/\bcid:([^'"\s<>)]{1,256})/gi)].map(([, cid = '']) => decodeCid(cid)));
}

function decodeCid(cid: string): string {
	try {
		return decodeURIComponent(cid);
	} catch {
		return cid;
	}
}

/**
 * Within the body stands what the HTML shows. 'Content-Disposition: inline' does not say so: Apple's programs write it at
 * every photograph and document that somebody attached.
 */
function attachmentOf(part: Attachment, index: number, shown: ReadonlySet<string>): ReceivedMail['attachments'][number] {
	const mime = part.contentType.toLowerCase();
	const file = { name: fileName(part.filename, mime, part.content, index), mime, inline: part.cid !== undefined && shown.has(part.cid) };
	return part.content.length > FILE_MAX_BYTES ? { ...file, bytes: new Uint8Array(), missing: FILE_TOO_LARGE } : { ...file, bytes: part.content };
}
