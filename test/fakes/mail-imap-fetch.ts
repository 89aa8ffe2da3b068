export interface StoredMail {
	uid: number;
	bytes: Buffer;
	receivedAt: Date;
}

/** `criteria`: 'UID 5:*', 'SINCE 21-Nov-2026', 'ALL', alone or together. */
export function uidsOf(mails: readonly StoredMail[], criteria: string): number[] {
	const [, range] = /UID (\S+)/i.exec(criteria) ?? [];
	const [, since] = /SINCE "?([\w-]+)"?/i.exec(criteria) ?? [];
	const found = range === undefined ? mails : inRange(mails, range);
	return found.filter(({ receivedAt }) => since === undefined || receivedAt.getTime() >= Date.parse(`${since} UTC`)).map(({ uid }) => uid);
}

/** What is sent for `range (items)`. `byPlace`: the range counts the mails. The structure is that of a mail of text alone, whatever the mail. */
export function* answerFetch(mails: readonly StoredMail[], args: string, byPlace: boolean): Generator<string | Buffer> {
	const [, range = '', items = ''] = /^(\S+) (.*)$/s.exec(args) ?? [];
	const numbered = byPlace ? mails.map((mail, index) => ({ uid: index + 1, mail })) : mails.map((mail) => ({ uid: mail.uid, mail }));
	for (const { mail } of inRange(numbered, range)) {
		yield `* ${mails.indexOf(mail) + 1} FETCH (UID ${mail.uid}`;
		if (/\bFLAGS\b/.test(items)) yield ' FLAGS ()';
		if (/\bINTERNALDATE\b/.test(items)) yield ` INTERNALDATE "${internalDate(mail.receivedAt)}"`;
		if (/RFC822\.SIZE/.test(items)) yield ` RFC822.SIZE ${mail.bytes.length}`;
		if (/BODYSTRUCTURE/.test(items)) {
			const text = sectionOf(mail.bytes, 'TEXT');
			yield ` BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "8BIT" ${text.length} 1 NIL NIL NIL NIL)`;
		}
		for (const [, section = '', from, count] of items.matchAll(/BODY(?:\.PEEK)?\[([\w.]*)\](?:<(\d+)\.(\d+)>)?/g)) {
			const whole = sectionOf(mail.bytes, section);
			const bytes = from === undefined ? whole : whole.subarray(Number(from), Number(from) + Number(count));
			yield ` BODY[${section}]${from === undefined ? '' : `<${from}>`} {${bytes.length}}\r\n`;
			yield bytes;
		}
		yield ')\r\n';
	}
}

/** As RFC 3501 says, '*' is the last there is, so that '9:*' is never empty. */
function inRange<T extends { uid: number }>(mails: readonly T[], range: string): T[] {
	const last = mails.at(-1)?.uid ?? 0;
	return mails.filter(({ uid }) =>
		range.split(',').some((part) => {
			const [from = 0, to = from] = part.split(':').map((end) => (end === '*' ? last : Number(end)));
			return uid >= Math.min(from, to) && uid <= Math.max(from, to);
		}),
	);
}

function sectionOf(bytes: Buffer, section: string): Buffer {
	if (section === '') return bytes;
	const end = bytes.indexOf('\r\n\r\n');
	const headers = end < 0 ? bytes : bytes.subarray(0, end + 4);
	return /HEADER|MIME/.test(section) ? headers : bytes.subarray(headers.length);
}

function internalDate(date: Date): string {
	const [, day = '', month = '', year = '', time = ''] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
	return `${day}-${month}-${year} ${time} +0000`;
}
