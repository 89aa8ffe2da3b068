import { tiktok } from '../../../src/channels/tiktok';
import { MalformedPayload, type ChannelEvent, type WebhookRequest } from '../../../src/core/channel';
import { receive } from '../../../src/core/inbox';
import { ACCOUNT, ANN, CONVERSATION, RECEIVED_AT, WRITTEN_AT, notice, notices, signature, signed } from '../../fakes/tiktok';
import { START, testDesk, type TestDesk } from '../../core/desk';
import { about, credential, from, identity, keyOf, message } from './subject';

const ID = 'u5some+id==';
const OTHER_CONVERSATION = 'u6Other0000==';
const MINUTES_5 = 300_000;

const read = (body: string): ChannelEvent[] => tiktok.webhook.parse(signed(body), credential, ACCOUNT);
const isAuthentic = (request: WebhookRequest) => tiktok.webhook.isAuthentic(request, credential, ACCOUNT, '');
/** What the notice says besides whose conversation it is. */
const rest = (body: string) => read(body).filter(({ kind }) => kind !== 'identity');
const contentOf = (said: Record<string, unknown>) => {
	const [event, ...others] = rest(notices.received(ID, said));
	expect(others).toEqual([]);
	return event?.kind === 'message' ? event.content : event?.kind === 'ignored' ? event.why : event;
};

describe('the signature', () => {
	const body = '{"event":"im_receive_msg","content":"{}"}';

	test('one that openssl made fits', () => {
		const vector = '38977caed54e6eb65bc857827e84426f6be38355a5275d35ed5ab3b499806e6f';
		expect(isAuthentic({ ...signed(body), headers: { 'tiktok-signature': `t=1789814500,s=${vector}` } })).toBe(true);
		expect(signature(body, 1_789_814_500)).toBe(`t=1789814500,s=${vector}`);
	});

	test('the order of its parts is free', () => {
		const [time, hex] = signature(body, RECEIVED_AT / 1000).split(',');
		expect(isAuthentic({ ...signed(body), headers: { 'tiktok-signature': `${hex},${time}` } })).toBe(true);
		expect(isAuthentic({ ...signed(body), headers: { 'tiktok-signature': `v=1, ${hex}, ${time}` } })).toBe(true);
	});

	test.each([
		['as old as allowed', -MINUTES_5, true],
		['too old', -MINUTES_5 - 1000, false],
		['as far ahead as allowed', MINUTES_5, true],
		['too far ahead', MINUTES_5 + 1000, false],
	])('a notice that is %s', (_name, offsetMs, genuine) => {
		expect(isAuthentic(signed(body, { seconds: (RECEIVED_AT + offsetMs) / 1000 }))).toBe(genuine);
	});

	test('another time than the signed one does not count', () => {
		const later = signature(body, RECEIVED_AT / 1000).replace(/t=\d+/, `t=${RECEIVED_AT / 1000 + 1}`);
		expect(isAuthentic({ ...signed(body), headers: { 'tiktok-signature': later } })).toBe(false);
	});

	test('nothing is genuine for an app without a secret', () => {
		expect(tiktok.webhook.isAuthentic(signed(body, { secret: '' }), { ...credential, appSecret: '' }, ACCOUNT, '')).toBe(false);
	});
});

describe('the handshake', () => {
	const asked = (method: string, query: Record<string, string>) =>
		tiktok.webhook.handshake?.({ method, headers: {}, query, body: new Uint8Array(), receivedAt: RECEIVED_AT }, credential);

	test('a challenge is handed back as plain text', () => {
		expect(asked('GET', { challenge: 'aZ09_-.~' })).toEqual({
			status: 200,
			headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
			body: 'aZ09_-.~',
		});
	});

	test.each([
		['none', 'GET', {}],
		['an empty one', 'GET', { challenge: '' }],
		['what a browser could run', 'GET', { challenge: '<script>alert(1)</script>' }],
		['too long a one', 'GET', { challenge: 'a'.repeat(257) }],
		['one that is posted', 'POST', { challenge: 'abc' }],
	])('%s is not', (_name, method, query) => {
		expect(asked(method, query)).toBeNull();
	});
});

