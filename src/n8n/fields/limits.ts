import type { Capabilities, Channel, MediaKind, TextLimit } from '../../core/channel';
import { TEXT_MAX } from '../../core/content';

/** The limits of channels as the sentences under their fields. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEBIBYTE = 1_048_576;

const thousands = (count: number) => count.toLocaleString('en-US');

/** Some providers count in millions of bytes. */
export function megabytes(bytes: number): string {
	return `${bytes % 1_000_000 === 0 ? bytes / 1_000_000 : Math.floor((bytes / MEBIBYTE) * 10) / 10} MB`;
}

/** '24 hours', '7 days' */
function span(ms: number): string {
	if (ms > 2 * DAY_MS && ms % DAY_MS === 0) return `${ms / DAY_MS} days`;
	const hours = Math.round(ms / HOUR_MS);
	return `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

const BYTES_HINT = '; emojis and letters beyond English ones count as several';

/** What no channel may exceed counts in characters; a channel's own limit may be shorter, or count in bytes. */
function atMost({ max, unit }: TextLimit): string {
	if (unit === 'byte' && max < TEXT_MAX) return `${thousands(max)} bytes${BYTES_HINT}`;
	return `${thousands(Math.min(max, TEXT_MAX))} characters`;
}

export const DEFAULT_TEXT_HINT = `At most ${thousands(TEXT_MAX)} characters, with variables ($contact.firstname|there) and snippets (/hours) filled in. Start automatic messages with 🤖, so that people know.`;
export const DEFAULT_CAPTION_HINT = `Optional, at most ${thousands(TEXT_MAX)} characters`;
export const DEFAULT_FILES_HINT = 'Each channel has its own limits on the number and size of files';

export function textHint({ can }: Channel): string {
	const above = can.choices?.text;
	const limit = `At most ${atMost(can.text)}${above ? `; above choices ${atMost(above)}` : ''}`;
	return can.textNote === undefined ? limit : `${limit}. ${can.textNote}`;
}

export function captionHint({ can }: Channel): string {
	return can.caption
		? `Optional, at most ${atMost(can.caption)}`
		: `Optional, at most ${atMost(can.text)}. It goes as a message of its own.`;
}

const KIND_NAMES: Record<MediaKind, string> = { image: 'images', video: 'videos', audio: 'audio', file: 'other files' };

/** 'At most 10 files of 100 MB each; images up to 5 MB' */
export function filesHint({ max, maxBytes }: NonNullable<Capabilities['attachments']>, media: Capabilities['media']): string {
	const kinds = ['image', 'video', 'audio'] as const;
	const smaller = kinds.flatMap((kind) => {
		const limit = media[kind];
		return limit && limit.maxBytes < maxBytes ? [`${KIND_NAMES[kind]} up to ${megabytes(limit.maxBytes)}`] : [];
	});
	return [`At most ${max} files of ${megabytes(maxBytes)} each`, smaller.join(', ')].filter((part) => part !== '').join('; ');
}

const AUDIO_NAMES: Readonly<Record<string, string>> = {
	'audio/ogg; codecs=opus': 'OGG with Opus',
	'audio/ogg': 'OGG',
	'audio/mpeg': 'MP3',
	'audio/mp4': 'M4A',
	'audio/x-m4a': 'M4A',
	'audio/aac': 'AAC',
	'audio/amr': 'AMR',
};

/** Which files go as voice notes. */
export function voiceHint({ can, name }: Channel): string {
	const names = (can.media.voice?.mimes ?? []).map((mime) => AUDIO_NAMES[mime] ?? mime);
	// The codec is said where it matters.
	const formats = [...new Set(names)].filter((each) => !names.includes(`${each} with Opus`));
	const which = formats.length === 0 ? 'any audio' : formats.join(', ');
	return `${name} takes ${which} as a voice note; other audio goes as an ordinary file, and the item says so`;
}

const AFTERWARDS = {
	templates: 'after that a template',
	nothing: 'after that nothing until the contact writes again',
	charged: "after that each message counts in the month's quota of the credential",
} as const;

/** When free-form messages may be sent; undefined: always. */
export function windowHint({ can, name }: Channel): string | undefined {
	if (!can.window) return undefined;
	const { ms, humanAgentMs, after, count } = can.window;
	const person = humanAgentMs === undefined ? '' : ` (${span(humanAgentMs)} with the option 'Human Agent')`;
	const few = count === undefined ? 'free-form messages only' : `at most ${count} messages`;
	const free = after === 'charged' ? 'messages are free' : few;
	return `${name}: ${free} within ${span(ms)} after the contact's last message${person}; ${AFTERWARDS[after]}.`;
}

/** Where it is never told that a message has arrived, so that nobody should wait for it. */
export function noDeliveryHint(channels: readonly Channel[]): string {
	const silent = channels.flatMap(({ name, can }) => (can.receipts.includes('delivered') || can.receipts.includes('read') ? [] : [name]));
	return silent.length === 0 ? '' : ` These never tell: ${silent.join(', ')}.`;
}

/** Which channels let a person answer later than a workflow. */
export function humanAgentHint(channels: readonly Channel[]): string {
	const longer = channels.flatMap(({ name, can }) =>
		can.window?.humanAgentMs === undefined ? [] : [`${name} (${span(can.window.humanAgentMs)})`],
	);
	return `Some channels let a person answer for longer after the contact's last message: ${longer.join(', ')}.`;
}
