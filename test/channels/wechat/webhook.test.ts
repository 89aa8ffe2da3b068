import { wechat } from '../../../src/channels/wechat';
import { decrypted } from '../../../src/channels/wechat/encryption';
import { MalformedPayload, type ChannelEvent, type WebhookRequest } from '../../../src/core/channel';
import { receive } from '../../../src/core/inbox';
import { testDesk } from '../../core/desk';
import { ANN, APP_ID, SECONDS, TOKEN, encrypt, eventXml, messageXml, post, received, sha1, xmlOf, type Mode, type Post } from '../../fakes/wechat-posts';
import { AT, about, credential, from } from './subject';

const ID = '23456789012345678';
/** Known to be right: WxJava's own tests have them. */
const VECTOR = {
	timestamp: '1409304348',
	nonce: 'xxxxxx',
	signature: '76480565cbe296026c53aaacd1ad523a1ddba24f',
	text: '我是中文abcd123',
	random: Buffer.from('aaaabbbbccccdddd'),
	encrypted: 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
	msgSignature: '82c962d39941aa48552f90ef55aa323dc620cc10',
};
const VECTOR_AT = Number(VECTOR.timestamp) * 1000;

const isAuthentic = (request: WebhookRequest) => wechat.webhook.isAuthentic(request, credential, APP_ID, '');
const read = (given: string | Post, by = credential): ChannelEvent[] =>
	wechat.webhook.parse(received(typeof given === 'string' ? post(given) : given), by, APP_ID);
const contentOf = (type: string, fields: Record<string, string | number>) => {
	const [event, ...others] = read(messageXml(ID, type, fields));
	expect(others).toEqual([]);
	return event?.kind === 'message' ? event.content : event?.kind === 'ignored' ? event.why : event;
};
const text = messageXml(ID, 'text', { Content: 'Hi' });

describe('the check of the address', () => {
	const { timestamp, nonce, signature } = VECTOR;
	const check = (query: Record<string, string>, by = credential) =>
		wechat.webhook.handshake?.({ method: 'GET', headers: {}, query, body: Buffer.alloc(0), receivedAt: AT }, by);
	const query = { signature, timestamp, nonce, echostr: '4375120948345356249' };

	test('is answered with its word, which no browser takes for a page', () => {
		expect(check(query)).toEqual({
			status: 200,
			headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
			body: '4375120948345356249',
		});
	});

	test.each([
		['another signature', { ...query, signature: signature.replace('7', '8') }],
		['another time', { ...query, timestamp: '1409304349' }],
		['another nonce', { ...query, nonce: 'xxxxxy' }],
		['no signature', { timestamp, nonce, echostr: '1' }],
		['no word', { signature, timestamp, nonce }],
		['nothing', {}],
	])('promise 7: %s gets no answer', (_name, wrong) => {
		expect(check(wrong)).toBeNull();
	});

	test('with another token it is not genuine', () => {
		expect(check(query, { ...credential, token: 'other' })).toBeNull();
		expect(check({ ...query, signature: sha1('', timestamp, nonce) }, { ...credential, token: '' })).toBeNull();
	});
});

