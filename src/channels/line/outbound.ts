import type { Attachment, Choice, Content, Place } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import { ALT_TEXT_MAX, LINE, OPEN_LABEL, PLACE_TEXT_MAX } from './facts';
import { VIDEO_PREVIEW } from './video-preview';

/** Source: Messaging API reference, 'Message objects'; read 2026-11-21. */
export type LineMessage =
	| { type: 'text'; text: string; quickReply?: { items: object[] } }
	| { type: 'image' | 'video'; originalContentUrl: string; previewImageUrl: string }
	| { type: 'audio'; originalContentUrl: string; duration: number }
	| { type: 'location'; title: string; address: string; latitude: number; longitude: number }
	| { type: 'flex'; altText: string; contents: object };

type FilePorts = Pick<SendPorts, 'publicUrl' | 'durationMs'>;

/** A content as LINE's messages, at most as many as one call takes. */
export async function messagesOf(content: Content, ports: FilePorts): Promise<LineMessage[]> {
	switch (content.kind) {
		case 'text':
			return [{ type: 'text', text: content.text }];
		case 'choices':
			return [{ type: 'text', text: content.text, quickReply: { items: content.options.map(button) } }];
		case 'location':
			return [location(content)];
		case 'media': {
			const files = await Promise.all(content.attachments.map((attachment) => fileMessage(attachment, ports)));
			return content.text?.trim() ? [{ type: 'text', text: content.text }, ...files] : files;
		}
		case 'template':
			throw unsupported('LINE has no templates. Choose another message type for it.');
	}
}

/** `displayText`: what the press looks like in the person's chat. */
function button({ id, label }: Choice): object {
	return { type: 'action', action: { type: 'postback', label, data: id, displayText: label } };
}

/** LINE wants both lines. */
function location({ latitude, longitude, name, address }: Place): LineMessage {
	const coordinates = `${latitude}, ${longitude}`;
	const line = (...texts: (string | null)[]) => shortened(texts.find((text) => text?.trim()) ?? coordinates, PLACE_TEXT_MAX);
	return { type: 'location', title: line(name, address), address: line(address), latitude, longitude };
}

async function fileMessage({ fileId, kind, name }: Attachment, ports: FilePorts): Promise<LineMessage> {
	if (fileId === null) throw unsupported(`The file '${name}' is not stored, so it cannot be sent. Attach it again.`);
	const url = await fetchable(ports, { fileId });
	if (kind === 'image') return { type: 'image', originalContentUrl: url, previewImageUrl: url };
	if (kind === 'video') {
		return { type: 'video', originalContentUrl: url, previewImageUrl: await fetchable(ports, VIDEO_PREVIEW) };
	}
	const duration = kind === 'audio' ? Math.round((await ports.durationMs(fileId)) ?? 0) : 0;
	return duration > 0 ? { type: 'audio', originalContentUrl: url, duration } : card(name, url);
}

/** LINE has no message for files: a card with the name and a button that opens the file. */
function card(name: string, uri: string): LineMessage {
	const text = name.trim() || 'File';
	return {
		type: 'flex',
		altText: shortened(text, ALT_TEXT_MAX),
		contents: {
			type: 'bubble',
			body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text, weight: 'bold', wrap: true }] },
			footer: { type: 'box', layout: 'vertical', contents: [{ type: 'button', style: 'link', action: { type: 'uri', label: OPEN_LABEL, uri } }] },
		},
	};
}

/** LINE refuses http, and with it the whole message. */
async function fetchable(ports: FilePorts, file: Parameters<FilePorts['publicUrl']>[0]): Promise<string> {
	const url = await ports.publicUrl(file);
	if (url.startsWith('https://')) return url;
	throw new ConversationsError(
		failure(
			'configuration_invalid',
			"LINE fetches files by https only, and this n8n's address is not https. Set n8n's WEBHOOK_URL to its public https address and publish the workflow again.",
			{ channel: LINE.id },
		),
	);
}

function shortened(text: string, max: number): string {
	if (text.length <= max) return text;
	// Not through the middle of a character.
	return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const unsupported = (reason: string) => new ConversationsError(failure('content_unsupported', reason, { channel: LINE.id }));
