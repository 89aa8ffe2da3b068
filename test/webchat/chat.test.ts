import { Api } from '../../src/webchat/logic/api';
import { Chat, type ChatState } from '../../src/webchat/logic/chat';
import { keepingIn } from '../../src/webchat/logic/keeping';
import { placesOf } from '../../src/webchat/logic/places';
import { UnsentBox } from '../../src/webchat/logic/unsent';
import { BROKEN, FakeChat, NOT_REGISTERED, refusal, STARTING } from './fake-server';
import { FakeStorage } from './fake-storage';
import { until } from '../until';

/** The page's logic against a server on loopback; only the browser is missing. */
class Page {
	state!: ChatState;
	readonly chat: Chat;

	constructor(
		server: FakeChat,
		readonly storage = new FakeStorage(),
		{ test = false, silentAfterMs = 45_000, retryMs = 5 } = {},
	) {
		const keeping = keepingIn(() => storage);
		const places = placesOf(new URL(server.page));
		let ids = 0;
		const name = Math.random().toString(36).slice(2);
		this.chat = new Chat({
			api: new Api((url, init) => fetch(url, init), places, test),
			fetch: (url, init) => fetch(url, init),
			keeper: { read: () => keeping.read('token'), write: (token) => keeping.write('token', token) },
			box: new UnsentBox(keeping, 'unsent '),
			now: Date.now,
			newId: () => `${name}-${++ids}`,
			retryAfter: () => retryMs,
			silentAfterMs,
			onChange: (state) => {
				this.state = state;
			},
		});
		this.chat.start();
	}

	say(text: string): void {
		this.chat.say({ text, attachments: [], choice: null });
	}

	/** What the visitor sees, from top to bottom. */
	get texts(): (string | null)[] {
		return [...this.state.thread.messages.map((one) => one.text), ...this.state.outgoing.map((one) => `${one.state}: ${one.text}`)];
	}
}

