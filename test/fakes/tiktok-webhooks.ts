import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';

/** Notices as TikTok posts them: `content` is a JSON text within the JSON. */

export const APP_ID = '7412345678901234567';
export const APP_SECRET = 'secret0of0the0app0000000000000000001';
/** The open_id of the business account. */
export const ACCOUNT = '_000shopOPENid123';
/** Opaque, and '+' is one of its characters. */
export const CONVERSATION = 'u5Jhps+elBAhoPOlnH0tZ9y07kg==';
export const ANN = '1b2c3d4e-ann';

const CREATED_AT = 1_789_814_499;
/** When Ann wrote, in ms. */
export const WRITTEN_AT = 1_789_814_497_488;
export const RECEIVED_AT = 1_789_814_500_000;

const PERSON = { id: ANN, role: 'personal_account' };
const BUSINESS = { id: ACCOUNT, role: 'business_account' };

export function notice(event: string, content: unknown, more: Record<string, unknown> = {}): string {
	const text = typeof content === 'string' ? content : JSON.stringify(content);
	return JSON.stringify({ client_key: APP_ID, event, create_time: CREATED_AT, user_openid: ACCOUNT, content: text, ...more });
}

/** What Ann and the business have in common in every notice. */
const talk = { unique_identifier: ANN, conversation_id: CONVERSATION, timestamp: WRITTEN_AT, is_follower: true };
const byAnn = { ...talk, from: 'ann_lee', to: 'shop', from_user: PERSON, to_user: BUSINESS };
const byBusiness = { ...talk, from: 'shop', to: 'ann_lee', from_user: BUSINESS, to_user: PERSON };

type Parts = Record<string, unknown>;

export const notices = {
	received: (id: string, said: Parts) => notice('im_receive_msg', { ...byAnn, message_id: id, scene_type: 0, message_tag: { source: 'APP' }, ...said }),
	sent: (id: string, said: Parts, source = 'APP') =>
		notice('im_send_msg', { ...byBusiness, message_id: id, scene_type: 0, message_tag: { source }, ...said }),
	read: (lastRead = WRITTEN_AT, business = false) => notice('im_mark_read_msg', { ...(business ? byBusiness : byAnn), read: { last_read_timestamp: lastRead } }),
	referred: (referral: Parts) => notice('im_referral_msg', { ...byAnn, referral }),
	receivedInEurope: () => notice('im_receive_msg_eu', { to: 'shop', to_user: BUSINESS, timestamp: WRITTEN_AT }),
	comment: () => notice('im_receive_high_intent_comment', { ...byAnn, conversation_id: undefined, comment_id: '7300000000000000001', comment_text: 'How much?' }),
	autoMessage: () => notice('im_auto_message_audit_update', { auto_message_id: '1', auto_message_type: 'WELCOME_MESSAGE', audit_status: 'APPROVED', timestamp: WRITTEN_AT }),
};

export function signature(body: string | Uint8Array, seconds: number, secret = APP_SECRET): string {
	const hex = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
	return `t=${seconds},s=${hex}`;
}

/** A notice as the receiver's own code sees it. */
export function signed(body: string, { secret = APP_SECRET, receivedAt = RECEIVED_AT, seconds = Math.floor(receivedAt / 1000) } = {}): WebhookRequest {
	return {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'tiktok-signature': signature(body, seconds, secret) },
		query: {},
		body: Buffer.from(body),
		receivedAt,
	};
}
