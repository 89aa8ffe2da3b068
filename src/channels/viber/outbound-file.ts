import type { Attachment } from '../../core/message-parts';
import type { SendPorts } from '../../core/provider';
import type { ViberCredential } from './credential';
import { FILE_NAME_MAX, FORBIDDEN_EXTENSIONS, VIDEO_MAX_MS, VIDEO_MIME } from './facts';
import { unsupported } from './failures';
import type { MessageBody } from './wire';

type Ports = SendPorts<ViberCredential>;
type FileMessage = Extract<MessageBody, { media: string }>;
/** A file whose bytes are there. */
type Stored = Attachment & { fileId: string };

/** How the name of a file of this type ends; the first is given to a name that ends otherwise. */
const EXTENSIONS: Readonly<Record<string, readonly [string, ...string[]]>> = {
	'image/jpeg': ['jpg', 'jpeg'],
	'image/png': ['png'],
	'image/gif': ['gif'],
	[VIDEO_MIME]: ['mp4'],
	'application/pdf': ['pdf'],
	'audio/mpeg': ['mp3'],
	'audio/mp4': ['m4a'],
	'audio/x-m4a': ['m4a'],
	'audio/ogg': ['ogg'],
	'image/webp': ['webp'],
	'video/quicktime': ['mov'],
	'video/webm': ['webm'],
	'application/zip': ['zip'],
	'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
	'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
	'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
	'text/plain': ['txt'],
	'text/csv': ['csv'],
};

/** Viber fetches the file itself and goes by how its address ends. @throws ConversationsError */
export async function fileMessage(attachment: Attachment, ports: Ports): Promise<FileMessage> {
	const { fileId } = attachment;
	if (fileId === null) throw unsupported(`The file '${attachment.name}' is not there. Attach it again.`);
	const stored: Stored = { ...attachment, fileId };
	if (stored.kind === 'image') return { type: 'picture', text: '', media: await address(stored, named(stored), ports) };
	const size = stored.sizeBytes > 0 ? stored.sizeBytes : (await ports.file(fileId)).byteLength;
	if (stored.kind === 'video') {
		const durationMs = await ports.durationMs(fileId);
		if (durationMs === null || durationMs <= VIDEO_MAX_MS) return await video(stored, size, durationMs, ports);
	}
	return await plainFile(stored, size, ports);
}

async function video(stored: Stored, size: number, durationMs: number | null, ports: Ports): Promise<FileMessage> {
	const duration = durationMs === null ? undefined : Math.max(1, Math.round(durationMs / 1000));
	return { type: 'video', media: await address(stored, named(stored), ports), size, ...(duration !== undefined && { duration }) };
}

async function plainFile(stored: Stored, size: number, ports: Ports): Promise<FileMessage> {
	const extension = extensionOf(stored.name);
	if (FORBIDDEN_EXTENSIONS.has(extension)) {
		throw unsupported(`Viber does not deliver files that end in '.${extension}'. Send '${stored.name}' in an archive, or as a link.`);
	}
	const name = shortened(extension === '' ? named(stored) : stored.name);
	return { type: 'file', media: await address(stored, name, ports), size, file_name: name };
}

/** The stored file under its own name; under another one a copy. */
async function address({ fileId, name, mime }: Stored, wanted: string, ports: Ports): Promise<string> {
	return wanted === name
		? await ports.publicUrl({ fileId })
		: await ports.publicUrl({ name: wanted, mime, bytes: await ports.file(fileId) });
}

/** The name with the ending of its type. */
function named({ name, mime }: Stored): string {
	const fitting = EXTENSIONS[mime.split(';')[0]?.trim() ?? ''];
	return !fitting || fitting.includes(extensionOf(name)) ? name : `${name}.${fitting[0]}`;
}

function extensionOf(name: string): string {
	return /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The end is kept: apps go by it. */
function shortened(name: string): string {
	const characters = [...name];
	if (characters.length <= FILE_NAME_MAX) return name;
	const end = `.${extensionOf(name)}`;
	return characters.slice(0, FILE_NAME_MAX - end.length).join('') + end;
}
