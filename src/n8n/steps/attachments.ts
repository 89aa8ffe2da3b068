import { createHash } from 'node:crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Attachment, Channel } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure } from '../../core/failure';
import { downloadFile } from '../download';
import { storeFile } from '../files';
import type { AskedContent } from './asked-message';

type AskedMedia = Extract<AskedContent, { kind: 'media' }>;

function refused(channel: Channel, reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: channel.id }));
}

function binaryField(ctx: IExecuteFunctions, index: number, field: string): IBinaryData | undefined {
	return ctx.getInputData()[index]?.binary?.[field];
}

/** What tells one set of files from another without reading them. */
export function fileMarks(ctx: IExecuteFunctions, index: number, { fields, urls }: AskedMedia): string[] {
	const marks = fields.map((field) => {
		const binary = binaryField(ctx, index, field);
		if (!binary) return `missing ${field}`;
		return binary.id ?? createHash('sha256').update(binary.data).digest('hex');
	});
	return [...marks, ...urls];
}

/**
 * Keeps the files of a message in the store, so that the channel finds them there.
 * @throws ConversationsError a file is missing, too large or cannot be fetched, or there are too many.
 */
export async function storeAttachments(
	ctx: IExecuteFunctions,
	desk: Desk,
	index: number,
	{ fields, urls }: AskedMedia,
	channel: Channel,
): Promise<Attachment[]> {
	const { max, maxBytes } = channel.can.attachments ?? { max: 0, maxBytes: 0 };
	const count = fields.length + urls.length;
	if (count > max) {
		throw refused(
			channel,
			`The message has ${count} attachments; ${channel.name} takes at most ${max} in one message. Send the rest in further messages.`,
		);
	}
	const stored: Attachment[] = [];
	for (const field of fields) stored.push(await storeField(ctx, desk, index, field, channel, maxBytes));
	for (const url of urls) {
		const { name, bytes, mime } = await downloadFile(url, { maxBytes, channel });
		stored.push(await storeFile(desk, { name, bytes, declaredMime: mime, owner: null }));
	}
	return stored;
}

async function storeField(
	ctx: IExecuteFunctions,
	desk: Desk,
	index: number,
	field: string,
	channel: Channel,
	maxBytes: number,
): Promise<Attachment> {
	const binary = binaryField(ctx, index, field);
	if (!binary) {
		throw refused(
			channel,
			`The item has no file in the input data field '${field}'. Check 'Attachments': it names fields of the item's binary data, usually data.`,
		);
	}
	const name = binary.fileName ?? `file.${binary.fileExtension ?? 'bin'}`;
	const bytes = await ctx.helpers.getBinaryDataBuffer(index, field);
	if (bytes.length > maxBytes) {
		throw refused(
			channel,
			`The file '${name}' is larger than the ${Math.floor(maxBytes / 1_048_576)} MB that ${channel.name} takes. Make it smaller, or send a link.`,
		);
	}
	return await storeFile(desk, { name, bytes, declaredMime: binary.mimeType, owner: null });
}
