import type { Address, ChannelEvent } from '../../core/channel';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { WHATSAPP } from './facts';
import { editedText } from './inbound-content';
import { addressesOf, timeOf, type Context } from './people';

const NUMBER_CHANGES: ReadonlySet<string | undefined> = new Set(['user_changed_number', 'customer_changed_number']);

export type About = Pick<ChannelEvent, 'account' | 'at'> & { channel: typeof WHATSAPP.id };
export type Ignored = (why: string) => ChannelEvent;

export function deletionEvent(message: JsonObject, about: About, ignored: Ignored): ChannelEvent {
	const original = textAt(objectAt(message, 'revoke'), 'original_message_id');
	if (original === undefined) return ignored('a deletion that does not say of what');
	return { ...about, kind: 'deletion', key: `deletion:${textAt(message, 'id')}`, externalId: original };
}

export function editEvent(message: JsonObject, from: Address, about: About, ignored: Ignored): ChannelEvent {
	const edit = objectAt(message, 'edit');
	const original = textAt(edit, 'original_message_id');
	if (original === undefined) return ignored('a change that does not say of what');
	return { ...about, kind: 'edit', key: `edit:${textAt(message, 'id')}`, from, externalId: original, text: editedText(edit) };
}

export function reactionEvent(message: JsonObject, from: Address, about: About, ignored: Ignored): ChannelEvent {
	const reaction = objectAt(message, 'reaction');
	const target = textAt(reaction, 'message_id');
	if (target === undefined) return ignored('a reaction that does not say to what');
	// Taken back: there is no emoji.
	const emoji = textAt(reaction, 'emoji') ?? null;
	return { ...about, kind: 'reaction', key: `reaction:${textAt(message, 'id')}`, from, externalId: target, emoji };
}

export function systemEvent(message: JsonObject, before: Address, about: About, ignored: Ignored): ChannelEvent {
	const system = objectAt(message, 'system');
	const what = textAt(system, 'type');
	const phone = textAt(system, 'wa_id') ?? textAt(system, 'new_wa_id');
	const after = addressesOf(phone, textAt(system, 'user_id'), about.account);
	if (!NUMBER_CHANGES.has(what) || !after) return ignored(`a system message of the type '${what ?? 'none'}'`);
	return {
		...about,
		kind: 'identity',
		key: `identity:${textAt(message, 'id')}`,
		before,
		after: after.address,
		...(after.aliases && { aliases: after.aliases }),
	};
}

/** One of `user_id_update[]`: the business-scoped id is another one now. */
export function identityEvent(update: JsonObject, context: Context, key: string): ChannelEvent {
	const about = { channel: WHATSAPP.id, account: context.account, at: timeOf(update, context) } as const;
	const ids = objectAt(update, 'user_id');
	const before = addressesOf(undefined, textAt(ids, 'previous'), context.account);
	const current = textAt(ids, 'current');
	const after = addressesOf(textAt(update, 'wa_id'), current, context.account);
	if (!before || !after || current === undefined) {
		return { ...about, kind: 'ignored', key: `ignored:${key}`, why: 'a change of an id that does not say from what to what' };
	}
	return {
		...about,
		kind: 'identity',
		key: `identity:${before.address.user}:${current}`,
		before: before.address,
		after: after.address,
		...(after.aliases && { aliases: after.aliases }),
	};
}
