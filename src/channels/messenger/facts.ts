import type { Capabilities } from '../../core/channel';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MB = 1024 * 1024;
const READ_ON = '2026-11-21';

const IMAGE_MAX_BYTES = 8 * MB;
const FILE_MAX_BYTES = 25 * MB;

/** From memory; other adapters use it too. */
const TEXT_MAX = 2000;
/** The platform takes 300 calls a second; a Page's inbox lags behind when an app uses them. */
const SENDS_PER_SECOND = 40;

/**
 * What is shown as image, audio or video; anything else goes as a file, which takes every type. The lists for audio and
 * video are those that Meta documents for Instagram, with MP3; from memory for Messenger.
 */
const IMAGES = ['image/jpeg', 'image/png', 'image/gif'];
const AUDIO = ['audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/m4a', 'audio/mpeg', 'audio/wav', 'audio/x-wav'];
const VIDEO = ['video/mp4', 'video/quicktime', 'video/webm', 'video/ogg', 'video/x-msvideo', 'video/vnd.avi'];

const docs = (page: string) => ({ url: `https://developers.facebook.com/documentation/business-messaging/messenger-platform/${page}`, readOn: READ_ON });

export const can: Capabilities = {
	contents: ['text', 'media', 'choices', 'template'],
	text: { max: TEXT_MAX, unit: 'codepoint' },
	caption: null,
	choices: { max: 13, labelMax: 20, id: { max: 1000, unit: 'codepoint' } },
	attachments: { max: 10, maxBytes: FILE_MAX_BYTES },
	media: {
		image: { maxBytes: IMAGE_MAX_BYTES, mimes: IMAGES },
		audio: { maxBytes: FILE_MAX_BYTES, mimes: AUDIO },
		video: { maxBytes: FILE_MAX_BYTES, mimes: VIDEO },
		file: { maxBytes: FILE_MAX_BYTES, mimes: null },
	},
	window: { ms: 24 * HOUR_MS, humanAgentMs: 7 * DAY_MS, after: 'templates' },
	rates: { account: { count: SENDS_PER_SECOND, perMs: 1000 }, recipient: null },
	receipts: ['delivered', 'read'],
	quotes: true,
	sources: [
		docs('send-messages'),
		docs('send-messages/quick-replies'),
		docs('send-messages/saving-assets'),
		docs('send-messages/utility-messages'),
		docs('overview/rate-limiting'),
		docs('error-codes'),
		docs('webhooks'),
	],
};
