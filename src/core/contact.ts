import type { Address } from './channel';
import type { Desk } from './desk';
import { publish } from './events';
import { InputError } from './failure';
import { requireContact } from './lookup';
import type { Contact, ContactAddress, Source } from './records';
import type { Records } from './store';
import { conversationClosed } from './waits';

const SAME_NAME = new Intl.Collator('en', { sensitivity: 'accent' });

/**
 * The contact that a workflow names: an id, `phone:+447900000000` or `email:ann@example.com`.
 * @throws InputError nobody is called so.
 */
export async function requireContactBy(records: Records, reference: string): Promise<Contact> {
	const key = keyOf(reference);
	if (key.by === 'phone') return found(await records.contacts.byPhone(key.phone), `the phone number ${key.phone}`);
	if (key.by === 'email') return found(await records.contacts.byEmail(key.email), `the email ${key.email}`);
	return await requireContact(records, key.id);
}

/** @throws InputError no phone number or email after `phone:` or `email:`. */
export function keyOf(reference: string): Exclude<ContactKey, { by: 'address' }> {
	const [, kind, value = ''] = /^(phone|email)\s*:(.*)$/is.exec(reference.trim()) ?? [];
	if (kind === undefined) return { by: 'id', id: reference.trim() };
	return kind.toLowerCase() === 'phone' ? { by: 'phone', phone: parsePhone('Contact', value) } : { by: 'email', email: parseEmail('Contact', value) };
}

function found(contact: Contact | undefined, by: string): Contact {
	if (contact) return contact;
	throw new InputError(
		'Contact',
		`There is no contact with ${by}. Create the contact first (Conversations node, Contact > Create or Update).`,
	);
}

/** E.164, once spaces, signs that do not show and punctuation between the digits are gone: '+44 (0)7900 900000'. @throws InputError */
export function parsePhone(parameter: string, text: string): string {
	const phone = text.normalize('NFKC').replace('(0)', '').replace(/[\s().\-/\p{Pd}\p{Cf}]/gu, '');
	if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone;
	throw new InputError(
		parameter,
		`'${text.trim()}' is not a phone number in international form. Start it with + and the country code, e.g. +447900000000.`,
	);
}

/** In lower case, so that one mailbox is one contact. @throws InputError */
export function parseEmail(parameter: string, text: string): string {
	const email = text.trim().toLowerCase();
	if (email.length <= 254 && /^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+$/.test(email)) return email;
	throw new InputError(parameter, `'${text.trim()}' is not an email address. It looks like name@example.com.`);
}

