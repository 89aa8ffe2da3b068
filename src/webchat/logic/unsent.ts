import type { WireAttachment } from '../../channels/webchat/wire';
import { parsedJson } from './api';
import type { Keeping } from './keeping';

/** A message of the visitor that the server has not acknowledged. */
export interface Unsent {
	/** UUID, the same on every attempt, so that the server stores the message once. */
	id: string;
	/** Ascends strictly: the order of sending. */
	createdAt: number;
	text: string | null;
	/** Uploaded already. */
	attachments: WireAttachment[];
	/** The press of a button; `id` and `label` as offered in the message `messageId`. */
	choice: { messageId: string; id: string; label: string } | null;
	/** The server's sentence when it did not accept the message; it stays until the visitor decides. */
	refusal: string | null;
}

/** Unsent messages in the browser's storage, one entry each, so that tabs do not overwrite each other's. */
export class UnsentBox {
	constructor(
		private readonly keeping: Keeping,
		private readonly prefix: string,
	) {}

	put(message: Unsent): void {
		this.keeping.write(this.prefix + message.id, JSON.stringify(message));
	}

	remove(id: string): void {
		this.keeping.remove(this.prefix + id);
	}

	/** False once any tab has got it through or removed it. */
	has(id: string): boolean {
		return this.keeping.read(this.prefix + id) !== null;
	}

	/** Oldest first. What is not ours or unreadable is passed over. */
	all(): Unsent[] {
		return this.keeping
			.keys()
			.filter((key) => key.startsWith(this.prefix))
			.map((key) => unsentIn(this.keeping.read(key)))
			.filter((message) => message !== null)
			.sort((a, b) => a.createdAt - b.createdAt);
	}

	/** The message of a storage key that another tab wrote, or null when the key is not one of this box. */
	idOf(key: string): string | null {
		return key.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
	}
}

function unsentIn(text: string | null): Unsent | null {
	const value = text === null ? undefined : parsedJson(text);
	if (typeof value !== 'object' || value === null) return null;
	const { id, createdAt, text: words, attachments, choice, refusal } = value as Partial<Unsent>;
	if (typeof id !== 'string' || typeof createdAt !== 'number' || !Array.isArray(attachments)) return null;
	return { id, createdAt, text: words ?? null, attachments, choice: choice ?? null, refusal: refusal ?? null };
}
