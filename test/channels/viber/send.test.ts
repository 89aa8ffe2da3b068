import { viber } from '../../../src/channels/viber';
import { provider } from '../../../src/channels/viber/provider';
import type { Attachment, Content } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import type { CredentialFields } from '../../../src/core/provider';
import { PUBLIC_FILES, sendPorts, type TestFile } from '../../fakes/ports';
import { ACCOUNT, ANN, TOKEN, callbacks, fakeViber, refusal, type FakeViber } from '../../fakes/viber';
import { attachments, files } from './subject';

const MESSAGE_ID = '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e';
const { pdf, photo, clip } = attachments;

let fake: FakeViber;
beforeEach(async () => {
	fake = await fakeViber();
});
afterEach(() => fake.close());

interface Given {
	fields?: CredentialFields;
	stored?: Record<string, TestFile>;
}
const send = (content: Content, { fields = fake.fields, stored = files }: Given = {}) =>
	viber.send(content, { channel: 'viber', account: ACCOUNT, user: ANN }, sendPorts(provider, fields, { files: stored }), {
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
const url = (id: string, name: string) => `${PUBLIC_FILES}?id=${id}&name=${encodeURIComponent(name)}`;
const common = {
	receiver: ANN,
	min_api_version: 1,
	sender: { name: 'Shop', avatar: 'https://cdn.example.test/a.jpg' },
	tracking_data: MESSAGE_ID,
};
const bodies = () => fake.server.requests.map(({ json }) => json);

test('a text, with the token in its header only', async () => {
	const ids = await send({ kind: 'text', text: 'Hello 👋' });
	expect(ids).toEqual(['5100000000000000004']);
	expect(ids).toEqual(fake.sent.map(({ token }) => token));
	const [request] = fake.server.requests;
	expect(request).toMatchObject({ method: 'POST', path: '/pa/send_message', query: {} });
	expect(request?.headers['x-viber-auth-token']).toBe(TOKEN);
	expect(request?.bytes.toString()).not.toContain(TOKEN);
	expect(bodies()).toEqual([{ ...common, type: 'text', text: 'Hello 👋' }]);
});

test('without a picture of the sender there is no field for it', async () => {
	await send({ kind: 'text', text: 'Hello' }, { fields: { ...fake.fields, senderAvatarUrl: '' } });
	expect(bodies()).toMatchObject([{ sender: { name: 'Shop' } }]);
	expect(fake.sent[0]?.sender).toEqual({ name: 'Shop' });
});

test('choices are buttons below each other, whose press is silent and names the id', async () => {
	await send({ kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }, { id: 'pm', label: 'Q&A <b>' }] });
	const button = { Columns: 6, Rows: 1, ActionType: 'reply', Silent: true };
	expect(bodies()).toEqual([
		{
			...common,
			type: 'text',
			text: 'When?',
			keyboard: {
				Type: 'keyboard',
				Buttons: [
					{ ...button, ActionBody: 'choice:am', Text: 'Morning' },
					{ ...button, ActionBody: 'choice:pm', Text: 'Q&amp;A &lt;b&gt;' },
				],
			},
		},
	]);
});

test('what a button sends is read as its press', async () => {
	await send({ kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }] });
	const pressed = fake.sent[0]?.keyboard?.Buttons[0]?.['ActionBody'];
	const body = callbacks.message('5100000000000000099', { type: 'text', text: pressed });
	const request = { method: 'POST', headers: {}, query: {}, body: Buffer.from(body), receivedAt: 0 };
	expect(viber.webhook.parse(request, provider.read(fake.fields), ACCOUNT)).toMatchObject([{ content: { kind: 'choice', choice: { id: 'am', label: null } } }]);
});

test('a place, its name and address before it', async () => {
	const place = { kind: 'location', text: null, latitude: 50.76, longitude: 24.21 } as const;
	await send({ ...place, name: null, address: null });
	const ids = await send({ ...place, name: 'Shop', address: '1 High Street' });
	expect(ids).toHaveLength(2);
	const pin = { ...common, type: 'location', location: { lat: 50.76, lon: 24.21 } };
	expect(bodies()).toEqual([pin, { ...common, type: 'text', text: 'Shop\n1 High Street' }, pin]);
});

