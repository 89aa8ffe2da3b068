import type { InboundContent } from '../../core/channel';
import { numberAt, objectAt, textAt, type JsonObject } from '../kit/json';
import { attachmentsOf } from './attachments';
import { e164, isOwn, nameOf } from './person';

/** What a person said; null: nothing that we read. core.telegram.org/bots/api#message */
export function contentOf(message: JsonObject): InboundContent | null {
	const text = textAt(message, 'text');
	if (text !== undefined) return { kind: 'text', text };
	const attachments = attachmentsOf(message);
	if (attachments.length > 0) return { kind: 'media', attachments, text: textAt(message, 'caption') ?? null };
	if ('contact' in message) return peopleIn(message);
	return placeIn(message) ?? diceIn(message);
}

/** A venue comes with its location beside it. */
function placeIn(message: JsonObject): InboundContent | null {
	const venue = objectAt(message, 'venue');
	const point = 'location' in venue ? objectAt(venue, 'location') : objectAt(message, 'location');
	const [latitude, longitude] = [numberAt(point, 'latitude'), numberAt(point, 'longitude')];
	if (latitude === undefined || longitude === undefined) return null;
	const [name, address] = [textAt(venue, 'title') ?? null, textAt(venue, 'address') ?? null];
	return { kind: 'location', text: null, latitude, longitude, name, address };
}

const EMAIL_LINE = /^(?:item\d+\.)?EMAIL[^:\r\n]*:([^\s@]+@[^\s@]+)/gim;

function peopleIn(message: JsonObject): InboundContent {
	const contact = objectAt(message, 'contact');
	const given = textAt(contact, 'phone_number');
	const number = (isOwn(contact, objectAt(message, 'from')) ? e164(given) : undefined) ?? given;
	const phones = number === undefined ? [] : [number];
	const emails = [...(textAt(contact, 'vcard') ?? '').matchAll(EMAIL_LINE)].flatMap(([, email]) => email ?? []);
	const name = nameOf(contact) ?? '';
	return { kind: 'people', text: [name, ...phones, ...emails].filter(Boolean).join(' '), people: [{ name, phones, emails }] };
}

/** A thrown dice, ball or dart: its emoji is what the person typed. */
function diceIn(message: JsonObject): InboundContent | null {
	const emoji = textAt(objectAt(message, 'dice'), 'emoji');
	return emoji === undefined ? null : { kind: 'text', text: emoji };
}

/** What every message may have, whatever it says. */
const ENVELOPE: ReadonlySet<string> = new Set(['message_id', 'message_thread_id', 'from', 'chat', 'date', 'edit_date', 'reply_to_message', 'is_topic_message']);

/** The names of the fields that tell what it is instead. */
export function otherContentOf(message: JsonObject): string {
	const names = Object.keys(message).filter((key) => !ENVELOPE.has(key));
	return names.slice(0, 5).join(', ').slice(0, 200) || 'it is empty';
}
