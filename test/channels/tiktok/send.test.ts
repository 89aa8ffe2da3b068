import { tiktok } from '../../../src/channels/tiktok';
import { provider } from '../../../src/channels/tiktok/provider';
import type { Attachment, Content } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import { receive } from '../../../src/core/inbox';
import { send as sendDraft } from '../../../src/core/outbox';
import { storeFile } from '../../../src/n8n/files/stored-files';
import { CONNECTED, draft, testDesk, type TestDesk } from '../../core/desk';
import { sendPorts, type TestFile } from '../../fakes/ports';
import { ACCOUNT, CONVERSATION, fakeTikTok, notices, refusal, signed, type FakeTikTok } from '../../fakes/tiktok';
import { attachments, credential, files } from './subject';

const { photo, logo } = attachments;
const HOUR_MS = 3_600_000;

let fake: FakeTikTok;
beforeEach(async () => {
	fake = await fakeTikTok();
});
afterEach(() => fake.close());

const SEND = '/open_api/v1.3/business/message/send/';
const UPLOAD = '/open_api/v1.3/business/message/media/upload/';
const common = { business_id: ACCOUNT, recipient_type: 'CONVERSATION', recipient: CONVERSATION };
const media = (text: string | null, ...list: Attachment[]): Content => ({ kind: 'media', text, attachments: list });
const asked = () => fake.server.requests.map(({ method, path }) => `${method} ${path}`);

interface Given {
	quote?: string | null;
	stored?: Record<string, TestFile>;
	note?(sentence: string): void;
}
const send = (content: Content, { quote = null, stored = files, note = () => undefined }: Given = {}) =>
	tiktok.send(content, { channel: 'tiktok', account: ACCOUNT, user: CONVERSATION }, sendPorts(provider, fake.fields, { files: stored }), {
		messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e',
		quote,
		reply: null,
		humanAgent: false,
		note,
	});
const failed = async (work: Promise<unknown>): Promise<ConversationsError> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error;
};

test('a text, with the token in its header only', async () => {
	expect(await send({ kind: 'text', text: 'Hello 👋' })).toEqual(['u5sent001+A==']);
	const [request, ...others] = fake.server.requests;
	expect(others).toEqual([]);
	expect(request).toMatchObject({ method: 'POST', path: SEND, query: {} });
	expect(request?.headers['access-token']).toBe('act.first');
	expect(request?.headers['authorization']).toBeUndefined();
	expect(request?.bytes.toString()).not.toMatch(/act\.|rft\.|secret/);
	expect(request?.json).toEqual({ ...common, message_type: 'TEXT', text: { body: 'Hello 👋' } });
});

test('choices are a card with buttons', async () => {
	await send({ kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }, { id: 'pm', label: 'Later' }] });
	const buttons = [
		{ type: 'REPLY', title: 'Morning', id: 'am' },
		{ type: 'REPLY', title: 'Later', id: 'pm' },
	];
	expect(fake.server.requests.map(({ json }) => json)).toEqual([
		{ ...common, message_type: 'TEMPLATE', template: { type: 'QA_BUTTON_CARD', title: 'When?', buttons } },
	]);
});