describe('what people write', () => {
	const file = { fileId: null, sizeBytes: 0 };
	const missing = 'TikTok did not tell where the file is. Ask the contact to send it again.';
	const media = (attachment: Record<string, unknown>) => ({ kind: 'media', text: null, attachments: [{ ...file, ...attachment }] });

	test.each([
		['a text', { type: 'text', text: { body: 'Hi' } }, { kind: 'text', text: 'Hi' }],
		['a type in capitals', { type: 'TEXT', text: { body: 'Hi' } }, { kind: 'text', text: 'Hi' }],
		[
			'a press whose words are missing',
			{ type: 'text', reply_source_payload: { reply_source_unique_id: 'opt_1' } },
			{ kind: 'choice', choice: { id: 'opt_1', label: null }, text: null },
		],
		[
			'a button without an id, which is like a text',
			{ type: 'text', text: { body: 'Yes' }, reply_source_payload: { reply_source_msg_id: 'm', reply_source_unique_id: '' } },
			{ kind: 'text', text: 'Yes' },
		],
		[
			'a video',
			{ type: 'video', video: { media_id: 'v1' } },
			media({ kind: 'video', name: 'video', mime: 'video/mp4', source: { mediaId: 'v1', type: 'VIDEO', conversationId: CONVERSATION, messageId: ID } }),
		],
		['a picture without an id', { type: 'image', image: {} }, media({ kind: 'image', name: 'image', mime: 'image/jpeg', missing })],
		[
			'a sticker',
			{ type: 'sticker', sticker: { url: 'https://p16.tiktokcdn.com/s.webp?x-expires=1' } },
			media({ kind: 'image', name: 'sticker', mime: 'image/webp', source: { url: 'https://p16.tiktokcdn.com/s.webp?x-expires=1' } }),
		],
		[
			'a large emoji',
			{ type: 'emoji', emoji: { url: 'https://p16.tiktokcdn.com/e.webp' } },
			media({ kind: 'image', name: 'emoji', mime: 'image/webp', source: { url: 'https://p16.tiktokcdn.com/e.webp' } }),
		],
		['a sticker at no address of the web', { type: 'sticker', sticker: { url: 'file:///etc/passwd' } }, media({ kind: 'image', name: 'sticker', mime: 'image/webp', missing })],
		[
			'a post (R7)',
			{ type: 'share_post', share_post: { video_id: '7300000000000000001', embed_url: 'https://www.tiktok.com/player/v1/7300000000000000001' } },
			{ kind: 'text', text: 'https://www.tiktok.com/player/v1/7300000000000000001' },
		],
		['a post without its address', { type: 'share_post', share_post: { video_id: '73/x' } }, { kind: 'text', text: 'https://www.tiktok.com/player/v1/73%2Fx' }],
	])('%s', (_name, said, content) => {
		expect(contentOf(said)).toEqual(content);
	});

	test.each([
		['an unknown type', { type: 'audio' }, "a message of the type 'audio'"],
		['no type', {}, "a message of the type ''"],
		['an empty text', { type: 'text', text: { body: '' } }, 'a text message without a text'],
		['a post that is nowhere', { type: 'share_post', share_post: {} }, 'a shared post without an address'],
		['a card without a title', { type: 'template', template: { elements: [] } }, 'a card without a title'],
	])('%s is ignored with a reason', (_name, said, why) => {
		expect(contentOf(said)).toBe(why);
	});

	test('a message may answer an earlier one', () => {
		const said = { type: 'text', text: { body: 'this one' }, referenced_message_info: { referenced_message_id: 'u5earlier==' } };
		expect(rest(notices.received(ID, said))).toEqual([{ ...message(ID), content: { kind: 'text', text: 'this one' }, replyTo: 'u5earlier==' }]);
	});

	test('ids that are long numbers stay what they are, in the JSON within the JSON too', () => {
		const content = `{"conversation_id":7300000000000000001,"message_id":7300000000000000003,"timestamp":${WRITTEN_AT},"type":"text","text":{"body":"1234567890123456789"}}`;
		expect(read(notice('im_receive_msg', content))).toEqual([
			{
				...about,
				kind: 'message',
				key: 'message:7300000000000000003',
				externalId: '7300000000000000003',
				from: { ...from, user: '7300000000000000001' },
				aliases: [],
				content: { kind: 'text', text: '1234567890123456789' },
			},
		]);
	});

	test('the person has two ids of their own at most, and the business none of them', () => {
		const person = (more: Record<string, unknown>) => {
			const [event] = rest(notices.received(ID, { type: 'text', text: { body: 'Hi' }, ...more }));
			return event?.kind === 'message' ? event.aliases : event;
		};
		expect(person({ unique_identifier: 'u-1', from_user: { id: 'u1', role: 'personal_account' } })).toEqual(['u-1', 'u1']);
		expect(person({ unique_identifier: ACCOUNT })).toEqual([ANN]);
		expect(person({ unique_identifier: undefined, from_user: { id: 'x', role: 'business_account' }, to_user: {} })).toEqual([]);
	});
});

