import { MalformedPayload, type ChannelEvent, type WebhookReply, type WebhookRequest } from '../../core/channel';
import { parseBody, textAt } from '../kit/json';
import { isSame } from '../kit/signature';
import type { CustomCredential } from './credential';
import { CONTACT_ID_MAX, CUSTOM } from './facts';
import { readEvent } from './inbound';
import { introductionOf } from './person';

const SCHEME = /^bearer\s+/i;

export function isAuthentic({ headers }: WebhookRequest, { token }: CustomCredential): boolean {
	const given = (headers['authorization'] ?? '').trim();
	return SCHEME.test(given) && isSame(given.replace(SCHEME, ''), token);
}

/** One request is about one contact and may tell several events. Each is read for itself: a bad one does not cost the others. */
export function parse({ body: bytes, receivedAt }: WebhookRequest, { channelId }: CustomCredential, account: string): ChannelEvent[] {
	const body = parseBody(bytes);
	const named = textAt(body, 'channelId');
	if (named === undefined) throw new MalformedPayload("'channelId' is missing.");
	if (named !== channelId) throw new MalformedPayload("There is no channel with this 'channelId' here.", 404);
	const contactId = textAt(body, 'contactId');
	if (contactId === undefined || contactId.trim() === '') throw new MalformedPayload("'contactId' is missing.");
	if ([...contactId].length > CONTACT_ID_MAX) throw new MalformedPayload(`'contactId' has more than ${CONTACT_ID_MAX} characters.`);
	const events: unknown = body['events'];
	if (!Array.isArray(events)) throw new MalformedPayload("'events' must be a list.");
	const batch = { account, contact: { channel: CUSTOM.id, account, user: contactId }, introduction: introductionOf(body, contactId), receivedAt };
	return events.map((event: unknown, index) => readEvent(event, index, batch));
}

export function answer(refused: MalformedPayload | null): WebhookReply {
	const body = refused === null ? {} : { error: { message: refused.message } };
	return { status: refused?.status ?? 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
