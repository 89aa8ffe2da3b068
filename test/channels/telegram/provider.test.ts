import { provider } from '../../../src/channels/telegram/provider';
import { ConversationsError, InputError, type Failure } from '../../../src/core/failure';
import { AnswerTooLarge } from '../../../src/core/http';
import { callPorts, pollPorts } from '../../fakes/ports';
import { AT_SECONDS, BOT_TOKEN, CHAT, fakeTelegram, PERSON, refused, type FakeTelegram } from '../../fakes/telegram';
import { telegram } from '../../../src/channels/telegram';
import { ACCOUNT, post, SECRET, USER } from './subject';

let fake: FakeTelegram;

beforeEach(async () => {
	fake = await fakeTelegram();
});
afterEach(() => fake.server.close());

const NOW = (AT_SECONDS + 60) * 1000;
const ports = (fields: { botToken: string; baseUrl: string } = fake.fields) => callPorts(provider, fields, NOW);
const URL_OF_N8N = 'https://n8n.example.test/webhook/t1/conversations/telegram';
const ALLOWED = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'];
const lastCall = () => {
	const request = fake.server.requests.at(-1);
	return { method: request?.method, path: request?.path, json: request?.json };
};

async function failureOf(work: Promise<unknown>): Promise<Failure> {
	const thrown = await work.then(() => undefined, (error: unknown) => error);
	if (!(thrown instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(thrown)}`);
	return thrown.failure;
}

describe('the credential', () => {
	test('texts are trimmed, the usual address is the default', () => {
		expect(provider.read({ botToken: ` ${BOT_TOKEN} `, baseUrl: '' })).toEqual({ botToken: BOT_TOKEN, botId: ACCOUNT, baseUrl: 'https://api.telegram.org' });
		expect(provider.read({ botToken: BOT_TOKEN, baseUrl: 'http://10.0.0.5:8081/' })).toMatchObject({ baseUrl: 'http://10.0.0.5:8081' });
	});

	test.each(['', '@shop_bot', 'AAF3k', '7000000001', '7000000001:', '7000000001:a/../b', 'bot7000000001:AAF3k'])('%j is no token', (botToken) => {
		expect(() => provider.read({ botToken })).toThrow(InputError);
		expect(() => provider.read({ botToken })).toThrow(/'Bot Token'/);
	});

	test('the account is the id of the bot, told without a call', async () => {
		expect(await provider.account(ports())).toBe(ACCOUNT);
		expect(fake.server.requests).toEqual([]);
	});

	test('the token is in the path of calls and files, and in nothing else', () => {
		const credential = provider.read({ botToken: BOT_TOKEN });
		const authorized = (url: string) => provider.authorize({ method: 'GET', url }, credential);
		expect(authorized('/sendMessage')).toEqual({ method: 'GET', url: `/bot${BOT_TOKEN}/sendMessage` });
		expect(authorized('/file/photos/file_0.jpg')).toEqual({ method: 'GET', url: `/file/bot${BOT_TOKEN}/photos/file_0.jpg` });
		expect(authorized('https://example.test/file/x')).toEqual({ method: 'GET', url: 'https://example.test/file/x' });
		expect(provider.secretOf(credential)).toBe(BOT_TOKEN);
		expect(provider.secretHosts).toEqual([]);
	});
});

describe('the test of the credential', () => {
	test('names the bot, and where its messages go', async () => {
		expect(await provider.test(ports())).toBe('Connected to the bot @shop_bot.');
		expect(fake.server.requests.map(({ path }) => path)).toEqual([`/bot${BOT_TOKEN}/getMe`, `/bot${BOT_TOKEN}/getWebhookInfo`]);
		await provider.registration.register({ url: URL_OF_N8N, secret: SECRET }, ACCOUNT, ports());
		expect(await provider.test(ports())).toBe('Connected to the bot @shop_bot. Its messages go to n8n.example.test.');
		fake.webhookInfo = { last_error_date: AT_SECONDS, last_error_message: 'Connection timed out' };
		expect(await provider.test(ports())).toMatch(/Connection timed out/);
	});

	test('does without what it only likes to know', async () => {
		fake.server.next(/getWebhookInfo/, refused(404, 'Not Found'));
		expect(await provider.test(ports())).toBe('Connected to the bot @shop_bot.');
	});

	test('a token that was revoked, and one of no bot', async () => {
		expect(await failureOf(provider.test(ports(fake.wrongFields)))).toMatchObject({ code: 'credential_invalid', reason: expect.stringMatching(/@BotFather/) });
		fake.server.next(/getMe/, refused(404, 'Not Found'));
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'credential_invalid', reason: expect.stringMatching(/base URL/) });
	});

	test.each([
		['a page', { text: '<html>' }],
		['another bot', { json: { ok: true, result: { id: 5, is_bot: true, username: 'other_bot' } } }],
		['something else', { json: { ok: true, result: [] } }],
	])('%s at the base URL', async (_name, answer) => {
		fake.server.next(/getMe/, answer);
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'provider_unavailable', reason: expect.stringMatching(/base URL/) });
	});

	test('no answer is not said to be a message in doubt', async () => {
		fake.server.next(/getMe/, 'hang up');
		expect(await failureOf(provider.test(ports()))).toMatchObject({ code: 'provider_unavailable' });
	});
});

describe('registration', () => {
	const { registration } = provider;

	test('is keyed by the bot, and done by call', () => {
		const { credential } = ports();
		expect(registration.key(credential, ACCOUNT)).toBe(`telegram/${ACCOUNT}`);
		expect(registration.byHand(credential, URL_OF_N8N)).toBeNull();
	});

	test('register, current, remove: nothing that waits is dropped', async () => {
		fake.pending.push(fake.update({ message: fake.message({ text: 'Hi' }) }));
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
		await registration.register({ url: URL_OF_N8N, secret: SECRET }, ACCOUNT, ports());
		expect(lastCall()).toEqual({
			method: 'POST',
			path: `/bot${BOT_TOKEN}/setWebhook`,
			json: { url: URL_OF_N8N, secret_token: SECRET, allowed_updates: ALLOWED, max_connections: 40 },
		});
		expect(fake.webhook).toEqual({ url: URL_OF_N8N, secret: SECRET, allowed: ALLOWED, maxConnections: 40 });
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: URL_OF_N8N, problem: null });
		await registration.remove(ACCOUNT, ports());
		expect(lastCall()).toEqual({ method: 'POST', path: `/bot${BOT_TOKEN}/deleteWebhook`, json: { drop_pending_updates: false } });
		expect(await registration.current(ACCOUNT, ports())).toEqual({ url: null, problem: null });
		expect(fake.pending).toHaveLength(1);
	});

	test.each(['http://n8n.example.test/w', 'https://10.0.0.5/w', 'https://localhost/w', 'https://n8n.example.test:5678/w', 'n8n'])('the address %s is refused with what to do', async (url) => {
		const failure = await failureOf(registration.register({ url, secret: SECRET }, ACCOUNT, ports()));
		expect(failure).toMatchObject({ code: 'configuration_invalid', retryable: false });
		expect(failure.reason).toMatch(/public https address.*WEBHOOK_URL.*'Polling'.*'Receive Telegram By'/);
	});

	test('what Telegram says of deliveries: recent trouble, many that wait, old trouble', async () => {
		await registration.register({ url: URL_OF_N8N, secret: SECRET }, ACCOUNT, ports());
		const problem = async (info: Record<string, unknown>) => {
			fake.webhookInfo = info;
			return (await registration.current(ACCOUNT, ports())).problem;
		};
		expect(await problem({ last_error_date: AT_SECONDS, last_error_message: 'Connection timed out' })).toMatch(/'Connection timed out'/);
		expect(await problem({ last_error_date: AT_SECONDS - 600, last_error_message: 'Connection timed out' })).toBeNull();
		expect(await problem({ pending_update_count: 101 })).toMatch(/^101 updates wait/);
		expect(await problem({ pending_update_count: 100 })).toBeNull();
	});

	test('what the fake then delivers is genuine and says what happened', async () => {
		await registration.register({ url: URL_OF_N8N, secret: SECRET }, ACCOUNT, ports());
		const update = fake.update({ message: fake.message({ text: 'Hi' }) });
		const request = { ...post(update), headers: fake.sign(fake.webhook.secret) };
		expect(telegram.webhook.isAuthentic(request, ports().credential, ACCOUNT, SECRET)).toBe(true);
		expect(telegram.webhook.parse(request, ports().credential, ACCOUNT)).toMatchObject([{ kind: 'message', content: { text: 'Hi' } }]);
	});
});

describe('polling', () => {
	const poll = (cursor: string | null) => {
		if (!provider.poll) throw new Error('no polling');
		return provider.poll(cursor, pollPorts(provider, fake.fields));
	};

	test('each update comes once, in order, and is confirmed by the next call', async () => {
		await fake.happens({ message: fake.message({ text: 'One' }) });
		await fake.happens({ message: fake.message({ text: 'Two' }) });
		const first = await poll(null);
		expect(lastCall()).toEqual({ method: 'POST', path: `/bot${BOT_TOKEN}/getUpdates`, json: { offset: 0, timeout: 50, allowed_updates: ALLOWED } });
		expect(first.cursor).toBe('710000003');
		const texts = first.bodies.flatMap((body) => telegram.webhook.parse({ ...post({}), body }, ports().credential, ACCOUNT));
		expect(texts).toMatchObject([{ key: 'update:710000001', content: { text: 'One' } }, { key: 'update:710000002', content: { text: 'Two' } }]);
		expect(await poll(first.cursor)).toEqual({ bodies: [], cursor: '710000003' });
		expect(fake.pending).toEqual([]);
	});

	test('nothing yet', async () => {
		expect(await poll(null)).toEqual({ bodies: [], cursor: '0' });
	});

	test('an address in the way, and another program that polls', async () => {
		await provider.registration.register({ url: URL_OF_N8N, secret: SECRET }, ACCOUNT, ports());
		expect(await failureOf(poll('5'))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/'Receive Telegram By'/) });
		await provider.registration.remove(ACCOUNT, ports());
		fake.server.next(/getUpdates/, refused(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
		expect(await failureOf(poll('5'))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/Another program/) });
	});

	test('an answer that is not Telegram’s, and a line that breaks, lose nothing', async () => {
		fake.server.next(/getUpdates/, { json: { ok: true, result: {} } }, 'hang up');
		expect(await failureOf(poll('5'))).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(await failureOf(poll('5'))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});
});

describe('files of received messages', () => {
	const fetchMedia = (fileId: string, maxBytes = 1024) => {
		if (!provider.fetchMedia) throw new Error('no files');
		return provider.fetchMedia({ fileId }, maxBytes, ports());
	};

	test('are asked for, then fetched with the token in the path', async () => {
		fake.files.set('AgAC', { path: 'photos/file 0#1.jpg', bytes: Buffer.from('jpeg'), mime: 'image/jpeg' });
		expect(await fetchMedia('AgAC')).toEqual({ bytes: new Uint8Array(Buffer.from('jpeg')), mime: 'image/jpeg', name: null });
		expect(fake.server.requests.map(({ method, path, json }) => ({ method, path: decodeURIComponent(path), json }))).toEqual([
			{ method: 'POST', path: `/bot${BOT_TOKEN}/getFile`, json: { file_id: 'AgAC' } },
			{ method: 'GET', path: `/file/bot${BOT_TOKEN}/photos/file 0#1.jpg`, json: undefined },
		]);
	});

	test('too large: for us, and for Telegram', async () => {
		fake.files.set('big', { path: 'videos/file_1.mp4', bytes: Buffer.alloc(2000) });
		await expect(fetchMedia('big')).rejects.toThrow(AnswerTooLarge);
		fake.server.next(/getFile/, refused(400, 'Bad Request: file is too big'));
		expect(await failureOf(fetchMedia('big'))).toMatchObject({ code: 'content_unsupported', reason: expect.stringMatching(/20 MB/) });
	});

	test('unknown, gone since, without a path, kept by a local server, a gateway in between', async () => {
		expect(await failureOf(fetchMedia('none'))).toMatchObject({ code: 'provider_unavailable' });
		const at = (result: Record<string, unknown>) => fake.server.next(/getFile/, { json: { ok: true, result } });
		at({ file_path: 'photos/gone.jpg' });
		expect(await failureOf(fetchMedia('a'))).toMatchObject({ code: 'provider_unavailable', reason: expect.stringMatching(/no longer at Telegram/) });
		at({});
		expect(await failureOf(fetchMedia('a'))).toMatchObject({ code: 'provider_unavailable' });
		at({ file_path: '/var/lib/telegram-bot-api/photos/1.jpg' });
		expect(await failureOf(fetchMedia('a'))).toMatchObject({ code: 'configuration_invalid', reason: expect.stringMatching(/--local/) });
		at({ file_path: 'photos/a.jpg' });
		fake.server.next(/^\/file/, { status: 502, text: 'Bad Gateway' });
		expect(await failureOf(fetchMedia('a'))).toMatchObject({ code: 'provider_unavailable' });
	});
});

