import type { Capabilities } from '../../core/channel';

const DAY_MS = 24 * 60 * 60 * 1000;
const FILE_MAX_BYTES = 10 * 1024 * 1024;
const ANY_FILE = { maxBytes: FILE_MAX_BYTES, mimes: null };

/** The website chat is our own: its limits are what the page shows well, not a provider's. */
export const can = {
	contents: ['text', 'media', 'choices'],
	text: { max: 2000, unit: 'codepoint' },
	caption: { max: 2000, unit: 'codepoint' },
	choices: { max: 10, labelMax: 80 },
	attachments: { max: 10, maxBytes: FILE_MAX_BYTES },
	media: { file: ANY_FILE, image: ANY_FILE, video: ANY_FILE, audio: ANY_FILE },
	window: null,
	rates: { account: null, recipient: null },
	receipts: ['delivered', 'read'],
	quotes: false,
	sources: [{ url: 'https://github.com/conversations-for-n8n/n8n-nodes-conversations', readOn: '2026-11-21' }],
} as const satisfies Capabilities;

/** How long a visitor is known without coming back. */
export const TOKEN_LIFETIME_MS = 180 * DAY_MS;
/** A token older than this is renewed when it is used. */
export const TOKEN_RENEW_AFTER_MS = DAY_MS;
/** Messages a page is given at once. */
export const HISTORY_PAGE = 50;
