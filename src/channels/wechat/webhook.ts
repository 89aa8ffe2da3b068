import { MalformedPayload, type ChannelEvent, type WebhookReply, type WebhookRequest } from '../../core/channel';
import { textAt, type JsonObject } from '../kit/json';
import { parseFlatXml } from '../kit/xml';
import type { WeChatCredential } from './credential';
import { decrypted } from './encryption';
import { eventsOf } from './events';
import { STALE_AFTER_MS } from './facts';
import { isSigned } from './signature';

/** WeChat makes sure that the address is ours: it wants its word back. Told as plain text, so that no browser takes it for a page. */
export function handshake(request: WebhookRequest, { token }: WeChatCredential): WebhookReply | null {
	const { echostr } = request.query;
	if (!echostr || !isSigned(request, 'signature', token)) return null;
	return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body: echostr };
}

/**
 * 'msg_signature' covers what is encrypted, 'signature' only the time and the nonce. So whatever has an encrypted part must
 * be signed with the first, and what WeChat encrypts it signs with both. A plain message is as genuine as its address was,
 * and that for some minutes only.
 */
export function isAuthentic(request: WebhookRequest, { token }: WeChatCredential): boolean {
	if (isStale(request)) return false;
	const encrypted = textAt(fieldsIfAny(request), 'Encrypt');
	const claimsEncryption = request.query['encrypt_type'] === 'aes' || request.query['msg_signature'] !== undefined;
	if (encrypted === undefined) return !claimsEncryption && isSigned(request, 'signature', token);
	return isSigned(request, 'msg_signature', token, encrypted) && (request.query['signature'] === undefined || isSigned(request, 'signature', token));
}

function isStale({ query, receivedAt }: WebhookRequest): boolean {
	const { timestamp = '' } = query;
	return !/^\d{1,12}$/.test(timestamp) || Math.abs(receivedAt - Number(timestamp) * 1000) > STALE_AFTER_MS;
}

function fieldsIfAny({ body }: WebhookRequest): JsonObject {
	try {
		return parseFlatXml(body);
	} catch (error) {
		if (error instanceof MalformedPayload) return {};
		throw error;
	}
}

/** One call tells one thing. What is encrypted counts, also where the same stands beside it in plain text. */
export function parse({ body, receivedAt }: WebhookRequest, credential: WeChatCredential, account: string): ChannelEvent[] {
	const outer = parseFlatXml(body);
	const encrypted = textAt(outer, 'Encrypt');
	const hasPlainText = textAt(outer, 'MsgType') !== undefined;
	const isReadable = encrypted === undefined || (credential.encodingAesKey === '' && hasPlainText);
	return eventsOf(isReadable ? outer : parseFlatXml(decrypted(encrypted, credential)), account, receivedAt);
}

/**
 * Anything but 'success' makes WeChat show the contact that the account's service is out of order. What could not be read
 * gets it too: WeChat would send the same bytes twice within seconds and then drop them, and the log says what was wrong.
 */
export function answer(): WebhookReply {
	return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'success' };
}
