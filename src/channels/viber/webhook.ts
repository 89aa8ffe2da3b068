import { MalformedPayload, type Address, type ChannelEvent, type WebhookRequest } from '../../core/channel';
import type { Profile } from '../../core/message-parts';
import { numberAt, objectAt, parseBody, textAt, type JsonObject } from '../kit/json';
import { hmacSha256, isSame } from '../kit/signature';
import type { ViberCredential } from './credential';
import { PLACEHOLDER_NAME, VIBER } from './facts';
import { lateFailure } from './failures';
import { contentOf } from './inbound';

const SIGNATURE_HEADER = 'x-viber-content-signature';

export function isAuthentic({ headers, body }: WebhookRequest, { authToken }: ViberCredential): boolean {
	return authToken !== '' && isSame(headers[SIGNATURE_HEADER], hmacSha256(body, authToken, 'hex'));
}

/** What each event has. `key`: the provider's id for the fact; one callback may tell two. */
interface Callback {
	body: JsonObject;
	event: string;
	/** The message's token; of other events one of their own. */
	token: string | undefined;
	person: Address | undefined;
	at: number;
	about(part?: string): { key: string; channel: 'viber'; account: string; at: number };
}

/** One callback is one request. */
export function parse({ body: bytes, receivedAt }: WebhookRequest, _credential: ViberCredential, account: string): ChannelEvent[] {
	const body = parseBody(bytes);
	const event = textAt(body, 'event');
	if (event === undefined) throw new MalformedPayload("The body has no 'event'.");
	const token = textAt(body, 'message_token');
	const at = numberAt(body, 'timestamp') ?? receivedAt;
	const user = textAt(objectAt(body, 'sender'), 'id') ?? textAt(objectAt(body, 'user'), 'id') ?? textAt(body, 'user_id');
	return read({
		body,
		event,
		token,
		at,
		person: user === undefined ? undefined : { channel: VIBER.id, account, user },
		about: (part = event) => ({ key: `${part}:${token ?? at}:${user ?? ''}`, channel: VIBER.id, account, at }),
	});
}

function read(callback: Callback): ChannelEvent[] {
	switch (callback.event) {
		case 'message':
			return [message(callback)];
		case 'conversation_started':
			return [started(callback)];
		case 'subscribed':
			return subscribed(callback);
		case 'unsubscribed':
			return [unsubscribed(callback)];
		case 'delivered':
		case 'seen':
		case 'failed':
			return receipts(callback, callback.event);
		case 'webhook':
			return [ignored(callback, 'the check of the webhook address')];
		default:
			return [ignored(callback, `an event of the type '${callback.event}'`)];
	}
}

function ignored({ about }: Callback, why: string): ChannelEvent {
	return { ...about(), kind: 'ignored', why };
}

function message(callback: Callback): ChannelEvent {
	const { body, token, person, about } = callback;
	if (token === undefined || !person) return ignored(callback, 'a message without a sender or a token');
	const content = contentOf(objectAt(body, 'message'));
	if (typeof content === 'string') return ignored(callback, content);
	return { ...about(), kind: 'message', from: person, content, externalId: token, ...introduction(objectAt(body, 'sender')) };
}

function started(callback: Callback): ChannelEvent {
	const { body, person, about } = callback;
	if (!person) return ignored(callback, 'a started conversation without a person');
	const ref = textAt(body, 'context');
	return {
		...about(),
		kind: 'activity',
		from: person,
		what: 'started',
		...introduction(objectAt(body, 'user')),
		...(ref !== undefined && { details: { referral: { ref, source: null, adId: null, headline: null, url: null } } }),
	};
}

function subscribed(callback: Callback): ChannelEvent[] {
	const { body, person, about } = callback;
	if (!person) return [ignored(callback, 'a subscription without a person')];
	return [
		{ ...about(), kind: 'activity', from: person, what: 'followed', ...introduction(objectAt(body, 'user')) },
		{ ...about('subscribed-consent'), kind: 'consent', from: person, allowed: true },
	];
}

function unsubscribed(callback: Callback): ChannelEvent {
	const { person, about } = callback;
	if (!person) return ignored(callback, 'an unsubscription without a person');
	return { ...about(), kind: 'consent', from: person, allowed: false };
}

function receipts(callback: Callback, event: 'delivered' | 'seen' | 'failed'): ChannelEvent[] {
	const { body, token, person, at, about } = callback;
	if (token === undefined) return [ignored(callback, 'a receipt without a token')];
	const receipt = { ...about(), kind: 'receipt', externalId: token, ...(person && { to: person }) } as const;
	if (event === 'failed') return [{ ...receipt, state: 'failed', failure: lateFailure(textAt(body, 'desc')) }];
	if (event === 'delivered') return [{ ...receipt, state: 'delivered' }];
	// It comes once for all that was unread.
	const upTo: ChannelEvent[] = person ? [{ ...about('seen-up-to'), kind: 'watermark', to: person, state: 'read', before: at }] : [];
	return [...upTo, { ...receipt, state: 'read' }];
}

/** Who it is, as far as the person shows it. */
function introduction(user: JsonObject): { name?: string; profile?: Profile } {
	const name = textAt(user, 'name')?.trim();
	const language = textAt(user, 'language')?.replaceAll('_', '-');
	return {
		...(name && !PLACEHOLDER_NAME.test(name) && { name }),
		...(language !== undefined && { profile: { language } }),
	};
}
