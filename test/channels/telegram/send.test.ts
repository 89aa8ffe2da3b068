import { telegram } from '../../../src/channels/telegram';
import { provider } from '../../../src/channels/telegram/provider';
import type { Content, SendOptions } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import { sendPorts } from '../../fakes/ports';
import { BOT_TOKEN, fakeTelegram, refused, type FakeTelegram } from '../../fakes/telegram';
import { ACCOUNT, attachment, FILES, USER } from './subject';

let fake: FakeTelegram;

beforeEach(async () => {
	fake = await fakeTelegram();
});
afterEach(() => fake.server.close());

const OPTIONS: SendOptions = { messageId: '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e', quote: null, reply: null, humanAgent: false };

function send(content: Content, options: Partial<SendOptions> = {}): Promise<string[]> {
	const to = { channel: 'telegram', account: ACCOUNT, user: USER } as const;
	return telegram.send(content, to, sendPorts(provider, fake.fields, { files: FILES }), { ...OPTIONS, ...options });
}

/** Method and parameters of each call, files as their name, type and bytes. */
async function calls() {
	return await Promise.all(
		fake.server.requests.map(async ({ path, json, form }) => {
			const entries = Object.entries(form).map(async ([name, value]) => [
				name,
				value instanceof File ? { name: value.name, type: value.type, text: Buffer.from(await value.arrayBuffer()).toString('hex') } : value,
			]);
			return { method: path.replace(`/bot${BOT_TOKEN}/`, ''), ...((json ?? Object.fromEntries(await Promise.all(entries))) as object) };
		}),
	);
}

const part = (fileId: keyof typeof FILES) => ({ name: FILES[fileId]?.name, type: FILES[fileId]?.mime, text: Buffer.from(FILES[fileId]?.bytes ?? []).toString('hex') });

test('a text goes as it is, without formatting', async () => {
	const text = '*Hello* <b>& welcome</b> 👋\n_x_';
	expect(await send({ kind: 'text', text })).toEqual([`${USER}:101`]);
	expect(await calls()).toEqual([{ method: 'sendMessage', chat_id: USER, text }]);
	expect(fake.server.requests[0]).toMatchObject({ method: 'POST', path: `/bot${BOT_TOKEN}/sendMessage` });
	expect(fake.server.requests[0]?.headers['content-type']).toBe('application/json');
});

test('choices are a button each, one a row', async () => {
	await send({ kind: 'choices', text: 'Pick', options: [{ id: 'y', label: 'Yes' }, { id: 'n', label: 'No' }] });
	expect(await calls()).toEqual([
		{
			method: 'sendMessage',
			chat_id: USER,
			text: 'Pick',
			reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }], [{ text: 'No', callback_data: 'n' }]] },
		},
	]);
});

test('a place, and a venue when it has a name and an address', async () => {
	const point = { latitude: 52.52, longitude: 13.4 };
	await send({ kind: 'location', text: null, ...point, name: 'Shop', address: null });
	await send({ kind: 'location', text: null, ...point, name: 'Shop', address: 'Main St 1' });
	expect(await calls()).toEqual([
		{ method: 'sendLocation', chat_id: USER, ...point },
		{ method: 'sendVenue', chat_id: USER, ...point, title: 'Shop', address: 'Main St 1' },
	]);
});

test('each file is a message of its own; the text is with the first', async () => {
	const attachments = [attachment('photo', 'image'), attachment('film', 'video'), attachment('song', 'audio'), attachment('note', 'audio', true), attachment('invoice', 'file')];
	expect(await send({ kind: 'media', text: 'For you', attachments })).toEqual([101, 102, 103, 104, 105].map((id) => `${USER}:${id}`));
	expect(await calls()).toEqual([
		{ method: 'sendPhoto', chat_id: USER, caption: 'For you', photo: part('photo') },
		{ method: 'sendVideo', chat_id: USER, duration: '61', video: part('film') },
		{ method: 'sendAudio', chat_id: USER, duration: '3', audio: part('song') },
		{ method: 'sendVoice', chat_id: USER, duration: '1', voice: part('note') },
		{ method: 'sendDocument', chat_id: USER, document: part('invoice') },
	]);
});

