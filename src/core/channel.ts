import { CHANNEL_IDS, type ChannelId } from './channel-ids';
import type { Failure } from './failure';

/** Milliseconds since 1970-01-01T00:00Z. Becomes ISO-8601 text only in src/n8n. */
export type EpochMs = number;

export { CHANNEL_IDS, type ChannelId };

/** One person as one of our accounts sees them; a contact owns several. `user`: the provider's id, verbatim. */
export interface Address {
	channel: ChannelId;
	/** Our end: a phone number id, page id, bot, mailbox; for the website chat the trigger's webhook id. */
	account: string;
	user: string;
}

/** One line for an address: the same person on the same account gives the same one. */
export function addressKey({ channel, account, user }: Address): string {
	return `${channel}/${account}/${user}`;
}

/** What `Store.onChange` is asked for to follow the messages of one address. */
export function addressTopic(address: Address): string {
	return `address:${addressKey(address)}`;
}

/**
 * Test runs of a workflow use an account of their own, so that they never meet production: no subscription matches it.
 * Only the listening editor does.
 */
const TEST_ACCOUNT_PREFIX = 'test:';

export function testAccount(account: string): string {
	return TEST_ACCOUNT_PREFIX + account;
}

export function isTestAccount(account: string): boolean {
	return account.startsWith(TEST_ACCOUNT_PREFIX);
}

export type MediaKind = 'image' | 'video' | 'audio' | 'file';

/** A file of a message. `fileId` names its bytes in the store. */
export interface Attachment {
	fileId: string;
	kind: MediaKind;
	name: string;
	mime: string;
	sizeBytes: number;
}

export interface Choice {
	id: string;
	label: string;
}

/** What is said. `text` is plain; the channel writes the provider's markup. */
export type Content =
	| { kind: 'text'; text: string }
	| { kind: 'media'; attachments: Attachment[]; text: string | null }
	| { kind: 'choices'; text: string; options: Choice[] };

/** What a contact says: the same, or the press of one of the choices we offered. */
export type InboundContent = Content | { kind: 'choice'; choice: Choice; text: string };

/**
 * A fact read from one webhook item. Each item yields at least one event: what we do not use is `ignored`
 * with a reason, never dropped. `key` is the provider's id for the fact and is the same on redelivery; the
 * store keeps (channel, account, key) unique and skips the second copy.
 */
export type ChannelEvent = { key: string; channel: ChannelId; account: string; at: EpochMs } & (
	| {
			kind: 'message';
			from: Address;
			content: InboundContent;
			/** The provider's id of this message. */
			externalId: string;
			/** Name the channel shows for the person, if any. */
			name?: string;
			/** What else the channel tells of the person; fills empty contact fields only. */
			profile?: { language?: string; email?: string; phone?: string };
			/** External id of the message this one answers. */
			replyTo?: string;
	  }
	| { kind: 'receipt'; externalId: string; state: 'sent' | 'delivered' | 'read'; to?: Address }
	| { kind: 'receipt'; externalId: string; state: 'failed'; failure: Failure; to?: Address }
	| { kind: 'ignored'; why: string }
);

/** How a text's length counts on a channel. */
export type TextUnit = 'codepoint' | 'utf16' | 'byte';

/** A channel's limits as data, each with its source. Core, nodes and docs read them; nobody checks by hand. */
export interface Capabilities {
	/** Kinds of content that `send` takes. */
	contents: readonly Content['kind'][];
	text: { max: number; unit: TextUnit };
	choices: { max: number; labelMax: number } | null;
	attachments: { max: number; maxBytes: number } | null;
	/** Free-form sending is allowed this long after the person's last message; null: always. */
	window: { ms: number } | null;
	receipts: readonly ('delivered' | 'read' | 'failed')[];
	/** The page each number came from and the day it was read. */
	sources: readonly { url: string; readOn: string }[];
}

export interface WebhookRequest {
	method: string;
	/** Names in lower case. */
	headers: Readonly<Record<string, string | undefined>>;
	query: Readonly<Record<string, string | undefined>>;
	/** As received: signatures cover bytes. */
	body: Uint8Array;
	receivedAt: EpochMs;
}

/** All the I/O a channel may do when it sends. */
export interface Ports {
	now(): EpochMs;
}

/** One messaging provider. `S`: what its webhooks are signed with. */
export interface Channel<S = unknown> {
	readonly id: ChannelId;
	/** As the user sees it: 'Website Chat'. */
	readonly name: string;
	readonly can: Capabilities;
	readonly webhook: {
		/** False for a missing, malformed, stale or wrong signature. Constant time; never throws. */
		isAuthentic(request: WebhookRequest, secrets: S, account: string): boolean;
		/**
		 * Pure. `account` is for payloads that do not name one. Call only after `isAuthentic` said yes.
		 * @throws MalformedPayload when the body is not this channel's format.
		 */
		parse(request: WebhookRequest, secrets: S, account: string): ChannelEvent[];
	};
	/**
	 * Hands one message to the provider and returns the provider's ids in order. No retries: whether to try
	 * again is core's decision. `messageId` is our own id of the message.
	 * @throws ConversationsError
	 */
	send(content: Content, to: Address, ports: Ports, messageId: string): Promise<string[]>;
}

/** The body is not what the channel documents. `message` is a plain sentence that may be shown to the sender. */
export class MalformedPayload extends Error {
	override readonly name = 'MalformedPayload';
}
