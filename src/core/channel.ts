import { CHANNEL_IDS, type ChannelId } from './channel-ids';
import type { Failure } from './failure';
import type {
	Attachment,
	Choice,
	InboundAttachment,
	MailParts,
	MailThread,
	MediaKind,
	MessageDetails,
	Place,
	Profile,
	ReplyHandle,
	SharedPerson,
	TemplateParameter,
} from './message-parts';
import type { Provider, SendPorts } from './provider';
import type { EpochMs } from './time';

export { CHANNEL_IDS, type ChannelId };
export type { EpochMs } from './time';
export type * from './message-parts';

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
 * Test runs of the website chat use an account of their own, so that they never meet production: no subscription
 * matches it. Only the listening editor does.
 */
const TEST_ACCOUNT_PREFIX = 'test:';

export function testAccount(account: string): string {
	return TEST_ACCOUNT_PREFIX + account;
}

export function isTestAccount(account: string): boolean {
	return account.startsWith(TEST_ACCOUNT_PREFIX);
}

/** What is said. `text` is plain; the channel writes the provider's markup. */
export type Content =
	| { kind: 'text'; text: string; mail?: MailParts }
	| { kind: 'media'; attachments: Attachment[]; text: string | null; mail?: MailParts }
	| { kind: 'choices'; text: string; options: Choice[] }
	| ({ kind: 'location'; text: null } & Place)
	| { kind: 'template'; text: null; name: string; language: string; parameters: TemplateParameter[] };

/** What a contact says, or one of us said elsewhere. */
export type InboundContent =
	| { kind: 'text'; text: string }
	| { kind: 'media'; attachments: InboundAttachment[]; text: string | null }
	| { kind: 'choices'; text: string; options: Choice[] }
	| ({ kind: 'location'; text: string | null } & Place)
	/** `text`: names and numbers, one person a line. */
	| { kind: 'people'; text: string; people: SharedPerson[] }
	/**
	 * The press of one of the choices we offered. `choice.label` is null when the channel tells the id only; core takes it
	 * from the message that offered it.
	 */
	| { kind: 'choice'; choice: { id: string; label: string | null }; text: string | null };

interface FactOf {
	/** The provider's id for the fact, the same on redelivery; the store keeps (channel, account, key) unique. */
	key: string;
	channel: ChannelId;
	account: string;
	/** When it happened, as the provider says. */
	at: EpochMs;
}

/**
 * A fact read from one webhook item. Each item yields at least one event: what we do not use is `ignored`
 * with a reason, never dropped. A fact whose key was seen before is skipped.
 */
export type ChannelEvent = FactOf &
	(
		| {
				kind: 'message';
				from: Address;
				/** Other user ids of the same person on this account (WhatsApp: the business-scoped id beside the number). */
				aliases?: readonly string[];
				content: InboundContent;
				/** The provider's id of this message. */
				externalId: string;
				/** Name the channel shows for the person, if any. */
				name?: string;
				profile?: Profile;
				/** External id of the message this one answers. */
				replyTo?: string;
				details?: Pick<MessageDetails, 'referral' | 'story' | 'forwarded' | 'mail' | 'segments' | 'encoding'>;
				/** False for what opens no conversation unless the user wants that (a story reply). */
				opens?: boolean;
				reply?: ReplyHandle;
				/** Given to `Provider.acknowledge` once the message is stored (Telegram: the id of a button's press). */
				acknowledge?: string;
		  }
		/** One of us said it, elsewhere: in the provider's app or inbox. Also comes for what we sent by API. */
		| {
				kind: 'echo';
				to: Address;
				aliases?: readonly string[];
				content: InboundContent;
				externalId: string;
				/** Our own id of the message, where the provider hands it back: then it is ours. */
				messageId?: string;
				/** The provider tells that somebody else sent it: it is surely none of ours. */
				foreign?: true;
				replyTo?: string;
				details?: Pick<MessageDetails, 'mail'>;
		  }
		| { kind: 'receipt'; externalId: string; state: 'sent' | 'delivered' | 'read'; to?: Address; messageId?: string }
		| { kind: 'receipt'; externalId: string; state: 'failed'; failure: Failure; to?: Address; messageId?: string }
		/** All we sent to this person before `before` (included) is delivered or read. */
		| { kind: 'watermark'; to: Address; state: 'delivered' | 'read'; before: EpochMs }
		| { kind: 'edit'; from: Address; externalId: string; text: string | null }
		/** The message was taken back: our copy goes too. */
		| { kind: 'deletion'; externalId: string }
		/** `emoji` null: the reaction was taken back. */
		| { kind: 'reaction'; from: Address; externalId: string; emoji: string | null }
		/** Block, unfollow, STOP; and the opposite. */
		| { kind: 'consent'; from: Address; allowed: boolean }
		/** Opens no conversation unless the user wants that; makes the contact. */
		| {
				kind: 'activity';
				from: Address;
				what: 'followed' | 'started' | 'referred';
				/** The provider counts it like a message: we may write freely from now on. */
				opensWindow?: true;
				name?: string;
				profile?: Profile;
				details?: Pick<MessageDetails, 'referral'>;
				reply?: ReplyHandle;
		  }
		/** The person's number or id changed. */
		| { kind: 'identity'; before: Address; after: Address; aliases?: readonly string[] }
		| { kind: 'ignored'; why: string }
	);

/** How a text's length counts on a channel. */
export type TextUnit = 'codepoint' | 'utf16' | 'byte';

export interface TextLimit {
	max: number;
	unit: TextUnit;
}

/** `mimes` null: any. A kind that is not listed goes as 'file', if that is. */
export interface MediaLimit {
	maxBytes: number;
	mimes: readonly string[] | null;
}

