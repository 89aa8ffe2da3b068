import { addressTopic, type Attachment, type MediaKind, type Profile } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { ConversationsError, mayPass } from '../../core/failure';
import { AnswerTooLarge, Unanswered } from '../../core/http';
import { fillEmptyFields } from '../../core/people';
import type { CallPorts, FetchedFile } from '../../core/provider';
import type { Fetch } from '../../core/records';
import { cleanFileName, storeFile, type StoredAttachment } from './stored-files';

/** Larger files of contacts are not kept. */
const MEDIA_MAX_BYTES = 25 * 1024 * 1024;
const NAME_MAX = 200;

/** What came of one try: it is done, whatever it gave, or it is to be tried again. */
export type Outcome = 'done' | { again: true; afterMs: number };

/** Asks the provider once and stores what it gave. */
export async function fetchOnce(desk: Desk, fetch: Fetch, ports: CallPorts): Promise<Outcome> {
	try {
		await (fetch.kind === 'media' ? fetchFile(desk, fetch, ports) : fetchProfile(desk, fetch, ports));
		return 'done';
	} catch (error) {
		if (error instanceof AnswerTooLarge) {
			await giveUp(desk, fetch, `The file is larger than the ${MEDIA_MAX_BYTES / 1_048_576} MB that are kept. Ask the contact for a smaller one or for a link.`);
			return 'done';
		}
		if (error instanceof Unanswered) return { again: true, afterMs: 0 };
		if (!(error instanceof ConversationsError)) throw error;
		const { retryable, retryAfterMs, reason } = error.failure;
		if (retryable || mayPass(error.failure)) return { again: true, afterMs: retryAfterMs ?? 0 };
		await giveUp(desk, fetch, reason);
		return 'done';
	}
}

/** Nothing more is asked. `why`: the sentence that stands in the place of the file. */
export async function giveUp(desk: Desk, fetch: Fetch, why: string): Promise<void> {
	await settle(desk, fetch, (attachment) => ({ ...attachment, missing: why }));
}

async function fetchFile(desk: Desk, fetch: Fetch, ports: CallPorts): Promise<void> {
	const announced = await announcedFile(desk, fetch);
	const channel = desk.channel(fetch.channel);
	if (!announced) return await settle(desk, fetch, (attachment) => attachment);
	if (!channel.provider?.fetchMedia) return await giveUp(desk, fetch, `${channel.name} does not give this file.`);
	const file = await channel.provider.fetchMedia(fetch.source, MEDIA_MAX_BYTES, ports);
	if (file.bytes.length > MEDIA_MAX_BYTES) throw new AnswerTooLarge(MEDIA_MAX_BYTES);
	const name = nameOf(announced, file);
	const stored = await storeFile(desk, { name, bytes: file.bytes, owner: null, ...(file.mime !== null && { declaredMime: file.mime }) });
	await settle(desk, fetch, (attachment) => complete(attachment, stored));
}

/** Undefined: the message was taken back or deleted, or the file is here already. */
async function announcedFile(desk: Desk, { messageId, position }: Fetch): Promise<Attachment | undefined> {
	const message = messageId === null ? undefined : await desk.store.records.messages.get(messageId);
	const attachment = message?.attachments[position];
	return attachment?.fileId === null ? attachment : undefined;
}

/** The file takes its place in the message, and whoever waits for it is told. All at once, so that nothing is lost. */
async function settle(desk: Desk, fetch: Fetch, change: (attachment: Attachment) => Attachment): Promise<void> {
	await desk.store.atomically(async (records) => {
		const { messageId, position } = fetch;
		await records.fetches.finish(fetch.id);
		records.touch('deliveries');
		if (messageId === null) return;
		await records.lock(`files:${messageId}`);
		const message = await records.messages.get(messageId);
		const before = message?.attachments[position];
		if (!message || before?.fileId !== null) return;
		const attachments = message.attachments.with(position, change(before));
		await records.messages.update(message.id, { attachments });
		await records.files.attach(message.id, attachments);
		const address = await records.addresses.get(message.addressId);
		if (address) records.touch(addressTopic(address));
	});
}

/** What the bytes show counts; that it was spoken only the channel knows. */
function complete({ kind: announced, voice }: Attachment, stored: StoredAttachment): Attachment {
	const kind = kindOf(announced, stored);
	// One kind of container holds both films and sound alone.
	const mime = kind === stored.kind ? stored.mime : stored.mime.replace(/^video\//, 'audio/');
	return { ...stored, kind, mime, ...(voice && kind === 'audio' && { voice }) };
}

function kindOf(announced: MediaKind, { kind }: StoredAttachment): MediaKind {
	return announced === 'audio' && kind === 'video' ? 'audio' : kind;
}

/** As the message says, unless only the provider knows what kind of file it is. */
function nameOf(announced: Attachment, { name }: FetchedFile): string {
	const better = name !== null && name.includes('.') && !announced.name.includes('.') ? name : announced.name;
	return [...cleanFileName(better || name || '')].slice(-NAME_MAX).join('') || 'file';
}

async function fetchProfile(desk: Desk, fetch: Fetch, ports: CallPorts): Promise<void> {
	const address = await desk.store.records.addresses.get(fetch.addressId);
	const profile = address ? await desk.channel(fetch.channel).provider?.profile?.(address.user, fetch.account, ports) : null;
	await keepProfile(desk, fetch, profile ?? null);
}

async function keepProfile(desk: Desk, fetch: Fetch, profile: Profile | null): Promise<void> {
	await desk.store.atomically(async (records) => {
		await records.fetches.finish(fetch.id);
		records.touch('deliveries');
		const contact = profile ? await records.contacts.get(fetch.contactId) : undefined;
		if (contact && profile) await fillEmptyFields(desk, records, contact, { name: undefined, profile });
	});
}
