import type { WebhookReply, WebhookRequest } from '../../core/channel';
import { hmacSha256, isSame } from '../kit/signature';
import type { TikTokCredential } from './credential';
import { CHALLENGE, CHALLENGE_PARAMETER, SIGNATURE_HEADER, SIGNATURE_TOLERANCE_MS } from './facts';

/** `t=<seconds>,s=<hex>`, in any order: the app's secret signs the time, a dot and the body. */
export function isAuthentic({ headers, body, receivedAt }: WebhookRequest, { appSecret }: TikTokCredential): boolean {
	const parts = new Map((headers[SIGNATURE_HEADER] ?? '').split(',').map(namedPart));
	const seconds = parts.get('t') ?? '';
	if (appSecret === '' || !/^\d{1,12}$/.test(seconds)) return false;
	if (Math.abs(receivedAt - Number(seconds) * 1000) > SIGNATURE_TOLERANCE_MS) return false;
	return isSame(parts.get('s'), hmacSha256(Buffer.concat([Buffer.from(`${seconds}.`), body]), appSecret, 'hex'));
}

function namedPart(part: string): [name: string, value: string] {
	const [name = '', value = ''] = part.split(/=(.*)/s);
	return [name.trim(), value];
}

/** Nobody can sign a GET: what is handed back is a word and nothing else. */
export function handshake({ method, query }: WebhookRequest): WebhookReply | null {
	const challenge = query[CHALLENGE_PARAMETER] ?? '';
	if (method !== 'GET' || !CHALLENGE.test(challenge)) return null;
	return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body: challenge };
}
