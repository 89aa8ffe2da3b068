import { addressKey, type Address } from './channel';
import type { Desk } from './desk';
import type { Contact, ContactAddress } from './records';
import type { Records } from './store';

/** Whom a message goes to, and where. */
export interface Place {
	contact: Contact;
	address: ContactAddress;
	/** The address is not stored yet. */
	isNew: boolean;
}

const isStored = (address: ContactAddress | Address): address is ContactAddress => 'id' in address;

/**
 * The place of an address. Somebody who has not written there yet gets a new one; one that another contact has is that
 * contact's, and so is the message: the answer will be theirs, too.
 */
export async function placeOf(desk: Desk, records: Records, contact: Contact, address: ContactAddress | Address): Promise<Place> {
	if (isStored(address)) return { contact, address, isNew: false };
	// As whoever takes in a message of this person does.
	await records.lock(addressKey(address));
	const found = await records.addresses.find(address);
	if (found) {
		const owner = found.contactId === contact.id ? contact : await records.contacts.get(found.contactId);
		return { contact: owner ?? contact, address: found, isNew: false };
	}
	const fresh: ContactAddress = {
		id: desk.newId(),
		contactId: contact.id,
		channel: address.channel,
		account: address.account,
		user: address.user,
		lastInboundAt: null,
		sentSinceInbound: 0,
		// Nothing has passed between us there, so that it is nobody's last channel.
		lastInteractionAt: 0,
		blockedAt: null,
		reply: null,
		createdAt: desk.now(),
	};
	return { contact, address: fresh, isNew: true };
}

export async function keepPlace(records: Records, { address, isNew }: Place): Promise<void> {
	if (isNew && !(await records.addresses.insert(address))) throw new Error('Two sends made the same address at once');
}
