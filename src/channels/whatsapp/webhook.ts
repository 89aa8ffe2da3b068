import { createHash } from 'node:crypto';
import { MalformedPayload, type ChannelEvent, type EpochMs, type WebhookRequest } from '../../core/channel';
import { isObject, objectAt, objectsAt, parseBody, textAt, type JsonObject } from '../kit/json';
import type { WhatsAppCredential } from './credential';
import { WHATSAPP } from './facts';
import { lateFailure } from './failures';
import { echoEvent, messageEvent } from './inbound';
import { identityEvent } from './inbound-changes';
import { timeOf, type Context } from './people';

const SENT_STATES = { sent: 'sent', delivered: 'delivered', read: 'read', played: 'read' } as const;

/** One post holds up to 1,000 items: entries, their changes, and in each of these messages or statuses. */
export function parse(request: WebhookRequest, _credential: WhatsAppCredential, account: string): ChannelEvent[] {
	const body = parseBody(request.body);
	const { object, entry: entries } = body;
	if (object !== 'whatsapp_business_account') throw new MalformedPayload("'object' must be 'whatsapp_business_account'.");
	if (!Array.isArray(entries)) throw new MalformedPayload("'entry' must be a list.");
	return entries.flatMap((entry: unknown) => {
		const changes = isObject(entry) ? entry['changes'] : undefined;
		if (!Array.isArray(changes) || changes.length === 0) return [ignored(entry, 'an entry without changes', account, request.receivedAt)];
		return changes.flatMap((change: unknown) => changeEvents(change, account, request.receivedAt));
	});
}

/** What has no id of its own is known again by its content. */
const fingerprint = (item: unknown) => createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 32);

function ignored(item: unknown, why: string, account: string, at: EpochMs): ChannelEvent {
	return { kind: 'ignored', key: `ignored:${fingerprint(item)}`, channel: WHATSAPP.id, account, at, why };
}

type Reader = (item: JsonObject, context: Context, key: string) => ChannelEvent;

/** The lists of each kind of change, and who reads an item of them. */
const LISTS: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
	messages: { messages: messageEvent, statuses: statusEvent, errors: accountNews },
	smb_message_echoes: { message_echoes: echoEvent },
	user_id_update: { user_id_update: identityEvent },
};

function changeEvents(change: unknown, usual: string, receivedAt: EpochMs): ChannelEvent[] {
	const value = objectAt(change, 'value');
	const field = textAt(change, 'field') ?? '';
	const account = textAt(objectAt(value, 'metadata'), 'phone_number_id') ?? usual;
	const lists = Object.hasOwn(LISTS, field) ? LISTS[field] : undefined;
	if (!lists) return [ignored(change, `a change of '${field || 'nothing'}'`, account, receivedAt)];
	const context: Context = { account, receivedAt, contacts: objectsAt(value, 'contacts') };
	const events = Object.entries(lists).flatMap(([name, read]) =>
		listAt(value, name).map((item) =>
			isObject(item) ? read(item, context, fingerprint(item)) : ignored([name, item], `an item of '${name}' that is none`, account, receivedAt),
		),
	);
	return events.length > 0 ? events : [ignored(change, `a change of '${field}' with nothing in it`, account, receivedAt)];
}

function listAt(value: JsonObject, name: string): readonly unknown[] {
	const list = value[name];
	return Array.isArray(list) ? list : [];
}

/**
 * To whom it went is left out: a message to a number may come back with the business-scoped id, or with the number as WhatsApp
 * spells it. The ids of the message say enough.
 */
function statusEvent(status: JsonObject, context: Context, key: string): ChannelEvent {
	const { account } = context;
	const at = timeOf(status, context);
	const [id, state] = [textAt(status, 'id'), textAt(status, 'status') ?? ''];
	if (id === undefined) return { ...ignored(status, 'a status without an id', account, at), key: `ignored:${key}` };
	const messageId = textAt(status, 'biz_opaque_callback_data');
	const receipt = {
		kind: 'receipt',
		key: `status:${id}:${state}`,
		channel: WHATSAPP.id,
		account,
		at,
		externalId: id,
		...(messageId !== undefined && { messageId }),
	} as const;
	if (state === 'failed') return { ...receipt, state, failure: lateFailure(objectsAt(status, 'errors')[0] ?? {}) };
	const known = Object.hasOwn(SENT_STATES, state) ? SENT_STATES[state as keyof typeof SENT_STATES] : undefined;
	if (known) return { ...receipt, state: known };
	return { kind: 'ignored', key: receipt.key, channel: WHATSAPP.id, account, at, why: `a status '${state || 'none'}'` };
}

/** Something about the account itself. */
function accountNews(news: JsonObject, { account, receivedAt }: Context): ChannelEvent {
	return ignored(news, `news of the account, code ${textAt(news, 'code') ?? 'unknown'}`, account, receivedAt);
}
