import {
	MalformedPayload,
	type Address,
	type Attachment,
	type ChannelEvent,
	type InboundContent,
	type WebhookRequest,
} from '../../core/channel';
import { can } from './facts';
import { readToken, type Visitor } from './token';
import type { VisitorPost } from './wire';

/** The key that visitors' tokens are signed with. */
export interface WebchatSecrets {
	key: Uint8Array;
}

const BEARER = /^Bearer ([A-Za-z0-9._-]+)$/;
const CLIENT_ID = /^[A-Za-z0-9-]{8,64}$/;
const STORED_ID = /^[A-Za-z0-9-]{1,64}$/;
/** A receipt names at most this many messages. */
const RECEIPTS_MAX = 200;

export function visitorOf(request: WebhookRequest, { key }: WebchatSecrets, account: string): Visitor | null {
	const token = BEARER.exec(request.headers['authorization'] ?? '')?.[1];
	return token === undefined ? null : readToken(token, key, account, request.receivedAt);
}

/**
 * What the page posted, checked. @throws MalformedPayload with a sentence for the visitor.
 */
export function parsePost(body: Uint8Array): VisitorPost {
	let post: unknown;
	try {
		post = JSON.parse(Buffer.from(body).toString('utf8'));
	} catch {
		throw new MalformedPayload('The message is not valid JSON.');
	}
	if (!isRecord(post)) throw new MalformedPayload('The message must be a JSON object.');
	if (post['type'] === 'hello') return { type: 'hello' };
	if (post['type'] === 'history') return { type: 'history', before: text(post['before'], 'before', STORED_ID) };
	if (post['type'] === 'receipt') {
		return { type: 'receipt', delivered: ids(post['delivered'], 'delivered'), read: ids(post['read'], 'read') };
	}
	if (post['type'] === 'message') return parseMessage(post);
	throw new MalformedPayload("'type' must be 'hello', 'message', 'receipt' or 'history'.");
}

function parseMessage(post: Record<string, unknown>): Extract<VisitorPost, { type: 'message' }> {
	const id = text(post['id'], 'id', CLIENT_ID);
	const { text: words, choice } = post;
	if (words !== undefined && typeof words !== 'string') throw new MalformedPayload("'text' must be a text.");
	if (words !== undefined && [...words].length > can.text.max) {
		throw new MalformedPayload(`The message is too long: at most ${can.text.max} characters.`);
	}
	const attachments = ids(post['attachments'], 'attachments');
	if (attachments.length > can.attachments.max) {
		throw new MalformedPayload(`At most ${can.attachments.max} files can be sent with one message.`);
	}
	if (choice !== undefined) {
		if (!isRecord(choice) || typeof choice['id'] !== 'string') throw new MalformedPayload("'choice' must have an id.");
		const messageId = text(choice['messageId'], 'choice.messageId', STORED_ID);
		return { type: 'message', id, choice: { messageId, id: choice['id'] } };
	}
	if (!words?.trim() && attachments.length === 0) throw new MalformedPayload('The message is empty.');
	return { type: 'message', id, text: words, attachments };
}

/** Facts of a post. A press of a button and files are completed by whoever can read the store (`completeMessage`). */
export function parse(request: WebhookRequest, secrets: WebchatSecrets, account: string): ChannelEvent[] {
	const visitor = visitorOf(request, secrets, account);
	if (!visitor) throw new MalformedPayload('Not authentic');
	const from: Address = { channel: 'webchat', account, user: visitor.user };
	const about = { channel: 'webchat', account, at: request.receivedAt } as const;
	const post = parsePost(request.body);
	if (post.type === 'message') {
		const key = `${visitor.user}:${post.id}`;
		return [
			{
				...about,
				key,
				kind: 'message',
				from,
				externalId: key,
				content: contentOf(post),
				...(post.choice && { replyTo: post.choice.messageId }),
			},
		];
	}
	if (post.type === 'receipt') {
		const receipts = (state: 'delivered' | 'read', messageIds: string[] = []): ChannelEvent[] =>
			messageIds.map((id) => ({ ...about, key: `${state}:${id}`, kind: 'receipt', externalId: id, state, to: from }));
		return [...receipts('delivered', post.delivered), ...receipts('read', post.read)];
	}
	return [{ ...about, key: `${post.type}:${visitor.user}`, kind: 'ignored', why: `a page's '${post.type}'` }];
}

function contentOf(post: Extract<VisitorPost, { type: 'message' }>): InboundContent {
	if (post.choice) return { kind: 'choice', choice: { id: post.choice.id, label: post.choice.id }, text: post.choice.id };
	if (!post.attachments?.length) return { kind: 'text', text: post.text ?? '' };
	const named = (fileId: string): Attachment => ({ fileId, kind: 'file', name: '', mime: '', sizeBytes: 0 });
	return { kind: 'media', text: post.text?.trim() ? post.text : null, attachments: post.attachments.map(named) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown, field: string, pattern: RegExp): string {
	if (typeof value !== 'string' || !pattern.test(value)) throw new MalformedPayload(`'${field}' is not a valid id.`);
	return value;
}

function ids(value: unknown, field: string): string[] {
	if (value === undefined) return [];
	if (!Array.isArray(value) || value.length > RECEIPTS_MAX) {
		throw new MalformedPayload(`'${field}' must be a list of at most ${RECEIPTS_MAX} ids.`);
	}
	return value.map((entry) => text(entry, field, STORED_ID));
}
