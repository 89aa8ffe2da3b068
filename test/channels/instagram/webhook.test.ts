import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { webhook } from '../../../src/channels/instagram/webhook';
import { ACCOUNT_ID, IG_APP, IGSID, INSTAGRAM_APP_SECRET } from '../../fakes/instagram';
import { about, AT, credential, inbox, incoming, person, post, RECEIVED_AT } from './subject';

const read = (body: object): ChannelEvent[] => webhook.parse(post(body), credential, ACCOUNT_ID);
const readItem = (what: object): ChannelEvent | undefined => read(inbox([incoming(what)]))[0];
const said = (message: object) => readItem({ message: { mid: 'a1', ...message } });
const message = (content: object, more: object = {}) => ({ ...about, kind: 'message', key: 'message:a1', externalId: 'a1', from: person, content, ...more });
const ignored = (why: unknown) => ({ ...about, kind: 'ignored', key: expect.any(String), why });
const file = (more: object) => ({ fileId: null, sizeBytes: 0, ...more });

describe('signatures and handshake', () => {
	const isAuthentic = (secret: string, more: object = {}) => webhook.isAuthentic(post(inbox([]), secret), { ...credential, ...more }, ACCOUNT_ID, '');

	test('Meta does not say which of the two secrets signs: either does', () => {
		expect(isAuthentic(IG_APP.secret)).toBe(true);
		expect(isAuthentic(INSTAGRAM_APP_SECRET)).toBe(true);
		expect(isAuthentic('a third')).toBe(false);
	});

	test('an empty one signs nothing', () => {
		expect(isAuthentic('', { instagramAppSecret: '' })).toBe(false);
		expect(isAuthentic('', { appSecret: '', instagramAppSecret: '' })).toBe(false);
		expect(isAuthentic(IG_APP.secret, { instagramAppSecret: '' })).toBe(true);
	});

	test('the challenge is given back to who knows our word', () => {
		const ask = (word: string) =>
			webhook.handshake?.(
				{ method: 'GET', headers: {}, query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': word }, body: Buffer.alloc(0), receivedAt: 0 },
				credential,
			);
		expect(ask('our-word')).toMatchObject({ status: 200, body: '1158201444' });
		expect(ask('theirs')).toBeNull();
	});
});

describe('what people write', () => {
	test('an answer to an earlier message', () => {
		expect(said({ text: 'quote', reply_to: { mid: 'aOLD' } })).toEqual(message({ kind: 'text', text: 'quote' }, { replyTo: 'aOLD' }));
	});

	test('an answer to a story opens nothing by itself', () => {
		expect(said({ text: 'is it available?', reply_to: { story: { id: '17900000000000001', url: 'https://cdn.example.test/s' } } })).toEqual(
			message({ kind: 'text', text: 'is it available?' }, { opens: false, details: { story: { id: '17900000000000001', url: 'https://cdn.example.test/s' } } }),
		);
		expect(said({ text: 'wow', reply_to: { story: {} } })).toMatchObject({ opens: false, details: { story: { id: null, url: null } } });
	});

	test('a mention in a story opens nothing either, and its picture is not fetched', () => {
		const event = said({ attachments: [{ type: 'story_mention', payload: { url: 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1' } }] });
		expect(event).toEqual(
			message(
				{ kind: 'media', text: null, attachments: [file({ kind: 'file', name: 'Story mention', mime: 'application/octet-stream', missing: expect.stringMatching(/mentioned you in a story/) })] },
				{ opens: false, details: { story: { id: null, url: 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1' } } },
			),
		);
		expect(JSON.stringify(event)).not.toContain('"source"');
	});

	test.each([
		['image', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1', { kind: 'image', name: 'image.jpg', mime: 'image/jpeg' }],
		['audio', 'https://cdn.fbsbx.com/v/audioclip-1777-2345.mp4', { kind: 'audio', voice: true, name: 'audioclip-1777-2345.mp4', mime: 'audio/mp4' }],
		['video', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=3', { kind: 'video', name: 'video.mp4', mime: 'video/mp4' }],
		['file', 'https://cdn.fbsbx.com/v/menu.pdf', { kind: 'file', name: 'menu.pdf', mime: 'application/pdf' }],
		['ig_reel', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=4', { kind: 'video', name: 'video.mp4', mime: 'video/mp4' }],
		['reel', 'https://scontent.cdninstagram.com/o1/v/reel.mp4', { kind: 'video', name: 'reel.mp4', mime: 'video/mp4' }],
		['ig_post', 'https://scontent.cdninstagram.com/v/p.jpg', { kind: 'image', name: 'p.jpg', mime: 'image/jpeg' }],
		['share', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=5', { kind: 'file', name: 'file', mime: 'application/octet-stream' }],
		['ig_story', 'https://scontent.cdninstagram.com/v/s.mp4', { kind: 'video', name: 's.mp4', mime: 'video/mp4' }],
	])('%s at %s', (type, url, expected) => {
		expect(said({ attachments: [{ type, payload: { url, title: 'T' } }] })).toEqual(
			message({ kind: 'media', text: null, attachments: [file({ ...expected, source: { url } })] }),
		);
	});

	test('a share that is a page, not a file, is text and is not fetched', () => {
		expect(said({ attachments: [{ type: 'share', payload: { url: 'https://www.instagram.com/p/abc/' } }] })).toEqual(
			message({ kind: 'text', text: 'https://www.instagram.com/p/abc/' }),
		);
		expect(said({ text: 'nice: instagram.com/p/abc', attachments: [{ type: 'share', payload: { url: 'https://instagram.com/p/abc/' } }] })).toEqual(
			message({ kind: 'text', text: 'nice: instagram.com/p/abc' }),
		);
		expect(said({ attachments: [{ type: 'share', payload: { url: 'https://fbcdn.net.example.test/x.jpg' } }] })).toMatchObject({ content: { kind: 'text' } });
	});

	test('a message that an advertisement brought', () => {
		expect(said({ text: 'hi', referral: { ref: 'R', ad_id: '6045246247433', source: 'ADS', type: 'OPEN_THREAD', ads_context_data: { ad_title: 'Sale' } } })).toMatchObject({
			details: { referral: { ref: 'R', adId: '6045246247433', source: 'ADS', headline: 'Sale', url: null } },
		});
	});

	test.each([
		['what may be seen once', { attachments: [{ type: 'ephemeral' }] }, /seen once/],
		['what apps are not given', { is_unsupported: true }, /does not give to apps/],
		['a template', { attachments: [{ type: 'template', payload: {} }] }, /template/],
		['a share without an address', { attachments: [{ type: 'share', payload: {} }] }, /'share'/],
		['a message to oneself', { text: 'note', is_self: true }, /to oneself/],
		['an address that is none', { attachments: [{ type: 'share', payload: { url: 'javascript:alert(1)' } }] }, /'share'/],
	])('%s is ignored with a reason', (_name, what, why) => {
		expect(said(what)).toEqual(ignored(expect.stringMatching(why)));
	});

	test('a picture without an address is missing, not lost', () => {
		expect(said({ attachments: [{ type: 'image', payload: {} }] })).toMatchObject({ content: { kind: 'media', attachments: [{ missing: expect.any(String) }] } });
	});

	test('the press of a button', () => {
		expect(readItem({ postback: { mid: 'a12', title: 'Track order', payload: 'TRACK' } })).toEqual({
			...about, kind: 'message', key: 'postback:a12', externalId: 'a12', from: person,
			content: { kind: 'choice', choice: { id: 'TRACK', label: 'Track order' }, text: 'Track order' },
		});
	});

	test("a press is the person's also where the entry names the person, as Meta's samples do", () => {
		const body = { object: 'instagram', entry: [{ id: IGSID, time: AT, messaging: [incoming({ postback: { mid: 'a12', title: 'Go', payload: 'GO' } })] }] };
		expect(read(body)).toMatchObject([{ kind: 'message', account: ACCOUNT_ID, from: person }]);
	});
});

describe('everything else', () => {
	const echo = (more: object) => ({ sender: { id: ACCOUNT_ID }, recipient: { id: IGSID }, timestamp: AT, message: { mid: 'a9', is_echo: true, ...more } });

	test('an echo of what was sent, by us or in the app', () => {
		const event = { ...about, kind: 'echo', key: 'echo:a9', externalId: 'a9', to: person, content: { kind: 'text', text: 'our reply' } };
		expect(read(inbox([echo({ text: 'our reply' })]))).toEqual([event]);
		expect(read(inbox(undefined, { standby: [echo({ text: 'our reply' })] }))).toEqual([event]);
	});

	test('an echo that names another app is surely not ours, where our app has one id only', () => {
		const of = (loginType: 'facebook' | 'instagram', app: unknown) =>
			webhook.parse(post(inbox([echo({ text: 'by hand', app_id: app })])), { ...credential, loginType }, ACCOUNT_ID)[0];
		expect(of('facebook', 1217981644879628)).toMatchObject({ kind: 'echo', foreign: true });
		expect(of('facebook', Number(IG_APP.id))).not.toHaveProperty('foreign');
		expect(of('instagram', 1217981644879628)).not.toHaveProperty('foreign');
	});

	test('while another app has the thread, people talk to that one', () => {
		expect(read(inbox(undefined, { standby: [incoming({ message: { mid: 'a1', text: 'hi' } })] }))).toEqual([ignored('another app has the thread')]);
	});

	test('a message taken back', () => {
		expect(said({ is_deleted: true })).toEqual({ ...about, kind: 'deletion', key: 'deletion:a1', externalId: 'a1' });
	});

	test('a reaction, taken back too', () => {
		const reaction = { mid: 'aOUT', reaction: 'love' };
		expect(readItem({ reaction: { ...reaction, action: 'react', emoji: '❤️' } })).toEqual({
			...about, kind: 'reaction', key: `reaction:aOUT:${IGSID}:${AT}:react`, from: person, externalId: 'aOUT', emoji: '❤️',
		});
		expect(readItem({ reaction: { ...reaction, action: 'unreact' } })).toMatchObject({ kind: 'reaction', emoji: null });
	});

	test('edits and reactions that come as changes', () => {
		const changes = [
			{ field: 'message_edit', value: incoming({ message_edit: { mid: 'aIN1', text: 'edited', num_edit: 1 } }) },
			{ field: 'message_reactions', value: incoming({ reaction: { mid: 'aOUT', action: 'react', reaction: 'love', emoji: '❤️' } }) },
			{ field: 'comments', value: { id: '17900000000000002', text: 'Nice' } },
			{ field: 'messages', value: incoming({ message: { mid: 'random_mid', text: 'random_text' } }) },
		];
		expect(read(inbox(undefined, { changes }))).toEqual([
			{ ...about, kind: 'edit', key: 'edit:aIN1:1', from: person, externalId: 'aIN1', text: 'edited' },
			expect.objectContaining({ kind: 'reaction', externalId: 'aOUT', emoji: '❤️' }),
			ignored("a change of the field 'comments'"),
			ignored("a change of the field 'messages'"),
		]);
	});

	test('somebody came by a link', () => {
		expect(readItem({ referral: { ref: 'R', source: 'https://ig.me/m/shop', type: 'OPEN_THREAD' } })).toEqual({
			...about, kind: 'activity', key: `referred:${IGSID}:${AT}:R`, from: person, what: 'referred', opensWindow: true,
			details: { referral: { ref: 'R', source: 'https://ig.me/m/shop', adId: null, headline: null, url: null } },
		});
	});

	test.each([
		['a subscription', { optin: { type: 'notification_messages' } }, /optin/],
		['what comes next year', { hologram: {} }, /hologram/],
		['a receipt that says nothing', { read: {} }, /says nothing/],
	])('%s is ignored with a reason', (_name, what, why) => {
		expect(readItem(what)).toEqual(ignored(expect.stringMatching(why)));
	});

	test('what is about a Page is ignored', () => {
		expect(read({ object: 'page', entry: [{ id: ACCOUNT_ID, time: AT, messaging: [] }] })).toEqual([ignored("it is about the object 'page'")]);
	});

	test('ids that a parser would round stay what they are', () => {
		const body = `{"object":"instagram","entry":[{"id":${ACCOUNT_ID},"messaging":[{"sender":{"id":9007199254740993123},"recipient":{"id":${ACCOUNT_ID}},"message":{"mid":"a1","text":"hi"}}]}]}`;
		expect(webhook.parse({ ...post({}), body: Buffer.from(body) }, credential, ACCOUNT_ID)).toMatchObject([
			{ account: ACCOUNT_ID, at: RECEIVED_AT, from: { account: ACCOUNT_ID, user: '9007199254740993123' } },
		]);
	});

	test.each(['not json', '[]', '{}', '{"object":"instagram"}'])('%s is malformed', (body) => {
		expect(() => webhook.parse({ ...post({}), body: Buffer.from(body) }, credential, ACCOUNT_ID)).toThrow(MalformedPayload);
	});
});
