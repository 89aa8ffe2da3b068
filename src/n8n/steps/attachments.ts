import { createHash } from 'node:crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Attachment, Channel, TemplateParameter } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure } from '../../core/failure';
import { downloadFile } from '../files/download';
import { megabytes } from '../fields/limits';
import { mediaKindOf, storeFile } from '../files/stored-files';
import type { AskedContent, AskedParameter } from './asked-content';

type AskedMedia = Extract<AskedContent, { kind: 'media' }>;

function refused(channel: Channel, reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: channel.id }));
}

function binaryField(ctx: IExecuteFunctions, index: number, field: string): IBinaryData | undefined {
	return ctx.getInputData()[index]?.binary?.[field];
}

/** What tells one file of the item from another without reading it. */
export function fileMark(ctx: IExecuteFunctions, index: number, field: string): string {
	const binary = binaryField(ctx, index, field);
	if (!binary) return `missing ${field}`;
	return binary.id ?? createHash('sha256').update(binary.data).digest('hex');
}

/** What is needed to bring the files of one item's message into the store, for the channel that it goes to. */
export interface FileContext {
	ctx: IExecuteFunctions;
	desk: Desk;
	index: number;
	channel: Channel;
}

/**
 * Keeps the files of a message in the store, so that the channel finds them there.
 * @throws ConversationsError a file is missing, too large or cannot be fetched, or there are too many.
 */
export async function storeAttachments(context: FileContext, { fields, urls }: AskedMedia): Promise<Attachment[]> {
	const { desk, channel } = context;
	const { max, maxBytes } = limitsOf(channel);
	const count = fields.length + urls.length;
	if (count > max) {
		throw refused(
			channel,
			`The message has ${count} attachments; ${channel.name} takes at most ${max} in one message. Send the rest in further messages.`,
		);
	}
	const stored: Attachment[] = [];
	for (const field of fields) stored.push(await storeField(context, field, 'Attachments'));
	for (const url of urls) {
		const { name, bytes, mime } = await downloadFile(url, { maxBytes, channel });
		stored.push(await storeFile(desk, { name, bytes, declaredMime: mime, owner: null }));
	}
	return stored;
}

/** The values of a template's fields, with their files in the store. @throws ConversationsError */
export async function storeParameters(context: FileContext, parameters: readonly AskedParameter[]): Promise<TemplateParameter[]> {
	const stored: TemplateParameter[] = [];
	for (const parameter of parameters) {
		if ('text' in parameter) stored.push(parameter);
		else stored.push({ id: parameter.id, attachment: await storeField(context, parameter.field, 'Template Parameters') });
	}
	return stored;
}

/** As voice notes, if that is asked: `every` file, or only the audio ones. */
export function asVoiceNotes(attachments: readonly Attachment[], which: 'every' | 'audio' | 'none'): Attachment[] {
	return attachments.map((attachment) =>
		which === 'every' || (which === 'audio' && attachment.kind === 'audio') ? { ...attachment, voice: true } : attachment,
	);
}

/** Files of an earlier try, as they were before they were fitted to the channel. */
export function unfitted(attachments: readonly Attachment[]): Attachment[] {
	return attachments.map(({ voice: _voice, ...attachment }) => ({ ...attachment, kind: mediaKindOf(attachment.mime) }));
}

const limitsOf = ({ can }: Channel) => can.attachments ?? { max: 0, maxBytes: 0 };

async function storeField({ ctx, desk, index, channel }: FileContext, field: string, parameter: string): Promise<Attachment> {
	const { maxBytes } = limitsOf(channel);
	const binary = binaryField(ctx, index, field);
	if (!binary) {
		throw refused(
			channel,
			`The item has no file in the input data field '${field}'. Check '${parameter}': it names fields of the item's binary data, usually data.`,
		);
	}
	const name = binary.fileName ?? `file.${binary.fileExtension ?? 'bin'}`;
	const bytes = await ctx.helpers.getBinaryDataBuffer(index, field);
	if (bytes.length > maxBytes) {
		throw refused(
			channel,
			`The file '${name}' is larger than the ${megabytes(maxBytes)} that ${channel.name} takes. Make it smaller, or send a link.`,
		);
	}
	return await storeFile(desk, { name, bytes, declaredMime: binary.mimeType, owner: null });
}
