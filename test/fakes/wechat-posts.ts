import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { WebhookRequest } from '../../src/core/channel';

/** What WeChat posts, written from its documentation: 'Receiving standard messages', 'Receiving event pushes', 'Message encryption'. */

export const APP_ID = 'wxb11529c136998cb6';
export const ORIGINAL_ID = 'gh_shop00000001';
export const TOKEN = 'pamtest';
export const ENCODING_AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const ANN = 'oAAAA_bbbb1';
/** When Ann writes, in seconds. */
export const SECONDS = 1_763_750_000;

/** Plain text; both beside each other; encrypted. */
export type Mode = 'plain' | 'compatible' | 'aes';
type Fields = Record<string, string | number>;

/** Texts in CDATA, numbers as they are. A text in another form: as a ready element. */
export function xmlOf(fields: Fields, more = ''): string {
	const elements = Object.entries(fields).map(([name, value]) => `<${name}>${typeof value === 'number' ? value : `<![CDATA[${value}]]>`}</${name}>`);
	return `<xml>${elements.join('\n')}${more}</xml>`;
}

const from = (user: string, seconds: number): Fields => ({ ToUserName: ORIGINAL_ID, FromUserName: user, CreateTime: seconds });

/** A message. `id`: 64 bits, which stand in the XML without quotes. */
export function messageXml(id: string, type: string, rest: Fields, { user = ANN, seconds = SECONDS } = {}): string {
	return xmlOf({ ...from(user, seconds), MsgType: type, ...rest }, `<MsgId>${id}</MsgId>`);
}

export function eventXml(event: string, rest: Fields = {}, { user = ANN, seconds = SECONDS } = {}): string {
	return xmlOf({ ...from(user, seconds), MsgType: 'event', Event: event, ...rest });
}

export function sha1(...words: string[]): string {
	return createHash('sha1').update([...words].sort().join('')).digest('hex');
}

/** 16 random bytes, the length, the message and the AppID, padded to blocks of 32 bytes. */
export function encrypt(text: string, { key = ENCODING_AES_KEY, appId = APP_ID, random = randomBytes(16), length = Buffer.byteLength(text) } = {}): string {
	const aesKey = Buffer.from(`${key}=`, 'base64');
	const head = Buffer.alloc(4);
	head.writeUInt32BE(length);
	const plain = Buffer.concat([random, head, Buffer.from(text + appId)]);
	const padding = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])), cipher.final()]).toString('base64');
}

export interface Post {
	query: Record<string, string>;
	body: string;
}

interface Signing {
	mode?: Mode;
	token?: string;
	/** When WeChat calls; the message has its own time. */
	seconds?: number;
	nonce?: string;
	user?: string;
}

/** A call with its genuine signatures. */
export function post(xml: string, { mode = 'plain', token = TOKEN, seconds = SECONDS, nonce = '1514711492', user = ANN }: Signing = {}): Post {
	const timestamp = String(seconds);
	const query = { signature: sha1(token, timestamp, nonce), timestamp, nonce, openid: user };
	if (mode === 'plain') return { query, body: xml };
	const encrypted = encrypt(xml);
	const plain = mode === 'compatible' ? xml.slice('<xml>'.length, -'</xml>'.length) : `<ToUserName><![CDATA[${ORIGINAL_ID}]]></ToUserName>`;
	return {
		query: { ...query, encrypt_type: 'aes', msg_signature: sha1(token, timestamp, nonce, encrypted) },
		body: `<xml>${plain}<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
	};
}

/** As the receiver's own code sees it, a second later. */
export function received({ query, body }: Post, receivedAt = (SECONDS + 1) * 1000): WebhookRequest {
	return { method: 'POST', headers: { 'content-type': 'text/xml' }, query, body: Buffer.from(body), receivedAt };
}
