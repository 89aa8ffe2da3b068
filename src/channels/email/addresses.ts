import type { MailPerson } from '../../core/mail';
import { ADDRESS_MAX } from './facts';

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)*$/;

export function isAddress(text: string): boolean {
	return text.length <= ADDRESS_MAX && ADDRESS.test(text);
}

/** In lower case, so that one mailbox is one person; null: nobody can be written to there. */
export function addressOf(text: string): string | null {
	const address = text.trim().toLowerCase();
	return isAddress(address) ? address : null;
}

/** 'ann@example.com', 'Ann Lee <ann@example.com>' or '"Lee, Ann" <ann@example.com>'; null: no address. */
export function readPerson(text: string): MailPerson | null {
	// Two people in one text would be one of them with the other's address for a name.
	if (/\p{Cc}/u.test(text.trim()) || /^[^"'<]*@[^"'<]*,/.test(text)) return null;
	const bracketed = /^([^<>]*)<([^<>]*)>$/.exec(text.trim());
	const address = (bracketed?.[2] ?? text).trim();
	return isAddress(address) ? { name: plainName(bracketed?.[1] ?? ''), address } : null;
}

export function writePerson({ name, address }: MailPerson): string {
	return name === '' ? address : `${name} <${address}>`;
}

/** A name as people write it: without quotes around it, in one line. */
export function plainName(name: string): string {
	const line = name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
	return (/^(["'])(.*)\1$/.exec(line)?.[2] ?? line).trim();
}

/** What stands before the '@', in lower case. */
export function localPart(address: string): string {
	return address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();
}

export function domainOf(address: string): string {
	return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
