import { wechat } from '../../../src/channels/wechat';
import { provider } from '../../../src/channels/wechat/provider';
import { VIDEO_THUMB } from '../../../src/channels/wechat/video-thumb';
import type { Attachment, Content } from '../../../src/core/channel';
import { contentRefusal } from '../../../src/core/content';
import { ConversationsError } from '../../../src/core/failure';
import { fitted } from '../../../src/core/fitting';
import { messageCount } from '../../../src/core/window';
import { sendPorts, type TestFile } from '../../fakes/ports';
import { fakeWeChat, refusal, type FakeWeChat } from '../../fakes/wechat';
import { ANN, APP_ID, messageXml, post, received } from '../../fakes/wechat-posts';
import { attachments, credential, files } from './subject';

const MESSAGE_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const SEND = '/cgi-bin/message/custom/send';
const UPLOAD = '/cgi-bin/media/upload';
const { photo, clip, voice, song } = attachments;

let fake: FakeWeChat;
beforeEach(async () => {
	fake = await fakeWeChat();
});
afterEach(() => fake.close());

const send = (content: Content, stored: Record<string, TestFile> = files) =>
	wechat.send(content, { channel: 'wechat', account: APP_ID, user: ANN }, sendPorts(provider, fake.fields, { files: stored }), {
		messageId: MESSAGE_ID,
		quote: null,
		reply: null,
		humanAgent: false,
	});
const failed = async (work: Promise<unknown>): Promise<ConversationsError> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error;
};
const media = (text: string | null, ...list: Attachment[]): Content => ({ kind: 'media', text, attachments: list });
const paths = () => fake.server.requests.map(({ path, query }) => [path.replace('/cgi-bin/', ''), query['type']].filter(Boolean).join(' '));
const bodies = () => fake.server.requests.filter(({ path }) => path === SEND).map(({ json }) => json);

test('a text, whose token is in the query alone, and whose id is ours', async () => {
	expect(await send({ kind: 'text', text: 'Hello 👋 你好' })).toEqual([`${MESSAGE_ID}:0`]);
	expect(paths()).toEqual(['stable_token', 'message/custom/send']);
	const [asked, sent] = fake.server.requests;
	expect(asked).toMatchObject({ method: 'POST', query: {}, json: { grant_type: 'client_credential', appid: APP_ID, secret: fake.fields['appSecret'], force_refresh: false } });
	expect(sent).toMatchObject({ method: 'POST', query: { access_token: fake.accessToken() } });
	expect(bodies()).toEqual([{ touser: ANN, msgtype: 'text', text: { content: 'Hello 👋 你好' } }]);
	expect(sent?.bytes.toString()).toContain('Hello 👋 你好');
	expect(JSON.stringify([sent?.headers, sent?.bytes.toString()])).not.toContain(fake.accessToken());
	expect(JSON.stringify(sent)).not.toContain(fake.fields['appSecret']);
});

test('choices are lines that can be tapped', async () => {
	await send({ kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }, { id: 'pm', label: 'Q&A <b>' }] });
	expect(bodies()).toEqual([
		{
			touser: ANN,
			msgtype: 'msgmenu',
			msgmenu: { head_content: 'When?', list: [{ id: 'am', content: 'Morning' }, { id: 'pm', content: 'Q&A <b>' }], tail_content: '' },
		},
	]);
});

test('what a tap sends is read as its press', async () => {
	await send({ kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }] });
	const [line] = fake.sent[0]?.msgmenu?.list ?? [];
	const xml = messageXml('1', 'text', { Content: line?.content ?? '', bizmsgmenuid: line?.id ?? '' });
	expect(wechat.webhook.parse(received(post(xml)), credential, APP_ID)).toMatchObject([{ content: { kind: 'choice', choice: { id: 'am', label: 'Morning' } } }]);
});

