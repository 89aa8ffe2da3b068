import { sms } from '../../../src/channels/sms';
import { provider } from '../../../src/channels/sms/provider';
import type { Attachment, Content } from '../../../src/core/channel';
import { contentRefusal } from '../../../src/core/content';
import { ConversationsError, type Failure } from '../../../src/core/failure';
import { fitted } from '../../../src/core/fitting';
import type { CredentialFields } from '../../../src/core/provider';
import { PUBLIC_FILES, sendPorts, type TestFile } from '../../fakes/ports';
import { ACCOUNT_SID, ANN, AUTH_TOKEN, NUMBER, SERVICE, fakeSms, type FakeSms } from '../../fakes/sms';
import { ADDRESS, sidOf } from '../../fakes/sms-webhooks';
import { attachments, files } from './subject';

const { jpg, clip, tone, pdf } = attachments;
const MB = 1024 * 1024;

let fake: FakeSms;
beforeEach(async () => {
	fake = await fakeSms();
});
afterEach(() => fake.close());

interface Given {
	fields?: CredentialFields;
	stored?: Record<string, TestFile>;
	/** null: no active trigger would hear about it. */
	receiver?: string | null;
}
const send = (content: Content, { fields = fake.fields, stored = files, receiver = ADDRESS }: Given = {}) =>
	sms.send(
		content,
		{ channel: 'sms', account: NUMBER, user: ANN },
		{ ...sendPorts(provider, fields, { files: stored }), receiverUrl: async (_account, path) => (receiver === null ? null : `${receiver}/${path}`) },
		{ messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false },
	);
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};
const media = (text: string | null, ...list: Attachment[]): Content => ({ kind: 'media', text, attachments: list });
const url = (id: string, name: string) => `${PUBLIC_FILES}?id=${id}&name=${encodeURIComponent(name)}`;
const bodies = () => fake.server.requests.map(({ bytes }) => [...new URLSearchParams(bytes.toString())]);
const STATUS = `${ADDRESS}/status#rc=3&rp=all`;

test('a text, with the secret in its header only', async () => {
	expect(await send({ kind: 'text', text: 'Grüße & more 👋' })).toEqual([sidOf('SM', 1)]);
	const [request] = fake.server.requests;
	expect(request).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, query: {} });
	expect(request?.headers).toMatchObject({
		authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
		'content-type': 'application/x-www-form-urlencoded',
	});
	expect(request?.bytes.toString()).not.toContain(AUTH_TOKEN);
	expect(bodies()).toEqual([[['To', ANN], ['From', NUMBER], ['Body', 'Grüße & more 👋'], ['StatusCallback', STATUS]]]);
});

test('with nobody to hear the news, none are asked for', async () => {
	await send({ kind: 'text', text: 'Hello' }, { receiver: null });
	expect(bodies()).toEqual([[['To', ANN], ['From', NUMBER], ['Body', 'Hello']]]);
});

test('a service chooses the sender, or takes the one of the credential', async () => {
	await send({ kind: 'text', text: 'Hello' }, { fields: fake.serviceFields });
	await send({ kind: 'text', text: 'Hello' }, { fields: { ...fake.serviceFields, from: '+1 (500) 555-0006' } });
	expect(bodies()).toEqual([
		[['To', ANN], ['MessagingServiceSid', SERVICE], ['Body', 'Hello'], ['StatusCallback', STATUS]],
		[['To', ANN], ['From', NUMBER], ['MessagingServiceSid', SERVICE], ['Body', 'Hello'], ['StatusCallback', STATUS]],
	]);
	expect(fake.sent.map(({ messagingServiceSid }) => messagingServiceSid)).toEqual([SERVICE, SERVICE]);
});

test.each(['72345', 'Shop'])("from '%s'", async (from) => {
	await send({ kind: 'text', text: 'Hello' }, { fields: { ...fake.fields, from } });
	expect(fake.sent).toMatchObject([{ from }]);
});

