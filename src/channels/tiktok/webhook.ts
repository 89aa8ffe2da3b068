import { createHash } from 'node:crypto';
import { MalformedPayload, type ChannelEvent, type EpochMs, type WebhookRequest } from '../../core/channel';
import type { Referral } from '../../core/message-parts';
import { numberAt, objectAt, objectsAt, parseAnswer, parseBody, textAt, type JsonObject } from '../kit/json';
import type { TikTokCredential } from './credential';
import { EVENTS, MS_FROM, TIKTOK } from './facts';
import { contentOf } from './inbound';
import { conversationOf, talkOf, type Talk } from './people';

/** One request is one notice. `key`: for what has no id of its own. */
interface Notice {
	event: string;
	content: JsonObject;
	about: { channel: 'tiktok'; account: string; at: EpochMs };
	key: string;
}

/** An app has one address for all its accounts: the notice says whose it is. @throws MalformedPayload */
export function parse({ body, receivedAt }: WebhookRequest, _credential: TikTokCredential, usual: string): ChannelEvent[] {
	const envelope = parseBody(body);
	const event = textAt(envelope, 'event');
	if (event === undefined) throw new MalformedPayload("The body has no 'event'.");
	// A JSON text within the JSON.
	const content = parseAnswer(Buffer.from(textAt(envelope, 'content') ?? ''));
	const at = inMs(numberAt(content, 'timestamp')) ?? inMs(numberAt(envelope, 'create_time')) ?? receivedAt;
	const account = textAt(envelope, 'user_openid') ?? usual;
	const key = `${event.slice(0, 64)}:${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
	const notice: Notice = { event, content, about: { channel: TIKTOK.id, account, at }, key };
	const talk = talkOf(content, account);
	const reader = READERS.get(event);
	if (!reader) return [ignored(notice, NOT_USED.get(event) ?? `an event of the type '${event.slice(0, 64)}'`)];
	if (!talk) return [ignored(notice, 'a notice without a conversation')];
	return [...conversationOf(talk, at, key), ...reader(notice, talk)];
}

function inMs(time: number | undefined): EpochMs | undefined {
	if (time === undefined || time <= 0) return undefined;
	return time < MS_FROM ? time * 1000 : time;
}

type Reader = (notice: Notice, talk: Talk) => ChannelEvent[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	[EVENTS.received, received],
	[EVENTS.sent, sent],
	[EVENTS.read, read],
	[EVENTS.referred, referred],
]);

const NOT_USED: ReadonlyMap<string, string> = new Map<string, string>([
	[EVENTS.receivedInEurope, 'a message from somebody in the EEA, Switzerland or the UK, whose content TikTok does not give'],
	[EVENTS.comment, 'a comment on a post'],
	[EVENTS.autoMessageChanged, 'a change of an automatic message'],
	[EVENTS.autoMessageReviewed, 'the review of an automatic message'],
]);

function ignored({ about, key }: Notice, why: string): ChannelEvent {
	return { ...about, kind: 'ignored', key: `ignored:${key}`, why };
}

function received(notice: Notice, { address: from, aliases }: Talk): ChannelEvent[] {
	const { about, content: said } = notice;
	const id = textAt(said, 'message_id');
	if (isReaction(said)) return reactions(notice, from.user, id);
	if (id === undefined) return [ignored(notice, 'a message without an id')];
	const content = contentOf(said, { conversationId: from.user, messageId: id });
	if (typeof content === 'string') return [ignored(notice, content)];
	return [{ ...about, kind: 'message', key: `message:${id}`, from, aliases, content, externalId: id, ...answered(said) }];
}

/** Of a message that was sent by API too: core knows it again by its id. */
function sent(notice: Notice, { address: to, aliases }: Talk): ChannelEvent[] {
	const { about, content: said } = notice;
	const id = textAt(said, 'message_id');
	if (isReaction(said)) return [ignored(notice, 'a reaction of the business')];
	if (id === undefined) return [ignored(notice, 'an echo without an id')];
	const content = contentOf(said, { conversationId: to.user, messageId: id });
	if (typeof content === 'string') return [ignored(notice, content)];
	return [{ ...about, kind: 'echo', key: `echo:${id}`, to, aliases, content, externalId: id, ...answered(said) }];
}

function answered(said: JsonObject): { replyTo?: string } {
	const replyTo = textAt(objectAt(said, 'referenced_message_info'), 'referenced_message_id');
	return replyTo === undefined ? {} : { replyTo };
}

const isReaction = (said: JsonObject) => textAt(said, 'type')?.toLowerCase() === 'reaction';

/** One notice may bring several. */
function reactions(notice: Notice, conversation: string, id: string | undefined): ChannelEvent[] {
	const { about, content, key } = notice;
	const from = { channel: about.channel, account: about.account, user: conversation };
	const events = objectsAt(content, 'reaction').map((each, index): ChannelEvent => {
		const at = inMs(numberAt(each, 'timestamp')) ?? about.at;
		const own = { ...about, at, key: `reaction:${id ?? key}:${index}` };
		const externalId = textAt(each, 'original_msg_id');
		const wasAdded = textAt(each, 'operation')?.toUpperCase() !== 'REMOVE';
		const emoji = textAt(each, 'emoji') ?? null;
		if (externalId === undefined) return { ...own, kind: 'ignored', why: 'a reaction to nothing' };
		if (textAt(each, 'unique_identifier') === about.account) return { ...own, kind: 'ignored', why: 'a reaction of the business' };
		if (wasAdded && emoji === null) return { ...own, kind: 'ignored', why: 'a reaction with a picture instead of a character' };
		return { ...own, kind: 'reaction', from, externalId, emoji: wasAdded ? emoji : null };
	});
	return events.length > 0 ? events : [ignored(notice, 'a reaction with nothing in it')];
}

/** It comes once for all that was unread. Some say that it also comes when the business itself has read. */
function read(notice: Notice, { address: to }: Talk): ChannelEvent[] {
	if (textAt(objectAt(notice.content, 'from_user'), 'id') === to.account) return [ignored(notice, 'the business has read')];
	const before = inMs(numberAt(objectAt(notice.content, 'read'), 'last_read_timestamp'));
	if (before === undefined) return [ignored(notice, 'a read mark without a time')];
	return [{ ...notice.about, kind: 'watermark', key: `read:${to.user}:${before}`, to, state: 'read', before }];
}

/** Somebody came by an advertisement or a link, and has not written yet. */
function referred(notice: Notice, { address: from }: Talk): ChannelEvent[] {
	const told = objectAt(notice.content, 'referral');
	if (Object.keys(told).length === 0) return [ignored(notice, 'a referral with nothing in it')];
	const [ad, link] = [objectAt(told, 'ad'), objectAt(told, 'short_link')];
	const referral: Referral = {
		ref: textAt(link, 'ref') ?? null,
		source: textAt(told, 'source') ?? null,
		adId: textAt(ad, 'ad_id') ?? null,
		headline: textAt(ad, 'ad_name') ?? null,
		url: textAt(ad, 'embed_url') ?? null,
	};
	return [{ ...notice.about, kind: 'activity', key: `referred:${notice.key}`, from, what: 'referred', details: { referral } }];
}
