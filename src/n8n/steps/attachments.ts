import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Attachment, Channel } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure } from '../../core/failure';
import { downloadFile } from '../files/download';
import { megabytes } from '../fields/limits';
import { mediaKindOf, storeFile } from '../files/stored-files';
import type { AskedFile, LibraryFileName } from './asked-files';

/** Nothing of the message has gone. */
export function refused(channel: Channel, reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: channel.id }));
}

function binaryField(ctx: IExecuteFunctions, index: number, field: string): IBinaryData | undefined {
	const binary = ctx.getInputData()[index]?.binary ?? {};
	return Object.hasOwn(binary, field) ? binary[field] : undefined;
}

/** What is needed to bring the files of one item's message into the store, for the channel that it goes to. */
export interface FileContext {
	ctx: IExecuteFunctions;
	desk: Desk;
	index: number;
	channel: Channel;
	/** Hosts that files are fetched from even inside the own network: those of the channel's credential. */
	ownOrigins: readonly string[];
}

/**
 * Keeps the files of a message in the store, so that the channel finds them there. Those of the library are there.
 * `earlier`: those of an earlier try of the message.
 * @throws ConversationsError a file is missing, too large or cannot be fetched, or there are too many.
 */
export async function storeAttachments(
	context: FileContext,
	files: readonly AskedFile[],
	earlier: readonly Attachment[],
): Promise<Attachment[]> {
	const { channel } = context;
	const { max } = limitsOf(channel);
	if (files.length > max) {
		throw refused(
			channel,
			`The message has ${files.length} attachments; ${channel.name} takes at most ${max} in one message. Send the rest in further messages.`,
		);
	}
	// With more or fewer of them, since a snippet has changed, nobody knows which was which.
	const known = earlier.length === files.length ? earlier : [];
	const stored: Attachment[] = [];
	for (const [place, file] of files.entries()) stored.push(await storeAsked(context, file, 'Attachments', known[place]));
	return stored;
}

/**
 * `parameter`: where it was asked for. `earlier`: the file of an earlier try, which is used again, since its address may
 * be gone by now; the library may have a better one. @throws ConversationsError
 */
export async function storeAsked(context: FileContext, file: AskedFile, parameter: string, earlier?: Attachment): Promise<Attachment> {
	const { desk, channel, ownOrigins } = context;
	if ('library' in file) return await libraryFile(context, file, parameter, earlier);
	if (earlier) return unfitted(earlier);
	if ('field' in file) return await storeField(context, file.field, parameter);
	const { name, bytes, mime } = await downloadFile(file.url, { maxBytes: limitsOf(channel).maxBytes, channel, ownOrigins });
	return await storeFile(desk, { name, bytes, declaredMime: mime, owner: null });
}

/** As voice notes, if that is asked: `every` file, or only the audio ones. */
export function asVoiceNotes(attachments: readonly Attachment[], which: 'every' | 'audio' | 'none'): Attachment[] {
	return attachments.map((attachment) =>
		which === 'every' || (which === 'audio' && attachment.kind === 'audio') ? { ...attachment, voice: true } : attachment,
	);
}

/** A file of an earlier try, as it was before it was fitted to the channel. */
function unfitted({ voice: _voice, ...attachment }: Attachment): Attachment {
	return { ...attachment, kind: mediaKindOf(attachment.mime) };
}

const limitsOf = ({ can }: Channel) => can.attachments ?? { max: 0, maxBytes: 0 };

function tooLarge(channel: Channel, name: string): ConversationsError {
	const { maxBytes } = limitsOf(channel);
	return refused(
		channel,
		`The file '${name}' is larger than the ${megabytes(maxBytes)} that ${channel.name} takes. Make it smaller, or send a link.`,
	);
}

async function storeField({ ctx, desk, index, channel }: FileContext, field: string, parameter: string): Promise<Attachment> {
	const binary = binaryField(ctx, index, field);
	if (!binary) {
		throw refused(
			channel,
			`The item has no file in the input data field '${field}'. Check '${parameter}': it names fields of the item's binary data, usually data, or files of the library as library:<name>.`,
		);
	}
	const name = binary.fileName ?? `file.${binary.fileExtension ?? 'bin'}`;
	const bytes = await ctx.helpers.getBinaryDataBuffer(index, field);
	if (bytes.length > limitsOf(channel).maxBytes) throw tooLarge(channel, name);
	return await storeFile(desk, { name, bytes, declaredMime: binary.mimeType, owner: null });
}

const LIBRARY_LIST = 'The Conversations node lists what is there (File > Get Many)';

async function libraryFile(
	{ desk, channel }: FileContext,
	asked: LibraryFileName,
	parameter: string,
	earlier: Attachment | undefined,
): Promise<Attachment> {
	const file = asked.library === '' ? undefined : await desk.store.records.files.byLibraryName(asked.library);
	if (!file && earlier) return unfitted(earlier);
	if (!file) throw refused(channel, notInLibrary(asked, parameter));
	const { id: fileId, name, mime, sizeBytes } = file;
	if (sizeBytes > limitsOf(channel).maxBytes) throw tooLarge(channel, name);
	return { fileId, kind: mediaKindOf(mime), name, mime, sizeBytes };
}

function notInLibrary({ library, snippet }: LibraryFileName, parameter: string): string {
	if (snippet !== undefined) {
		return `The snippet '/${snippet}' brings the file '${library}' along, which is no longer in the library. Upload it again under this name, or take it off the snippet, with the Conversations node.`;
	}
	if (library === '') return `'${parameter}' names no file after 'library:'. ${LIBRARY_LIST}.`;
	return `'${parameter}' names the file '${library}', which is not in the library. ${LIBRARY_LIST}.`;
}
