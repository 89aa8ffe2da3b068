import { headerFields } from './head';
import { decodeWords } from './words';

/** Endings for parts that have no name of their own. */
const ENDINGS: Record<string, string> = {
	'application/pdf': 'pdf',
	'application/pgp-signature': 'asc',
	'application/pkcs7-signature': 'p7s',
	'image/gif': 'gif',
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'message/delivery-status': 'txt',
	'message/rfc822': 'eml',
	'text/calendar': 'ics',
	'text/csv': 'csv',
	'text/html': 'html',
	'text/plain': 'txt',
	'text/rfc822-headers': 'txt',
	'text/vcard': 'vcf',
	'text/x-vcard': 'vcf',
};

const SUBJECT_MAX = 80;

/** As the mail names it; a mail within a mail by its subject; else by its place. Not yet fit for a disk. */
export function fileName(given: string | undefined, mime: string, bytes: Uint8Array, index: number): string {
	const ending = ENDINGS[mime];
	const name = (given ?? '').replace(/\p{Cc}+/gu, ' ').trim();
	if (name !== '') return mime === 'message/rfc822' && !/\.eml$/i.test(name) ? `${name}.eml` : name;
	const subject = mime === 'message/rfc822' ? subjectOf(bytes) : '';
	return `${subject || `attachment-${index + 1}`}${ending === undefined ? '' : `.${ending}`}`;
}

function subjectOf(bytes: Uint8Array): string {
	const subject = headerFields(bytes).find(({ name }) => name === 'subject')?.value ?? '';
	return decodeWords(subject).replace(/[\p{Cc}/\\:*?"<>|\s]+/gu, ' ').trim().slice(0, SUBJECT_MAX);
}
