import type { Capabilities } from '../../core/channel';

/** The channel as it stands in sentences. */
export const TIKTOK = { id: 'tiktok', name: 'TikTok' } as const;

/*
 * TikTok shows its reference (business-api.tiktok.com/portal/docs) to browsers only. What stands here was read in what others
 * wrote about it, and none of it was tried on a real account: each constant says how sure it is.
 */

const READ_ON = '2026-11-22';
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const MB = 1024 * 1024;

/** unverified: several say so. */
const TEXT_MAX = 6000;
/** unverified: most say JPG or PNG of 3 MB; one says JPEG or WebP of 20 MB. */
const IMAGE_MAX_BYTES = 3 * MB;
const IMAGE_MIMES = ['image/jpeg', 'image/png'] as const;
/** unverified: of a card with buttons; a client library that quotes the reference has all four. */
const CARD_BUTTONS_MAX = 3;
const CARD_TITLE_MAX = 40;
const CARD_LABEL_MAX = 20;
const CARD_ID_MAX = 40;
/** unverified: all say 48 hours from the contact's last message; some know of three further messages afterwards. */
const WINDOW_MS = 48 * HOUR_MS;
/** unverified: some say that it holds only until the contact has answered for the first time. The smaller reading counts. */
const MESSAGES_PER_WINDOW = 10;
/** unverified: of the usual access level. */
const CALLS_PER_SECOND = 10;

export const can = {
	contents: ['text', 'media', 'choices'],
	text: { max: TEXT_MAX, unit: 'codepoint' },
	// unverified: a message is a text or a picture, never both. All say so.
	caption: null,
	choices: {
		max: CARD_BUTTONS_MAX,
		labelMax: CARD_LABEL_MAX,
		id: { max: CARD_ID_MAX, unit: 'codepoint' },
		text: { max: CARD_TITLE_MAX, unit: 'codepoint' },
	},
	attachments: { max: 1, maxBytes: IMAGE_MAX_BYTES },
	media: { image: { maxBytes: IMAGE_MAX_BYTES, mimes: IMAGE_MIMES } },
	window: { ms: WINDOW_MS, after: 'nothing', count: MESSAGES_PER_WINDOW },
	rates: { account: { count: CALLS_PER_SECOND, perMs: SECOND_MS }, recipient: null },
	// unverified: that it was read is told for all that came before; that it arrived or failed is never told.
	receipts: ['read'],
	// unverified: by texts only.
	quotes: true,
	sources: [
		{ url: 'https://respond.io/help/tiktok/tiktok-overview', readOn: READ_ON },
		{ url: 'https://documentation.qiscus.com/latest/omnichannel-chat/tiktok-direct-message', readOn: READ_ON },
		{ url: 'https://help.chatfuel.com/messaging-rules-for-tiktok-26834b06ecf880328af6f4fb563e603c', readOn: READ_ON },
		{ url: 'https://github.com/bububa/tiktok-business', readOn: READ_ON },
		{ url: 'https://github.com/chatwoot/docs/blob/main/self-hosted/configuration/features/integrations/tiktok.mdx', readOn: READ_ON },
	],
} as const satisfies Capabilities;

/** unverified: several use it. */
export const BASE_URL = 'https://business-api.tiktok.com/open_api/v1.3';

/** unverified: several use these; without the slash at the end TikTok is said to answer 404. */
export const PATHS = {
	renewToken: '/tt_user/oauth2/refresh_token/',
	send: '/business/message/send/',
	upload: '/business/message/media/upload/',
	download: '/business/message/media/download/',
	conversations: '/business/message/conversation/list/',
	messages: '/business/message/content/list/',
	account: '/business/get/',
	webhook: '/business/webhook/list/',
	setWebhook: '/business/webhook/update/',
	deleteWebhook: '/business/webhook/delete/',
} as const;
/** unverified: the calls below this path go by the app's id and secret, without a token. */
export const APP_PATH = '/business/webhook/';