describe('files', () => {
	test('a picture carries the text', async () => {
		expect(await send(media('Look', photo))).toHaveLength(1);
		expect(bodies()).toEqual([{ ...common, type: 'picture', text: 'Look', media: url('file-jpg', 'photo.jpg') }]);
	});

	test('a picture alone has an empty text', async () => {
		await send(media(null, photo));
		expect(fake.sent).toMatchObject([{ type: 'picture', text: '' }]);
	});

	test('a text that is too long for a caption goes before', async () => {
		const text = 'a'.repeat(513);
		await send(media(text, photo));
		expect(fake.sent).toMatchObject([{ type: 'text', text }, { type: 'picture', text: '' }]);
	});

	test('a video, with its size and seconds; its text goes before', async () => {
		await send(media('Watch', clip));
		expect(bodies()).toEqual([
			{ ...common, type: 'text', text: 'Watch' },
			{ ...common, type: 'video', media: url('file-mp4', 'clip.mp4'), size: 5, duration: 20 },
		]);
	});

	test.each([
		['which does not say how long it is', undefined, { type: 'video', media: url('file-mp4', 'clip.mp4'), size: 5 }],
		['of three minutes', 180_000, { type: 'video', media: url('file-mp4', 'clip.mp4'), size: 5, duration: 180 }],
		['that is longer goes as a file', 180_001, { type: 'file', media: url('file-mp4', 'clip.mp4'), size: 5, file_name: 'clip.mp4' }],
	])('a video %s', async (_name, durationMs, body) => {
		const stored = { 'file-mp4': { name: 'clip.mp4', mime: 'video/mp4', bytes: Buffer.from('ftyp!'), ...(durationMs !== undefined && { durationMs }) } };
		await send(media(null, clip), { stored });
		expect(bodies()).toEqual([{ ...common, ...body }]);
	});

	test('a file with its name and size', async () => {
		await send(media('Your invoice', pdf));
		expect(bodies()).toEqual([
			{ ...common, type: 'text', text: 'Your invoice' },
			{ ...common, type: 'file', media: url('file-pdf', 'invoice.pdf'), size: 4, file_name: 'invoice.pdf' },
		]);
	});

	test('a recording goes as a file', async () => {
		const stored = { 'file-ogg': { name: 'voice.ogg', mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS') } };
		await send(media(null, { fileId: 'file-ogg', kind: 'audio', name: 'voice.ogg', mime: 'audio/ogg; codecs=opus', sizeBytes: 4 }), { stored });
		expect(fake.sent).toMatchObject([{ type: 'file', file_name: 'voice.ogg', size: 4 }]);
	});

	test.each([
		['a picture', { ...photo, name: 'IMG_1' }, { type: 'picture', media: url('made', 'IMG_1.jpg') }],
		['a video', { ...clip, name: 'clip.bin' }, { type: 'video', media: url('made', 'clip.bin.mp4') }],
		['an archive', { ...pdf, name: 'photos', mime: 'application/zip' }, { type: 'file', media: url('made', 'photos.zip'), file_name: 'photos.zip' }],
		['a file', { ...pdf, name: 'invoice' }, { type: 'file', media: url('made', 'invoice.pdf'), file_name: 'invoice.pdf' }],
	])('%s gets a name that ends like its type', async (_name, attachment, body) => {
		await send(media(null, attachment));
		expect(fake.sent).toMatchObject([body]);
	});

	test('a size that is not known yet is counted', async () => {
		await send(media(null, { ...pdf, sizeBytes: 0 }));
		expect(fake.sent).toMatchObject([{ type: 'file', size: 4 }]);
	});

	test('a name that is too long keeps its end', async () => {
		await send(media(null, { ...pdf, name: `${'ü'.repeat(300)}.pdf` }));
		const name = fake.sent[0]?.file_name ?? '';
		expect([...name]).toHaveLength(256);
		expect(name).toMatch(/ü\.pdf$/);
	});

	test('a program is refused before anything goes', async () => {
		const { failure, accepted } = await failed(send(media('Run this', { ...pdf, name: 'setup.EXE' })));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'viber', retryable: false });
		expect(failure.reason).toContain("'.exe'");
		expect(accepted).toEqual([]);
		expect(fake.server.requests).toEqual([]);
	});

	test('several go one by one; the first picture has the text', async () => {
		expect(await send(media('All', photo, pdf, clip))).toEqual(['5100000000000000004', '5100000000000000005', '5100000000000000006']);
		expect(fake.sent).toMatchObject([{ type: 'picture', text: 'All' }, { type: 'file' }, { type: 'video' }]);
	});

	test('when one in the middle is refused, what went before is told', async () => {
		const ok = '{"status":0,"status_message":"ok","message_token":5100000000000000777}';
		fake.server.next('/pa/send_message', { text: ok }, refusal(12));
		const { failure, accepted } = await failed(send(media('All', photo, pdf, clip)));
		expect(accepted).toEqual(['5100000000000000777']);
		expect(failure).toMatchObject({ code: 'rate_limited' });
		expect(fake.server.requests).toHaveLength(2);
	});

	test('when there is no address for files, nothing goes', async () => {
		const { failure, accepted } = await failed(send(media('All', photo, pdf), { stored: { 'file-jpg': files['file-jpg'] } }));
		expect(failure.code).toBe('content_unsupported');
		expect(accepted).toEqual([]);
		expect(fake.server.requests).toEqual([]);
	});
});

test('a message above 30 KB is refused without a call', async () => {
	const { failure } = await failed(send({ kind: 'text', text: '\u0001'.repeat(7000) }));
	expect(failure).toMatchObject({ code: 'content_unsupported', retryable: false });
	expect(fake.server.requests).toEqual([]);
});

test('an answer without a token is not known to be sent', async () => {
	fake.server.next('/pa/send_message', { json: { status: 0, status_message: 'ok' } });
	expect((await failed(send({ kind: 'text', text: 'Hello' }))).failure).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'viber' });
});