describe('the chat’s logic against a server (promises 3 and 4: nothing lost, nothing doubled)', () => {
	let server: FakeChat;
	let pages: Page[] = [];
	const open = (...rest: ConstructorParameters<typeof Page> extends [FakeChat, ...infer Rest] ? Rest : never) => {
		const page = new Page(server, ...rest);
		pages.push(page);
		return page;
	};

	beforeEach(async () => {
		server = new FakeChat();
		await server.start();
	});
	afterEach(async () => {
		for (const page of pages) page.chat.stop();
		pages = [];
		await server.kill();
	});

	test('a message goes up, the answer comes down, receipts go back', async () => {
		server.answer = () => server.say({ text: 'Hi!' });
		const page = open();
		page.say('Hello');
		await until(() => page.texts.join() === 'Hello,Hi!');
		await until(() => server.visitor().messages[1]?.status === 'delivered');
		expect(page.state.unread).toBe(1);
		page.chat.look(true);
		expect(page.state.unread).toBe(0);
		await until(() => server.visitor().messages[1]?.status === 'read');
	});

	test('everything that can come instead of an answer: nothing lost, nothing doubled', async () => {
		server.faults.messages.push(STARTING, NOT_REGISTERED, BROKEN, 'cut-before');
		server.faults.events.push(STARTING, NOT_REGISTERED, BROKEN, 'cut-before');
		const page = open();
		page.say('one');
		await until(() => page.texts.join() === 'one');
		server.faults.messages.push('cut-after', 'cut-after', STARTING, refusal(503, { code: 'unavailable', message: 'In a moment.' }));
		page.say('two');
		page.say('three');
		await until(() => page.texts.join() === 'one,two,three');
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['one', 'two', 'three']);
	});

	test('the server is killed and comes back: what both sides said meanwhile is there once', async () => {
		const page = open();
		page.say('before');
		await until(() => page.texts.join() === 'before');
		await server.kill();
		page.say('meanwhile');
		await until(() => page.texts.join() === 'before,held: meanwhile');
		expect(page.state.trouble).toMatchObject({ cause: 'unreachable', holding: true });
		server.say({ text: 'are you there?' });
		await server.start();
		await until(() => page.texts.join() === 'before,are you there?,meanwhile');
		await until(() => page.state.connection === 'online' && page.state.trouble === null);
	});

	test('a quiet stream with heartbeats stays, one without a byte is replaced', async () => {
		server.heartbeatMs = 10;
		const page = open(undefined, { silentAfterMs: 400 });
		await until(() => page.state.ready);
		const { streams } = server.visitor();
		const [first] = streams;
		await until(() => server.beats >= 100);
		expect([...streams]).toEqual([first]);
		server.beating = false;
		await until(() => streams.size === 1 && !streams.has(first!));
		server.say({ text: 'Hi!' });
		await until(() => page.texts.join() === 'Hi!');
	});

	test('more was missed than a snapshot holds: the newest are there, the rest can be loaded without a gap', async () => {
		const page = open();
		page.say('0');
		await until(() => page.texts.join() === '0');
		await server.kill();
		for (let i = 1; i <= 50; i++) server.say({ text: String(i) });
		await server.start();
		await until(() => page.texts.at(-1) === '50');
		expect(page.texts).toHaveLength(20);
		server.faults.history.push(BROKEN);
		await page.chat.loadEarlier();
		expect(page.state.earlier).toBe('failed');
		while (page.state.thread.more) await page.chat.loadEarlier();
		expect(page.texts).toEqual(Array.from({ length: 51 }, (_, i) => String(i)));
	});

	test('a reload shows the history; unsent messages go then', async () => {
		const page = open();
		page.say('one');
		await until(() => page.texts.join() === 'one');
		await server.kill();
		page.say('two');
		await until(() => page.texts.join() === 'one,held: two');
		page.chat.stop();
		await server.start();
		const again = open(page.storage);
		await until(() => again.texts.join() === 'one,two');
		expect(server.visitors.size).toBe(1);
	});

	test('a token that no longer counts is replaced, and the message still goes', async () => {
		const page = open();
		page.say('one');
		await until(() => page.texts.join() === 'one');
		server.forgetTokens();
		page.say('two');
		await until(() => page.texts.join() === 'two');
		expect([...server.visitors.values()].map(({ messages }) => messages.map((one) => one.text))).toEqual([['one'], ['two']]);
	});

	test('two tabs opened at once are one visitor, and both see everything', async () => {
		const storage = new FakeStorage();
		const [one, two] = [open(storage), open(storage)];
		await until(() => one.state.ready && two.state.ready);
		one.say('from one');
		await until(() => two.texts.join() === 'from one');
		two.say('from two');
		await until(() => one.texts.join() === 'from one,from two');
		expect(server.visitors.size).toBe(1);
	});

	test('a test address while n8n does not listen: the message is held and goes when it does', async () => {
		server.listening = false;
		const page = open(undefined, { test: true });
		page.say('Hello');
		await until(() => page.texts.join() === 'held: Hello');
		expect(page.state.trouble).toMatchObject({ cause: 'not_listening', holding: true });
		server.listening = true;
		await until(() => page.texts.join() === 'Hello');
		// The run has started and n8n listens no more: the open stream still brings the answer.
		server.listening = false;
		server.say({ text: 'Hi!' });
		await until(() => page.texts.join() === 'Hello,Hi!');
	});

	test('the network or the page is back: no backoff is waited for', async () => {
		const page = open(undefined, { retryMs: 10 ** 8 });
		await until(() => page.state.ready);
		page.chat.renew();
		await server.kill();
		page.say('Hello');
		await until(() => page.state.outgoing[0]?.state === 'held');
		await server.start();
		page.chat.renew();
		await until(() => page.texts.join() === 'Hello');
		await until(() => page.state.connection === 'online');
	});

	test('at rest there is no stream, but messages still go; awake again, what was missed is there', async () => {
		const page = open();
		await until(() => page.state.ready);
		const { streams } = server.visitor();
		page.chat.rest();
		await until(() => streams.size === 0);
		page.say('Hello');
		await until(() => page.texts.join() === 'sent: Hello');
		server.say({ text: 'Hi!' });
		page.chat.wakeUp();
		await until(() => page.texts.join() === 'Hello,Hi!');
	});

	test('receipts that get lost are told again', async () => {
		server.faults.receipts.push(BROKEN, 'cut-after', STARTING);
		const page = open();
		await until(() => page.state.ready);
		server.say({ text: 'Hi!' });
		await until(() => server.visitor().messages[0]?.status === 'delivered');
		page.chat.look(true);
		await until(() => server.visitor().messages[0]?.status === 'read');
		await until(() => server.faults.receipts.length === 0);
	});

	test('typing ends with the message, and with the connection', async () => {
		const page = open();
		await until(() => page.state.ready);
		server.send('typing', { on: true });
		await until(() => page.state.typing);
		server.say({ text: 'Hi!' });
		await until(() => page.texts.join() === 'Hi!');
		expect(page.state.typing).toBe(false);
		server.send('typing', { on: true });
		await until(() => page.state.typing);
		await server.kill();
		await until(() => !page.state.typing);
	});

	test('the page says when the conversation has ended and when it goes on', async () => {
		const page = open();
		page.say('bye');
		await until(() => page.texts.join() === 'bye');
		server.send('conversation', { status: 'closed' });
		await until(() => page.state.conversation === 'closed');
		server.send('conversation', { status: 'open' });
		await until(() => page.state.conversation === 'open');
	});
});
