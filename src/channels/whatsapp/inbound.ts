import type { ChannelEvent, MessageDetails, Profile, Referral } from '../../core/channel';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { WHATSAPP } from './facts';
import { deletionEvent, editEvent, reactionEvent, systemEvent } from './inbound-changes';
import { contentOf } from './inbound-content';
import { addressesOf, personOf, timeOf, type Context } from './people';

/** One of `messages[]`. `key`: for what has no id. */
export function messageEvent(message: JsonObject, context: Context, key: string): ChannelEvent {
	const id = textAt(message, 'id');
	const type = textAt(message, 'type');
	const about = { channel: WHATSAPP.id, account: context.account, at: timeOf(message, context) } as const;
	const ignored = (why: string): ChannelEvent => ({ ...about, kind: 'ignored', key: `ignored:${id ?? key}`, why });
	if (id === undefined) return ignored('a message without an id');
	if (textAt(message, 'group_id') !== undefined) return ignored('a message in a group');

	const person = personOf(message, context);
	const known = addressesOf(person.phone, person.scoped, context.account);
	if (type === 'revoke') return deletionEvent(message, about, ignored);
	if (!known) return ignored('a message that does not say who wrote it');
	const from = known.address;
	if (type === 'edit') return editEvent(message, from, about, ignored);
	if (type === 'reaction') return reactionEvent(message, from, about, ignored);
	if (type === 'system') return systemEvent(message, from, about, ignored);

	const content = contentOf(message);
	if ('why' in content) return ignored(content.why);
	const name = textAt(person.profile, 'name') ?? textAt(person.profile, 'username');
	const profile: Profile = { ...(name !== undefined && { name }), ...phoneOf(person.phone) };
	const replyTo = textAt(objectAt(message, 'context'), 'id');
	const details = detailsOf(message);
	return {
		...about,
		kind: 'message',
		key: `message:${id}`,
		externalId: id,
		from,
		...(known.aliases && { aliases: known.aliases }),
		content,
		...(name !== undefined && { name }),
		...(Object.keys(profile).length > 0 && { profile }),
		...(replyTo !== undefined && { replyTo }),
		...(details && { details }),
	};
}

const phoneOf = (phone: string | undefined) => (phone !== undefined && /^\d+$/.test(phone) ? { phone: `+${phone}` } : {});

/** One of `message_echoes[]`: typed in the WhatsApp Business app. What is sent by API does not come here. */
export function echoEvent(message: JsonObject, context: Context, key: string): ChannelEvent {
	const id = textAt(message, 'id');
	const type = textAt(message, 'type');
	const about = { channel: WHATSAPP.id, account: context.account, at: timeOf(message, context) } as const;
	const ignored = (why: string): ChannelEvent => ({ ...about, kind: 'ignored', key: `ignored:${id ?? key}`, why });
	if (id === undefined) return ignored('an echo without an id');
	if (type === 'revoke') return deletionEvent(message, about, ignored);
	const to = addressesOf(textAt(message, 'to'), textAt(message, 'to_user_id'), context.account);
	if (!to) return ignored('an echo that does not say to whom');
	if (type === 'edit') return editEvent(message, to.address, about, ignored);
	const content = contentOf(message);
	if ('why' in content) return ignored(content.why);
	const replyTo = textAt(objectAt(message, 'context'), 'id');
	return {
		...about,
		kind: 'echo',
		key: `echo:${id}`,
		externalId: id,
		to: to.address,
		foreign: true,
		...(to.aliases && { aliases: to.aliases }),
		content,
		...(replyTo !== undefined && { replyTo }),
	};
}

function detailsOf(message: JsonObject): Pick<MessageDetails, 'referral' | 'forwarded'> | undefined {
	const { forwarded, frequently_forwarded: often } = objectAt(message, 'context');
	const referral = referralOf(objectAt(message, 'referral'));
	const details = { ...((forwarded === true || often === true) && { forwarded: true as const }), ...(referral && { referral }) };
	return Object.keys(details).length > 0 ? details : undefined;
}

/** The click's own id is kept as `ref`: Meta's reports on advertisements ask for it. */
function referralOf(referral: JsonObject): Referral | undefined {
	if (Object.keys(referral).length === 0) return undefined;
	const source = textAt(referral, 'source_type') ?? null;
	return {
		ref: textAt(referral, 'ctwa_clid') ?? null,
		source,
		adId: source === 'ad' ? (textAt(referral, 'source_id') ?? null) : null,
		headline: textAt(referral, 'headline') ?? null,
		url: textAt(referral, 'source_url') ?? null,
	};
}