describe('files', () => {
	test('go with their text in one message, in their order', async () => {
		expect(await send(media('All of them', jpg, pdf, clip, tone))).toEqual([sidOf('MM', 1)]);
		expect(bodies()).toEqual([
			[
				['To', ANN], ['From', NUMBER], ['Body', 'All of them'],
				['MediaUrl', url('file-jpg', 'photo.jpg')], ['MediaUrl', url('file-pdf', 'invoice.pdf')],
				['MediaUrl', url('file-mp4', 'clip.mp4')], ['MediaUrl', url('file-mp3', 'tone.mp3')],
				['StatusCallback', STATUS],
			],
		]);
	});

	test.each([null, '', ' '])('without words (%j) there is no text', async (text) => {
		await send(media(text, jpg));
		expect(fake.sent).toMatchObject([{ body: null, mediaUrls: [url('file-jpg', 'photo.jpg')] }]);
	});

	test('that are too large together are refused without a call', async () => {
		const half = { ...jpg, sizeBytes: 2.5 * MB };
		expect(await send(media(null, half, half))).toHaveLength(1);
		const refused = await failureOf(send(media(null, half, half, { ...jpg, sizeBytes: 1 })));
		expect(refused).toMatchObject({ code: 'content_unsupported', channel: 'sms', retryable: false });
		expect(refused.reason).toContain('5 MB');
		expect(fake.server.requests).toHaveLength(1);
	});

	test('whose size is not known are counted', async () => {
		const stored = { 'file-jpg': { ...files['file-jpg'], bytes: Buffer.alloc(5 * MB + 1) } };
		expect(await failureOf(send(media(null, { ...jpg, sizeBytes: 0 }), { stored }))).toMatchObject({ code: 'content_unsupported' });
		expect(await send(media(null, { ...jpg, sizeBytes: 0 }))).toHaveLength(1);
	});

	test('that are not there, or have no address, stop the message', async () => {
		expect(await failureOf(send(media(null, jpg, { ...pdf, fileId: null })))).toMatchObject({ code: 'content_unsupported' });
		expect(await failureOf(send(media(null, jpg, pdf), { stored: { 'file-jpg': files['file-jpg'] } }))).toMatchObject({ code: 'content_unsupported' });
		expect(fake.server.requests).toEqual([]);
	});

	test.each([
		['a photo of 5 MB', { ...jpg, sizeBytes: 5 * MB }, true],
		['a larger one', { ...jpg, sizeBytes: 5 * MB + 1 }, false],
		['a film of 500 KB', { ...clip, sizeBytes: 500 * 1024 }, true],
		['a larger one', { ...clip, sizeBytes: 500 * 1024 + 1 }, false],
		['a picture of another type', { ...jpg, mime: 'image/bmp' }, true],
		['a picture that no phone shows', { ...jpg, mime: 'image/webp' }, false],
		['an archive', { ...pdf, mime: 'application/zip' }, false],
	])('%s', (_name, attachment, isTaken) => {
		const { content } = fitted(media('Look', attachment), sms);
		expect(contentRefusal(content, sms) === null).toBe(isTaken);
	});

	test('B11: a voice note goes as an attachment, and the message says so', () => {
		const { content, notes } = fitted(media(null, { ...tone, voice: true, mime: 'audio/ogg; codecs=opus' }), sms);
		expect(contentRefusal(content, sms)).toBeNull();
		expect(content).toMatchObject({ attachments: [{ kind: 'audio' }] });
		expect(notes).toEqual(["'tone.mp3' went as an attachment: SMS has no voice notes."]);
	});

	test('there may be ten', () => {
		expect(contentRefusal(media(null, ...Array.from({ length: 10 }, () => jpg)), sms)).toBeNull();
		expect(contentRefusal(media(null, ...Array.from({ length: 11 }, () => jpg)), sms)).toMatchObject({ code: 'content_unsupported' });
	});
});

test.each([
	['text', (text: string): Content => ({ kind: 'text', text })],
	['text with a file', (text: string): Content => media(text, jpg)],
])('a %s has 1,600 characters, of which an emoji is two', async (_name, of) => {
	const longest = of('😀'.repeat(800));
	expect(contentRefusal(longest, sms)).toBeNull();
	expect(await send(longest)).toHaveLength(1);
	expect(contentRefusal(of(`${'😀'.repeat(800)}a`), sms)).toMatchObject({ code: 'content_unsupported' });
});

test('C9: there is no window, and no pace is kept for one person', () => {
	expect(sms.can.window).toBeNull();
	expect(sms.can.rates).toEqual({ account: { count: 50, perMs: 1000, burst: 50 }, recipient: null });
});

test('what an SMS cannot be is refused without a call', async () => {
	expect(await failureOf(send({ kind: 'choices', text: 'Pick', options: [{ id: '1', label: 'One' }] }))).toMatchObject({ code: 'content_unsupported' });
	expect(fake.server.requests).toEqual([]);
});

test('an answer without an SID is not known to be sent', async () => {
	fake.server.next(/Messages\.json$/, { status: 201, json: { status: 'queued' } }, { status: 302, headers: { location: 'https://elsewhere.example.test' } });
	for (let count = 0; count < 2; count += 1) {
		expect(await failureOf(send({ kind: 'text', text: 'Hello' }))).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'sms' });
	}
});
