import { StoreError } from '../core/store';

/** By the unique columns, as `table.column`, in the order of their index. */
const SENTENCES: Readonly<Record<string, string>> = {
	'contacts.phone': 'Another contact has this phone number already.',
	'contacts.email_lower': 'Another contact has this email address already.',
	'conversations.contact_id': 'This contact has an open conversation already.',
	'messages.channel messages.account messages.provider_id': 'Another message has this provider id already.',
	'messages.idempotency_key': 'This message is there already.',
	'receivers.key': 'Another trigger owns this webhook already.',
	'agents.email_lower': 'Another agent has this email address already.',
	'teams.name_lower': 'Another team has this name already.',
	'categories.name_lower': 'Another closing note category has this name already.',
};

export function duplicate(columns: readonly string[], cause: unknown): StoreError {
	const sentence = SENTENCES[columns.join(' ')] ?? `Another row has the same ${columns.join(', ')} already.`;
	return new StoreError('duplicate', `${sentence} Nothing of this step was saved.`, { cause });
}
