import type { Capabilities } from '../../core/channel';

/** The channel as it stands in sentences. */
export const WECHAT = { id: 'wechat', name: 'WeChat' } as const;

const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const KB = 1024;
const MB = 1024 * KB;

/** One page says 10 MB and, below, 2 MB: an account that takes less refuses with 40009. */
const IMAGE_MAX_BYTES = 10 * MB;
const VIDEO_MAX_BYTES = 10 * MB;
/** As the bytes of AMR and MP3 are recognised. All sound is a voice message in WeChat. */
const VOICE = { maxBytes: 2 * MB, mimes: ['audio/amr', 'audio/mpeg'] };
export const VOICE_MAX_MS = 60 * SECOND_MS;

/**
 * WeChat's pages give no limits for texts and choices ('msgmenu') of official accounts; what is too long is refused. These
 * are of the same messages in its sister product, WeCom customer service: 2,048 bytes of text; 10 choices, 1,024 bytes above
 * them, 64 bytes for an id, 128 bytes for a label, which hold 32 characters of any kind.
 */
const TEXT = { max: 2048, unit: 'byte' } as const;
const CHOICES = { max: 10, labelMax: 32, id: { max: 64, unit: 'byte' }, text: { max: 1024, unit: 'byte' } } as const;

/** No number is published for a second, only 500,000 a day, which is from memory. */
const SENDS_PER_SECOND = 20;

/** Until June 2023 for all accounts; now most have 5. A credential says its own number. */
export const MESSAGES_PER_WINDOW = 20;

const READ_ON = '2026-11-22';
const docs = (page: string) => ({ url: `https://developers.weixin.qq.com/doc/service/${page}`, readOn: READ_ON });

export const can = {
	contents: ['text', 'media', 'choices'],
	text: TEXT,
	caption: null,
	choices: CHOICES,
	attachments: { max: 10, maxBytes: Math.max(IMAGE_MAX_BYTES, VIDEO_MAX_BYTES) },
	media: {
		image: { maxBytes: IMAGE_MAX_BYTES, mimes: ['image/jpeg', 'image/png', 'image/gif'] },
		video: { maxBytes: VIDEO_MAX_BYTES, mimes: ['video/mp4'] },
		audio: VOICE,
		voice: VOICE,
	},
	window: { ms: 48 * HOUR_MS, after: 'nothing', count: MESSAGES_PER_WINDOW },
	rates: { account: { count: SENDS_PER_SECOND, perMs: SECOND_MS, burst: SENDS_PER_SECOND }, recipient: null },
	receipts: [],
	quotes: false,
	textNote: 'A Chinese character has 3 bytes.',
	sources: [
		docs('api/customer/message/api_sendcustommessage'),
		docs('api/material/temporary/api_uploadtempmedia'),
		{ url: 'https://docs.chatalog.ai/platform-setup/wechat/customer-service-messages', readOn: READ_ON },
		{ url: 'https://developer.work.weixin.qq.com/document/path/96427', readOn: READ_ON },
	],
} as const satisfies Capabilities;

export const BASE_URL = 'https://api.weixin.qq.com';
/** 43 letters and digits are 32 bytes in base64 without its last '='. */
export const ENCODING_AES_KEY = /^[A-Za-z0-9]{43}$/;

/** WeChat gives a call three tries within seconds. What is older was kept by somebody; clocks differ by less. */
export const STALE_AFTER_MS = 10 * MINUTE_MS;
/** In its last five minutes a token is exchanged, and the old one works beside the new one. */
export const TOKEN_MARGIN_MS = 5 * MINUTE_MS;
/** Of an access token when WeChat does not say. */
export const TOKEN_LIFETIME_MS = 2 * HOUR_MS;
/** Of a video or voice message, up or down. */
export const TRANSFER_TIMEOUT_MS = 2 * MINUTE_MS;
/** After 45011: the limit is one of calls a minute. */
export const RATE_RETRY_MS = MINUTE_MS;

/**
 * Below the choices. It stands in every sample of WeChat's, so it is always there; that it may be empty is from memory.
 */
export const MENU_TAIL = '';