describe('presses', () => {
	const acknowledge = (press: string) => {
		if (!provider.acknowledge) throw new Error('no presses');
		return provider.acknowledge(press, ports());
	};

	test('are answered, so that the button stops waiting', async () => {
		fake.presses.add('cbq_1');
		await acknowledge('cbq_1');
		expect(lastCall()).toEqual({ method: 'POST', path: `/bot${BOT_TOKEN}/answerCallbackQuery`, json: { callback_query_id: 'cbq_1' } });
		expect(fake.answered).toEqual(['cbq_1']);
	});

	test('too late is as good as done; anything else is told', async () => {
		await acknowledge('cbq_old');
		fake.server.next(/./, refused(429, 'Too Many Requests: retry after 2', { retry_after: 2 }));
		expect(await failureOf(acknowledge('cbq_1'))).toMatchObject({ code: 'rate_limited', retryAfterMs: 2000 });
	});
});

test('the fake posts to where n8n really listens, and keeps what was not taken', async () => {
	const n8n = await fakeTelegram();
	try {
		fake.receiverOrigin = n8n.server.url;
		fake.webhook = { ...fake.webhook, url: `${URL_OF_N8N}?x=1`, secret: SECRET };
		n8n.server.next('/webhook/t1/conversations/telegram', { status: 503 }, { status: 200 });
		const happening = { callback_query: { id: 'cbq_1', from: PERSON, message: { message_id: 1, chat: CHAT, date: 1 }, data: 'y' } };
		expect(await fake.happens(happening)).toBe(503);
		expect(fake.presses).toEqual(new Set(['cbq_1']));
		expect(fake.pending).toHaveLength(1);
		expect(await fake.deliverPending()).toEqual([200]);
		expect(fake.pending).toEqual([]);
		expect(n8n.server.requests.at(-1)).toMatchObject({ query: { x: '1' }, headers: { 'x-telegram-bot-api-secret-token': SECRET }, json: happening });
		expect(USER).toBe(String(CHAT.id));
	} finally {
		await n8n.server.close();
	}
});