describe('what the business says elsewhere', () => {
	test('a card comes back with its choices', () => {
		const template = { type: 'qa_button_card', elements: [{ title: 'When?', buttons: [{ text: 'Morning', type: 'REPLY', id: 'am' }, { text: 'Later' }, {}] }] };
		expect(rest(notices.sent(ID, { type: 'template', template }, 'API'))).toMatchObject([
			{ kind: 'echo', externalId: ID, to: from, content: { kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }, { id: 'Later', label: 'Later' }] } },
		]);
	});

	test('a card without buttons is a text', () => {
		expect(rest(notices.sent(ID, { type: 'template', template: { elements: [{ title: 'When?' }] } }))).toMatchObject([
			{ kind: 'echo', content: { kind: 'text', text: 'When?' } },
		]);
	});

	test.each([
		['a reaction', { type: 'reaction', reaction: [{ operation: 'ADD', emoji: '❤️', original_msg_id: 'u5==' }] }, 'a reaction of the business'],
		['an unknown type', { type: 'audio' }, "a message of the type 'audio'"],
		['a message without an id', { type: 'text', text: { body: 'Hi' }, message_id: undefined }, 'an echo without an id'],
	])('%s is ignored with a reason', (_name, said, why) => {
		expect(rest(notices.sent(ID, said))).toMatchObject([{ kind: 'ignored', why }]);
	});
});

describe('reactions', () => {
	const heart = { operation: 'ADD', type: 'EMOJI', emoji: '❤️', original_msg_id: 'u5mine==', unique_identifier: ANN, timestamp: WRITTEN_AT + 5 };
	const reacted = (...reaction: unknown[]) => rest(notices.received(ID, { type: 'reaction', reaction }));

	test('are given, changed and taken back; one notice may bring several', () => {
		const own = { kind: 'reaction', channel: 'tiktok', account: ACCOUNT, from, externalId: 'u5mine==' };
		expect(reacted(heart, { ...heart, operation: 'REMOVE', timestamp: undefined })).toEqual([
			{ ...own, key: `reaction:${ID}:0`, at: WRITTEN_AT + 5, emoji: '❤️' },
			{ ...own, key: `reaction:${ID}:1`, at: WRITTEN_AT, emoji: null },
		]);
	});

	test.each([
		['by the business', { ...heart, unique_identifier: ACCOUNT }, 'a reaction of the business'],
		['with a picture', { ...heart, type: 'AI_EMOJI', emoji: undefined, ai_emoji_url: 'https://p16.tiktokcdn.com/a' }, 'a reaction with a picture instead of a character'],
		['to no message', { ...heart, original_msg_id: undefined }, 'a reaction to nothing'],
	])('%s are ignored with a reason', (_name, reaction, why) => {
		expect(reacted(reaction)).toMatchObject([{ kind: 'ignored', why }]);
	});

	test('none at all is ignored with a reason', () => {
		expect(reacted()).toMatchObject([{ kind: 'ignored', why: 'a reaction with nothing in it' }]);
	});
});