/** unverified: several use it; not 'authorization'. */
export const TOKEN_HEADER = 'access-token';
/** Where the address of a file wants the token. From a copy of TikTok's own page. */
export const FILE_TOKEN_HEADER = 'x-user';
/**
 * unverified: nobody shows an address of a file. Hosts of TikTok and of its owner that may get the token; from elsewhere a
 * file is fetched without it.
 */
export const FILE_HOSTS = ['tiktok.com', 'tiktokcdn.com', 'tiktokcdn-us.com', 'tiktokv.com', 'ibyteimg.com', 'byteoversea.com'] as const;
export const TRANSFER_TIMEOUT_MS = 120 * SECOND_MS;

/**
 * What `code` in an answer says; 0 is success, and HTTP says 200 for all of them. unverified: TikTok's list could not be read,
 * these are from programs and help pages of others.
 */
export const CODES = {
	/** The app or the token may not do this. */
	noPermission: '40001',
	/** A field is missing or wrong. */
	parameter: '40002',
	/** What the call is about does not exist. */
	notFound: '40007',
	/** 'Blocked by direct message rules'. unverified: nobody knows another one for the window and the number of messages. */
	messageRules: '40064',
	/** 40100 is the one of this API, the others are of TikTok's advertising API. */
	tooOften: ['40016', '40100', '40133'],
	/** App ID and App Secret do not fit; from a program for TikTok's advertising API. */
	app: '40101',
	/** 40105 is wrong or revoked. From memory: 40102 expired, 40104 missing. */
	accessToken: ['40102', '40104', '40105'],
	/** Of a file. */
	fileType: '40908',
	/** 51065 is of this API, the others of TikTok's advertising API. */
	system: ['50000', '50002', '51065'],
} as const;
/** unverified: words beside 40064 when the account has answered in too many conversations; one page quotes them. */
export const TOO_MANY_CONVERSATIONS = /too fast|take a rest/i;

/** unverified: an access token is said to last a day. It is renewed so long before its end. */
export const RENEW_MARGIN_MS = 30 * MINUTE_MS;

/** unverified: documented for another API of TikTok's; all programs that were read use it for this one, too. */
export const SIGNATURE_HEADER = 'tiktok-signature';
/** TikTok's own sample allows five seconds, which clocks and queues on the way would often break. */
export const SIGNATURE_TOLERANCE_MS = 5 * MINUTE_MS;
/** unverified: one program answers a GET with this parameter by its value; the others do not know of such a call. */
export const CHALLENGE_PARAMETER = 'challenge';
/** Nothing that a browser could take for anything but a word. */
export const CHALLENGE = /^[\w.~-]{1,256}$/;
/** unverified: what an app is told of, all direct messages of all accounts that have authorised it. */
export const EVENT_TYPE = 'DIRECT_MESSAGE';

/** unverified: the names of the notices; several know them. */
export const EVENTS = {
	received: 'im_receive_msg',
	/** Of what anybody of the business says, by API too. */
	sent: 'im_send_msg',
	/** By the person only, for all that came before. */
	read: 'im_mark_read_msg',
	referred: 'im_referral_msg',
	/** From the EEA, Switzerland or the UK: it says that a message came, and nothing else. */
	receivedInEurope: 'im_receive_msg_eu',
	comment: 'im_receive_high_intent_comment',
	autoMessageChanged: 'im_auto_message_config_update',
	autoMessageReviewed: 'im_auto_message_audit_update',
} as const;
/** unverified: of a person's account; webhooks write it in small letters, answers in capitals. */
export const PERSON_ROLE = /^personal_account$/i;

/** unverified: where a post is shown, for one that comes without its address; addresses of this form are in samples. */
export const POST_URL = 'https://www.tiktok.com/player/v1/';

/** unverified: a notice counts milliseconds, what is around it seconds. Times before this (in 1973, in ms) are seconds. */
export const MS_FROM = 100_000_000_000;
