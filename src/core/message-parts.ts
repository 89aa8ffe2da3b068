import type { ChannelId } from './channel-ids';
import type { FailureCode } from './failure';
import type { EpochMs } from './time';

export type MediaKind = 'image' | 'video' | 'audio' | 'file';

/** A file of a message. */
export interface Attachment {
	/** Names its bytes in the store; null while they are being fetched and when they cannot be had. */
	fileId: string | null;
	kind: MediaKind;
	/** Recorded by the person. To send: as a voice note, where the channel has them. */
	voice?: boolean;
	name: string;
	mime: string;
	/** 0: not known yet. */
	sizeBytes: number;
	/** Why there are no bytes, as a sentence; absent while they are being fetched and once they are here. */
	missing?: string;
}

/** What a channel needs to fetch a file that a person sent: plain data, kept until it is fetched. */
export type MediaSource = Readonly<Record<string, string>>;

/** A file as a channel announces it; the bytes are fetched after the message is stored. */
export interface InboundAttachment extends Attachment {
	source?: MediaSource;
}

export interface Choice {
	id: string;
	label: string;
}

/** WGS 84. */
export interface Place {
	latitude: number;
	longitude: number;
	name: string | null;
	address: string | null;
}

/** Somebody whose card a person shared. */
export interface SharedPerson {
	name: string;
	phones: string[];
	emails: string[];
}

/** A value for one of a template's fields; `id` as the template's list of fields has it. */
export type TemplateParameter = { id: string; text: string } | { id: string; attachment: Attachment };

/** How somebody came to write: an advertisement, a link, a button on a page. */
export interface Referral {
	/** The `ref` of a link, the payload of a deep link. */
	ref: string | null;
	/** As the provider names it, e.g. 'ADS', 'SHORTLINK'. */
	source: string | null;
	adId: string | null;
	headline: string | null;
	url: string | null;
}

/** What a mail has besides its text and files. To send: absent where nothing was said about it. */
export interface MailParts {
	subject?: string;
	/** The body with its formatting; the text goes beside it. */
	html?: string;
	/** Addresses, each 'ann@example.com' or 'Ann Lee <ann@example.com>'. */
	cc?: string[];
	bcc?: string[];
	replyTo?: string[];
}

/** A mail as items show it. `text` and `html` are whole, with what was quoted; `html` is safe to show. */
export interface Mail extends MailParts {
	text?: string;
	from?: string;
	to?: string[];
	/** Message-IDs, oldest first, each with its angle brackets. */
	references?: string[];
}

/** What a mail continues. Message-IDs have their angle brackets. */
export interface MailThread {
	/** The mail that is answered. */
	inReplyTo: string;
	/** Oldest first; the last is `inReplyTo`. */
	references: string[];
	/** Of the mail that is answered; null: it had none. */
	subject: string | null;
}

export type SmsEncoding = 'GSM-7' | 'UCS-2';

/** A try on a channel that came to nothing, before the message was tried in another way. */
export interface Attempt {
	channel: ChannelId | null;
	code: FailureCode;
	reason: string;
	providerCode: string | null;
	at: EpochMs;
}

/** What else belongs to a message. Each key is there only when it says something. */
export interface MessageDetails {
	mail?: Mail;
	/** Into how many SMS a text is split, each of which is paid for, and in which alphabet. */
	segments?: number;
	encoding?: SmsEncoding;
	location?: Place;
	people?: SharedPerson[];
	template?: { name: string; language: string; parameters: Record<string, string> };
	referral?: Referral;
	/** The story it answers or mentions. */
	story?: { id: string | null; url: string | null };
	/** The provider's id of the message it answers. */
	replyTo?: string;
	forwarded?: true;
	editedAt?: EpochMs;
	/** The person took it back; its text and files are gone. */
	deletedAt?: EpochMs;
	/** Channels that were tried before the one it went on, oldest first; of one that failed also those after it, which led nowhere. */
	attempts?: Attempt[];
	/** What was done differently from what was asked, as sentences, e.g. a voice note that went as a file. */
	notes?: string[];
}

/** What a channel tells of a person; fills empty contact fields only. Phone in E.164 with '+'. */
export interface Profile {
	name?: string;
	/** BCP 47. */
	language?: string;
	email?: string;
	phone?: string;
}

/** LINE: a single-use token that makes an answer free while it lasts. */
export interface ReplyHandle {
	token: string;
	until: EpochMs;
}