describe('a picture', () => {
	test('is uploaded, then sent', async () => {
		expect(await send(media(null, photo))).toEqual(['u5sent001+A==']);
		expect(asked()).toEqual([`POST ${UPLOAD}`, `POST ${SEND}`]);
		const [upload, sent] = fake.server.requests;
		expect(upload?.form).toMatchObject({ business_id: ACCOUNT, media_type: 'IMAGE' });
		const image = fake.images.get('image-1');
		expect(image).toMatchObject({ name: 'photo.jpg', type: 'image/jpeg' });
		expect(Buffer.from((await image?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(files['file-jpg'].bytes);
		expect(sent?.json).toEqual({ ...common, message_type: 'IMAGE', image: { media_id: 'image-1' } });
	});

	test('P7: with a text it becomes two messages, the text first', async () => {
		expect(await send(media('Look', logo))).toEqual(['u5sent001+A==', 'u5sent002+A==']);
		expect(asked()).toEqual([`POST ${UPLOAD}`, `POST ${SEND}`, `POST ${SEND}`]);
		expect(fake.sent).toMatchObject([{ message_type: 'TEXT', text: { body: 'Look' } }, { message_type: 'IMAGE', image: { media_id: 'image-1' } }]);
	});

	test('that TikTok does not take keeps the text back, too', async () => {
		fake.server.next(UPLOAD, refusal(40908, 'The file type is not supported.'));
		const { failure, accepted } = await failed(send(media('Look', logo)));
		expect(failure).toMatchObject({ code: 'content_unsupported', providerCode: '40908' });
		expect(accepted).toEqual([]);
		expect(asked()).toEqual([`POST ${UPLOAD}`]);
	});

	test.each([
		['hang up' as const],
		[{ text: 'n8n is starting up' }],
		[{ json: { code: 0, message: 'OK', data: {} } }],
		[refusal(51_065, 'System error.')],
	])('whose upload has no clear answer was surely not sent: %j', async (behaviour) => {
		fake.server.next(UPLOAD, behaviour);
		expect((await failed(send(media(null, photo)))).failure).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(asked()).toEqual([`POST ${UPLOAD}`]);
	});

	test('which is refused after its text tells what went', async () => {
		const ok = { json: { code: 0, message: 'OK', request_id: 'x', data: { message: { message_id: 'u5text==' } } } };
		fake.server.next(SEND, ok, refusal(40_064, 'Blocked by direct message rules.'));
		const { failure, accepted } = await failed(send(media('Look', photo)));
		expect(accepted).toEqual(['u5text==']);
		expect(failure).toMatchObject({ code: 'window_closed' });
	});

	test('whose content is not here is refused without a call', async () => {
		const gone = media(null, { ...photo, fileId: null, missing: 'It is too large.' });
		expect((await failed(send(gone))).failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('It is too large.') as unknown });
		expect(fake.server.requests).toEqual([]);
	});
});

describe('quoting', () => {
	const quoted = { referenced_message_info: { referenced_message_id: 'u5theirs==' } };

	test('is for texts, also beside a picture', async () => {
		await send({ kind: 'text', text: 'Yes' }, { quote: 'u5theirs==' });
		await send(media('Look', photo), { quote: 'u5theirs==' });
		expect(fake.sent).toMatchObject([{ message_type: 'TEXT', ...quoted }, { message_type: 'TEXT', ...quoted }, { message_type: 'IMAGE' }]);
		expect(fake.sent[2]).not.toHaveProperty('referenced_message_info');
	});

	test.each([
		['a picture alone', media(null, photo)],
		['choices', { kind: 'choices', text: 'When?', options: [{ id: 'am', label: 'Morning' }] } satisfies Content],
	])('%s goes without it, and says so', async (_name, content) => {
		const notes: string[] = [];
		await send(content, { quote: 'u5theirs==', note: (sentence) => void notes.push(sentence) });
		expect(notes).toEqual(['It went without quoting: on TikTok only a text can quote a message.']);
		expect(fake.sent[0]).not.toHaveProperty('referenced_message_info');
	});
});

test.each([
	['a place', { kind: 'location', text: null, latitude: 1, longitude: 2, name: null, address: null }],
	['a template', { kind: 'template', text: null, name: 'x', language: 'en', parameters: [] }],
] satisfies [string, Content][])('%s is not of this channel', async (_name, content) => {
	expect((await failed(send(content))).failure).toMatchObject({ code: 'content_unsupported', channel: 'tiktok' });
	expect(fake.server.requests).toEqual([]);
});

test('an answer without an id is not known to be sent', async () => {
	fake.server.next(SEND, { json: { code: 0, message: 'OK', data: { message: { message_id: '' } } } });
	expect((await failed(send({ kind: 'text', text: 'Hello' }))).failure).toMatchObject({ code: 'outcome_unknown', retryable: false, channel: 'tiktok' });
});

describe('C30, R30: 48 hours, 10 messages', () => {
	let desk: TestDesk;
	beforeEach(async () => {
		desk = await testDesk();
		desk.sendWith(tiktok.send);
	});
	afterEach(() => desk.dispose());

	/** A picture in the store, as a workflow would give it. */
	const picture = async (): Promise<Content> => {
		const { bytes } = files['file-jpg'];
		return media('Look', { ...photo, ...(await storeFile(desk, { name: 'photo.jpg', bytes, owner: null })), kind: 'image', mime: 'image/jpeg' });
	};
	const hears = (body: string) => receive(desk, tiktok.webhook.parse(signed(body), credential, ACCOUNT));
	const annWrites = (id: string) => hears(notices.received(id, { type: 'text', text: { body: 'Hi' }, timestamp: desk.now() }));
	const say = async (content: Content | string) => {
		const [contact] = await desk.store.records.contacts.list({}, { limit: 1, offset: 0 });
		const connection = {
			...CONNECTED,
			accounts: [ACCOUNT],
			messagesPerWindow: tiktok.can.window?.count ?? null,
			ports: { ...sendPorts(provider, fake.fields), file: async () => files['file-jpg'].bytes },
		};
		return await sendDraft(desk, draft(contact?.id ?? '', content, { connections: { tiktok: connection } }));
	};

	test('P7: a text with a picture counts as two; what is too much costs no call; a new message begins the count anew', async () => {
		await annWrites('m1');
		for (let count = 0; count < 9; count += 1) expect(await say(`text ${count}`)).toMatchObject({ ok: true });
		const before = fake.server.requests.length;
		expect(await say(await picture())).toMatchObject({ ok: false, failure: { code: 'quota_used', channel: 'tiktok' } });
		expect(fake.server.requests).toHaveLength(before);
		expect(await say('the tenth')).toMatchObject({ ok: true });
		expect(await say('the eleventh')).toMatchObject({ ok: false, failure: { code: 'quota_used' } });
		expect(fake.sent).toHaveLength(10);
		fake.unanswered.clear();
		await annWrites('m2');
		expect(await say(await picture())).toMatchObject({ ok: true });
		expect(fake.sent).toHaveLength(12);
	});

	test('after 48 hours nothing goes, and TikTok is not asked', async () => {
		await annWrites('m1');
		desk.pass(48 * HOUR_MS);
		expect(await say('in time')).toMatchObject({ ok: true });
		desk.pass(1);
		expect(await say('too late')).toMatchObject({ ok: false, failure: { code: 'window_closed', channel: 'tiktok' } });
		expect(fake.sent).toHaveLength(1);
	});

	test('TikTok tells of our own messages too: they are known again, and read', async () => {
		await annWrites('m1');
		const said = await say('Ten euros');
		desk.pass(1000);
		await hears(notices.sent('u5sent001+A==', { type: 'text', text: { body: 'Ten euros' }, timestamp: desk.now() }, 'API'));
		await hears(notices.sent('u5app==', { type: 'text', text: { body: 'Or nine' }, timestamp: desk.now() }));
		const list = () => desk.store.records.messages.list({ direction: 'out' }, { limit: 10, offset: 0 });
		expect((await list()).map(({ text, source }) => `${source}: ${text ?? ''}`).sort()).toEqual(['agent: Or nine', 'workflow: Ten euros']);
		await hears(notices.read(desk.now()));
		expect((await list()).map(({ status }) => status)).toEqual(['read', 'read']);
		expect(said.ok && said.message.providerId).toBe('u5sent001+A==');
	});
});
