import { MalformedPayload, type ChannelEvent, type ChannelId, type WebhookRequest } from '../../../core/channel';
import type { EpochMs } from '../../../core/time';
import { isObject, numberAt, objectAt, parseBody, textAt, type JsonObject } from '../json';
import { inMs, listAt, READERS } from './messaging-items';

/**
 * The webhooks of Messenger and Instagram, which have one shape.
 * Source: developers.facebook.com, Messenger Platform: webhook events, Instagram messaging: webhooks; read 2026-11-21.
 */
export interface MetaInbox {
	id: ChannelId;
	/** As `object` of a webhook names it. */
	object: 'page' | 'instagram';
	/** The app that we send with, as echoes name it; '': not known. */
	appId: string;
}

/** Fields of `changes[]` whose value is what elsewhere stands in `messaging[]`. */
const MESSAGING_CHANGES: ReadonlySet<string> = new Set(['message_edit', 'message_edits', 'message_reactions', 'messaging_reactions']);

/** @throws MalformedPayload */
export function readMetaWebhook(request: WebhookRequest, inbox: MetaInbox, account: string): ChannelEvent[] {
	const body = parseBody(request.body);
	const object = textAt(body, 'object');
	if (object === undefined || !Array.isArray(body['entry'])) {
		throw new MalformedPayload("The body is not a webhook of Meta: it needs 'object' and a list 'entry'.");
	}
	return listAt(body, 'entry').flatMap((entry, index) => {
		const place = { inbox, entryId: textAt(entry, 'id') ?? account, receivedAt: request.receivedAt, time: numberAt(entry, 'time') };
		if (object !== inbox.object) return [ignored(place, `object:${object}:${index}`, `it is about the object '${object}'`)];
		return entryEvents(entry, place);
	});
}

interface Entry {
	inbox: MetaInbox;
	entryId: string;
	time: number | undefined;
	receivedAt: EpochMs;
}

function ignored({ inbox, entryId, time, receivedAt }: Entry, key: string, why: string): ChannelEvent {
	return { channel: inbox.id, account: entryId, at: inMs(time) ?? receivedAt, key: `ignored:${key}:${time ?? ''}`, kind: 'ignored', why };
}

function entryEvents(entry: unknown, place: Entry): ChannelEvent[] {
	const events = [
		...listAt(entry, 'messaging').flatMap((item) => itemEvents(item, place, false)),
		...listAt(entry, 'standby').flatMap((item) => itemEvents(item, place, true)),
		...listAt(entry, 'changes').flatMap((change) => changeEvents(change, place)),
	];
	return events.length > 0 ? events : [ignored(place, 'entry', 'it has no items')];
}

function changeEvents(change: unknown, place: Entry): ChannelEvent[] {
	const field = textAt(change, 'field') ?? 'unknown';
	const value = objectAt(change, 'value');
	if (MESSAGING_CHANGES.has(field) && isObject(value['sender'])) return itemEvents(value, place, false);
	const what = textAt(value, 'id') ?? textAt(objectAt(value, 'message'), 'mid') ?? '';
	return [ignored(place, `change:${field}:${what}`, `a change of the field '${field}'`)];
}

function itemEvents(item: unknown, place: Entry, standby: boolean): ChannelEvent[] {
	const data = isObject(item) ? item : {};
	const [sender, recipient] = [textAt(objectAt(data, 'sender'), 'id'), textAt(objectAt(data, 'recipient'), 'id')];
	const timestamp = textAt(data, 'timestamp') ?? '';
	const what = Object.keys(READERS).find((name) => isObject(data[name]));
	const mid = what === undefined ? undefined : textAt(data[what], 'mid');
	const skip = (why: string) => [ignored(place, [what ?? otherMember(data), mid ?? sender ?? '', timestamp].join(':'), why)];

	const echo = objectAt(data, 'message')['is_echo'] === true;
	const user = echo ? recipient : sender;
	if (user === undefined) return skip('it names nobody');
	if (standby && !echo) return skip('another app has the thread');
	if (what === undefined) return skip(`an item of the kind '${otherMember(data)}'`);
	if (isOwnAct(what, sender, recipient, place.entryId)) return skip("the account's own act");
	const account = (echo ? sender : recipient) ?? place.entryId;
	const about = { channel: place.inbox.id, account, at: inMs(numberAt(data, 'timestamp')) ?? place.receivedAt };
	const events = READERS[what]?.(
		{ data, about, user: { channel: place.inbox.id, account, user }, moment: `${user}:${timestamp}`, appId: place.inbox.appId },
		objectAt(data, what),
	);
	return events && events.length > 0 ? events : skip(`an item of the kind '${what}' that says nothing`);
}

/** Samples of postbacks show the person's id as the entry's: only what we can do ourselves is taken for ours. */
function isOwnAct(what: string, sender: string | undefined, recipient: string | undefined, entryId: string): boolean {
	if (sender === recipient) return true;
	return sender === entryId && ['reaction', 'message_edit', 'read', 'delivery'].includes(what);
}

function otherMember(data: JsonObject): string {
	return Object.keys(data).find((name) => !['sender', 'recipient', 'timestamp'].includes(name)) ?? 'unknown';
}
