import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { WebhookRequest } from '../../src/core/channel';

/** What Twilio posts, in its documented form (twilio.com/docs/messaging/guides/webhook-request), signed by its own SDK. */

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
export const NUMBER = '+15005550006';
export const SERVICE = 'MG00000000000000000000000000000001';
export const ANN = '+14155550100';
export const ADDRESS = 'https://n8n.example.test/webhook/trigger-1/conversations/sms';

export type Posted = Record<string, string | string[]>;

export function sidOf(prefix: string, number: number): string {
	return prefix + number.toString(16).padStart(32, '0');
}

export function sign(url: string, params: Posted, token = AUTH_TOKEN): string {
	return getExpectedTwilioSignature(token, url, params);
}

export function formOf(params: Posted): string {
	const form = new URLSearchParams();
	for (const [name, value] of Object.entries(params)) for (const each of [value].flat()) form.append(name, each);
	return form.toString();
}

/** A request as the receiver's own code sees it. */
export function signed(params: Posted, { url = ADDRESS, token = AUTH_TOKEN, receivedAt = 1_763_750_009_000 } = {}): WebhookRequest {
	return {
		method: 'POST',
		url,
		headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'x-twilio-signature': sign(url, params, token) },
		query: Object.fromEntries(new URL(url).searchParams),
		body: Buffer.from(formOf(params)),
		receivedAt,
	};
}

/** A message of Ann's. */
export function message(sid: string, body: string, more: Posted = {}): Posted {
	return {
		ToCountry: 'US', ToState: '', SmsMessageSid: sid, NumMedia: '0', ToCity: '', FromZip: '94103', SmsSid: sid, FromState: 'CA',
		SmsStatus: 'received', FromCity: 'SAN FRANCISCO', Body: body, FromCountry: 'US', To: NUMBER, ToZip: '', NumSegments: '1',
		MessageSid: sid, AccountSid: ACCOUNT_SID, From: ANN, ApiVersion: '2010-04-01', ...more,
	};
}

/** The same with files. */
export function mms(sid: string, body: string, files: readonly { url: string; mime: string }[], more: Posted = {}): Posted {
	const media = files.flatMap(({ url, mime }, index) => [[`MediaUrl${index}`, url] as const, [`MediaContentType${index}`, mime] as const]);
	return message(sid, body, { NumMedia: String(files.length), ...Object.fromEntries(media), ...more });
}

/** News of a message of ours. */
export function news(sid: string, status: string, more: Posted = {}): Posted {
	return { SmsSid: sid, SmsStatus: status, MessageStatus: status, To: ANN, MessageSid: sid, AccountSid: ACCOUNT_SID, From: NUMBER, ApiVersion: '2010-04-01', ...more };
}
