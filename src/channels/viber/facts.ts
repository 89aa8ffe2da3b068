import type { Capabilities } from '../../core/channel';

/** The channel as it stands in sentences. */
export const VIBER = { id: 'viber', name: 'Viber' } as const;

const SECOND_MS = 1000;
export const HOUR_MS = 60 * 60 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const MB = 1024 * 1024;

/** One picture for all devices: iOS takes 1 MB, Android 3 MB. */
const PICTURE_MAX_BYTES = 1 * MB;
const VIDEO_MAX_BYTES = 26 * MB;
const FILE_MAX_BYTES = 50 * MB;
/** Viber's own page says 768, pages of its partners 512. */
export const CAPTION_MAX = 512;

const PICTURE_MIMES = ['image/jpeg', 'image/png', 'image/gif'] as const;
export const VIDEO_MIME = 'video/mp4';

/**
 * What stands before a choice's id in a button's ActionBody: a press comes as a text message with these words, and so is
 * told from what a person typed.
 */
export const PRESS_PREFIX = 'choice:';
/** With the prefix it stays below the 250 characters that an ActionBody may have; that number is from memory. */
const CHOICE_ID_MAX = 240;
/** A longer one is cut on the button by the app. */
const CHOICE_LABEL_MAX = 40;
/** One button a row. */
const KEYBOARD_ROWS_MAX = 12;

export const can = {
	contents: ['text', 'media', 'choices', 'location'],
	text: { max: 7000, unit: 'codepoint' },
	// A longer text, and one beside anything but a picture, goes as a message of its own.
	caption: null,
	choices: { max: KEYBOARD_ROWS_MAX, labelMax: CHOICE_LABEL_MAX, id: { max: CHOICE_ID_MAX, unit: 'codepoint' } },
	attachments: { max: 10, maxBytes: FILE_MAX_BYTES },
	media: {
		image: { maxBytes: PICTURE_MAX_BYTES, mimes: PICTURE_MIMES },
		video: { maxBytes: VIDEO_MAX_BYTES, mimes: [VIDEO_MIME] },
		file: { maxBytes: FILE_MAX_BYTES, mimes: null },
	},
	// A session: free while it lasts. Afterwards each message counts in the month's free ones.
	window: { ms: DAY_MS, after: 'charged' },
	rates: {
		// No number is published for one bot; this is far from what a bot was ever refused for.
		account: { count: 50, perMs: SECOND_MS, burst: 50 },
		// A person takes 100 an hour without an answer. Each answer begins a new count, which Viber keeps: status 12.
		recipient: null,
	},
	receipts: ['delivered', 'read', 'failed'],
	quotes: false,
	sources: [
		{ url: 'https://creators.viber.com/docs/bots-api/resources/data-models/message', readOn: '2026-11-21' },
		{ url: 'https://creators.viber.com/docs/bots-api/resources/messaging/keyboards', readOn: '2026-11-21' },
		{ url: 'https://developers.viber.com/docs/api/rest-bot-api/', readOn: '2026-11-21' },
		{ url: 'https://developers.viber.com/docs/faq/', readOn: '2026-11-21' },
		{ url: 'https://www.infobip.com/docs/viber/bots/message-types', readOn: '2026-11-21' },
	],
} as const satisfies Capabilities;

export const BASE_URL = 'https://chatapi.viber.com';
export const SENDER_NAME_MAX = 28;
export const FREE_MESSAGES_PER_MONTH = 10_000;
/** 30 KB, in the smaller reading. */
export const REQUEST_MAX_BYTES = 30_000;
export const FILE_NAME_MAX = 256;
/** A longer video goes as a file. */
export const VIDEO_MAX_MS = 180 * SECOND_MS;

/** Nothing that is sent needs a newer app, and an app below the number does not get the message. */
export const MIN_API_VERSION = 1;
export const KEYBOARD_COLUMNS = 6;
/** A press is not shown as a message of the person: the words would be ours, 'choice:…'. */
export const PRESS_IS_SILENT = true;

/** What is reported besides messages, which always come. */
export const EVENT_TYPES = ['delivered', 'seen', 'failed', 'subscribed', 'unsubscribed', 'conversation_started'] as const;

/** What stands for the name of somebody who does not show it. From memory. */
export const PLACEHOLDER_NAME = /^subscriber$/i;

/** Viber turns these files down, whatever is in them. */
export const FORBIDDEN_EXTENSIONS: ReadonlySet<string> = new Set(
	(
		'bat bin cmd com cpl exe gadget inf1 ins inx isu job jse lnk msc msi msp mst paf pif ps1 reg rgs sct shb shs u3p vb vbe vbs ' +
		'vbscript ws wsf action app command csh osx workflow ksh out run apk ipa'
	).split(' '),
);
