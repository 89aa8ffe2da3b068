import type { Http, HttpRequest, HttpResponse } from './http';
import type { MailServers, MailService } from './mail';
import type { Attachment, MediaSource, Profile } from './message-parts';
import type { EpochMs } from './time';

/** The fields of a credential as n8n keeps them. */
export type CredentialFields = Readonly<Record<string, unknown>>;

/** All the I/O a channel may do. `credential`: for its ids and settings; the secret is added by the bridge. */
export interface CallPorts<C = unknown> {
	http: Http;
	/** For providers with `mailServers`. */
	mail: MailService;
	now(): EpochMs;
	credential: C;
}

export interface SendPorts<C = unknown> extends CallPorts<C> {
	/** The bytes of a stored file. @throws ConversationsError when it is gone. */
	file(fileId: string): Promise<Uint8Array>;
	/**
	 * An unguessable address that works for some hours, for providers that fetch files themselves. It ends with the file's
	 * name. @throws ConversationsError `configuration_invalid` when no active trigger could serve it.
	 */
	publicUrl(file: { fileId: string } | { name: string; mime: string; bytes: Uint8Array }): Promise<string>;
	/** How long an audio or video file plays; null: it does not say. */
	durationMs(fileId: string): Promise<number | null>;
	/**
	 * Where the provider can post about messages of this account: the address that is registered, with one of the channel's
	 * further paths ('status') or without (''). Null: no active trigger would take it.
	 */
	receiverUrl(account: string, path: string): Promise<string | null>;
}

export interface PollPorts<C = unknown> extends CallPorts<C> {
	/** Ends the wait for news. */
	signal: AbortSignal;
	/** Keeps a file that came with a message; what no message turns out to use is removed after a day. */
	keepFile(file: { name: string; mime: string | null; bytes: Uint8Array }): Promise<Attachment>;
}

/** A token that the provider gives for some time. Texts are secret; kept sealed. */
export interface ProviderToken {
	token: string;
	/** When it ends; null: not known. */
	until: EpochMs | null;
	/** What the next one is asked for with, where the provider gives such a thing. */
	refresh?: string;
}

/** How a channel comes by a token that ends. The bridge keeps it for all processes, and asks for it once for all of them. */
export interface TokenSource<C> {
	/** What it belongs to; another one where the credential's tokens were exchanged. Begins with the channel's id. */
	key(credential: C): string;
	/** This long before its end a token is renewed. */
	marginMs: number;
	/** The one that stands in the credential; null: none does, one has to be asked for. */
	given(credential: C): ProviderToken | null;
	/**
	 * A fresh one. `before`: the one that ends or was refused, null at first. `wasRefused`: the provider no longer takes it.
	 * The call goes without a token. @throws ConversationsError
	 */
	renew(before: ProviderToken | null, wasRefused: boolean, ports: Pick<CallPorts<C>, 'http' | 'now' | 'credential'>): Promise<ProviderToken>;
	/** Whether an answer says that the token no longer counts and nothing was done: a fresh one is got, and the call repeated once. */
	isRefused(response: HttpResponse): boolean;
}

export interface FetchedFile {
	bytes: Uint8Array;
	/** What the provider says; the bytes decide. */
	mime: string | null;
	name: string | null;
}

/** Where the provider sends its webhooks now. `problem`: a sentence about why they do not arrive, if the provider knows. */
export interface Registered {
	url: string | null;
	problem: string | null;
}

export interface Registration<C> {
	/** What the provider keys the address by: with one key there is one address. Begins with the channel's id. */
	key(credential: C, account: string): string;
	/**
	 * Null: this credential can register by API. Else a sentence that says what to click at the provider; `url` is the
	 * address to enter there.
	 */
	byHand(credential: C, url: string): string | null;
	/** @throws ConversationsError */
	current(account: string, ports: CallPorts<C>): Promise<Registered>;
	/**
	 * Points the provider to `url` without losing what it still has for us. Where nobody posts: makes sure that news can be
	 * asked for. @throws ConversationsError
	 */
	register(receiver: { url: string; secret: string }, account: string, ports: CallPorts<C>): Promise<void>;
	/** `remove` takes it away from every account with the same key, so that it is done when none is used any more. */
	readonly isShared?: true;
	/** Takes the address away. @throws ConversationsError */
	remove(account: string, ports: CallPorts<C>): Promise<void>;
}