describe('what happens besides', () => {
	test('somebody comes by a link', () => {
		const body = notices.referred({ source: 'short_link', short_link: { ref: 'spring_25', prefilled_message: 'Hi', prefilled_message_audit_status: 'PASS' } });
		expect(read(body)).toEqual([
			identity('im_referral_msg', body),
			{
				...about,
				kind: 'activity',
				key: `referred:${keyOf('im_referral_msg', body)}`,
				from,
				what: 'referred',
				details: { referral: { ref: 'spring_25', source: 'short_link', adId: null, headline: null, url: null } },
			},
		]);
	});

	test.each([
		['a comment', notices.comment(), 'a comment on a post'],
		['an automatic message', notices.autoMessage(), 'the review of an automatic message'],
		['an unknown event', notice('comment.update', { comment_id: 7_300_000 }), "an event of the type 'comment.update'"],
		['a message without an id', notices.received('', { type: 'text', text: { body: 'Hi' } }), 'a message without an id'],
		['a notice without a conversation', notice('im_receive_msg', { message_id: ID }), 'a notice without a conversation'],
		['a notice with nothing that can be read', notice('im_receive_msg', 'not JSON'), 'a notice without a conversation'],
		['a read mark without a time', notice('im_mark_read_msg', { conversation_id: CONVERSATION }), 'a read mark without a time'],
		['that the business itself has read', notices.read(undefined, true), 'the business has read'],
		['a referral with nothing in it', notices.referred({}), 'a referral with nothing in it'],
	])('%s is ignored with a reason', (_name, body, why) => {
		expect(rest(body)).toMatchObject([{ kind: 'ignored', why, account: ACCOUNT }]);
	});

	test.each([
		['of the notice', { timestamp: WRITTEN_AT }, {}, WRITTEN_AT],
		['of what is around it, in seconds', {}, {}, 1_789_814_499_000],
		['when it came', {}, { create_time: undefined }, RECEIVED_AT],
	])('its time is that %s', (_name, content, more, at) => {
		expect(read(notice('im_receive_msg_eu', content, more))).toMatchObject([{ at }]);
	});

	test('an app has one address: the notice says which account it is about', () => {
		const body = notice('im_receive_msg', { conversation_id: 'c', message_id: 'm', type: 'text', text: { body: 'Hi' } }, { user_openid: '_000another' });
		expect(read(body)).toMatchObject([{ account: '_000another', from: { account: '_000another', user: 'c' } }]);
		const unnamed = notice('im_receive_msg_eu', {}, { user_openid: undefined });
		expect(read(unnamed)).toMatchObject([{ account: ACCOUNT }]);
	});

	test.each(['[]', '{}', 'n8n is starting up', '{"event":""}'])('%s is not of this channel', (body) => {
		expect(() => read(body)).toThrow(MalformedPayload);
	});
});

describe('a person whose conversation has another id', () => {
	let desk: TestDesk;
	beforeEach(async () => {
		desk = await testDesk();
	});
	afterEach(() => desk.dispose());

	const hears = (body: string) => receive(desk, read(body));
	const says = (id: string, conversation: string) => notices.received(id, { type: 'text', text: { body: id }, conversation_id: conversation, timestamp: START });
	const addresses = async () => {
		const contacts = await desk.store.records.contacts.list({}, { limit: 10, offset: 0 });
		return await Promise.all(contacts.map(async ({ id }) => (await desk.store.records.addresses.ofContact(id)).map(({ user }) => user)));
	};

	test('stays one contact, and is written to in the latest one, also when it is the first one again', async () => {
		await hears(says('m1', CONVERSATION));
		expect(await addresses()).toEqual([[CONVERSATION]]);
		await hears(says('m2', OTHER_CONVERSATION));
		expect(await addresses()).toEqual([[OTHER_CONVERSATION]]);
		await hears(says('m3', CONVERSATION));
		expect(await addresses()).toEqual([[CONVERSATION]]);
	});

	test('is known by what comes before the first message in it', async () => {
		await hears(says('m1', CONVERSATION));
		await hears(notice('im_referral_msg', { unique_identifier: ANN, conversation_id: OTHER_CONVERSATION, timestamp: START, referral: { source: 'ad' } }));
		expect(await addresses()).toEqual([[OTHER_CONVERSATION]]);
	});

	test('is another contact without an id of their own', async () => {
		await hears(says('m1', CONVERSATION));
		await hears(notice('im_receive_msg', { conversation_id: OTHER_CONVERSATION, message_id: 'm2', timestamp: START, type: 'text', text: { body: 'Hi' } }));
		expect((await addresses()).flat().sort()).toEqual([CONVERSATION, OTHER_CONVERSATION].sort());
	});
});
