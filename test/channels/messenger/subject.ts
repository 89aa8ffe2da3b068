import { createHmac } from 'node:crypto';
import type { ChannelEvent, WebhookRequest } from '../../../src/core/channel';
import { readCredential, type MessengerCredential } from '../../../src/channels/messenger/credential';
import type { Subject } from '../../contracts/channel';
import { APP, fakeMessenger, PAGE_ID, PSID } from '../../fakes/messenger';

const FIELDS = { pageAccessToken: 'EAAToken', pageId: PAGE_ID, appId: APP.id, appSecret: APP.secret, verifyToken: 'our-word' };
export const credential = readCredential(FIELDS);

export const RECEIVED_AT = 1_458_692_760_000;
export const AT = 1_458_692_752_478;

export const about = { channel: 'messenger', account: PAGE_ID, at: AT } as const;
export const person = { channel: 'messenger', account: PAGE_ID, user: PSID } as const;

/** A webhook as Meta posts it: not ASCII is escaped, and the bytes are signed with the app's secret. */
export function post(body: object, secret = APP.secret): WebhookRequest {
	const text = JSON.stringify(body).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const signature = createHmac('sha256', secret).update(text).digest('hex');
	return {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
		query: {},
		body: Buffer.from(text),
		receivedAt: RECEIVED_AT,
	};
}

export const incoming = (what: object, from: string = PSID) => ({ sender: { id: from }, recipient: { id: PAGE_ID }, timestamp: AT, ...what });

export const page = (messaging: unknown, more: object = {}) => ({ object: 'page', entry: [{ id: PAGE_ID, time: AT, ...(messaging !== undefined && { messaging }), ...more }] });

const text = (mid: string, words: string): ChannelEvent => ({
	...about,
	kind: 'message',
	key: `message:${mid}`,
	externalId: mid,
	from: person,
	content: { kind: 'text', text: words },
});

export const subject: Subject<MessengerCredential> = {
	credential,
	otherCredential: readCredential({ ...FIELDS, appSecret: 'another secret' }),
	account: PAGE_ID,
	user: PSID,
	signatureHeader: 'x-hub-signature-256',
	signatureOf: (header) => header.slice('sha256='.length),
	received: [
		{ name: 'a text', request: post(page([incoming({ message: { mid: 'm_IN1', text: 'Grüße 👋' } })])), events: [text('m_IN1', 'Grüße 👋')] },
		{
			name: 'a batch of several Pages, in order',
			request: post({
				object: 'page',
				entry: [
					{ id: PAGE_ID, time: AT, messaging: [incoming({ message: { mid: 'm_1', text: 'one' } }), incoming({ message: { mid: 'm_2', text: 'two' } })] },
					{ id: '77', time: AT, messaging: [{ sender: { id: PSID }, recipient: { id: '77' }, timestamp: AT, message: { mid: 'm_3', text: 'three' } }] },
				],
			}),
			events: [
				text('m_1', 'one'),
				text('m_2', 'two'),
				{ ...text('m_3', 'three'), account: '77', from: { ...person, account: '77' } } as ChannelEvent,
			],
		},
		{
			name: 'the press of a quick reply',
			request: post(page([incoming({ message: { mid: 'm_Q', text: 'Red', quick_reply: { payload: 'RED' } } })])),
			events: [
				{
					...about, kind: 'message', key: 'message:m_Q', externalId: 'm_Q', from: person,
					content: { kind: 'choice', choice: { id: 'RED', label: 'Red' }, text: 'Red' },
				},
			],
		},
		{
			name: 'delivered and read',
			request: post(page([incoming({ delivery: { mids: ['m_OUT'], watermark: 1458668856253 } }), incoming({ read: { watermark: 1458668856254 } })])),
			events: [
				{ ...about, kind: 'receipt', key: 'delivered:m_OUT', externalId: 'm_OUT', state: 'delivered', to: person },
				{ ...about, kind: 'watermark', key: `delivered:${PSID}:1458668856253`, to: person, state: 'delivered', before: 1458668856253 },
				{ ...about, kind: 'watermark', key: `read:${PSID}:1458668856254`, to: person, state: 'read', before: 1458668856254 },
			],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }] },
		{
			kind: 'media',
			text: 'See this',
			attachments: [{ fileId: 'photo', kind: 'image', name: 'photo.png', mime: 'image/png', sizeBytes: 4 }],
		},
		{ kind: 'template', text: null, name: 'order_update', language: 'en', parameters: [{ id: 'body.order_id', text: '566701' }] },
	],
	files: { photo: { name: 'photo.png', mime: 'image/png', bytes: Buffer.from('\x89PNG') } },
	fake: async () => {
		const fake = await fakeMessenger();
		fake.templates.push({
			name: 'order_update',
			language: 'en',
			status: 'APPROVED',
			category: 'UTILITY',
			components: [{ type: 'BODY', text: 'Order {{order_id}} is on its way' }],
		});
		return fake;
	},
};
