import type { WebhookReply, WebhookRequest } from '../../../core/channel';
import { hmacSha256, isSame } from '../signature';

/**
 * What WhatsApp, Messenger and Instagram have in common: how their webhooks are set up and signed.
 * Source: developers.facebook.com, Graph API: webhooks; read 2026-11-21.
 */

/** The answer to the call that Meta makes when the address is entered: the challenge, if the word is ours. */
export function verifyChallenge({ method, query }: WebhookRequest, verifyToken: string): WebhookReply | null {
	const challenge = query['hub.challenge'];
	if (method !== 'GET' || query['hub.mode'] !== 'subscribe' || challenge === undefined) return null;
	if (!isSame(query['hub.verify_token'], verifyToken)) return null;
	return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body: challenge };
}

/** Whether `X-Hub-Signature-256` signs these bytes with one of the app's secrets; an empty secret never does. */
export function isSignedByApp({ headers, body }: WebhookRequest, appSecrets: readonly string[]): boolean {
	const match = /^sha256=([0-9a-f]{64})$/.exec(headers['x-hub-signature-256'] ?? '');
	// All are tried, so that the time tells nothing about which one fits.
	return appSecrets.map((secret) => secret !== '' && isSame(match?.[1], hmacSha256(body, secret, 'hex'))).includes(true);
}
