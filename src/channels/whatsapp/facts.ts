import type { Capabilities } from '../../core/channel';
import { GRAPH_VERSION } from '../kit/meta/refusal';

const READ_ON = '2026-11-21';
const DOCS = 'https://developers.facebook.com/documentation/business-messaging/whatsapp';
const MEGABYTE = 1024 * 1024;
const SECOND_MS = 1000;
const HOUR_MS = 60 * 60 * SECOND_MS;

export const WHATSAPP = { id: 'whatsapp', name: 'WhatsApp' } as const;
export const BASE_URL = 'https://graph.facebook.com';
export const DEFAULT_VERSION = GRAPH_VERSION;

const AUDIO_MAX_BYTES = 16 * MEGABYTE;
const FILE_MAX_BYTES = 100 * MEGABYTE;

export const can = {
	contents: ['text', 'media', 'choices', 'location', 'template'],
	text: { max: 4096, unit: 'codepoint' },
	caption: { max: 1024, unit: 'codepoint' },
	choices: { max: 10, labelMax: 20, id: { max: 200, unit: 'codepoint' }, text: { max: 1024, unit: 'codepoint' } },
	attachments: { max: 10, maxBytes: FILE_MAX_BYTES },
	media: {
		image: { maxBytes: 5 * MEGABYTE, mimes: ['image/jpeg', 'image/png'] },
		video: { maxBytes: 16 * MEGABYTE, mimes: ['video/mp4', 'video/3gpp'] },
		audio: {
			maxBytes: AUDIO_MAX_BYTES,
			mimes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/ogg; codecs=opus'],
		},
		voice: { maxBytes: AUDIO_MAX_BYTES, mimes: ['audio/ogg; codecs=opus'] },
		file: { maxBytes: FILE_MAX_BYTES, mimes: null },
	},
	window: { ms: 24 * HOUR_MS, after: 'templates' },
	rates: { account: { count: 80, perMs: SECOND_MS }, recipient: { count: 1, perMs: 6 * SECOND_MS, burst: 45 } },
	receipts: ['delivered', 'read', 'failed'],
	quotes: true,
	sources: [
		{ url: `${DOCS}/messages/send-messages`, readOn: READ_ON },
		{ url: `${DOCS}/messages/interactive-reply-buttons-messages`, readOn: READ_ON },
		{ url: `${DOCS}/messages/interactive-list-messages`, readOn: READ_ON },
		{ url: `${DOCS}/business-phone-numbers/media`, readOn: READ_ON },
		{ url: `${DOCS}/throughput`, readOn: READ_ON },
		{ url: `${DOCS}/about-the-platform`, readOn: READ_ON },
	],
} as const satisfies Capabilities;

/** More choices than this go as a list. */
export const BUTTONS_MAX = 3;
/** What opens a list of choices; at most 20 characters. */
export const LIST_BUTTON = 'Options';
/** Types that WhatsApp takes under another name. */
export const UPLOAD_MIME: Readonly<Record<string, string>> = { 'audio/x-m4a': 'audio/mp4' };

/** Hosts that serve the files of messages and want the token. From memory, but for the first. */
export const MEDIA_HOSTS = ['fbsbx.com', 'facebook.com', 'whatsapp.net'] as const;
/** A transfer of up to 100 MB. */
export const TRANSFER_TIMEOUT_MS = 120 * SECOND_MS;

/** A person without a phone number: e.g. 'US.13491208655302741918'. The form with ENT is of a group of portfolios. */
export const SCOPED_USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/** What a number that can send says of itself. From memory; the sample answer of the documentation has it. */
export const REGISTERED_PLATFORM = 'CLOUD_API';

export const TEMPLATES_MAX = 1000;
export const TEMPLATES_PAGE = 100;
/** A page of templates with their texts. */
export const TEMPLATES_ANSWER_MAX_BYTES = 8 * MEGABYTE;

/** After a message to the same person was too early. */
export const PAIR_WAIT_MS = 6 * SECOND_MS;
/** After the number sent too much at once. */
export const THROUGHPUT_WAIT_MS = 5 * SECOND_MS;
/** While Meta works on the number. */
export const MAINTENANCE_WAIT_MS = 60 * SECOND_MS;
/** After too many calls or guesses of the PIN. */
export const CALLS_WAIT_MS = 5 * 60 * SECOND_MS;
