import { createHash } from 'node:crypto';
import { domainOf } from './addresses';
import { MESSAGE_ID_MAX } from './facts';

/**
 * Our Message-IDs are told by this word: many mail programs write ids of a UUID and the sender's domain as well, and
 * everybody at a large provider has the same domain.
 */
const MARK = 'conversations';
const OWN = new RegExp(`^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\\.([0-9a-f]{12}))?\\.${MARK}@([^@>]+)>$`, 'i');
const OWN_ANYWHERE = new RegExp(`<[0-9a-f-]{36}(?:\\.[0-9a-f]{12})?\\.${MARK}@[^@<>\\s]{1,253}>`, 'i');

/** What a Message-ID of ours says. */
export interface OwnId {
	/** Our own id of the message. */
	messageId: string;
	/** `personMark` of the contact, where others got the mail as well; null: nobody else did. */
	person: string | null;
}

/** `hasCopies`: others than the contact get it too; then the id says who the contact is, for reports about one of them. */
export function ownMessageId(messageId: string, account: string, contact: string, hasCopies: boolean): string {
	return `<${[messageId, ...(hasCopies ? [personMark(contact)] : []), MARK].join('.')}@${idDomain(account)}>`;
}

/** Null: it is not one of ours. */
export function readOwnId(id: string | null, account: string): OwnId | null {
	const [, messageId, person, domain] = OWN.exec(id ?? '') ?? [];
	if (messageId === undefined || domain?.toLowerCase() !== idDomain(account)) return null;
	return { messageId: messageId.toLowerCase(), person: person?.toLowerCase() ?? null };
}

/** The first Message-ID of ours within a text. */
export function ownIdWithin(text: string): string | null {
	return OWN_ANYWHERE.exec(text)?.[0] ?? null;
}

/** Says whether two addresses are the same without saying which. */
export function personMark(address: string): string {
	return createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 12);
}

/** Whether it can stand in a header and in an index. */
export function isMessageId(id: string): boolean {
	return id.length <= MESSAGE_ID_MAX && /^<[^<>\s]+>$/.test(id);
}

/** Ids are ASCII. */
function idDomain(account: string): string {
	const url = `http://${domainOf(account)}`;
	return URL.canParse(url) ? new URL(url).hostname : 'localhost';
}
