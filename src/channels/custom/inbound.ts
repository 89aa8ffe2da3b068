import { createHash } from 'node:crypto';
import type { Address, ChannelEvent, EpochMs } from '../../core/channel';
import { isObject, numberAt, objectAt, textAt, type JsonObject } from '../kit/json';
import { contentOf } from './content';
import { AHEAD_MAX_MS, CUSTOM, MILLISECONDS_FROM } from './facts';
import { lateFailure } from './failures';
import type { Introduction } from './person';

/** What all events of one request have. */
export interface Batch {
	account: string;
	contact: Address;
	introduction: Introduction;
	receivedAt: EpochMs;
}

interface Incoming {
	event: JsonObject;
	type: string;
	/** The messenger's id of the message, or what stands for it. */
	id: string;
	/** Whether the server told it. */
	isNamed: boolean;
	at: EpochMs;
	batch: Batch;
}

/** Never throws: what cannot be read is ignored with a reason. `index`: its place in the list. */
export function readEvent(given: unknown, index: number, batch: Batch): ChannelEvent {
	const event = isObject(given) ? given : {};
	const type = textAt(event, 'type') ?? '';
	const named = textAt(event, 'mId') ?? textAt(event, 'messageId');
	const id = named ?? fingerprint(given, index, batch);
	const incoming = { event, type, id, isNamed: named !== undefined, at: timeOf(event, batch.receivedAt), batch };
	switch (type) {
		case 'message':
		case 'message_echo':
			return said(incoming);
		case 'message_status':
			return told(incoming);
		default:
			return ignored(incoming, type === '' ? 'an event without a type' : `an event of the type '${type}'`);
	}
}

/** The contact's own words, or those of one of ours, e.g. in the messenger's app. */
function said(incoming: Incoming): ChannelEvent {
	const { event, type, id, batch } = incoming;
	const content = contentOf(event['message']);
	if (typeof content === 'string') return ignored(incoming, content);
	if (type === 'message_echo') return { ...about(incoming, id), kind: 'echo', to: batch.contact, content, externalId: id };
	return { ...about(incoming, id), ...batch.introduction, kind: 'message', from: batch.contact, content, externalId: id };
}

/** `status` is `{ value, message }`; some send the bare word. */
function told(incoming: Incoming): ChannelEvent {
	const { event, id, isNamed, batch } = incoming;
	const status = objectAt(event, 'status');
	const value = (textAt(status, 'value') ?? textAt(event, 'status') ?? '').toLowerCase();
	if (!isNamed) return ignored(incoming, "a status without an 'mId'");
	const receipt = { ...about(incoming, `${id}:${value}`), kind: 'receipt', externalId: id, to: batch.contact } as const;
	switch (value) {
		case 'sent':
		case 'delivered':
		case 'read':
			return { ...receipt, state: value };
		case 'failed':
			return { ...receipt, state: 'failed', failure: lateFailure(textAt(status, 'message')) };
		default:
			return ignored(incoming, `a status '${value}'`);
	}
}

function ignored(incoming: Incoming, why: string): ChannelEvent {
	return { ...about(incoming, incoming.id), kind: 'ignored', why };
}

/** An mId is unique for a contact and a type; the same event comes again with the same one. */
function about({ type, at, batch: { account, contact } }: Incoming, what: string) {
	return { key: `${contact.user}:${type}:${what}`, channel: CUSTOM.id, account, at };
}

/** Stands for an id that was not told: the same for a repetition of the request, another one for another message. */
function fingerprint(event: unknown, index: number, { contact, receivedAt }: Batch): string {
	// Without a time as well, two that say the same cannot be told from one that came twice: nothing may be lost.
	const when = isObject(event) && textAt(event, 'timestamp') !== undefined ? null : receivedAt;
	const whole = JSON.stringify([contact.user, event, index, when]);
	return `unnamed-${createHash('sha256').update(whole).digest('hex').slice(0, 32)}`;
}

/** Milliseconds as documented; seconds and dates are seen, too. What cannot be true is now. */
function timeOf(event: JsonObject, receivedAt: EpochMs): EpochMs {
	const number = numberAt(event, 'timestamp') ?? Date.parse(textAt(event, 'timestamp') ?? '');
	const at = Math.round(number < MILLISECONDS_FROM ? number * 1000 : number);
	return at > 0 && at <= receivedAt + AHEAD_MAX_MS ? at : receivedAt;
}