export interface TemplateField {
	/** As `TemplateParameter.id`, e.g. 'body.1', 'header.image', 'button.0'. */
	id: string;
	/** e.g. 'Body: order_id' */
	label: string;
	kind: 'text' | 'media';
	example: string | null;
}

/** A message that the provider has approved beforehand. */
export interface Template {
	name: string;
	/** As the provider spells it, e.g. 'en_US'. */
	language: string;
	category: string | null;
	/** The text with its placeholders. */
	preview: string;
	fields: TemplateField[];
}

/** What stands behind a channel: how its API is reached and what it offers besides messages. `C`: its credential. */
export interface Provider<C = unknown> {
	/** The credential's type in n8n, e.g. 'conversationsTelegramApi'. */
	readonly credentialType: string;
	/** The fields with their defaults, texts trimmed. @throws InputError that names the field. */
	read(fields: CredentialFields): C;
	/** The base URLs by the names of their fields; without a slash at the end. The first is the usual one. */
	bases(credential: C): Readonly<Record<string, string>>;
	/** Further hosts of the provider that may be given the secret, with their subdomains, e.g. 'fbsbx.com'. */
	readonly secretHosts: readonly string[];
	/**
	 * The request with the secret where the provider wants it. Only asked for requests to `bases` and `secretHosts`.
	 * `token`: of `tokens`; absent for the calls that ask for one.
	 */
	authorize(request: HttpRequest, credential: C, token?: string): HttpRequest;
	readonly tokens?: TokenSource<C>;
	/** Where mails go out and come in. */
	mailServers?(credential: C): MailServers;
	/** The field that must never be shown; other secrets are derived from it. */
	secretOf(credential: C): string;
	/** Our end, as its webhooks name it. Makes no call where the credential tells it. @throws ConversationsError */
	account(ports: CallPorts<C>): Promise<string>;
	/** Makes the calls that receiving and sending need. @throws ConversationsError whose sentence names the exact cause. */
	test(ports: CallPorts<C>): Promise<string>;
	readonly registration: Registration<C>;
	/** Charged messages a month that may be sent (see `Capabilities.window`); absent: nothing is counted. */
	monthlyQuota?(credential: C): number;
	/** Messages that may be sent until the person writes again, instead of `Capabilities.window.count`. */
	messagesPerWindow?(credential: C): number;
	/** What the provider tells of a person; null: nothing. @throws ConversationsError */
	profile?(user: string, account: string, ports: CallPorts<C>): Promise<Profile | null>;
	/** A file of a received message. @throws ConversationsError, AnswerTooLarge */
	fetchMedia?(source: MediaSource, maxBytes: number, ports: CallPorts<C>): Promise<FetchedFile>;
	/** Tells the provider that a press has arrived (see the event's `acknowledge`). @throws ConversationsError */
	acknowledge?(press: string, ports: CallPorts<C>): Promise<void>;
	/** The approved templates, newest first. @throws ConversationsError */
	templates?(ports: CallPorts<C>): Promise<Template[]>;
	/**
	 * Waits for news instead of being told. `cursor`: what the last call answered, null at first. Each body is one request
	 * for `Channel.webhook.parse`. @throws ConversationsError
	 */
	poll?(cursor: string | null, ports: PollPorts<C>): Promise<{ bodies: Uint8Array[]; cursor: string }>;
	/** Nobody posts: this is the only way. The cursor is kept, so that nothing is missed that comes while n8n is down. */
	readonly onlyPolls?: true;
}