function parseLanguage(text: string): string {
	try {
		const [language] = Intl.getCanonicalLocales(text.trim());
		if (language !== undefined) return language;
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	throw new InputError('Language', `'${text}' is not a language tag. Use one like en, pt-BR or zh-Hant.`);
}

/** How 'Create or Update' finds the contact. */
export type ContactKey =
	| { by: 'id'; id: string }
	| { by: 'phone'; phone: string }
	| { by: 'email'; email: string }
	| { by: 'address'; address: Address };

/** Absent: stays as it is. Null: is cleared. */
export interface ContactChanges {
	name?: string | null;
	firstName?: string | null;
	lastName?: string | null;
	phone?: string | null;
	email?: string | null;
	language?: string | null;
	/** Replaces all tags. */
	tags?: readonly string[];
	/** Set one by one; a null removes the field. */
	fields?: Readonly<Record<string, unknown>>;
}

export interface SavedContact {
	contact: Contact;
	isNew: boolean;
}

/** @throws InputError unknown id, malformed value, phone or email of another contact. */
export async function saveContact(
	desk: Desk,
	key: ContactKey,
	changes: ContactChanges,
	source: Source,
): Promise<SavedContact> {
	return await desk.store.atomically(async (records) => {
		await records.lock('contacts');
		const known = await contactByKey(records, key);
		const now = desk.now();
		const before = known ?? blankContact(desk.newId(), now);
		const asked = keyAsChange(key, changes);
		const columns = { ...columnsOf(before, asked), updatedAt: now };
		const contact: Contact = { ...before, ...columns };
		await refuseClashes(records, contact);
		if (known) {
			await records.contacts.update(known.id, columns);
		} else {
			await records.contacts.insert(contact);
			if (key.by === 'address') await insertAddress(desk, records, contact, key.address);
			await announceCreated(desk, records, contact, key, source);
		}
		return { contact, isNew: !known };
	});
}

async function contactByKey(records: Records, key: ContactKey): Promise<Contact | undefined> {
	if (key.by === 'id') return await requireContact(records, key.id);
	if (key.by === 'phone') return await records.contacts.byPhone(parsePhone('Phone', key.phone));
	if (key.by === 'email') return await records.contacts.byEmail(parseEmail('Email', key.email));
	if (key.address.account.trim() === '') throw new InputError('Account', "'Account' is empty. Name our end of the channel.");
	if (key.address.user.trim() === '') throw new InputError('User', "'User' is empty. Give the person's ID on the channel.");
	const address = await records.addresses.find(key.address);
	return address && (await records.contacts.get(address.contactId));
}

/** A contact of whom nothing is known yet. */
export function blankContact(id: string, now: number): Contact {
	return {
		id,
		name: null,
		firstName: null,
		lastName: null,
		phone: null,
		email: null,
		language: null,
		tags: [],
		fields: {},
		assigneeId: null,
		createdAt: now,
		updatedAt: now,
	};
}

/** A contact made by its phone or email has that phone or email; one found so may be given another. */
function keyAsChange(key: ContactKey, changes: ContactChanges): ContactChanges {
	if (key.by === 'phone') return { phone: key.phone, ...changes };
	if (key.by === 'email') return { email: key.email, ...changes };
	return changes;
}

function columnsOf(before: Contact, changes: ContactChanges): Partial<Contact> {
	const { phone, email, language, tags, fields } = changes;
	return {
		...nameColumns(before, changes),
		...(phone !== undefined && { phone: phone === null ? null : parsePhone('Phone', phone) }),
		...(email !== undefined && { email: email === null ? null : parseEmail('Email', email) }),
		...(language !== undefined && { language: language === null ? null : parseLanguage(language) }),
		...(tags !== undefined && { tags: distinctTags(tags) }),
		...(fields !== undefined && { fields: mergedFields(before.fields, fields) }),
	};
}

/** The full name and its parts follow each other, unless both are given. */
function nameColumns(before: Contact, { name, firstName, lastName }: ContactChanges): Partial<Contact> {
	const partsGiven = firstName !== undefined || lastName !== undefined;
	if (name !== undefined && !partsGiven) {
		const [first, ...rest] = (name ?? '').trim().split(/\s+/);
		return { name: name?.trim() || null, firstName: first || null, lastName: rest.join(' ') || null };
	}
	if (!partsGiven) return {};
	const first = firstName === undefined ? before.firstName : firstName?.trim() || null;
	const last = lastName === undefined ? before.lastName : lastName?.trim() || null;
	const joined = [first, last].filter((part) => part !== null).join(' ') || null;
	return { name: name === undefined ? joined : name?.trim() || null, firstName: first, lastName: last };
}

function mergedFields(before: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>) {
	const entries = Object.entries({ ...before, ...changes });
	return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}

const sameTag = (a: string, b: string) => SAME_NAME.compare(a, b) === 0;

/** Tags differ by more than case; the first spelling stays. */
function distinctTags(tags: readonly string[]): string[] {
	const distinct: string[] = [];
	for (const tag of tags.map((text) => text.trim())) {
		if (tag !== '' && !distinct.some((other) => sameTag(other, tag))) distinct.push(tag);
	}
	return distinct;
}

async function refuseClashes(records: Records, contact: Contact): Promise<void> {
	const clash = (parameter: string, value: string, other: Contact) =>
		new InputError(
			parameter,
			`The ${parameter.toLowerCase()} ${value} belongs to another contact, ${other.id}. Update that contact, or change its ${parameter.toLowerCase()} first.`,
		);
	const byPhone = contact.phone === null ? undefined : await records.contacts.byPhone(contact.phone);
	if (byPhone && byPhone.id !== contact.id) throw clash('Phone', byPhone.phone ?? '', byPhone);
	const byEmail = contact.email === null ? undefined : await records.contacts.byEmail(contact.email);
	if (byEmail && byEmail.id !== contact.id) throw clash('Email', byEmail.email ?? '', byEmail);
}

async function insertAddress(desk: Desk, records: Records, contact: Contact, to: Address): Promise<void> {
	const address: ContactAddress = {
		id: desk.newId(),
		contactId: contact.id,
		channel: to.channel,
		account: to.account.trim(),
		user: to.user.trim(),
		lastInboundAt: null,
		sentSinceInbound: 0,
		lastInteractionAt: contact.createdAt,
		blockedAt: null,
		reply: null,
		createdAt: contact.createdAt,
	};
	if (!(await records.addresses.insert(address))) {
		throw new InputError('User', 'Another step has just created a contact with this user. Run this step again.');
	}
}

async function announceCreated(desk: Desk, records: Records, contact: Contact, key: ContactKey, source: Source) {
	await publish(desk, records, {
		type: 'contact.created',
		source,
		contactId: contact.id,
		conversationId: null,
		messageId: null,
		channel: key.by === 'address' ? key.address.channel : null,
		account: key.by === 'address' ? key.address.account : null,
	});
}

/** @throws InputError unknown contact, or no tag given. */
export async function addTags(desk: Desk, reference: string, tags: readonly string[]): Promise<Contact> {
	return await changeTags(desk, reference, tags, (before, asked) => distinctTags([...before, ...asked]));
}

/** @throws InputError unknown contact, or no tag given. */
export async function removeTags(desk: Desk, reference: string, tags: readonly string[]): Promise<Contact> {
	return await changeTags(desk, reference, tags, (before, asked) =>
		before.filter((tag) => !asked.some((other) => sameTag(other, tag))),
	);
}

async function changeTags(
	desk: Desk,
	reference: string,
	tags: readonly string[],
	change: (before: readonly string[], asked: readonly string[]) => string[],
): Promise<Contact> {
	const asked = distinctTags(tags);
	if (asked.length === 0) throw new InputError('Tags', "'Tags' is empty. Name at least one tag.");
	return await desk.store.atomically(async (records) => {
		await records.lock('contacts');
		const contact = await requireContactBy(records, reference);
		const changes = { tags: change(contact.tags, asked), updatedAt: desk.now() };
		await records.contacts.update(contact.id, changes);
		return { ...contact, ...changes };
	});
}

/** With all its conversations, messages and files. @throws InputError unknown contact. */
export async function deleteContact(desk: Desk, reference: string): Promise<void> {
	await desk.store.atomically(async (records) => {
		const contact = await requireContactBy(records, reference);
		// Nobody will reply any more to steps that wait for this contact.
		await conversationClosed(desk, records, contact.id);
		await records.contacts.delete(contact.id);
	});
}
