import type { Capabilities } from '../../core/channel';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MB = 1024 * 1024;
const READ_ON = '2026-11-21';

const IMAGE_MAX_BYTES = 8 * MB;
const FILE_MAX_BYTES = 25 * MB;

/** Documented as 100 calls a second on one page and 300 on another; less keeps the account's inbox usable. */
const SENDS_PER_SECOND = 40;

/** Each with the names that sniffing gives it. */
const IMAGES = ['image/png', 'image/jpeg'];
const AUDIO = ['audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/m4a', 'audio/wav', 'audio/x-wav'];
const VIDEO = ['video/mp4', 'video/ogg', 'video/x-msvideo', 'video/vnd.avi', 'video/quicktime', 'video/webm'];

/** Those that Meta's webhooks of the object 'instagram' have; for an account linked to a Page, echoes come among the messages. */
export const INSTAGRAM_FIELDS = ['messages', 'messaging_postbacks', 'messaging_seen', 'message_reactions', 'messaging_referral', 'message_edit', 'standby'] as const;
/** With Instagram login, what is written in the Instagram app has a field of its own. */
export const LOGIN_FIELDS = [...INSTAGRAM_FIELDS, 'message_echoes'] as const;
/** What every version of Meta's pages names; asked for when it does not take the others, whose names differ from page to page. */
export const FIELDS_LEAST = ['messages', 'messaging_postbacks', 'message_reactions', 'messaging_seen', 'messaging_referral'] as const;

const docs = (page: string) => ({ url: `https://developers.facebook.com/${page}`, readOn: READ_ON });

export const can: Capabilities = {
	contents: ['text', 'media', 'choices'],
	text: { max: 1000, unit: 'byte' },
	caption: null,
	choices: { max: 13, labelMax: 20, id: { max: 1000, unit: 'codepoint' } },
	attachments: { max: 10, maxBytes: FILE_MAX_BYTES },
	media: {
		image: { maxBytes: IMAGE_MAX_BYTES, mimes: IMAGES },
		audio: { maxBytes: FILE_MAX_BYTES, mimes: AUDIO },
		video: { maxBytes: FILE_MAX_BYTES, mimes: VIDEO },
		file: { maxBytes: FILE_MAX_BYTES, mimes: ['application/pdf'] },
	},
	window: { ms: 24 * HOUR_MS, humanAgentMs: 7 * DAY_MS, after: 'nothing' },
	rates: { account: { count: SENDS_PER_SECOND, perMs: 1000 }, recipient: null },
	receipts: ['read'],
	quotes: true,
	sources: [
		docs('docs/instagram-platform/instagram-api-with-instagram-login/messaging-api'),
		docs('documentation/business-messaging/instagram-messaging/features/send-message'),
		docs('documentation/business-messaging/instagram-messaging/features/user-profile'),
		docs('documentation/business-messaging/instagram-messaging/webhooks'),
		docs('documentation/business-messaging/messenger-platform/overview/rate-limiting'),
		docs('documentation/business-messaging/messenger-platform/error-codes'),
	],
};
