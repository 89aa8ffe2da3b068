import type { Address, Content, SendOptions } from '../../../core/channel';
import { ConversationsError, failure } from '../../../core/failure';
import type { Attachment } from '../../../core/message-parts';
import type { Named } from '../call';
import type { JsonObject } from '../json';

/** What Meta wants to know when a person answers after the ordinary window has closed. */
const HUMAN_AGENT = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' } as const;

/** Meta fetches or stores the file while we wait: 75 s for a video, by its documentation. */
export const MEDIA_TIMEOUT_MS = 120_000;

/** One call: what stands in `message`, or a file. */
export type Part = { message: JsonObject } | { attachment: Attachment };

/** The calls that a content takes; a file's text goes before the files, for there are no captions. */
export function partsOf(content: Extract<Content, { kind: 'text' | 'media' | 'choices' }>): Part[] {
	if (content.kind === 'text') return [{ message: { text: content.text } }];
	if (content.kind === 'choices') {
		const replies = content.options.map(({ id, label }) => ({ content_type: 'text', title: label, payload: id }));
		return [{ message: { text: content.text, quick_replies: replies } }];
	}
	const files = content.attachments.map((attachment) => ({ attachment }));
	return content.text === null || content.text === '' ? files : [{ message: { text: content.text } }, ...files];
}

/** What stands around `message`. Only the first part of a message quotes. */
export function envelope(to: Address, { humanAgent, quote }: SendOptions, isFirst: boolean, inWindow: JsonObject): JsonObject {
	return {
		recipient: { id: to.user },
		...(humanAgent ? HUMAN_AGENT : inWindow),
		...(quote !== null && isFirst && { reply_to: { mid: quote } }),
	};
}

/** Sends the parts in order. @throws ConversationsError that holds the ids of those that went. */
export async function sendInOrder<T>(parts: readonly T[], sendOne: (part: T, isFirst: boolean) => Promise<string>): Promise<string[]> {
	const accepted: string[] = [];
	for (const part of parts) {
		try {
			accepted.push(await sendOne(part, accepted.length === 0));
		} catch (error) {
			if (!(error instanceof ConversationsError)) throw error;
			throw new ConversationsError(error.failure, accepted, { cause: error });
		}
	}
	return accepted;
}

/** @throws ConversationsError when the file's bytes are not here. */
export function fileIdOf({ id }: Named, { fileId, name }: Attachment): string {
	if (fileId !== null) return fileId;
	throw new ConversationsError(
		failure('content_unsupported', `The file '${name}' is not in the store. Attach it again.`, { channel: id }),
	);
}

/** @throws ConversationsError for what `can.contents` does not list. */
export function cannotSend({ id, name }: Named, kind: Content['kind']): never {
	throw new ConversationsError(failure('content_unsupported', `${name} cannot send messages of the type '${kind}'. Choose another message type for it.`, { channel: id }));
}
