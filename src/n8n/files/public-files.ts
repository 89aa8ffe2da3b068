import { createHash } from 'node:crypto';
import { fileQuery } from '../../channels/kit/file-link';
import type { Channel } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import type { Store } from '../../core/store';
import { storeFile } from './stored-files';
import { mediaPath } from './media';
import { webchatKey } from '../webchat/key';

/** A trigger that was not seen for longer does not serve files now. */
const UNSEEN_MS = 10 * 60_000;
/** What no message uses is removed a day after it was made: well before, it is made anew. */
const MADE_MS = 12 * 60 * 60_000;
const MADE_MAX = 200;

/** Files made for a channel (a preview image, say), by the hash of their bytes and name. */
const madeIn = new WeakMap<Store, Map<string, { fileId: string; at: number }>>();

/** For whom a file is meant. */
type Taker = Pick<Channel, 'id' | 'name'>;

interface Named {
	id: string;
	name: string;
	mime: string;
}

/** A stored file, or bytes that are not in the store yet. */
export type PublicFile = Parameters<SendPorts['publicUrl']>[0];

/**
 * An unguessable address, valid for a day or two, at which a provider fetches a file from this n8n. Its path
 * ends as some providers want it for pictures and videos, and it ends with the file's name.
 * @throws ConversationsError `configuration_invalid` when no active trigger could serve it; `content_unsupported` when the
 * file is gone.
 */
export async function publicUrl(desk: Desk, file: PublicFile, channel: Taker): Promise<string> {
	const base = await servedAt(desk, channel);
	const { id, name, mime } = 'fileId' in file ? await stored(desk, file.fileId, channel) : await made(desk, file);
	const query = fileQuery(id, await webchatKey(desk.store), desk.now(), typeFor(mime));
	return `${base}/${mediaPath(mime)}?${query}&name=${encodeURIComponent(name)}`;
}

/** The bytes of a stored file. @throws ConversationsError when it is gone. */
export async function fileBytes(desk: Desk, fileId: string, channel: Taker): Promise<Uint8Array> {
	const bytes = await desk.store.records.files.bytes(fileId);
	if (!bytes) throw gone(channel);
	return bytes;
}

/**
 * What has no signature in its bytes, or cannot be shown, is served as mere data to everybody else. Providers that refuse
 * data of no type are told it: none of these is ever shown in place.
 */
const TOLD: ReadonlySet<string> = new Set(['application/pdf', 'text/vcard', 'text/x-vcard', 'text/csv', 'text/calendar', 'text/rtf', 'application/rtf']);
const typeFor = (mime: string) => (TOLD.has(mime) ? mime : undefined);

async function servedAt(desk: Desk, { id, name }: Taker): Promise<string> {
	const active = await desk.store.records.subscriptions.active();
	const [latest] = active
		.flatMap(({ baseUrl, seenAt }) => (baseUrl !== null && desk.now() - seenAt < UNSEEN_MS ? [{ baseUrl, seenAt }] : []))
		.sort((a, b) => b.seenAt - a.seenAt);
	if (latest) return latest.baseUrl;
	throw new ConversationsError(
		failure(
			'configuration_invalid',
			`${name} fetches files from this n8n, and no workflow serves them. Publish a workflow with a Conversation Opened Trigger, then send the message again.`,
			{ channel: id },
		),
	);
}

async function stored(desk: Desk, fileId: string, channel: Taker): Promise<Named> {
	const file = await desk.store.records.files.get(fileId);
	if (!file) throw gone(channel);
	return file;
}

async function made(desk: Desk, { name, mime, bytes }: { name: string; mime: string; bytes: Uint8Array }): Promise<Named> {
	const known = madeIn.get(desk.store) ?? new Map<string, { fileId: string; at: number }>();
	madeIn.set(desk.store, known);
	const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex');
	const earlier = known.get(hash);
	if (earlier && desk.now() - earlier.at < MADE_MS) return { id: earlier.fileId, name, mime };
	const { fileId } = await storeFile(desk, { name, bytes, declaredMime: mime, owner: null });
	if (known.size >= MADE_MAX) known.clear();
	known.set(hash, { fileId, at: desk.now() });
	return { id: fileId, name, mime };
}

function gone({ id }: Taker): ConversationsError {
	return new ConversationsError(
		failure('content_unsupported', 'The file is no longer kept here, so it cannot be sent. Attach it again.', { channel: id }),
	);
}
