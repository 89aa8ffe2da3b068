import type { WeChatCredential } from '../../../src/channels/wechat/credential';
import type { Attachment } from '../../../src/core/message-parts';
import type { Subject } from '../../contracts/channel';
import { fakeWeChat } from '../../fakes/wechat';
import { ANN, APP_ID, ENCODING_AES_KEY, SECONDS, TOKEN, eventXml, messageXml, post, received } from '../../fakes/wechat-posts';

export const AT = SECONDS * 1000;
export const from = { channel: 'wechat', account: APP_ID, user: ANN } as const;
export const about = { channel: 'wechat', account: APP_ID, at: AT } as const;
export const credential: WeChatCredential = {
	appId: APP_ID,
	appSecret: '0123456789abcdef0123456789abcdef',
	token: TOKEN,
	encodingAesKey: ENCODING_AES_KEY,
	messagesPerWindow: 20,
	baseUrl: 'https://api.weixin.qq.com',
};

const photo: Attachment = { fileId: 'file-jpg', kind: 'image', name: 'Foto größer.jpg', mime: 'image/jpeg', sizeBytes: 4 };
const clip: Attachment = { fileId: 'file-mp4', kind: 'video', name: 'clip.mp4', mime: 'video/mp4', sizeBytes: 16 };
const voice: Attachment = { fileId: 'file-amr', kind: 'audio', voice: true, name: 'note.amr', mime: 'audio/amr', sizeBytes: 9 };
const song: Attachment = { fileId: 'file-mp3', kind: 'audio', name: 'jingle.mp3', mime: 'audio/mpeg', sizeBytes: 4 };
export const attachments = { photo, clip, voice, song };
export const files = {
	'file-jpg': { name: photo.name, mime: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) },
	'file-mp4': { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('\0\0\0\x10ftypisom\0\0\0\0'), durationMs: 20_400 },
	'file-amr': { name: 'note.amr', mime: 'audio/amr', bytes: Buffer.from('#!AMR\n\x3c\0\0') },
	'file-mp3': { name: 'jingle.mp3', mime: 'audio/mpeg', bytes: Buffer.from('ID3\x04'), durationMs: 60_000 },
};

const ID = '23456789012345678';
const message = { ...about, kind: 'message', key: `message:${ID}`, externalId: ID, from } as const;
const image = { fileId: null, kind: 'image', name: `image-${ID}.jpg`, mime: 'image/jpeg', sizeBytes: 0, source: { mediaId: 'm1' } } as const;
const referral = { adId: null, headline: null, url: null };

export const subject: Subject<WeChatCredential> = {
	credential,
	otherCredential: { ...credential, token: 'othertoken' },
	account: APP_ID,
	user: ANN,
	signatureHeader: 'signature',
	signatureIn: 'query',
	signatureOf: (header) => header,
	sendCalls: /message\/custom\/send/,
	received: [
		{
			name: 'a text',
			request: received(post(messageXml(ID, 'text', { Content: 'Hello 👋 <b> & you' }))),
			events: [{ ...message, content: { kind: 'text', text: 'Hello 👋 <b> & you' } }],
		},
		{
			name: 'a text in compatible mode',
			request: received(post(messageXml(ID, 'text', { Content: '我是中文' }), { mode: 'compatible' })),
			events: [{ ...message, content: { kind: 'text', text: '我是中文' } }],
		},
		{
			name: 'an image, encrypted',
			request: received(post(messageXml(ID, 'image', { PicUrl: 'https://mmbiz.qpic.cn/a', MediaId: 'm1' }), { mode: 'aes' })),
			events: [{ ...message, content: { kind: 'media', text: null, attachments: [image] } }],
		},
		{
			name: 'the press of a choice',
			request: received(post(messageXml(ID, 'text', { Content: 'Opening hours', bizmsgmenuid: 'hours' }))),
			events: [{ ...message, content: { kind: 'choice', choice: { id: 'hours', label: 'Opening hours' }, text: 'Opening hours' } }],
		},
		{
			name: 'somebody scans a code and follows',
			request: received(post(eventXml('subscribe', { EventKey: 'qrscene_shelf-7', Ticket: 'T' }), { mode: 'aes' })),
			events: [
				{ ...about, kind: 'consent', key: `subscribe-consent:${ANN}:${AT}`, from, allowed: true },
				{
					...about, kind: 'activity', key: `subscribe:${ANN}:${AT}`, from, what: 'followed', opensWindow: true,
					details: { referral: { ref: 'shelf-7', source: 'SCAN', ...referral } },
				},
			],
		},
		{
			name: 'a tap on the menu',
			request: received(post(eventXml('CLICK', { EventKey: 'KEY_PRICES' }))),
			events: [
				{
					...about, kind: 'activity', key: `CLICK:${ANN}:${AT}`, from, what: 'started', opensWindow: true,
					details: { referral: { ref: 'KEY_PRICES', source: 'CLICK', ...referral } },
				},
			],
		},
		{
			name: 'the end of a mass message',
			request: received(post(eventXml('MASSSENDJOBFINISH', { Status: 'send success' }))),
			events: [{ ...about, kind: 'ignored', key: `MASSSENDJOBFINISH:${ANN}:${AT}`, why: "an event of the type 'MASSSENDJOBFINISH'" }],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 你好 "quoted" \\ and\nmore' },
		{ kind: 'choices', text: 'ü'.repeat(512), options: Array.from({ length: 10 }, (_, index) => ({ id: `${index}`.padEnd(64, 'x'), label: `${index}${'你'.repeat(31)}` })) },
		{ kind: 'media', text: 'All of them', attachments: [photo, clip, voice, song] },
	],
	files,
	fake: fakeWeChat,
};
