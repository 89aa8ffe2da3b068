import { createHash } from 'node:crypto';
import { MalformedPayload, type Address, type ChannelEvent, type EpochMs, type ReplyHandle, type WebhookRequest } from '../../core/channel';
import { isObject, numberAt, objectAt, parseBody, textAt, type JsonObject } from '../kit/json';
import { hmacSha256, isSame } from '../kit/signature';
import type { LineCredential } from './credential';
import { REPLY_TOKEN_MS } from './facts';
import { contentOf } from './inbound';

/** Source: Messaging API reference, 'Signature validation'; read 2026-11-21. */
export function isAuthentic({ headers, body }: WebhookRequest, { channelSecret }: LineCredential): boolean {
	return isSame(headers['x-line-signature'], hmacSha256(body, channelSecret, 'base64'));
}

/** In the order of what happened, which LINE does not promise. The list is empty when LINE tests the address. */
export function parse({ body, receivedAt }: WebhookRequest, _credential: LineCredential, account: string): ChannelEvent[] {
	const payload = parseBody(body);
	const { events } = payload;
	if (!Array.isArray(events)) throw new MalformedPayload("The body has no list of 'events'.");
	const bot = textAt(payload, 'destination') ?? account;
	return events.flatMap((event: unknown) => read(event, bot, receivedAt)).toSorted((one, other) => one.at - other.at);
}

/** What all events of one item share. */
type About = Pick<ChannelEvent, 'key' | 'account' | 'at'> & { channel: 'line' };

interface Item {
	event: JsonObject;
	about: About;
	from: Address;
	reply: { reply?: ReplyHandle };
}

const READERS: Readonly<Record<string, (item: Item) => ChannelEvent[]>> = {
	message: readMessage,
	messageEdited: readEdit,
	postback: readPress,
	follow: readFollow,
	unfollow: ({ about, from }) => [{ ...about, kind: 'consent', from, allowed: false }],
	unsend: readUnsend,
};

const IGNORED: Readonly<Record<string, string>> = {
	accountLink: "the contact's account was linked",
	activated: 'the LINE account was activated',
	beacon: 'the contact passed a beacon',
	botResumed: 'the LINE account works again',
	botSuspended: 'the LINE account was suspended',
	deactivated: 'the LINE account was deactivated',
	delivery: 'news of a LINE notification message, which is not sent from here',
	membership: "the contact's paid membership changed",
	module: 'a module was attached to the LINE account or taken away',
	videoPlayComplete: 'the contact watched a video to its end',
};

function read(event: unknown, account: string, receivedAt: EpochMs): ChannelEvent[] {
	const at = numberAt(event, 'timestamp') ?? receivedAt;
	const about: About = { channel: 'line', account, key: keyOf(event), at };
	const type = textAt(event, 'type');
	if (!isObject(event) || type === undefined) return ignored(about, 'not an event of LINE');
	if (textAt(event, 'mode') === 'standby') return ignored(about, 'another module answers for the LINE account (standby)');
	const source = objectAt(event, 'source');
	const place = textAt(source, 'type');
	if (place === 'group' || place === 'room') return ignored(about, `'${type}' in a group: only chats with one person are conversations`);
	const reader = READERS[type];
	if (!reader) return ignored(about, IGNORED[type] ?? `an event of the type '${type}'`);
	const user = textAt(source, 'userId');
	if (user === undefined) return ignored(about, `'${type}' of somebody whom LINE does not name`);
	const token = textAt(event, 'replyToken');
	const reply = token === undefined ? {} : { reply: { token, until: givenAt(event, at, receivedAt) + REPLY_TOKEN_MS } };
	return reader({ event, about, from: { channel: 'line', account, user }, reply });
}

/** When a reply token came: by our clock, which may differ from LINE's; one that is delivered again is as old as its event. */
function givenAt(event: JsonObject, at: EpochMs, receivedAt: EpochMs): EpochMs {
	return objectAt(event, 'deliveryContext')['isRedelivery'] === true ? at : receivedAt;
}

const ignored = (about: About, why: string): ChannelEvent[] => [{ ...about, kind: 'ignored', why }];

/** LINE names each event. For one without a name: its content, without what a redelivery changes. */
function keyOf(event: unknown): string {
	const id = textAt(event, 'webhookEventId');
	if (id !== undefined) return id;
	const lasting = isObject(event) ? { ...event, deliveryContext: undefined } : event;
	return `unnamed:${createHash('sha256').update(JSON.stringify(lasting) ?? '').digest('hex')}`;
}

function readMessage({ event, about, from, reply }: Item): ChannelEvent[] {
	const message = objectAt(event, 'message');
	const externalId = textAt(message, 'id');
	if (externalId === undefined) return ignored(about, 'a message without an id');
	const content = contentOf(message, externalId);
	if (typeof content === 'string') return ignored(about, content);
	const replyTo = textAt(message, 'quotedMessageId');
	return [{ ...about, kind: 'message', from, externalId, content, ...(replyTo !== undefined && { replyTo }), ...reply }];
}

function readEdit({ event, about, from }: Item): ChannelEvent[] {
	const message = objectAt(event, 'message');
	const [externalId, text] = [textAt(message, 'id'), textAt(message, 'text')];
	if (externalId === undefined || text === undefined) return ignored(about, 'an edit without a text');
	return [{ ...about, kind: 'edit', from, externalId, text }];
}

function readPress({ event, about, from, reply }: Item): ChannelEvent[] {
	const postback = objectAt(event, 'postback');
	const params = objectAt(postback, 'params');
	const id = textAt(postback, 'data');
	if (id === undefined) return ignored(about, 'a press without data');
	if ('newRichMenuAliasId' in params) return ignored(about, 'the contact turned to another page of the rich menu');
	const picked = textAt(params, 'datetime') ?? textAt(params, 'date') ?? textAt(params, 'time') ?? null;
	const content = { kind: 'choice', choice: { id, label: null }, text: picked } as const;
	return [{ ...about, kind: 'message', from, externalId: `postback:${about.key}`, content, ...reply }];
}

/** Also comes when somebody unblocks the account. */
function readFollow({ about, from, reply }: Item): ChannelEvent[] {
	return [
		{ ...about, kind: 'activity', from, what: 'followed', ...reply },
		{ ...about, key: `consent:${about.key}`, kind: 'consent', from, allowed: true },
	];
}

function readUnsend({ event, about }: Item): ChannelEvent[] {
	const externalId = textAt(objectAt(event, 'unsend'), 'messageId');
	if (externalId === undefined) return ignored(about, 'a message without an id was taken back');
	return [{ ...about, kind: 'deletion', externalId }];
}
