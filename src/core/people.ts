import { addressKey, type Address, type ChannelEvent, type Profile } from './channel';
import { blankContact } from './contact';
import type { Desk } from './desk';
import { publish } from './events';
import type { Contact, ContactAddress } from './records';
import type { Records } from './store';

/** Who an event is about, as the channel tells it. */
export interface Person {
	address: Address;
	aliases?: readonly string[] | undefined;
	name?: string | undefined;
	profile?: Profile | undefined;
}

export interface Known {
	contact: Contact;
	address: ContactAddress;
}

/** The contact and address of a person; both are made at the first sign of life (B3, B4). */
export async function personOf(desk: Desk, records: Records, person: Person): Promise<Known> {
	const known = await knownPerson(records, person);
	if (known) {
		await records.addresses.addAliases(known.address.id, otherIds(person, known.address));
		return { ...known, contact: await fillEmptyFields(desk, records, known.contact, person) };
	}
	const now = desk.now();
	const contact = blankContact(desk.newId(), now);
	const address: ContactAddress = {
		id: desk.newId(),
		contactId: contact.id,
		...person.address,
		lastInboundAt: null,
		sentSinceInbound: 0,
		lastInteractionAt: now,
		blockedAt: null,
		reply: null,
		createdAt: now,
	};
	await records.contacts.insert(contact);
	if (!(await records.addresses.insert(address))) throw new Error('Two requests made the same address at once');
	await records.addresses.addAliases(address.id, otherIds(person, address));
	await publish(desk, records, {
		type: 'contact.created',
		source: 'contact',
		contactId: contact.id,
		conversationId: null,
		messageId: null,
		channel: address.channel,
		account: address.account,
	});
	const filled = await fillEmptyFields(desk, records, contact, person);
	await askWhoItIs(desk, records, filled, address);
	return { contact: filled, address };
}

/** Undefined: nobody has met them yet. */
export async function knownPerson(records: Records, { address, aliases = [] }: Person): Promise<Known | undefined> {
	for (const user of [address.user, ...aliases]) {
		const found = await records.addresses.find({ ...address, user });
		const contact = found && (await records.contacts.get(found.contactId));
		if (found && contact) return { contact, address: found };
	}
	return undefined;
}

function otherIds({ address, aliases = [] }: Person, known: ContactAddress): string[] {
	return [...new Set([address.user, ...aliases])].filter((user) => user !== known.user);
}

/** What the channel does not say with the message it is asked for afterwards. */
async function askWhoItIs(desk: Desk, records: Records, contact: Contact, address: ContactAddress): Promise<void> {
	if (contact.name !== null || !desk.channel(address.channel).provider?.profile) return;
	await records.fetches.insert({
		id: desk.newId(),
		kind: 'profile',
		channel: address.channel,
		account: address.account,
		contactId: contact.id,
		addressId: address.id,
		messageId: null,
		position: 0,
		source: {},
		attempts: 0,
		nextAt: desk.now(),
		createdAt: desk.now(),
	});
	records.touch('fetches');
}

/** What the channel tells of the person never overwrites what the business knows. */
export async function fillEmptyFields(
	desk: Desk,
	records: Records,
	contact: Contact,
	{ name: shown, profile }: Pick<Person, 'name' | 'profile'>,
): Promise<Contact> {
	const name = (shown ?? profile?.name ?? '').trim();
	const [firstName, ...rest] = name.split(/\s+/);
	const fresh: Partial<Contact> = {};
	if (contact.name === null && firstName) Object.assign(fresh, { name, firstName, lastName: rest.join(' ') || null });
	if (contact.language === null && profile?.language) fresh.language = profile.language;
	if (contact.email === null && profile?.email && !(await records.contacts.byEmail(profile.email))) {
		fresh.email = profile.email;
	}
	if (contact.phone === null && profile?.phone && !(await records.contacts.byPhone(profile.phone))) {
		fresh.phone = profile.phone;
	}
	if (Object.keys(fresh).length === 0) return contact;
	const changes = { ...fresh, updatedAt: desk.now() };
	await records.contacts.update(contact.id, changes);
	return { ...contact, ...changes };
}

/** In one order for everybody, so that two requests about the same people cannot wait for each other. */
export function lockNames(facts: readonly ChannelEvent[]): string[] {
	return [...new Set(facts.flatMap(addressesOf).map(addressKey))].sort();
}

function addressesOf(fact: ChannelEvent): Address[] {
	switch (fact.kind) {
		case 'message':
			return withAliases(fact.from, fact.aliases);
		case 'echo':
			return withAliases(fact.to, fact.aliases);
		case 'identity':
			return [fact.before, ...withAliases(fact.after, fact.aliases)];
		case 'activity':
		case 'consent':
		case 'edit':
		case 'reaction':
			return [fact.from];
		case 'watermark':
			return [fact.to];
		case 'receipt':
		case 'deletion':
		case 'ignored':
			return [];
	}
}

function withAliases(address: Address, aliases: readonly string[] = []): Address[] {
	return [address, ...aliases.map((user) => ({ ...address, user }))];
}
