import type { Address, ChannelEvent, ChannelId } from '../../../core/channel';
import type { EpochMs } from '../../../core/time';
import { isObject, numberAt, objectAt, textAt, type JsonObject } from '../json';
import { referralOf, saidBy } from './messaging-content';

/** The button that begins a conversation. Its payload is what the Page's owner chose; this is the usual one. */
const GET_STARTED_PAYLOAD = 'GET_STARTED';
const GET_STARTED_TITLE = 'Get Started';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Times before this (in 1973, in ms) are seconds. */
const MS_FROM = 100_000_000_000;

/** One item of `messaging[]`, with who it is about. */
export interface Item {
	data: JsonObject;
	about: { channel: ChannelId; account: string; at: EpochMs };
	user: Address;
	/** For keys of facts that have no id. */
	moment: string;
	/** The app that we send with; '': not known. */
	appId: string;
}

export type Reader = (item: Item, what: JsonObject) => ChannelEvent[];

/** By the member of the item that says what it is. */
export const READERS: Readonly<Record<string, Reader>> = {
	message: messageEvents,
	postback: postbackEvents,
	message_edit: editEvents,
	reaction: reactionEvents,
	delivery: deliveryEvents,
	read: readEvents,
	referral: referralEvents,
};

export function listAt(value: unknown, key: string): unknown[] {
	const found = isObject(value) ? value[key] : undefined;
	return Array.isArray(found) ? found : [];
}

export function inMs(time: number | undefined): EpochMs | undefined {
	if (time === undefined || time <= 0) return undefined;
	return time < MS_FROM ? time * 1000 : time;
}

/** Who sent what an echo repeats: we, the inbox of Meta or another app (they have ids of their own); nothing when it is not told. */
function sentBy(message: JsonObject, appId: string): { messageId?: string; foreign?: true } {
	const [ours, app] = [textAt(message, 'metadata') ?? '', textAt(message, 'app_id')];
	if (UUID.test(ours)) return { messageId: ours };
	return app !== undefined && appId !== '' && app !== appId ? { foreign: true } : {};
}

function messageEvents({ about, user, data, moment, appId }: Item, message: JsonObject): ChannelEvent[] {
	const mid = textAt(message, 'mid');
	if (mid === undefined) return [{ ...about, key: `ignored:message:${moment}`, kind: 'ignored', why: 'a message without an id' }];
	if (message['is_deleted'] === true) return [{ ...about, key: `deletion:${mid}`, kind: 'deletion', externalId: mid }];
	const skip = (why: string): ChannelEvent[] => [{ ...about, key: `ignored:message:${mid}`, kind: 'ignored', why }];
	if (message['is_self'] === true) return skip('a message to oneself');
	if (message['is_unsupported'] === true) return skip('a message of a kind that Meta does not give to apps');
	const said = saidBy(message);
	if (said.content === null) return skip(said.why);
	const quoted = textAt(objectAt(message, 'reply_to'), 'mid');
	const answer = quoted === undefined ? {} : { replyTo: quoted };
	if (message['is_echo'] === true) {
		return [{ ...about, key: `echo:${mid}`, kind: 'echo', to: user, content: said.content, externalId: mid, ...answer, ...sentBy(message, appId) }];
	}
	const referral = referralOf(message['referral'] ?? data['referral']);
	const { story } = said;
	return [
		{
			...about,
			key: `message:${mid}`,
			kind: 'message',
			from: user,
			content: said.content,
			externalId: mid,
			...answer,
			...((referral ?? story) && { details: { ...(referral && { referral }), ...(story && { story }) } }),
			...(story && { opens: false }),
		},
	];
}

function postbackEvents({ about, user, moment }: Item, postback: JsonObject): ChannelEvent[] {
	const [title, payload] = [textAt(postback, 'title'), textAt(postback, 'payload')];
	const id = payload ?? title;
	if (id === undefined) return [];
	const externalId = textAt(postback, 'mid') ?? `postback:${moment}:${id}`;
	const referral = referralOf(postback['referral']);
	const details = referral && { details: { referral } };
	if (id === GET_STARTED_PAYLOAD || title === GET_STARTED_TITLE) {
		return [{ ...about, key: `started:${externalId}`, kind: 'activity', from: user, what: 'started', opensWindow: true, ...details }];
	}
	const content = { kind: 'choice', choice: { id, label: title ?? null }, text: title ?? null } as const;
	return [{ ...about, key: `postback:${externalId}`, kind: 'message', from: user, content, externalId, ...details }];
}

function editEvents({ about, user, moment }: Item, edit: JsonObject): ChannelEvent[] {
	const mid = textAt(edit, 'mid');
	if (mid === undefined) return [];
	const key = `edit:${mid}:${textAt(edit, 'num_edit') ?? moment}`;
	return [{ ...about, key, kind: 'edit', from: user, externalId: mid, text: textAt(edit, 'text') ?? null }];
}

function reactionEvents({ about, user, moment }: Item, reaction: JsonObject): ChannelEvent[] {
	const mid = textAt(reaction, 'mid');
	if (mid === undefined) return [];
	const action = textAt(reaction, 'action') ?? 'react';
	const emoji = action === 'unreact' ? null : (textAt(reaction, 'emoji') ?? textAt(reaction, 'reaction') ?? null);
	return [{ ...about, key: `reaction:${mid}:${moment}:${action}`, kind: 'reaction', from: user, externalId: mid, emoji }];
}

function deliveryEvents({ about, user }: Item, delivery: JsonObject): ChannelEvent[] {
	const mids = listAt(delivery, 'mids').filter((mid) => typeof mid === 'string');
	return [
		...mids.map((mid): ChannelEvent => ({ ...about, key: `delivered:${mid}`, kind: 'receipt', externalId: mid, state: 'delivered', to: user })),
		...watermarkEvents(about, user, 'delivered', delivery),
	];
}

function readEvents({ about, user }: Item, read: JsonObject): ChannelEvent[] {
	const mid = textAt(read, 'mid');
	const receipt: ChannelEvent[] =
		mid === undefined ? [] : [{ ...about, key: `read:${mid}`, kind: 'receipt', externalId: mid, state: 'read', to: user }];
	return [...receipt, ...watermarkEvents(about, user, 'read', read)];
}

function watermarkEvents(about: Item['about'], to: Address, state: 'delivered' | 'read', told: JsonObject): ChannelEvent[] {
	const before = inMs(numberAt(told, 'watermark'));
	return before === undefined ? [] : [{ ...about, key: `${state}:${to.user}:${before}`, kind: 'watermark', to, state, before }];
}

function referralEvents({ about, user, moment }: Item, told: JsonObject): ChannelEvent[] {
	const referral = referralOf(told);
	if (!referral) return [];
	const key = `referred:${moment}:${referral.ref ?? ''}`;
	return [{ ...about, key, kind: 'activity', from: user, what: 'referred', opensWindow: true, details: { referral } }];
}
