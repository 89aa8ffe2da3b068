import type { Capabilities } from '../../core/channel';

/** The channel as it stands in sentences. */
export const SMS = { id: 'sms', name: 'SMS' } as const;

const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
const KB = 1024;
const MB = 1024 * KB;
const READ_ON = '2026-11-22';

/** Of all files of a message together, and so of each. */
export const MMS_MAX_BYTES = 5 * MB;
/** Of a file that Twilio hands on as it is: all but JPEG, PNG and GIF. */
const OTHER_MAX_BYTES = 500 * KB;
/** Twilio counts the same for what people send. */
export const MEDIA_MAX = 10;

/**
 * What Twilio takes by MMS of what files may hold; formats of calls and streams (audio/L24, video/H264 …) are left out.
 * WAV counts as audio/vnd.wave only, which no file is recognised as.
 */
const AUDIO = ['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/webm', 'audio/amr', 'audio/amr-nb', 'audio/3gpp', 'audio/3gpp2', 'audio/ac3', 'audio/basic'] as const;
const VIDEO = ['video/mp4', 'video/mpeg', 'video/quicktime', 'video/webm', 'video/3gpp', 'video/3gpp2'] as const;
const FILE = [
	'application/pdf', 'text/vcard', 'text/x-vcard', 'application/vcard', 'text/csv', 'text/rtf', 'text/calendar',
	'application/vnd.apple.pkpass', 'image/bmp', 'image/tiff', 'image/heic', 'image/heif',
] as const;

/**
 * Twilio does not say what one of its 1,600 characters is. In UCS-2, the alphabet of a text with an emoji, it is a UTF-16
 * unit, of which an emoji has two or more: the stricter reading.
 */
const TEXT = { max: 1600, unit: 'utf16' } as const;

export const can = {
	contents: ['text', 'media'],
	text: TEXT,
	// Text and files go as one MMS.
	caption: TEXT,
	choices: null,
	attachments: { max: MEDIA_MAX, maxBytes: MMS_MAX_BYTES },
	media: {
		image: { maxBytes: MMS_MAX_BYTES, mimes: ['image/jpeg', 'image/png', 'image/gif'] },
		video: { maxBytes: OTHER_MAX_BYTES, mimes: VIDEO },
		audio: { maxBytes: OTHER_MAX_BYTES, mimes: AUDIO },
		file: { maxBytes: OTHER_MAX_BYTES, mimes: FILE },
	},
	window: null,
	rates: {
		// How fast a sender may write is between 1 a second (a US number without registration) and 100 (a short code), and
		// Twilio keeps what is above it for up to ten hours. What an account is refused for are calls at the same time (20429).
		account: { count: 50, perMs: SECOND_MS, burst: 50 },
		// 30 answers with less than 30 seconds between each are taken for a loop (14107): no pace can be made of that.
		recipient: null,
	},
	// 'read' comes for RCS only.
	receipts: ['delivered', 'failed'],
	quotes: false,
	textNote: '160 characters are one SMS, 70 with an emoji or a letter outside the GSM alphabet; longer texts are charged as several.',
	sources: [
		{ url: 'https://www.twilio.com/docs/messaging/api/message-resource', readOn: READ_ON },
		{ url: 'https://www.twilio.com/docs/messaging/guides/accepted-mime-types', readOn: READ_ON },
		{ url: 'https://www.twilio.com/docs/api/errors/21611', readOn: READ_ON },
		{ url: 'https://www.twilio.com/docs/api/errors/14107', readOn: READ_ON },
	],
} as const satisfies Capabilities;

export const BASE_URL = 'https://api.twilio.com';
/** Where files of received messages stand, whatever the base URL is. */
export const SECRET_HOSTS = ['api.twilio.com'] as const;
/** How long the download of a person's file may take. */
export const DOWNLOAD_TIMEOUT_MS = 2 * MINUTE_MS;

/**
 * Left alone, Twilio tries again only what it could not connect for; with this behind an address also what was answered
 * with an error, three times within 15 seconds. Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
 */
export const RETRIES = '#rc=3&rp=all';

/** Where a new number's messages go until somebody changes it. From memory. */
export const DEMO_HOST = 'demo.twilio.com';

/** How the addresses of RCS begin, whose messages are SMS to whoever writes them. */
export const RCS_PREFIX = /^rcs:/i;
/** Channels that have a credential of their own. */
export const OTHER_CHANNEL = /^(whatsapp|messenger):/i;
