import type { Capabilities } from '../../core/channel';

/** The channel itself. */
export const CUSTOM = { id: 'custom', name: 'Custom Channel' } as const;
/** Who is called, as it stands in sentences. */
export const SERVER = { id: CUSTOM.id, name: 'The integration server' } as const;

const SECOND_MS = 1000;
const MB = 1024 * 1024;

/** The protocol names no limit. The server, and often the messenger behind it, fetches each file from this n8n. */
const ANY_FILE = { maxBytes: 50 * MB, mimes: null };

export const can = {
	contents: ['text', 'media', 'choices', 'location'],
	// The protocol names no limit; this is the one that every message has.
	text: { max: 2000, unit: 'codepoint' },
	// A file has no text: it goes before the files as a message of its own.
	caption: null,
	// respond.io offers ten at most. How long a label may be depends on the messenger behind the server.
	choices: { max: 10, labelMax: 256 },
	attachments: { max: 10, maxBytes: ANY_FILE.maxBytes },
	media: { image: ANY_FILE, video: ANY_FILE, audio: ANY_FILE, file: ANY_FILE },
	window: null,
	rates: { account: null, recipient: null },
	receipts: ['delivered', 'read', 'failed'],
	quotes: false,
	sources: [
		{ url: 'https://help.respond.io/l/en/channels/custom-channel', readOn: '2026-11-22' },
		{ url: 'https://github.com/respond-io/custom-channel-integration-example', readOn: '2026-11-22' },
	],
} as const satisfies Capabilities;

/** Below the server's address; messages are posted there. */
export const MESSAGE_PATH = '/message';
/** The same two that respond.io has had, without '/custom' before them: that is the channel's own address. */
export const WEBHOOK_PATHS = ['channel/webhook', 'webhook'] as const;

/** "Max 50 characters." */
export const CONTACT_ID_MAX = 50;

/** Servers made after the example of respond.io never answer a wrong token. */
export const SEND_TIMEOUT_MS = 15 * SECOND_MS;
export const TEST_TIMEOUT_MS = 10 * SECOND_MS;
/** How long the download of a person's file may take. */
export const DOWNLOAD_TIMEOUT_MS = 120 * SECOND_MS;

/** A smaller number of a timestamp is one of seconds: as milliseconds it would be before March 1973. */
export const MILLISECONDS_FROM = 1e11;
/** A timestamp may be this far ahead of our clock; the one in respond.io's own sample is of the year 2037. */
export const AHEAD_MAX_MS = 24 * 60 * 60 * SECOND_MS;

/**
 * The documented answer is JSON with the message's id. Servers answer with such words, too. What is neither, e.g. the page
 * of something that is just starting, does not say that the message was taken.
 */
export const TAKEN = /^(?:(?:event|message|webhook)[ _])?(?:ok|okay|success|received|accepted|forwarded|queued|sent|delivered|done)(?: successfully)?[.!]*$/i;
/** The word of servers that do nothing with a type of message. Seen in a public bridge to Gupshup. */
export const IGNORED = /^(?:message[ _])?ignored[.!]*$/i;
