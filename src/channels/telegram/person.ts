import type { Address, ChannelEvent, MessageDetails, Profile } from '../../core/channel';
import { objectAt, textAt, type JsonObject } from '../kit/json';

export type About = Pick<ChannelEvent, 'key' | 'account' | 'at'> & { channel: 'telegram' };

/** Why this comes from nobody who writes to the bot; null: it does. */
export function strangerIn(item: JsonObject, person: JsonObject): string | null {
	const chat = objectAt(item, 'chat');
	const type = textAt(chat, 'type') ?? 'chat of an unknown type';
	if (type !== 'private' || textAt(chat, 'id') === undefined) return `not in a private chat with the bot, but in a ${type.slice(0, 64)}`;
	if ('business_connection_id' in item) return "from a person's own business account";
	if ('sender_chat' in item) return 'in the name of a chat, not of a person';
	if (textAt(person, 'id') === undefined) return 'from nobody that Telegram names';
	return person['is_bot'] === true ? 'from a bot' : null;
}

/** In a private chat the chat and the person have one id. */
export function addressIn(item: JsonObject, { account }: About): Address {
	return { channel: 'telegram', account, user: textAt(objectAt(item, 'chat'), 'id') ?? '' };
}

export function nameOf(person: JsonObject): string | undefined {
	return [textAt(person, 'first_name'), textAt(person, 'last_name')].filter(Boolean).join(' ') || undefined;
}

/** The language comes with every message; the number only when the person shares their own. */
export function profileOf(item: JsonObject): Profile | undefined {
	const [person, contact] = [objectAt(item, 'from'), objectAt(item, 'contact')];
	const language = textAt(person, 'language_code');
	const phone = isOwn(contact, person) ? e164(textAt(contact, 'phone_number')) : undefined;
	if (language === undefined && phone === undefined) return undefined;
	return { ...(language !== undefined && { language }), ...(phone !== undefined && { phone }) };
}

export function isOwn(contact: JsonObject, person: JsonObject): boolean {
	const id = textAt(contact, 'user_id');
	return id !== undefined && id === textAt(person, 'id');
}

/** Telegram writes a person's own number internationally, with or without the plus. */
export function e164(number: string | undefined): string | undefined {
	const digits = (number ?? '').replace(/[\s()+-]/g, '');
	return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
}

/** `/start` with the payload of a link to the bot, t.me/<bot>?start=<payload>. */
const DEEP_LINK = /^\/start(?:@\w+)?\s+(\S{1,512})$/;

type Details = Pick<MessageDetails, 'referral' | 'story' | 'forwarded'>;

export function detailsOf(item: JsonObject): Details | undefined {
	const ref = DEEP_LINK.exec(textAt(item, 'text') ?? '')?.[1];
	const story = objectAt(item, 'reply_to_story');
	const details: Details = {
		...(ref !== undefined && { referral: { ref, source: null, adId: null, headline: null, url: null } }),
		...('id' in story && { story: { id: textAt(story, 'id') ?? null, url: null } }),
		...('forward_origin' in item && { forwarded: true }),
	};
	return Object.keys(details).length > 0 ? details : undefined;
}