describe('promise 7: what is genuine', () => {
	const changed = (given: Post, query: Record<string, string | undefined>, body = given.body): WebhookRequest => {
		const request = received({ ...given, body });
		return { ...request, query: { ...request.query, ...query } };
	};

	test('the known signature of an encrypted message', () => {
		const { timestamp, nonce, signature, msgSignature, encrypted } = VECTOR;
		const body = `<xml><ToUserName><![CDATA[gh_x]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
		const query = { signature, timestamp, nonce, encrypt_type: 'aes', msg_signature: msgSignature };
		expect(isAuthentic(received({ query, body }, VECTOR_AT))).toBe(true);
		expect(isAuthentic(received({ query: { ...query, msg_signature: signature }, body }, VECTOR_AT))).toBe(false);
	});

	test.each<Mode>(['compatible', 'aes'])("in the mode '%s' the signature of the encrypted part counts, whatever else is right", (mode) => {
		const genuine = post(text, { mode });
		expect(isAuthentic(changed(genuine, {}))).toBe(true);
		expect(isAuthentic(changed(genuine, { signature: undefined }))).toBe(true);
		expect(isAuthentic(changed(genuine, { encrypt_type: undefined }))).toBe(true);
		expect(isAuthentic(changed(genuine, { msg_signature: undefined }))).toBe(false);
		expect(isAuthentic(changed(genuine, { msg_signature: '' }))).toBe(false);
		expect(isAuthentic(changed(genuine, { msg_signature: genuine.query['msg_signature']?.replace(/.$/, 'g') }))).toBe(false);
		expect(isAuthentic(changed(genuine, { signature: genuine.query['signature']?.replace(/.$/, 'g') }))).toBe(false);
		expect(isAuthentic(changed(genuine, {}, genuine.body.replace(/(?<=Encrypt><!\[CDATA\[)./, '/')))).toBe(false);
	});

	test('an encrypted message loses its encryption: what is left is not genuine', () => {
		expect(isAuthentic(changed(post(text, { mode: 'compatible' }), {}, text))).toBe(false);
		expect(isAuthentic(changed(post(text), { encrypt_type: 'aes' }))).toBe(false);
	});

	test.each([
		['garbage', 'n8n is starting up'],
		['garbage in base64', '<xml><Encrypt><![CDATA[!!!!]]></Encrypt></xml>'],
		['an empty part', '<xml><Encrypt></Encrypt></xml>'],
		['a document type', '<!DOCTYPE xml><xml><Encrypt>a</Encrypt></xml>'],
		['nothing', ''],
	])('%s that claims to be encrypted is not, and nothing is thrown', (_name, body) => {
		expect(isAuthentic(changed(post(text, { mode: 'aes' }), {}, body))).toBe(false);
	});

	test.each([
		['as it comes', 0, true],
		['ten minutes later', 600_000, true],
		['after ten minutes', 600_001, false],
		['the next day', 86_400_000, false],
		['on a clock that is ten minutes behind', -600_000, true],
		['on a clock that is further behind', -600_001, false],
	])('replayed %s', (_name, laterMs, expected) => {
		for (const mode of ['plain', 'aes'] as const) expect(isAuthentic(received(post(text, { mode }), AT + laterMs))).toBe(expected);
	});

	test.each(['', 'yesterday', '1e9', '-1', '99999999999999'])("a time '%s' is none, however well it is signed", (timestamp) => {
		const query = { signature: sha1(TOKEN, timestamp, 'n'), timestamp, nonce: 'n' };
		expect(isAuthentic(received({ query, body: text }, Date.parse('2026-11-22')))).toBe(false);
	});
});

describe('decryption', () => {
	test('the known one', () => {
		expect(Buffer.from(decrypted(VECTOR.encrypted, credential)).toString()).toBe(VECTOR.text);
		expect(encrypt(VECTOR.text, { random: VECTOR.random })).toBe(VECTOR.encrypted);
	});

	test.each(Array.from({ length: 33 }, (_, length) => length))('a message of %i bytes', (length) => {
		expect(Buffer.from(decrypted(encrypt('a'.repeat(length)), credential)).toString()).toBe('a'.repeat(length));
	});

	test.each([
		['another key', encrypt('x', { key: 'G'.repeat(43) }), /Encoding AES Key/],
		['another account', encrypt('x', { appId: 'wx0000000000000000' }), /another account/],
		['an account with more to its name', encrypt('x', { appId: `${APP_ID}1` }), /another account/],
		['no account', encrypt('x', { appId: '' }), /another account/],
		['a length beyond its end', encrypt('x', { length: 1_000 }), /could not be decrypted/],
		['half a block', encrypt('x').slice(0, 12), /could not be decrypted/],
		['half of it', Buffer.from(encrypt('x'.repeat(100)), 'base64').subarray(0, 32).toString('base64'), /could not be decrypted/],
		['nothing', '', /could not be decrypted/],
		['no base64', '****', /could not be decrypted/],
	])('%s is refused with a sentence', (_name, encrypted, sentence) => {
		expect(() => decrypted(encrypted, credential)).toThrow(MalformedPayload);
		expect(() => decrypted(encrypted, credential)).toThrow(sentence);
	});

	test('in compatible mode the encrypted part counts', () => {
		const given = post(text, { mode: 'compatible' });
		const body = given.body.replace('[Hi]', '[Forged]');
		expect(read({ ...given, body })).toMatchObject([{ content: { text: 'Hi' } }]);
	});

	test('without a key the plain part of compatible mode is read, and nothing else', () => {
		const by = { ...credential, encodingAesKey: '' };
		expect(read(post(text, { mode: 'compatible' }), by)).toMatchObject([{ content: { text: 'Hi' } }]);
		expect(() => read(post(text, { mode: 'aes' }), by)).toThrow(/'Encoding AES Key' of the credential is empty/);
		expect(() => read(post(text, { mode: 'aes' }), by)).toThrow(MalformedPayload);
	});

	test('what stood encrypted in the body is no XML', () => {
		expect(() => read(post('hello', { mode: 'aes' }))).toThrow(MalformedPayload);
	});
});

describe('what people write', () => {
	const file = { fileId: null, sizeBytes: 0, source: { mediaId: 'm1' } };

	test.each([
		['a text', 'text', { Content: ' Hi\n<![x ' }, { kind: 'text', text: ' Hi\n<![x ' }],
		['a press without its label', 'text', { bizmsgmenuid: '101' }, { kind: 'choice', choice: { id: '101', label: null }, text: null }],
		[
			'a voice message',
			'voice',
			{ MediaId: 'm1', Format: 'amr' },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'audio', voice: true, name: `voice-${ID}.amr`, mime: 'audio/amr' }] },
		],
		[
			'a voice message that WeChat put into words',
			'voice',
			{ MediaId: 'm1', Format: 'amr', Recognition: 'Are you open?' },
			{ kind: 'media', text: 'Are you open?', attachments: [{ ...file, kind: 'audio', voice: true, name: `voice-${ID}.amr`, mime: 'audio/amr' }] },
		],
		[
			'a video',
			'video',
			{ MediaId: 'm1', ThumbMediaId: 't1' },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'video', name: `video-${ID}.mp4`, mime: 'video/mp4' }] },
		],
		[
			'a short video',
			'shortvideo',
			{ MediaId: 'm1', ThumbMediaId: 't1' },
			{ kind: 'media', text: null, attachments: [{ ...file, kind: 'video', name: `video-${ID}.mp4`, mime: 'video/mp4' }] },
		],
		[
			'an image without its id',
			'image',
			{ PicUrl: 'https://mmbiz.qpic.cn/a' },
			{
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null, kind: 'image', name: `image-${ID}.jpg`, mime: 'image/jpeg', sizeBytes: 0,
						missing: 'WeChat did not tell which file it is. Ask the contact to send it again.',
					},
				],
			},
		],
		[
			'a document, of which only the name comes',
			'file',
			{ Title: 'offer.pdf', Description: '225.5 KB', FileKey: 'k', FileMd5: 'm', FileTotalLen: 230_895 },
			{
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null, kind: 'file', name: 'offer.pdf', mime: 'application/octet-stream', sizeBytes: 230_895,
						missing: 'WeChat gives accounts no documents. Ask the contact for a link, or for the file by another channel.',
					},
				],
			},
		],
		[
			'a place: X is its latitude',
			'location',
			{ Location_X: 23.134_521, Location_Y: 113.358_803, Scale: 20, Label: '广州市' },
			{ kind: 'location', text: null, latitude: 23.134_521, longitude: 113.358_803, name: null, address: '广州市' },
		],
		['a place without words', 'location', { Location_X: -0.5, Location_Y: 0 }, { kind: 'location', text: null, latitude: -0.5, longitude: 0, name: null, address: null }],
		['a link', 'link', { Title: 'Shop', Description: 'All of it', Url: 'https://shop.example.test/a?b=1&c' }, { kind: 'text', text: 'Shop\nAll of it\nhttps://shop.example.test/a?b=1&c' }],
		['a link without words', 'link', { Title: '', Url: 'https://shop.example.test' }, { kind: 'text', text: 'https://shop.example.test' }],
	])('%s', (_name, type, fields, content) => {
		expect(contentOf(type, fields as Record<string, string | number>)).toEqual(content);
	});

	test.each([
		['an unknown type', 'wcoin', {}, "a message of the type 'wcoin'"],
		['an empty text', 'text', { Content: '' }, 'a text message without a text'],
		['a place without coordinates', 'location', { Location_X: 'north' }, 'a location without coordinates'],
		['a link without an address', 'link', { Title: 'Shop' }, 'a link without an address'],
	])('%s is ignored with a reason', (_name, type, fields, why) => {
		expect(contentOf(type, fields as Record<string, string | number>)).toBe(why);
	});

	test('ids of 64 bits stay what they are', () => {
		const ids = ['9223372036854775807', '9223372036854775806'];
		expect(ids.map((id) => read(messageXml(id, 'text', { Content: '7250021412600020992' }))[0])).toMatchObject(
			ids.map((id) => ({ key: `message:${id}`, externalId: id, content: { text: '7250021412600020992' } })),
		);
	});

	test('a message that WeChat repeats has the same key, however it is signed and encrypted', () => {
		const keys = (['plain', 'aes', 'compatible'] as const).map((mode) => read(post(text, { mode, nonce: mode }))[0]?.key);
		expect(keys).toEqual([`message:${ID}`, `message:${ID}`, `message:${ID}`]);
	});

	test('XML as people lay it out', () => {
		const xml = `<xml>\n  <ToUserName>\n    <![CDATA[gh_shop]]>\n  </ToUserName>\n  <FromUserName><![CDATA[${ANN}]]></FromUserName>\n  <CreateTime> ${SECONDS} </CreateTime>\n  <MsgType>\n<![CDATA[text]]>\n</MsgType>\n  <Content><![CDATA[hi]]></Content>\n  <MsgId>${ID}</MsgId>\n</xml>`;
		expect(read(xml)).toEqual([{ ...about, kind: 'message', key: `message:${ID}`, externalId: ID, from, content: { kind: 'text', text: 'hi' } }]);
	});
});

describe('what happens besides', () => {
	const referral = (ref: string) => ({ referral: { ref, source: 'SCAN', adId: null, headline: null, url: null } });

	test('somebody follows: it is an activity and a consent, and opens the window for a welcome', () => {
		expect(read(eventXml('subscribe', { EventKey: '' }))).toEqual([
			{ ...about, kind: 'consent', key: `subscribe-consent:${ANN}:${AT}`, from, allowed: true },
			{ ...about, kind: 'activity', key: `subscribe:${ANN}:${AT}`, from, what: 'followed', opensWindow: true },
		]);
	});

	test('somebody who comes back after leaving is no longer blocked, and that is told', async () => {
		const desk = await testDesk();
		for (const xml of [text, eventXml('unsubscribe'), eventXml('subscribe')]) await receive(desk, read(xml));
		const events = await desk.store.records.events.list({}, { limit: 10, offset: 0 });
		expect(events.map(({ type }) => type).filter((type) => type.endsWith('blocked')).sort()).toEqual(['contact.blocked', 'contact.unblocked']);
		const [contact] = await desk.store.records.contacts.list({}, { limit: 1, offset: 0 });
		expect(await desk.store.records.addresses.ofContact(contact?.id ?? '')).toMatchObject([{ blockedAt: null }]);
		await desk.dispose();
	});

	test('somebody stops following', () => {
		expect(read(eventXml('unsubscribe'))).toEqual([{ ...about, kind: 'consent', key: `unsubscribe:${ANN}:${AT}`, from, allowed: false }]);
	});

	test('a follower scans a code', () => {
		expect(read(eventXml('SCAN', { EventKey: '123', Ticket: 'T' }))).toEqual([
			{ ...about, kind: 'activity', key: `SCAN:${ANN}:${AT}`, from, what: 'referred', opensWindow: true, details: referral('123') },
		]);
	});

	test.each([
		['a visit to a page from the menu', eventXml('VIEW', { EventKey: 'https://shop.example.test' }), "a tap on the account's menu that opens a page"],
		['a report of where the person is', eventXml('LOCATION', { Latitude: 23.1, Longitude: 113.3, Precision: 119 }), 'where the person is, which the app reports by itself'],
		['the end of a template message', eventXml('TEMPLATESENDJOBFINISH', { MsgID: 200163836, Status: 'success' }), "an event of the type 'TEMPLATESENDJOBFINISH'"],
		['a scan from the menu', eventXml('scancode_push', { EventKey: '6' }).replace('</xml>', '<ScanCodeInfo><ScanType>qrcode</ScanType></ScanCodeInfo></xml>'), "an event of the type 'scancode_push'"],
		['an event without a person', xmlOf({ CreateTime: SECONDS, MsgType: 'event', Event: 'subscribe' }), 'an event without a person'],
		['a message without a sender', xmlOf({ CreateTime: SECONDS, MsgType: 'text', Content: 'Hi', MsgId: ID }), 'a message without a sender or an ID'],
		['a message without an id', xmlOf({ FromUserName: ANN, CreateTime: SECONDS, MsgType: 'text', Content: 'Hi' }), 'a message without a sender or an ID'],
	])('%s is ignored with a reason', (_name, xml, why) => {
		expect(read(xml)).toMatchObject([{ kind: 'ignored', why, account: APP_ID, at: AT }]);
	});

	test('without a time of its own it happened when it came', () => {
		expect(read(xmlOf({ FromUserName: ANN, MsgType: 'text', Content: 'Hi', MsgId: ID }))).toMatchObject([{ at: AT + 1000 }]);
	});

	test.each(['', '{"MsgType":"text"}', '<xml><A>1</A></xml>', '<!DOCTYPE xml [<!ENTITY a "1">]><xml><MsgType>text</MsgType></xml>'])('%s is not of this channel', (body) => {
		expect(() => read({ query: {}, body })).toThrow(MalformedPayload);
	});
});

test("WeChat hears 'success', also for what could not be read: anything else is shown to the contact as a fault", () => {
	const said = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'success' };
	expect(wechat.webhook.answer?.(null)).toEqual(said);
	expect(wechat.webhook.answer?.(new MalformedPayload('The body is not valid XML.'))).toEqual(said);
});