/** At most `count` calls in `perMs`; up to `burst` at once when the time before was quiet. */
export interface Rate {
	count: number;
	perMs: number;
	burst?: number;
}

/** A channel's limits as data, each with its source. Core, nodes and docs read them; nobody checks by hand. */
export interface Capabilities {
	/** Kinds of content that `send` takes. */
	contents: readonly Content['kind'][];
	text: TextLimit;
	/** Of a file's text; null: the text goes as a message of its own, under `text`'s limit. */
	caption: TextLimit | null;
	/** `text`: of the message above the buttons, when that is less than `text`. `id`: of what the provider hands back. */
	choices: { max: number; labelMax: number; id?: TextLimit; text?: TextLimit } | null;
	/** `max`: of one message of ours, each file may be a call of its own. */
	attachments: { max: number; maxBytes: number } | null;
	media: Readonly<Partial<Record<MediaKind | 'voice', MediaLimit>>>;
	/**
	 * Free-form sending is allowed `ms` after the person's last message, and `humanAgentMs` after it for what a person of
	 * ours wrote. After that: approved templates only, nothing, or anything at a price (counted in the month's quota).
	 * `count`: so many messages at most, until the person writes again; a credential may say another number. null: always.
	 */
	window: { ms: number; humanAgentMs?: number; after: 'templates' | 'nothing' | 'charged'; count?: number } | null;
	/** Kept by waiting before the call. */
	rates: { account: Rate | null; recipient: Rate | null };
	receipts: readonly ('delivered' | 'read' | 'failed')[];
	/** Whether a message can quote an earlier one. */
	quotes: boolean;
	/** It has a subject, HTML and further recipients, and its messages form threads. */
	mail?: true;
	/** A sentence for the hint under the text field, where there is more to know than its length. */
	textNote?: string;
	/** The page each number came from and the day it was read. */
	sources: readonly { url: string; readOn: string }[];
}

export interface WebhookRequest {
	method: string;
	/** The whole public address that was called, for signatures that cover it; absent when it is not known or nobody posted. */
	url?: string | undefined;
	/** Names in lower case. */
	headers: Readonly<Record<string, string | undefined>>;
	query: Readonly<Record<string, string | undefined>>;
	/** As received: signatures cover bytes. */
	body: Uint8Array;
	receivedAt: EpochMs;
}

export interface WebhookReply {
	status: number;
	headers?: Readonly<Record<string, string>>;
	body?: string;
}

export interface SendOptions {
	/** Our own id of the message (UUID): a provider that takes one hands it back or recognises a repetition by it. */
	messageId: string;
	/** The provider's id of the message to quote. */
	quote: string | null;
	reply: ReplyHandle | null;
	/** A person of ours wrote it, and the ordinary window has closed: the provider must be told. */
	humanAgent: boolean;
	/** No person wrote it. */
	isAutomatic?: true;
	/** What it continues, on channels whose messages form threads (`can.mail`); absent: it is the first. */
	thread?: MailThread;
	/** The provider knows the person by this id too: what comes from it is theirs. */
	alsoKnownAs?(user: string): void;
	/** Tells whoever reads the item what was done differently, as a sentence for `message.notes`. */
	note?(sentence: string): void;
}

/** One messaging provider. `C`: the fields of its credential; for the website chat, its key. */
export interface Channel<C = unknown> {
	readonly id: ChannelId;
	/** As the user sees it: 'Website Chat'. */
	readonly name: string;
	readonly can: Capabilities;
	/** Absent for the website chat, which has nobody behind it. */
	readonly provider?: Provider<C>;
	readonly webhook: {
		/** Further paths below the channel's own address that take the same requests, e.g. 'status'. */
		readonly paths?: readonly string[];
		/** What the provider expects to hear. Absent: 200 for what was taken in, 400 for what is not in its format, both empty. */
		answer?(refused: MalformedPayload | null): WebhookReply;
		/** The answer to a set-up handshake; null: it is none, or not a genuine one. */
		handshake?(request: WebhookRequest, credential: C): WebhookReply | null;
		/**
		 * False for a missing, malformed, stale or wrong signature. Constant time; never throws. `receiverSecret`: what we
		 * gave the provider when we registered the address, for providers that hand such a word back.
		 */
		isAuthentic(request: WebhookRequest, credential: C, account: string, receiverSecret: string): boolean;
		/**
		 * Pure. `account` is for payloads that do not name one. Call only after `isAuthentic` said yes.
		 * @throws MalformedPayload when the body is not this channel's format.
		 */
		parse(request: WebhookRequest, credential: C, account: string): ChannelEvent[];
	};
	/**
	 * Hands one message to the provider and returns the provider's ids in order, one for each part. One call per part and
	 * no retries: whether to try again is core's decision. The content is within `can`.
	 * @throws ConversationsError whose `accepted` holds the ids of the parts before the failing one.
	 */
	send(content: Content, to: Address, ports: SendPorts<C>, options: SendOptions): Promise<string[]>;
	/**
	 * The user id of somebody who has not written yet, by what is known of them; null: not enough is. Absent: people must
	 * write first (D8).
	 */
	reach?(person: { phone: string | null; email: string | null }): string | null;
	/** What can be said of a message before it goes. Pure. */
	measure?(content: Content): Pick<MessageDetails, 'segments' | 'encoding'>;
}

/** The body is not what the channel documents. `message` is a plain sentence that may be shown to the sender. */
export class MalformedPayload extends Error {
	override readonly name = 'MalformedPayload';
	constructor(
		message: string,
		/** The status that says so. */
		readonly status: 400 | 404 = 400,
	) {
		super(message);
	}
}
