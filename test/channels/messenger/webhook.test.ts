import { MalformedPayload, type ChannelEvent, type WebhookRequest } from '../../../src/core/channel';
import { webhook } from '../../../src/channels/messenger/webhook';
import { APP, PAGE_ID, PSID } from '../../fakes/messenger';
import { about, AT, credential, incoming, page, person, post, RECEIVED_AT } from './subject';

const read = (body: object): ChannelEvent[] => webhook.parse(post(body), credential, PAGE_ID);
const readItem = (what: object): ChannelEvent | undefined => read(page([incoming(what)]))[0];
const said = (message: object) => readItem({ message: { mid: 'm_1', ...message } });
const message = (content: object, more: object = {}) => ({ ...about, kind: 'message', key: 'message:m_1', externalId: 'm_1', from: person, content, ...more });
const ignored = (why: unknown) => ({ ...about, kind: 'ignored', key: expect.any(String), why });

describe('signatures and handshake', () => {
	test('a vector made by hand: HMAC-SHA256 of the raw bytes, escaped as Meta escapes them', () => {
		const request: WebhookRequest = {
			method: 'POST',
			// printf '%s' '{"object":"page","entry":[]}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
			headers: { 'x-hub-signature-256': 'sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04' },
			query: {},
			body: Buffer.from('{"object":"page","entry":[]}'),
			receivedAt: 0,
		};
		expect(webhook.isAuthentic(request, credential, PAGE_ID, '')).toBe(true);
	});

	test('an empty secret accepts nothing', () => {
		expect(webhook.isAuthentic(post(page([]), ''), { ...credential, appSecret: '' }, PAGE_ID, '')).toBe(false);
	});

	const ask = (query: Record<string, string>) => webhook.handshake?.({ method: 'GET', headers: {}, query, body: Buffer.alloc(0), receivedAt: 0 }, credential);
	const challenge = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'our-word' };

	test('the challenge is given back to who knows our word', () => {
		expect(ask(challenge)).toMatchObject({ status: 200, body: '1158201444' });
	});

	test.each([
		['another word', { ...challenge, 'hub.verify_token': 'theirs' }],
		['no word', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
		['another mode', { ...challenge, 'hub.mode': 'unsubscribe' }],
	])('%s is no handshake', (_name, query) => {
		expect(ask(query)).toBeNull();
	});
});

