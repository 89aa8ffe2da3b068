import type { Attachment, Capabilities, Channel, Content, MediaKind, MediaLimit } from './channel';

/** The content as this channel takes it, and sentences about what is different from what was asked. */
export interface Fitted {
	content: Content;
	notes: string[];
}

/**
 * Files go in the form the channel has for them: a voice note whose codec it does not take goes as a file (B11), as does
 * an image of another type or above its size for images. Nothing is converted.
 */
export function fitted(content: Content, channel: Channel): Fitted {
	if (content.kind !== 'media') return { content, notes: [] };
	const notes: string[] = [];
	const attachments = content.attachments.map((attachment) => {
		const { kind, voice } = formOf(attachment, channel.can);
		const { voice: asked, ...rest } = attachment;
		if (asked && !voice) notes.push(voiceNote(attachment, channel));
		else if (kind !== attachment.kind) {
			notes.push(`'${attachment.name}' went as a file: ${channel.name} does not take it as ${article(attachment.kind)}.`);
		}
		return { ...rest, kind, ...(voice && { voice }) };
	});
	return { content: { ...content, attachments }, notes };
}

function formOf(attachment: Attachment, { media }: Capabilities): { kind: MediaKind; voice: boolean } {
	if (attachment.voice && takes(media.voice, attachment)) return { kind: 'audio', voice: true };
	if (takes(media[attachment.kind], attachment)) return { kind: attachment.kind, voice: false };
	// What nothing fits stays what it is, so that the refusal names that limit.
	return { kind: takes(media.file, attachment) ? 'file' : attachment.kind, voice: false };
}

export function takes(limit: MediaLimit | undefined, { mime, sizeBytes }: Attachment): boolean {
	if (!limit || sizeBytes > limit.maxBytes) return false;
	return limit.mimes === null || limit.mimes.includes(mime) || limit.mimes.includes(bare(mime));
}

/** 'audio/ogg; codecs=opus' → 'audio/ogg' */
const bare = (mime: string) => (mime.split(';')[0] ?? mime).trim();

function voiceNote({ name, mime }: Attachment, { name: channel, can }: Channel): string {
	const { voice } = can.media;
	if (!voice) return `'${name}' went as an attachment: ${channel} has no voice notes.`;
	return `'${name}' went as an attachment, not as a voice note: ${channel} takes voice notes as ${(voice.mimes ?? []).join(', ')} only, and this is ${mime}.`;
}

const article = (kind: MediaKind) => (kind === 'image' || kind === 'audio' ? `an ${kind}` : `a ${kind}`);