test('a caption that looks like JSON stays a text', async () => {
	await send({ kind: 'media', text: '[1] "a"', attachments: [attachment('photo', 'image')] });
	expect(await calls()).toMatchObject([{ caption: '[1] "a"' }]);
});

test('a quote is on the first part; what is gone does not hold the answer up', async () => {
	await send({ kind: 'text', text: 'Yes' }, { quote: `${USER}:14` });
	await send({ kind: 'media', text: null, attachments: [attachment('photo', 'image'), attachment('song', 'audio')] }, { quote: `${USER}:14` });
	const [text, photo, song] = await calls();
	expect(text).toEqual({ method: 'sendMessage', chat_id: USER, text: 'Yes', reply_parameters: { message_id: 14, allow_sending_without_reply: true } });
	expect(photo).toMatchObject({ reply_parameters: '{"message_id":14,"allow_sending_without_reply":true}' });
	expect(song).not.toHaveProperty('reply_parameters');
});

test.each(['999:14', 'callback:cbq_0001', '14', ''])('the id %j is of no message in this chat, so nothing is quoted', async (quote) => {
	await send({ kind: 'text', text: 'Yes' }, { quote });
	expect(await calls()).toEqual([{ method: 'sendMessage', chat_id: USER, text: 'Yes' }]);
});

test('a refusal in the middle says what went before, and nothing is sent after it', async () => {
	fake.server.next(/sendAudio/, refused(403, 'Forbidden: bot was blocked by the user'));
	const attachments = [attachment('photo', 'image'), attachment('film', 'video'), attachment('song', 'audio'), attachment('invoice', 'file')];
	const thrown = await send({ kind: 'media', text: null, attachments }).catch((error: unknown) => error);
	expect(thrown).toBeInstanceOf(ConversationsError);
	expect(thrown).toMatchObject({ accepted: [`${USER}:101`, `${USER}:102`], failure: { code: 'recipient_unreachable' } });
	expect((await calls()).map(({ method }) => method)).toEqual(['sendPhoto', 'sendVideo', 'sendAudio']);
});

test('a file that is gone before it is read', async () => {
	const attachments = [attachment('photo', 'image'), { ...attachment('song', 'audio'), fileId: 'gone' }];
	expect(await send({ kind: 'media', text: null, attachments }).catch((error: unknown) => error)).toMatchObject({ accepted: [`${USER}:101`] });
});

test.each([
	['no message', { json: { ok: true, result: true } }],
	['a message that will be sent later', { json: { ok: true, result: { message_id: 0, chat: { id: 1 } } } }],
	['a redirect', { status: 302, headers: { location: 'https://example.test/' } }],
	['a page', { text: '<html>' }],
])('%s as the answer leaves it open whether it was sent', async (_name, answer) => {
	fake.server.next(/sendMessage/, answer);
	expect(await send({ kind: 'text', text: 'Hello' }).catch((error: unknown) => error)).toMatchObject({
		failure: { code: 'outcome_unknown', channel: 'telegram', retryable: false },
	});
});

test('there are no templates', async () => {
	const template: Content = { kind: 'template', text: null, name: 'hello', language: 'en', parameters: [] };
	expect(await send(template).catch((error: unknown) => error)).toMatchObject({ failure: { code: 'content_unsupported' }, accepted: [] });
});

test('the limits of the fake are those that are promised', async () => {
	const { can } = telegram;
	const code = async (content: Content) => await send(content).then(() => null, (error: ConversationsError) => error.failure.code);
	expect(await code({ kind: 'text', text: 'a'.repeat(can.text.max) })).toBeNull();
	expect(await code({ kind: 'text', text: 'a'.repeat(can.text.max + 1) })).toBe('content_unsupported');
	const captioned = (length: number): Content => ({ kind: 'media', text: 'a'.repeat(length), attachments: [attachment('photo', 'image')] });
	expect(await code(captioned(can.caption?.max ?? 0))).toBeNull();
	expect(await code(captioned((can.caption?.max ?? 0) + 1))).toBe('content_unsupported');
	const choice = (id: string): Content => ({ kind: 'choices', text: 'Pick', options: [{ id, label: 'A' }] });
	expect(await code(choice('i'.repeat(can.choices?.id?.max ?? 0)))).toBeNull();
	expect(await code(choice('i'.repeat((can.choices?.id?.max ?? 0) + 1)))).toBe('content_unsupported');
});
