import { createHash } from 'node:crypto';
import type { TikTokCredential } from '../../../src/channels/tiktok/credential';
import type { ChannelEvent } from '../../../src/core/channel';
import type { Attachment } from '../../../src/core/message-parts';
import type { Subject } from '../../contracts/channel';
import { ACCOUNT, ANN, APP_ID, APP_SECRET, CONVERSATION, WRITTEN_AT, fakeTikTok, notices, signed } from '../../fakes/tiktok';

export const credential: TikTokCredential = {
	appId: APP_ID,
	appSecret: APP_SECRET,
	accessToken: 'act.first',
	refreshToken: 'rft.first',
	businessId: ACCOUNT,
	baseUrl: 'https://business-api.tiktok.com/open_api/v1.3',
};

export const about = { channel: 'tiktok', account: ACCOUNT, at: WRITTEN_AT } as const;
export const from = { channel: 'tiktok', account: ACCOUNT, user: CONVERSATION } as const;
const aliases = [ANN];

/** Of what has no id of its own. */
export const keyOf = (event: string, body: string) => `${event}:${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
/** Ann has this conversation: it stands before what the notice says. */
export const identity = (event: string, body: string): ChannelEvent => ({
	...about,
	kind: 'identity',
	key: `identity:${keyOf(event, body)}`,
	before: { ...from, user: ANN },
	after: from,
	aliases,
});
export const message = (id: string) => ({ ...about, kind: 'message', key: `message:${id}`, externalId: id, from, aliases }) as const;

const photo: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 3 };
const logo: Attachment = { fileId: 'file-png', kind: 'image', name: 'logo.png', mime: 'image/png', sizeBytes: 4 };
export const attachments = { photo, logo };
export const files = {
	'file-jpg': { name: 'photo.jpg', mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
	'file-png': { name: 'logo.png', mime: 'image/png', bytes: Buffer.from('\x89PNG', 'latin1') },
};

function sample(name: string, event: string, body: string, ...events: ChannelEvent[]): Subject<TikTokCredential>['received'][number] {
	return { name, request: signed(body), events: [identity(event, body), ...events] };
}

const read = notices.read();
const ad = { source: 'ad', ad: { advertiser_id: '71', ad_id: '1789', ad_name: 'Summer', embed_url: 'https://www.tiktok.com/player/v1/7', message_material_id: 'x' } };
const referred = notices.referred(ad);
const inEurope = notices.receivedInEurope();

export const subject: Subject<TikTokCredential> = {
	credential,
	otherCredential: { ...credential, appSecret: 'secret0of0another0app000000000000002' },
	account: ACCOUNT,
	user: CONVERSATION,
	signatureHeader: 'tiktok-signature',
	signatureOf: (header) => header.split('s=')[1] ?? '',
	sendCalls: /\/business\/message\/send\//,
	received: [
		sample('a text', 'im_receive_msg', notices.received('u5text==', { type: 'text', text: { body: 'How much? 👋' } }), {
			...message('u5text=='),
			content: { kind: 'text', text: 'How much? 👋' },
		}),
		sample('a picture', 'im_receive_msg', notices.received('u5image==', { type: 'image', image: { media_id: 'v1/pic+1' } }), {
			...message('u5image=='),
			content: {
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null,
						kind: 'image',
						name: 'image',
						mime: 'image/jpeg',
						sizeBytes: 0,
						source: { mediaId: 'v1/pic+1', type: 'IMAGE', conversationId: CONVERSATION, messageId: 'u5image==' },
					},
				],
			},
		}),
		sample(
			'the press of a button',
			'im_receive_msg',
			notices.received('u5press==', {
				type: 'text',
				text: { body: 'Morning' },
				reply_source_payload: { reply_source_msg_id: 'u5card==', reply_source_unique_id: 'am' },
			}),
			{ ...message('u5press=='), content: { kind: 'choice', choice: { id: 'am', label: 'Morning' }, text: 'Morning' } },
		),
		sample('what was answered in the app', 'im_send_msg', notices.sent('u5echo==', { type: 'text', text: { body: 'Ten euros' } }), {
			...about,
			kind: 'echo',
			key: 'echo:u5echo==',
			to: from,
			aliases,
			externalId: 'u5echo==',
			content: { kind: 'text', text: 'Ten euros' },
		}),
		sample('all is read', 'im_mark_read_msg', read, { ...about, kind: 'watermark', key: `read:${CONVERSATION}:${WRITTEN_AT}`, to: from, state: 'read', before: WRITTEN_AT }),
		sample('somebody comes by an advertisement', 'im_referral_msg', referred, {
			...about,
			kind: 'activity',
			key: `referred:${keyOf('im_referral_msg', referred)}`,
			from,
			what: 'referred',
			details: { referral: { ref: null, source: 'ad', adId: '1789', headline: 'Summer', url: 'https://www.tiktok.com/player/v1/7' } },
		}),
		{
			name: 'a message from Europe',
			request: signed(inEurope),
			events: [
				{
					...about,
					kind: 'ignored',
					key: `ignored:${keyOf('im_receive_msg_eu', inEurope)}`,
					why: 'a message from somebody in the EEA, Switzerland or the UK, whose content TikTok does not give',
				},
			],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'choices', text: 'When? '.padEnd(40, 'ü'), options: ['a', 'b', 'c'].map((id) => ({ id: id.padEnd(40, 'ü'), label: `${id} `.padEnd(20, 'ß') })) },
		{ kind: 'media', text: 'Look', attachments: [photo] },
		{ kind: 'media', text: null, attachments: [logo] },
	],
	files,
	fake: fakeTikTok,
};
