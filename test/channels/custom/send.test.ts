import { custom } from '../../../src/channels/custom';
import { provider } from '../../../src/channels/custom/provider';
import type { Attachment, Content } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { ANN, CHANNEL_ID, TOKEN, error, fakeCustom, type FakeCustom } from '../../fakes/custom';
import { PUBLIC_FILES, sendPorts, type TestFile } from '../../fakes/ports';
import type { Answer } from '../../fakes/server';
import { attachments, files } from './subject';

const MESSAGE_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const HELLO: Content = { kind: 'text', text: 'Hello' };
const { pdf, photo, voice, clip } = attachments;

let fake: FakeCustom;
beforeEach(async () => {
	fake = await fakeCustom();
});
afterEach(() => fake.close());

interface Given {
	fields?: CredentialFields;
	stored?: Record<string, TestFile>;
	user?: string;
}
const send = (content: Content, { fields = fake.fields, stored = files, user = ANN }: Given = {}) =>
	custom.send(content, { channel: 'custom', account: CHANNEL_ID, user }, sendPorts(provider, fields, { files: stored }), {
		messageId: MESSAGE_ID,
		quote: null,
		reply: null,
		humanAgent: false,
	});
const failed = async (work: Promise<unknown>): Promise<ConversationsError> => {
	const thrown: unknown = await work.then(() => undefined, (each: unknown) => each);
	if (!(thrown instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(thrown)}`);
	return thrown;
};
const media = (text: string | null, ...list: Attachment[]): Content => ({ kind: 'media', text, attachments: list });
const url = (id: string, name: string) => `${PUBLIC_FILES}?id=${id}&name=${encodeURIComponent(name)}`;
const bodies = () => fake.server.requests.map(({ json }) => json);
const to = (message: Record<string, unknown>) => ({ channelId: CHANNEL_ID, contactId: ANN, message });

test('a text, with the headers and the body of the protocol', async () => {
	expect(await send({ kind: 'text', text: 'Hello 👋' })).toEqual(['prov-1']);
	const [request] = fake.server.requests;
	expect(request).toMatchObject({ method: 'POST', path: '/message', query: {} });
	expect(request?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'cache-control': 'no-cache' });
	expect(request?.bytes.toString()).toBe(JSON.stringify(to({ type: 'text', text: 'Hello 👋' })));
});

test('R31: choices are a quick reply with their labels', async () => {
	await send({ kind: 'choices', text: 'Happy?', options: [{ id: 'y', label: 'Yes' }, { id: 'n', label: 'No' }] });
	expect(bodies()).toEqual([to({ type: 'quick_reply', title: 'Happy?', replies: ['Yes', 'No'] })]);
	expect(custom.can.choices?.max).toBe(10);
});

test('a place, its name and address in one line', async () => {
	const place = { kind: 'location', text: null, latitude: 3.14, longitude: 101.69 } as const;
	await send({ ...place, name: 'Shop', address: '1 High Street' });
	await send({ ...place, name: null, address: '1 High Street' });
	await send({ ...place, name: ' ', address: null });
	const pin = { type: 'location', latitude: 3.14, longitude: 101.69 };
	expect(bodies()).toEqual([to({ ...pin, address: 'Shop, 1 High Street' }), to({ ...pin, address: '1 High Street' }), to(pin)]);
});

describe('files', () => {
	const file = (type: string, id: string, fileName: string, mimeType: string) =>
		to({ type: 'attachment', attachment: { type, url: url(id, fileName), mimeType, fileName } });

	test('one request each, the text before them', async () => {
		expect(await send(media('Look', photo, pdf, voice, clip))).toEqual(['prov-1', 'prov-2', 'prov-3', 'prov-4', 'prov-5']);
		expect(bodies()).toEqual([
			to({ type: 'text', text: 'Look' }),
			file('image', 'file-jpg', 'photo.jpg', 'image/jpeg'),
			file('file', 'file-pdf', 'invoice.pdf', 'application/pdf'),
			file('audio', 'file-ogg', 'voice.ogg', 'audio/ogg'),
			file('video', 'file-mp4', 'clip.mp4', 'video/mp4'),
		]);
	});

	test('without a text', async () => {
		expect(await send(media(' ', photo))).toEqual(['prov-1']);
		expect(fake.taken).toMatchObject([{ message: { type: 'attachment' } }]);
	});

	test('when there is no address for one of them, nothing goes', async () => {
		const { accepted } = await failed(send(media('All', photo, pdf), { stored: { 'file-jpg': files['file-jpg'] } }));
		expect(accepted).toEqual([]);
		const { failure } = await failed(send(media('All', { ...photo, fileId: null })));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'custom' });
		expect(fake.server.requests).toEqual([]);
	});

	test('when one in the middle is refused, what went before is told', async () => {
		fake.server.next('/message', { json: { mId: 'one' } }, { text: 'OK' }, error(429, 'slow down'));
		const { failure, accepted } = await failed(send(media('All', photo, pdf, clip)));
		expect(accepted).toEqual(['one', `${MESSAGE_ID}:2`]);
		expect(failure).toMatchObject({ code: 'rate_limited' });
		expect(fake.server.requests).toHaveLength(3);
	});
});

describe('where messages are posted', () => {
	test.each([
		['', '/message'],
		['/', '/message'],
		['/message', '/message'],
		['/message/', '/message'],
		['/bridge', '/bridge/message'],
		['/bridge/', '/bridge/message'],
		['/ch_9f2a/message', '/ch_9f2a/message'],
		['/messages', '/messages/message'],
		['/#top', '/message'],
	])("'URL' ending in '%s': to %s", async (end, path) => {
		await fake.close();
		fake = await fakeCustom({ path });
		await send(HELLO, { fields: { ...fake.fields, url: `${fake.server.url}${end}` } });
		expect(fake.taken).toHaveLength(1);
	});

	test('the query of the address is kept', async () => {
		await send(HELLO, { fields: { ...fake.fields, url: `${fake.server.url}/message?key=a%20b&x=` } });
		expect(fake.server.requests).toMatchObject([{ path: '/message', query: { key: 'a b', x: '' } }]);
	});
});

describe('what counts as taken', () => {
	const answered = async (answer: Answer) => {
		fake.server.next('/message', answer);
		return await send(HELLO);
	};

	test.each([
		['an id', { json: { mId: 'wamid.1' } }, 'wamid.1'],
		['an id that is a number', { text: '{"mId":5100000000000000009}' }, '5100000000000000009'],
		['an id beside anything', { json: { mId: 'x', status: 'accepted_with_error' } }, 'x'],
		['201 and an id', { status: 201, json: { mId: 'x' } }, 'x'],
	])('%s', async (_name, answer, id) => {
		expect(await answered(answer)).toEqual([id]);
	});

	test.each([
		['nothing', { text: '' }],
		['204', { status: 204 }],
		['202 and nothing', { status: 202 }],
		['an empty object', { json: {} }],
		['JSON without an id', { json: { message: 'Workflow was started' } }],
		['JSON with an empty id', { json: { mId: '' } }],
		['a list', { json: [] }],
		['OK', { text: 'OK' }],
		['ok!', { text: ' ok!\n' }],
		['success', { text: 'success' }],
		['Message sent successfully', { text: 'Message sent successfully.' }],
		['EVENT_RECEIVED', { text: 'EVENT_RECEIVED' }],
	])('%s: then the id is ours', async (_name, answer) => {
		expect(await answered(answer)).toEqual([`${MESSAGE_ID}:1`]);
	});

	test.each([
		["n8n's own page while it starts", { text: 'n8n is starting up. Please wait' }],
		['a web page', { text: '<!doctype html><title>Welcome</title>', headers: { 'content-type': 'text/html' } }],
		['half an answer', { text: '{"mId":' }],
		['a sentence that only begins well', { text: 'ok, but the messenger is offline' }],
		['an endless answer', { bytes: Buffer.alloc(1024 * 1024 + 1, 0x61) }],
	])('not %s', async (_name, answer) => {
		expect((await failed(answered(answer))).failure).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'custom' });
	});

	test('a server that gives every part the same id does not make them one', async () => {
		fake.server.next('/message', { json: { mId: 'same' } }, { json: { mId: 'same' } });
		expect(await send(media('Look', photo))).toEqual(['same', `${MESSAGE_ID}:2`]);
	});
});
