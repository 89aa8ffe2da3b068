import type { Capabilities } from '../../core/channel';

const SECOND_MS = 1000;
const MEGABYTE = 1024 * 1024;

/** The channel as sentences and failures name it. */
export const LINE = { id: 'line', name: 'LINE' } as const;

export const BASE_URL = 'https://api.line.me';
export const DATA_BASE_URL = 'https://api-data.line.me';

/**
 * LINE takes video and audio of 200 MB. It fetches files from this n8n, which has to serve each of them to every device
 * that opens the message: that is the narrower limit.
 */
const FILE_MAX_BYTES = 20 * MEGABYTE;
/**
 * The preview of an image may have 1 MB (the image itself 10 MB). We send the same file as both, because nothing here makes
 * images smaller; a larger one goes as a file.
 */
const IMAGE_MAX_BYTES = MEGABYTE;
/** As the bytes of M4A and MP3 are recognised. LINE plays audio as a voice message. */
const AUDIO = { maxBytes: FILE_MAX_BYTES, mimes: ['audio/mp4', 'audio/x-m4a', 'audio/mpeg'] };

const READ_ON = '2026-11-21';
const REFERENCE = 'https://developers.line.biz/en/reference/messaging-api/';

export const can = {
	contents: ['text', 'media', 'choices', 'location'],
	text: { max: 5000, unit: 'utf16' },
	caption: null,
	choices: { max: 13, labelMax: 20, id: { max: 300, unit: 'utf16' } },
	/** A call takes 5 messages: a text and 4 files. So a message of ours is one call, accepted whole or not at all. */
	attachments: { max: 4, maxBytes: FILE_MAX_BYTES },
	media: {
		image: { maxBytes: IMAGE_MAX_BYTES, mimes: ['image/jpeg', 'image/png'] },
		video: { maxBytes: FILE_MAX_BYTES, mimes: ['video/mp4'] },
		audio: AUDIO,
		voice: AUDIO,
		file: { maxBytes: FILE_MAX_BYTES, mimes: null },
	},
	window: null,
	/** LINE allows 2,000 calls a second, and fewer to one person without saying how many. */
	rates: { account: { count: 100, perMs: SECOND_MS }, recipient: null },
	receipts: [],
	/** To quote, LINE wants a token that came with the message; its id is not enough. */
	quotes: false,
	sources: [
		{ url: `${REFERENCE}#message-objects`, readOn: READ_ON },
		{ url: `${REFERENCE}#action-objects`, readOn: READ_ON },
		{ url: `${REFERENCE}#rate-limits`, readOn: READ_ON },
	],
} as const satisfies Capabilities;

/** LINE promises a minute, without guarantee (Messaging API reference, 'Reply token'); the rest is for the way there. */
export const REPLY_TOKEN_MS = 50 * SECOND_MS;
/** How soon to ask again for a video that LINE is still preparing. Not documented. */
export const PREPARING_RETRY_MS = 5 * SECOND_MS;
/** Of the API's rate limit, which names no time. Not documented. */
export const RATE_RETRY_MS = SECOND_MS;
/** How long LINE may take to try out the address for webhooks; it gives the other side two seconds. */
export const TRIAL_TIMEOUT_MS = 10 * SECOND_MS;
/** How long the download of a person's file may take. */
export const DOWNLOAD_TIMEOUT_MS = 120 * SECOND_MS;

/** Of a location's title and address. */
export const PLACE_TEXT_MAX = 100;
/** LINE takes 1,500; nobody reads that much in a notification or a list of chats. */
export const ALT_TEXT_MAX = 400;
/** The button of a file's card, at most 40 characters. */
export const OPEN_LABEL = 'Open';
