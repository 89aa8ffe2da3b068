import type { Address, EpochMs } from '../../core/channel';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { WHATSAPP } from './facts';

/** What is the same for all events of a payload's part. */
export interface Context {
	account: string;
	receivedAt: EpochMs;
	contacts: readonly JsonObject[];
}

/** The ids a person has: the number, and the business-scoped one. */
export interface Person {
	phone: string | undefined;
	scoped: string | undefined;
	profile: JsonObject;
}

export function timeOf(item: JsonObject, { receivedAt }: Context): EpochMs {
	const seconds = Number(textAt(item, 'timestamp') ?? '');
	return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : receivedAt;
}

/** Somebody who has not written: their number, as their messages will name it. */
export function reach({ phone }: { phone: string | null }): string | null {
	return /^\+([1-9]\d{6,14})$/.exec(phone ?? '')?.[1] ?? null;
}

/** The number where it is known, since people can be looked up by it; else the business-scoped id. */
export function addressesOf(phone: string | undefined, scoped: string | undefined, account: string) {
	const [user, ...aliases] = [phone, scoped].filter((id): id is string => id !== undefined);
	if (user === undefined) return null;
	const address: Address = { channel: WHATSAPP.id, account, user };
	return { address, ...(aliases.length > 0 && { aliases }) };
}

/** Several people may write in one payload: each message has a contact of its own. One without an id is of the only contact. */
export function personOf(message: JsonObject, { contacts }: Context): Person {
	const [from, scoped] = [textAt(message, 'from'), textAt(message, 'from_user_id')];
	const isTheirs = (contact: JsonObject) =>
		(from !== undefined && textAt(contact, 'wa_id') === from) ||
		(scoped !== undefined && textAt(contact, 'user_id') === scoped);
	const isNameless = from === undefined && scoped === undefined && contacts.length === 1;
	const contact = isNameless ? contacts[0] : contacts.find(isTheirs);
	return {
		phone: from ?? textAt(contact, 'wa_id'),
		scoped: scoped ?? textAt(contact, 'user_id'),
		profile: objectAt(contact, 'profile'),
	};
}
