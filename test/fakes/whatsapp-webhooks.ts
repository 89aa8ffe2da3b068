import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';
import type { Json } from './whatsapp-rules';

/** Webhooks as Meta's documentation shows them, signed as it says. */

export const FAKE = {
	accessToken: 'EAAGfaketoken',
	phoneNumberId: '106540352242922',
	businessAccountId: '102290129340398',
	appId: '670843887433847',
	appSecret: 'fake-app-secret-0123456789abcdef',
	verifyToken: 'fake-verify-token',
	graphVersion: 'v26.0',
	displayPhone: '15550783881',
} as const;

export interface FakePerson {
	/** Empty: they have a username, and the number is kept back. */
	phone?: string;
	scoped?: string;
	name?: string;
	username?: string;
}

export const SHEENA: Required<Pick<FakePerson, 'phone' | 'scoped' | 'name'>> = {
	phone: '16505551234',
	scoped: 'US.13491208655302741918',
	name: 'Sheena N',
};

/** Meta writes what is not ASCII as escapes, and signs that. */
export function encode(body: unknown): Buffer {
	const escaped = JSON.stringify(body).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
	return Buffer.from(escaped);
}

export function sign(body: Uint8Array, secret: string = FAKE.appSecret): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** A request as our receiver gets it. */
export function webhook(body: unknown, receivedAt = Date.parse('2026-11-21T10:00:00Z')): WebhookRequest {
	const bytes = encode(body);
	const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes) };
	return { method: 'POST', headers, query: {}, body: bytes, receivedAt };
}

/** What Meta puts around a change. */
export function payload(value: Json, field = 'messages'): Json {
	const metadata = { display_phone_number: FAKE.displayPhone, phone_number_id: FAKE.phoneNumberId };
	const change = { value: { messaging_product: 'whatsapp', metadata, ...value }, field };
	return { object: 'whatsapp_business_account', entry: [{ id: FAKE.businessAccountId, changes: [change] }] };
}

/** One of `contacts[]`. */
export function contact({ phone, scoped, name, username }: FakePerson = SHEENA): Json {
	const profile = { ...(name && { name }), ...(username && { username }) };
	return { profile, ...(phone && { wa_id: phone }), ...(scoped && { user_id: scoped }) };
}

/** A message that a person wrote; `message` holds at least its id, type and content. */
export function inbound(message: Json, person: FakePerson = SHEENA): Json {
	const { phone, scoped } = person;
	const from = { ...(phone && { from: phone }), ...(scoped && { from_user_id: scoped }) };
	return payload({ contacts: [contact(person)], messages: [{ ...from, timestamp: '1749416383', ...message }] });
}

/** What became of a message of ours; `status` holds at least its id and status. */
export function status(news: Json): Json {
	return payload({ statuses: [{ timestamp: '1751142900', recipient_id: SHEENA.phone, ...news }] });
}