describe('files', () => {
	test.each([
		['an image', photo, 'image', { msgtype: 'image', image: { media_id: 'M1_image' } }, 'file.jpg'],
		['a voice note', voice, 'voice', { msgtype: 'voice', voice: { media_id: 'M1_voice' } }, 'file.amr'],
		['other sound, which is a voice message too', song, 'voice', { msgtype: 'voice', voice: { media_id: 'M1_voice' } }, 'file.mp3'],
	])('%s is uploaded, then sent', async (_name, attachment, type, message, filename) => {
		expect(await send(media(null, attachment))).toEqual([`${MESSAGE_ID}:0`]);
		expect(paths()).toEqual(['stable_token', `media/upload ${type}`, 'message/custom/send']);
		expect(bodies()).toEqual([{ touser: ANN, ...message }]);
		const file = fake.server.requests[1]?.form['media'];
		if (!(file instanceof File)) throw new Error('no file');
		expect({ name: file.name, type: file.type }).toEqual({ name: filename, type: attachment.mime });
		const stored = files[attachment.fileId as keyof typeof files];
		expect(Buffer.from(await file.arrayBuffer())).toEqual(stored.bytes);
	});

	test('a video has a picture, which is uploaded once', async () => {
		await send(media(null, clip, clip));
		expect(paths()).toEqual(['stable_token', 'media/upload thumb', 'media/upload video', 'media/upload video', 'message/custom/send', 'message/custom/send']);
		expect(bodies()).toEqual(
			['M2_video', 'M3_video'].map((id) => ({ touser: ANN, msgtype: 'video', video: { media_id: id, thumb_media_id: 'M1_thumb' } })),
		);
		const picture = fake.server.requests[1]?.form['media'];
		expect(picture instanceof File && Buffer.from(await picture.arrayBuffer())).toEqual(VIDEO_THUMB);
	});

	test('the id of a picture may be under its newer name', async () => {
		fake.uploaded.set('newer', 'thumb');
		fake.server.next(UPLOAD, { json: { errcode: 0, errmsg: 'ok', type: 'thumb', media_id: 'newer', created_at: 1 } });
		await send(media(null, clip));
		expect(fake.sent).toMatchObject([{ video: { thumb_media_id: 'newer' } }]);
	});

	test('the text goes first, each part as a message of its own, as core counts them', async () => {
		const content = media('All', photo, voice);
		expect(await send(content)).toEqual([`${MESSAGE_ID}:0`, `${MESSAGE_ID}:1`, `${MESSAGE_ID}:2`]);
		expect(fake.sent.map(({ msgtype }) => msgtype)).toEqual(['text', 'image', 'voice']);
		expect(fake.sent).toHaveLength(messageCount(content, wechat.can));
		expect(paths().slice(1)).toEqual(['media/upload image', 'media/upload voice', 'message/custom/send', 'message/custom/send', 'message/custom/send']);
	});

	test('a text of white space is none', async () => {
		const content = media(' \n', photo);
		await send(content);
		expect(fake.sent).toHaveLength(1);
		expect(messageCount(content, wechat.can)).toBe(1);
	});

	test('a voice message of a minute goes, a longer one is refused before anything is uploaded', async () => {
		const long = { ...files, 'file-mp3': { ...files['file-mp3'], durationMs: 60_001 } };
		await send(media(null, song));
		fake.server.requests.length = 0;
		const { failure, accepted } = await failed(send(media('Listen', photo, song), long));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'wechat', retryable: false });
		expect(failure.reason).toBe("'jingle.mp3' plays for 61 seconds; WeChat takes voice messages of at most 60. Shorten it, or send a link.");
		expect(accepted).toEqual([]);
		expect(fake.server.requests).toEqual([]);
	});

	test('a file that is not there is refused before anything is uploaded', async () => {
		const { failure, accepted } = await failed(send(media('All', photo, { ...clip, fileId: null })));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'wechat' });
		expect(accepted).toEqual([]);
		expect(fake.server.requests).toEqual([]);
	});

	test('when one upload is refused, nothing is sent', async () => {
		fake.server.next(UPLOAD, { json: { type: 'image', media_id: 'M1', created_at: 1 } }, refusal(40010));
		const { failure, accepted } = await failed(send(media('All', photo, voice)));
		expect(failure).toMatchObject({ code: 'content_unsupported', providerCode: '40010' });
		expect(accepted).toEqual([]);
		expect(fake.sent).toEqual([]);
	});

	test.each([
		['no answer', 'hang up' as const],
		['an answer without an id', { json: { type: 'image' } }],
		['an answer in another format', { text: 'n8n is starting up' }],
		['a gateway that got none', { status: 504 }],
	])('an upload with %s has surely sent nothing: it may be tried again', async (_name, behaviour) => {
		fake.server.next(UPLOAD, behaviour);
		const { failure, accepted } = await failed(send(media(null, photo)));
		expect(failure).toMatchObject({ code: 'provider_unavailable', retryable: true, channel: 'wechat' });
		expect(accepted).toEqual([]);
		expect(fake.sent).toEqual([]);
	});

	test('when a part in the middle is refused, what went before is told', async () => {
		fake.perWindow = 2;
		fake.people.clear();
		fake.heard();
		const { failure, accepted } = await failed(send(media('All', photo, voice, song)));
		expect(failure).toMatchObject({ code: 'quota_used', providerCode: '45047' });
		expect(accepted).toEqual([`${MESSAGE_ID}:0`, `${MESSAGE_ID}:1`]);
		expect(fake.sent).toHaveLength(2);
	});
});

describe('what core refuses without a call', () => {
	const pdf: Attachment = { fileId: 'file-pdf', kind: 'file', name: 'invoice.pdf', mime: 'application/pdf', sizeBytes: 4 };
	const reasonOf = (content: Content) => contentRefusal(fitted(content, wechat).content, wechat)?.reason ?? null;

	test.each([
		['a document', pdf],
		['an image of another type', { ...photo, mime: 'image/webp' }],
		['a large image', { ...photo, sizeBytes: 10 * 1024 * 1024 + 1 }],
		['a video of another type', { ...clip, mime: 'video/quicktime' }],
		['a voice note of another type', { ...voice, mime: 'audio/ogg' }],
		['a large voice note', { ...voice, sizeBytes: 2 * 1024 * 1024 + 1 }],
	])('%s: the sentence says to send a link', (_name, attachment) => {
		expect(reasonOf(media(null, attachment))).toMatch(/WeChat .*send a link\.$/);
	});

	test('a text counts in bytes', () => {
		expect(reasonOf({ kind: 'text', text: '你'.repeat(682) })).toBeNull();
		expect(reasonOf({ kind: 'text', text: '你'.repeat(683) })).toMatch(/2049 bytes; WeChat takes at most 2048/);
		expect(reasonOf(media('你'.repeat(683), photo))).toMatch(/at most 2048/);
	});
});

test('C22, C23: the window is 48 hours and 20 messages, and nothing goes after it', () => {
	expect(wechat.can.window).toEqual({ ms: 172_800_000, after: 'nothing', count: 20 });
	expect(wechat.can.receipts).toEqual([]);
});
