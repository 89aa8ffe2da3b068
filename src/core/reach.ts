import { CHANNEL_IDS, type ChannelId } from './channel';
import { keyOf, requireContactBy, saveContact, type ContactKey } from './contact';
import type { Desk } from './desk';
import { failure, InputError, type Failure } from './failure';
import type { Contact } from './records';
import { waysToReach, type Connections, type Person, type Route } from './routing';

/**
 * The contact that a message is for. Somebody who is named by `phone:` or `email:` and not known yet becomes a contact,
 * when one of the channels can write to them first.
 */
export async function contactToReach(desk: Desk, reference: string, channels: readonly Route['channel'][], connections: Connections): Promise<Contact | Failure> {
	try {
		return await requireContactBy(desk.store.records, reference);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const key = writable(reference);
		if (!key) return failure('no_channel', error.message);
		const person: Person = { phone: key.by === 'phone' ? key.phone : null, email: key.by === 'email' ? key.email : null };
		const ways = waysToReach(desk, connections, person);
		const named = channels.filter((channel) => channel !== 'lastInteracted');
		if (named.some((channel) => ways.includes(channel)) || (channels.includes('lastInteracted') && ways.length === 1)) {
			return (await saveContact(desk, key, {}, 'workflow')).contact;
		}
		return failure('no_channel', unreachable(desk, key, ways));
	}
}

/** Null: it is an id, or not a phone number or email at all. */
function writable(reference: string): Extract<ContactKey, { by: 'phone' | 'email' }> | null {
	try {
		const key = keyOf(reference);
		return key.by === 'id' ? null : key;
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	}
}

function unreachable(desk: Desk, key: Extract<ContactKey, { by: 'phone' | 'email' }>, ways: readonly ChannelId[]): string {
	const who = key.by === 'phone' ? `the phone number ${key.phone}` : `the email ${key.email}`;
	const names = (ids: readonly ChannelId[]) => ids.map((id) => desk.channel(id).name).join(' or ');
	const all = CHANNEL_IDS.filter((id) => typeof desk.channel(id).reach?.({ phone: null, email: null, [key.by]: 'phone' in key ? key.phone : key.email }) === 'string');
	if (ways.length > 0) return `There is no contact with ${who} yet. To write first, choose ${names(ways)} under 'Channel'.`;
	return `There is no contact with ${who}, and none of this node's channels can write first to ${key.by === 'phone' ? 'a phone number' : 'an email address'}. Connect and choose ${names(all)}.`;
}
