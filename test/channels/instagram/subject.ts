import { createHmac } from 'node:crypto';
import type { ChannelEvent, WebhookRequest } from '../../../src/core/channel';
import { readCredential, type InstagramCredential } from '../../../src/channels/instagram/credential';
import type { Subject } from '../../contracts/channel';
import { ACCOUNT_ID, fakeInstagram, IG_APP, IGSID, INSTAGRAM_APP_SECRET } from '../../fakes/instagram';

const FIELDS = { accessToken: 'IGAAToken', accountId: ACCOUNT_ID, appId: IG_APP.id, appSecret: IG_APP.secret, instagramAppSecret: INSTAGRAM_APP_SECRET, verifyToken: 'our-word' };
export const credential = readCredential(FIELDS);

export const RECEIVED_AT = 1_772_998_030_000;
export const AT = 1_772_998_024_000;

export const about = { channel: 'instagram', account: ACCOUNT_ID, at: AT } as const;
export const person = { channel: 'instagram', account: ACCOUNT_ID, user: IGSID } as const;

/** A webhook as Meta posts it: not ASCII is escaped, and the bytes are signed with a secret of the app. */
export function post(body: object, secret = IG_APP.secret): WebhookRequest {
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

export const incoming = (what: object) => ({ sender: { id: IGSID }, recipient: { id: ACCOUNT_ID }, timestamp: AT, ...what });

export const inbox = (messaging: unknown, more: object = {}) => ({ object: 'instagram', entry: [{ id: ACCOUNT_ID, time: AT, ...(messaging !== undefined && { messaging }), ...more }] });

const text = (mid: string, words: string): ChannelEvent => ({
	...about,
	kind: 'message',
	key: `message:${mid}`,
	externalId: mid,
	from: person,
	content: { kind: 'text', text: words },
});

export const subject: Subject<InstagramCredential> = {
	credential,
	otherCredential: { ...credential, appSecret: 'another secret', instagramAppSecret: 'and another' },
	account: ACCOUNT_ID,
	user: IGSID,
	signatureHeader: 'x-hub-signature-256',
	signatureOf: (header) => header.slice('sha256='.length),
	received: [
		{ name: 'a text', request: post(inbox([incoming({ message: { mid: 'aWdfIN1', text: 'Grüße 👋' } })])), events: [text('aWdfIN1', 'Grüße 👋')] },
		{
			name: "the same, signed with the Instagram app's secret",
			request: post(inbox([incoming({ message: { mid: 'aWdfIN1', text: 'Do you ship?' } })]), INSTAGRAM_APP_SECRET),
			events: [text('aWdfIN1', 'Do you ship?')],
		},
		{
			name: 'a batch of several accounts, in order',
			request: post({
				object: 'instagram',
				entry: [
					{ id: ACCOUNT_ID, time: AT, messaging: [incoming({ message: { mid: 'a1', text: 'one' } }), incoming({ message: { mid: 'a2', text: 'two' } })] },
					{ id: '77', time: AT, messaging: [{ sender: { id: IGSID }, recipient: { id: '77' }, timestamp: AT, message: { mid: 'a3', text: 'three' } }] },
				],
			}),
			events: [
				text('a1', 'one'),
				text('a2', 'two'),
				{ ...text('a3', 'three'), account: '77', from: { ...person, account: '77' } } as ChannelEvent,
			],
		},
		{
			name: 'read',
			request: post(inbox([incoming({ read: { mid: 'aOUT' } })])),
			events: [{ ...about, kind: 'receipt', key: 'read:aOUT', externalId: 'aOUT', state: 'read', to: person }],
		},
		{
			name: 'the press of a quick reply',
			request: post(inbox([incoming({ message: { mid: 'a7', text: 'Yes', quick_reply: { payload: 'YES' } } })])),
			events: [
				{
					...about, kind: 'message', key: 'message:a7', externalId: 'a7', from: person,
					content: { kind: 'choice', choice: { id: 'YES', label: 'Yes' }, text: 'Yes' },
				},
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
	],
	files: { photo: { name: 'photo.png', mime: 'image/png', bytes: Buffer.from('\x89PNG') } },
	fake: () => fakeInstagram(),
};