describe('what people write', () => {
	test('an answer to an earlier message', () => {
		expect(said({ text: 'yes', reply_to: { mid: 'm_OLD', is_self_reply: false } })).toEqual(message({ kind: 'text', text: 'yes' }, { replyTo: 'm_OLD' }));
	});

	const file = (more: object) => ({ fileId: null, sizeBytes: 0, ...more });
	const url = 'https://scontent.xx.fbcdn.net/v/t1/photo_n.png?oh=1&oe=2';

	test.each([
		['image', url, { kind: 'image', name: 'photo_n.png', mime: 'image/png' }],
		['image', 'https://lookaside.fbsbx.com/x/?asset_id=1', { kind: 'image', name: 'image.jpg', mime: 'image/jpeg' }],
		['sticker', 'https://scontent.xx.fbcdn.net/s/39178562_n.png', { kind: 'image', name: '39178562_n.png', mime: 'image/png' }],
		['video', 'https://video.xx.fbcdn.net/v/clip.mp4?x=1', { kind: 'video', name: 'clip.mp4', mime: 'video/mp4' }],
		['audio', 'https://cdn.fbsbx.com/v/song.mp3', { kind: 'audio', name: 'song.mp3', mime: 'audio/mpeg' }],
		['audio', 'https://cdn.fbsbx.com/v/audioclip-1777-2345.mp4', { kind: 'audio', voice: true, name: 'audioclip-1777-2345.mp4', mime: 'audio/mp4' }],
		['file', 'https://cdn.fbsbx.com/v/invoice%20May.pdf?dl=1', { kind: 'file', name: 'invoice May.pdf', mime: 'application/pdf' }],
		['file', 'https://cdn.fbsbx.com/v/%E0%A4%A.bin', { kind: 'file', name: '%E0%A4%A.bin', mime: 'application/octet-stream' }],
		['reel', 'https://video.xx.fbcdn.net/o1/reel', { kind: 'video', name: 'video.mp4', mime: 'video/mp4' }],
		['ig_reel', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1', { kind: 'video', name: 'video.mp4', mime: 'video/mp4' }],
		['post', 'https://scontent.xx.fbcdn.net/v/p.jpg', { kind: 'image', name: 'p.jpg', mime: 'image/jpeg' }],
		['ig_post', 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=2', { kind: 'file', name: 'file', mime: 'application/octet-stream' }],
	])('%s at %s', (type, address, expected) => {
		expect(said({ attachments: [{ type, payload: { url: address } }] })).toEqual(
			message({ kind: 'media', text: null, attachments: [file({ ...expected, source: { url: new URL(address).href } })] }),
		);
	});

	test('several files with a text, in order', () => {
		const event = said({ text: 'Both', attachments: [{ type: 'image', payload: { url } }, { type: 'file', payload: { url: 'https://cdn.fbsbx.com/a.zip' } }] });
		expect(event).toMatchObject({ content: { kind: 'media', text: 'Both', attachments: [{ name: 'photo_n.png' }, { name: 'a.zip', mime: 'application/zip' }] } });
	});

	test('a file without an address is missing, not lost', () => {
		expect(said({ attachments: [{ type: 'video', payload: {} }] })).toEqual(
			message({ kind: 'media', text: null, attachments: [file({ kind: 'video', name: 'video.mp4', mime: 'video/mp4', missing: expect.stringMatching(/inbox/) })] }),
		);
	});

	test.each([
		['a link that stands in the text', 'see https://youtu.be/x', 'https://youtu.be/x', 'see https://youtu.be/x'],
		['a link that Meta leads over its own address', 'see youtu.be/x', 'https://l.facebook.com/l.php?u=https%3A%2F%2Fyoutu.be%2Fx&h=A', 'see youtu.be/x'],
		['a link that the text lacks', 'look', 'https://example.org/a', 'look\nhttps://example.org/a'],
		['a link alone', undefined, 'https://example.org/a', 'https://example.org/a'],
	])('%s is text and is not fetched', (_name, text, link, expected) => {
		expect(said({ ...(text && { text }), attachments: [{ type: 'fallback', payload: { url: link, title: 'T' } }] })).toEqual(message({ kind: 'text', text: expected }));
	});

	test('a link stays one, also where it leads to a picture at Meta', () => {
		expect(said({ attachments: [{ type: 'fallback', payload: { url: 'https://scontent.xx.fbcdn.net/p.jpg' } }] })).toEqual(
			message({ kind: 'text', text: 'https://scontent.xx.fbcdn.net/p.jpg' }),
		);
	});

	test('an older link, and a shared page of Facebook', () => {
		expect(said({ attachments: [{ type: 'fallback', url: 'https://example.org/b', title: 'T' }] })).toEqual(message({ kind: 'text', text: 'https://example.org/b' }));
		expect(said({ attachments: [{ type: 'post', payload: { url: 'https://www.facebook.com/shop/posts/1' } }] })).toEqual(
			message({ kind: 'text', text: 'https://www.facebook.com/shop/posts/1' }),
		);
	});

	test('a location as older apps send it', () => {
		const attachments = [{ type: 'location', payload: { coordinates: { lat: 51.5, long: -0.12 } } }];
		expect(said({ attachments })).toEqual(message({ kind: 'location', text: null, latitude: 51.5, longitude: -0.12, name: null, address: null }));
		expect(said({ attachments: [{ type: 'location', payload: {} }] })).toEqual(ignored('a location without coordinates'));
	});

	test('a message that an advertisement brought', () => {
		expect(said({ text: 'hi', referral: { ref: 'R', ad_id: '120210000000000001', source: 'ADS', type: 'OPEN_THREAD', ads_context_data: { ad_title: 'Sale' } } })).toEqual(
			message({ kind: 'text', text: 'hi' }, { details: { referral: { ref: 'R', adId: '120210000000000001', source: 'ADS', headline: 'Sale', url: null } } }),
		);
	});

	test.each([
		['a template', { attachments: [{ type: 'template', payload: { template_type: 'generic' } }] }, /template/],
		['an appointment', { attachments: [{ type: 'appointment_booking', payload: {} }] }, /appointment_booking/],
		['a type that is not known', { attachments: [{ type: 'hologram' }] }, /hologram/],
		['nothing', {}, /neither text nor files/],
		['what apps are not given', { is_unsupported: true }, /does not give to apps/],
	])('%s is ignored with a reason', (_name, what, why) => {
		expect(said(what)).toEqual(ignored(expect.stringMatching(why)));
	});

	test('a text beside an attachment that is ignored stays', () => {
		expect(said({ text: 'hi', attachments: [{ type: 'hologram' }] })).toEqual(message({ kind: 'text', text: 'hi' }));
	});
});

describe('buttons', () => {
	test('a press is a choice', () => {
		expect(readItem({ postback: { mid: 'm_9', title: 'Track order', payload: 'TRACK' } })).toEqual({
			...about, kind: 'message', key: 'postback:m_9', externalId: 'm_9', from: person,
			content: { kind: 'choice', choice: { id: 'TRACK', label: 'Track order' }, text: 'Track order' },
		});
	});

	test('without an id of its own, sender, time and payload tell presses apart', () => {
		expect(readItem({ postback: { payload: 'TRACK' } })).toMatchObject({ key: `postback:postback:${PSID}:${AT}:TRACK`, content: { choice: { id: 'TRACK', label: null }, text: null } });
	});

	test.each([
		[{ mid: 'm_9', title: 'Los geht’s', payload: 'GET_STARTED' }],
		[{ mid: 'm_9', title: 'Get Started', payload: 'WELCOME' }],
	])('getting started is no message: %j', (postback) => {
		expect(readItem({ postback: { ...postback, referral: { ref: 'R', source: 'SHORTLINK', type: 'OPEN_THREAD' } } })).toEqual({
			...about, kind: 'activity', key: 'started:m_9', from: person, what: 'started', opensWindow: true,
			details: { referral: { ref: 'R', source: 'SHORTLINK', adId: null, headline: null, url: null } },
		});
	});

	test('a press that says nothing is ignored', () => {
		expect(readItem({ postback: { mid: 'm_9' } })).toEqual(ignored(expect.stringMatching(/postback/)));
	});
});

describe('everything else', () => {
	const echo = (more: object) => ({ sender: { id: PAGE_ID }, recipient: { id: PSID }, timestamp: AT, message: { mid: 'm_8', is_echo: true, app_id: Number(APP.id), ...more } });
	const ours = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';

	test('an echo of what we sent carries our own id', () => {
		expect(read(page([echo({ text: 'our reply', metadata: ours })]))).toEqual([
			{ ...about, kind: 'echo', key: 'echo:m_8', externalId: 'm_8', to: person, content: { kind: 'text', text: 'our reply' }, messageId: ours },
		]);
	});

	test('an echo of what was typed in the inbox does not, nor does a note of another app: these are surely not ours', () => {
		const typed = { ...about, kind: 'echo', key: 'echo:m_8', externalId: 'm_8', to: person, content: { kind: 'text', text: 'by hand' }, foreign: true };
		expect(read(page([echo({ text: 'by hand', metadata: 'other app', app_id: 1 })]))).toEqual([typed]);
		expect(read(page(undefined, { standby: [echo({ text: 'by hand', app_id: 26390203743090 })] }))).toEqual([typed]);
	});

	test.each([
		['from our app', {}, credential],
		['that does not name the app', { app_id: undefined }, credential],
		['when our app is not known', { app_id: 26390203743090 }, { ...credential, appId: '' }],
	])('an echo without our id %s may be ours all the same', (_name, more, of) => {
		expect(webhook.parse(post(page([echo({ text: 'Hi', ...more })])), of, PAGE_ID)).toEqual([
			{ ...about, kind: 'echo', key: 'echo:m_8', externalId: 'm_8', to: person, content: { kind: 'text', text: 'Hi' } },
		]);
	});

	test('an echo of a template is ignored', () => {
		expect(read(page([echo({ attachments: [{ type: 'template', payload: {} }] })]))).toEqual([ignored(expect.stringMatching(/template/))]);
	});

	test('while another app has the thread, people talk to that one', () => {
		expect(read(page(undefined, { standby: [incoming({ message: { mid: 'm_1', text: 'hi' } })] }))).toEqual([ignored('another app has the thread')]);
	});

	test('a reaction, and one taken back', () => {
		const reaction = (action: string, more: object) => readItem({ reaction: { reaction: 'love', action, mid: 'm_OUT', ...more } });
		expect(reaction('react', { emoji: '❤️' })).toEqual({ ...about, kind: 'reaction', key: `reaction:m_OUT:${PSID}:${AT}:react`, from: person, externalId: 'm_OUT', emoji: '❤️' });
		expect(reaction('unreact', {})).toMatchObject({ kind: 'reaction', key: `reaction:m_OUT:${PSID}:${AT}:unreact`, emoji: null });
	});

	test("the Page's own reaction is ignored", () => {
		const own = { sender: { id: PAGE_ID }, recipient: { id: PSID }, timestamp: AT, reaction: { reaction: 'love', action: 'react', mid: 'm_1', emoji: '❤️' } };
		expect(read(page([own]))).toEqual([ignored("the account's own act")]);
	});

	test('an edit; each has a key of its own', () => {
		expect(readItem({ message_edit: { mid: 'm_IN1', text: 'edited', num_edit: 2 } })).toEqual({
			...about, kind: 'edit', key: 'edit:m_IN1:2', from: person, externalId: 'm_IN1', text: 'edited',
		});
	});

	test('a message taken back', () => {
		expect(said({ is_deleted: true })).toEqual({ ...about, kind: 'deletion', key: 'deletion:m_1', externalId: 'm_1' });
	});

	test('receipts without ids, and ids of any length', () => {
		expect(read(page([incoming({ delivery: { watermark: AT } })]))).toEqual([
			{ ...about, kind: 'watermark', key: `delivered:${PSID}:${AT}`, to: person, state: 'delivered', before: AT },
		]);
		expect(read(page([incoming({ delivery: { mids: ['m_a', 'm_b'] } })])).map(({ key }) => key)).toEqual(['delivered:m_a', 'delivered:m_b']);
	});

	test('somebody came by a link into a thread that exists', () => {
		expect(readItem({ referral: { ref: 'R', source: 'SHORTLINK', type: 'OPEN_THREAD' } })).toEqual({
			...about, kind: 'activity', key: `referred:${PSID}:${AT}:R`, from: person, what: 'referred', opensWindow: true,
			details: { referral: { ref: 'R', source: 'SHORTLINK', adId: null, headline: null, url: null } },
		});
	});

	test.each([
		['a subscription to notifications', { optin: { type: 'notification_messages', payload: 'P' } }, /optin/],
		['a hand-over', { pass_thread_control: { new_owner_app_id: '1' } }, /pass_thread_control/],
		['what comes next year', { hologram: {} }, /hologram/],
		['a receipt that says nothing', { read: {} }, /says nothing/],
		['a reaction to nothing', { reaction: {} }, /says nothing/],
		['a message without an id', { message: { text: 'hi' } }, /without an id/],
	])('%s is ignored with a reason', (_name, what, why) => {
		expect(readItem(what)).toEqual(ignored(expect.stringMatching(why)));
	});

	test('an item that names nobody, or is no object, is ignored', () => {
		expect(read(page([{ recipient: { id: PAGE_ID }, timestamp: AT, optin: { user_ref: 'x' } }, 'odd', null]))).toEqual([
			ignored('it names nobody'), ignored('it names nobody'), ignored('it names nobody'),
		]);
	});

	test('changes of the Page and entries without items are ignored', () => {
		expect(read(page(undefined, { changes: [{ field: 'feed', value: { id: '1' } }] }))).toEqual([ignored("a change of the field 'feed'")]);
		expect(read(page(undefined))).toEqual([ignored('it has no items')]);
		expect(read({ object: 'instagram', entry: [{ id: PAGE_ID, time: AT }] })).toEqual([ignored("it is about the object 'instagram'")]);
	});
});

describe('form', () => {
	test('ids that a parser would round stay what they are; times without a value are when it came', () => {
		const body = `{"object":"page","entry":[{"id":${PAGE_ID},"messaging":[{"sender":{"id":9007199254740993123},"recipient":{"id":${PAGE_ID}},"message":{"mid":"m_1","text":"hi"}}]}]}`;
		const request = { ...post({}), body: Buffer.from(body) };
		expect(webhook.parse(request, credential, PAGE_ID)).toMatchObject([{ account: PAGE_ID, at: RECEIVED_AT, from: { user: '9007199254740993123' } }]);
	});

	test('times in seconds are understood', () => {
		expect(read(page([{ ...incoming({ message: { mid: 'm_1', text: 'hi' } }), timestamp: '1458692752' }]))).toMatchObject([{ at: 1_458_692_752_000 }]);
	});

	test.each(['not json', '[]', '{}', '{"object":"page"}', '{"entry":[]}'])('%s is malformed', (body) => {
		expect(() => webhook.parse({ ...post({}), body: Buffer.from(body) }, credential, PAGE_ID)).toThrow(MalformedPayload);
	});
});
