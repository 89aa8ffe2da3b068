import type { Capabilities } from '../../core/channel';
import type { Named } from '../kit/call';

const MB = 1024 * 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const UPLOAD_MAX_BYTES = 50 * MB;
const PHOTO_MAX_BYTES = 10 * MB;
/** What Telegram's player takes as music. */
const MUSIC = ['audio/mpeg', 'audio/mp4', 'audio/x-m4a'] as const;

export const TELEGRAM: Named = { id: 'telegram', name: 'Telegram' };

export const DEFAULT_BASE_URL = 'https://api.telegram.org';

export const can = {
	contents: ['text', 'media', 'choices', 'location'],
	text: { max: 4096, unit: 'utf16' },
	caption: { max: 1024, unit: 'utf16' },
	// The documentation limits what a button hands back; how many there may be is what stays usable on a phone.
	choices: { max: 20, labelMax: 64, id: { max: 64, unit: 'byte' } },
	attachments: { max: 10, maxBytes: UPLOAD_MAX_BYTES },
	media: {
		image: { maxBytes: PHOTO_MAX_BYTES, mimes: ['image/jpeg', 'image/png', 'image/webp'] },
		video: { maxBytes: UPLOAD_MAX_BYTES, mimes: ['video/mp4'] },
		audio: { maxBytes: UPLOAD_MAX_BYTES, mimes: MUSIC },
		voice: { maxBytes: UPLOAD_MAX_BYTES, mimes: ['audio/ogg; codecs=opus', ...MUSIC] },
		file: { maxBytes: UPLOAD_MAX_BYTES, mimes: null },
	},
	window: null,
	rates: { account: { count: 30, perMs: SECOND_MS }, recipient: { count: 1, perMs: SECOND_MS, burst: 3 } },
	receipts: [],
	quotes: true,
	sources: [
		{ url: 'https://core.telegram.org/bots/api', readOn: '2026-11-21' },
		{ url: 'https://core.telegram.org/bots/faq', readOn: '2026-11-21' },
		{ url: 'https://telegra.ph/Hitting-limits-bot-FAQ', readOn: '2026-11-21' },
		{ url: 'https://github.com/tdlib/telegram-bot-api', readOn: '2026-11-21' },
	],
} as const satisfies Capabilities;

/** Bots cannot download anything larger. */
export const DOWNLOAD_MAX_BYTES = 20 * MB;

/** What we ask for; reactions come only when they are named. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'] as const;
/** Requests that Telegram makes to our address at once. */
export const MAX_CONNECTIONS = 40;

/** How long Telegram holds a call for news open, and how long we wait for it. */
export const POLL_SECONDS = 50;
export const POLL_TIMEOUT_MS = MINUTE_MS;
/** A hundred updates, each with a long text in escaped characters. */
export const POLL_MAX_BYTES = 32 * MB;
/** Large files over slow lines. */
export const UPLOAD_TIMEOUT_MS = 3 * MINUTE_MS;

/** A delivery that failed longer ago says nothing about now. */
export const DELIVERY_NEWS_MS = 10 * MINUTE_MS;
/** More waiting updates than this mean that they do not arrive. */
export const PENDING_MAX = 100;
