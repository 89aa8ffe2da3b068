import { BOT_ID, CHAT, fakeTelegram, PERSON, type FakeTelegram } from '../../fakes/telegram';
import { until } from '../../until';
import { testN8n, type TestN8n, type TriggerSetup } from './n8n';

/** One webhook a bot: who registers it, who takes it over, what a test run leaves alone (DESIGN §3 Receivers). */

let n8n: TestN8n;
let telegram: FakeTelegram;

beforeEach(async () => {
	n8n = await testN8n();
	telegram = await fakeTelegram({ receiverOrigin: n8n.origin });
});

afterEach(async () => {
	await n8n.close();
	await telegram.server.close();
});

const setup = (workflowId: string, more: Partial<TriggerSetup> = {}): TriggerSetup => ({
	workflowId,
	channels: ['telegram'],
	credentials: { conversationsTelegramApi: telegram.fields },
	options: { groupMessagesSeconds: 0, orderMaxWaitSeconds: 0 },
	...more,
});

const calls = (method: string) => telegram.server.requests.filter(({ path }) => path.endsWith(`/${method}`));
const writes = (text: string, person = PERSON.id) =>
	telegram.happens({ message: telegram.message({ text, from: { ...PERSON, id: person }, chat: { ...CHAT, id: person } }) });
const texts = (items: { json: object }[]) => items.map(({ json }) => (json as { message: { text: string } }).message.text);

describe('an active trigger', () => {
	test('registers its address with a secret, and is started by what comes there', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		expect(telegram.webhook).toMatchObject({ url: trigger.address('telegram'), secret: expect.stringMatching(/^[0-9a-f]{64}$/) });
		expect(await writes('Hello')).toBe(200);
		await until(() => trigger.started.length === 1);
		expect(trigger.started[0]?.json).toMatchObject({
			event: { type: 'conversation.opened', source: 'contact' },
			conversation: { channel: 'telegram', account: String(BOT_ID), status: 'open' },
			contact: { name: 'Ann Lee', language: 'en', channels: [{ channel: 'telegram', user: '5550001' }] },
			message: { text: 'Hello', status: 'received' },
		});
	});

	test('promise 7: a wrong secret is answered 401 without a word, and nothing is stored', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		const body = JSON.stringify(telegram.update({ message: telegram.message({ text: 'Forged' }) }));
		const response = await fetch(trigger.address('telegram').replace('https://n8n.example.test', n8n.origin), {
			method: 'POST',
			headers: telegram.sign('guessed'),
			body,
		});
		expect([response.status, await response.text()]).toEqual([401, '']);
		expect(await n8n.desk.store.records.contacts.list({}, { limit: 1, offset: 0 })).toEqual([]);
	});

	test('a redelivered update starts nothing again', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		const update = telegram.update({ message: telegram.message({ text: 'Once' }) });
		for (let times = 0; times < 3; times += 1) expect(await telegram.deliver(telegram.webhook.url, update)).toBe(200);
		await until(() => trigger.started.length > 0);
		expect(texts(trigger.started)).toEqual(['Once']);
	});

	test('checks on a restart whether its address still stands, and leaves it alone if so', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		await n8n.restart();
		await trigger.publish('init');
		expect(calls('setWebhook')).toHaveLength(1);
		expect(calls('getWebhookInfo').length).toBeGreaterThan(0);
	});

	test('repairs an address that was taken while n8n was away', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		telegram.webhook.url = 'https://elsewhere.example.test/hook';
		await n8n.restart();
		await trigger.publish('init');
		expect(telegram.webhook.url).toBe(trigger.address('telegram'));
	});

	test('never throws away what waits at the provider', async () => {
		await writes('Before');
		await n8n.trigger(setup('w1')).publish();
		expect(calls('setWebhook').every(({ json }) => (json as Record<string, unknown>)['drop_pending_updates'] !== true)).toBe(true);
		expect(await telegram.deliverPending()).toEqual([200]);
	});

	test('a wrong token stops the publishing with the cause', async () => {
		const trigger = n8n.trigger(setup('w1', { credentials: { conversationsTelegramApi: telegram.wrongFields } }));
		await expect(trigger.publish()).rejects.toThrow(/token/i);
	});

	test('a provider that is away while it is published does not stop it either: it is registered as soon as that works', async () => {
		const trigger = n8n.trigger(setup('w1'));
		telegram.server.next(/setWebhook/, { status: 503, text: 'down' });
		await trigger.publish();
		expect(await writes('Still here')).not.toBe(401);
		await until(() => telegram.webhook.url === trigger.address('telegram'));
	});

	test('a token that was revoked while n8n was away is told among the executions', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		await n8n.restart();
		const revoked = { status: 401, json: { ok: false, error_code: 401, description: 'Unauthorized' } };
		telegram.server.next(/./, revoked, revoked, revoked, revoked);
		await trigger.publish('init');
		await until(() => trigger.reports.length > 0);
		expect(trigger.reports[0]).toMatch(/token/i);
	});

	test('a provider that is away while n8n starts does not stop it, and is no alarm at once', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		await n8n.restart();
		for (let times = 0; times < 5; times += 1) telegram.server.next(/./, { status: 503, text: 'down' });
		await trigger.publish('init');
		expect(await writes('Still here')).toBe(200);
		await until(() => trigger.started.length === 1);
		expect(trigger.reports).toEqual([]);
	});
});

describe('two workflows on one bot', () => {
	test('both run, and the address is registered once', async () => {
		const [one, two] = [n8n.trigger(setup('w1')), n8n.trigger(setup('w2'))];
		await one.publish();
		await two.publish();
		expect(calls('setWebhook')).toHaveLength(1);
		await writes('Hello both');
		await until(() => one.started.length === 1 && two.started.length === 1);
	});

	test('when the first is taken back, the second takes the address over', async () => {
		const [one, two] = [n8n.trigger(setup('w1')), n8n.trigger(setup('w2'))];
		await one.publish();
		await two.publish();
		await one.unpublish();
		expect(telegram.webhook.url).toBe(two.address('telegram'));
		await writes('Hello second');
		await until(() => two.started.length === 1);
		expect(one.started).toEqual([]);
	});

	test('when the last is taken back, the provider is told to stop', async () => {
		const [one, two] = [n8n.trigger(setup('w1')), n8n.trigger(setup('w2'))];
		await one.publish();
		await two.publish();
		await two.unpublish();
		expect(telegram.webhook.url).toBe(one.address('telegram'));
		await one.unpublish();
		expect(telegram.webhook.url).toBe('');
		expect(calls('deleteWebhook').every(({ json }) => (json as Record<string, unknown> | undefined)?.['drop_pending_updates'] !== true)).toBe(true);
	});
});

describe('promise 8: a test run', () => {
	test('gets a copy, production runs too, and the live address is not moved', async () => {
		const [live, draft] = [n8n.trigger(setup('w1')), n8n.trigger(setup('w2'))];
		await live.publish();
		await draft.listen();
		expect(calls('setWebhook')).toHaveLength(1);
		await writes('Hello');
		await until(() => draft.tests.length === 1 && live.started.length === 1);
		expect(draft.tests[0]?.json).toMatchObject({ test: true, message: { text: 'Hello' } });
		await draft.stopListening();
		expect(telegram.webhook.url).toBe(live.address('telegram'));
	});

	test('of the very workflow that is live leaves it live', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		await trigger.listen();
		await writes('Hello');
		await until(() => trigger.tests.length === 1 && trigger.started.length === 1);
		await trigger.stopListening();
		expect(telegram.webhook.url).toBe(trigger.address('telegram'));
		await writes('Someone else', 5550002);
		await until(() => trigger.started.length === 2);
	});

	test('also takes a message of a conversation that is open already', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.publish();
		await writes('Hello');
		await until(() => trigger.started.length === 1);
		await trigger.listen();
		await writes('And another');
		await until(() => trigger.tests.length === 1);
		expect(texts(trigger.tests)).toEqual(['And another']);
		expect(trigger.started).toHaveLength(1);
	});

	test('with nothing live borrows the bot and gives it back', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.listen();
		expect(telegram.webhook.url).toBe(trigger.address('telegram', 'webhook-test'));
		expect(await writes('Hello')).toBe(200);
		await until(() => trigger.tests.length === 1);
		await trigger.stopListening();
		expect(telegram.webhook.url).toBe('');
	});

	test('does not take a bot away from another program, and says whose it is', async () => {
		telegram.webhook.url = 'https://elsewhere.example.test/hook';
		await expect(n8n.trigger(setup('w1')).listen()).rejects.toThrow(/elsewhere\.example\.test.*Publish a workflow/);
		expect(telegram.webhook.url).toBe('https://elsewhere.example.test/hook');
	});

	test('a forged copy starts nothing', async () => {
		const trigger = n8n.trigger(setup('w1'));
		await trigger.listen();
		const response = await fetch(trigger.address('telegram', 'webhook-test').replace('https://n8n.example.test', n8n.origin), {
			method: 'POST',
			headers: { 'x-conversations-copy': '019aa7d2-5c1e-7cc3-9b0a-6f1d2c3b4a5e.AAAA' },
		});
		expect(response.status).toBe(401);
		expect(trigger.tests).toEqual([]);
	});
});

describe('polling', () => {
	const polling = (workflowId: string) => setup(workflowId, { options: { groupMessagesSeconds: 0, telegramReceiveBy: 'polling' } });

	test('works without an address: what waits is fetched, stored once and starts the workflow', async () => {
		await writes('Written before');
		const trigger = n8n.trigger(polling('w1'));
		await trigger.publish();
		await until(() => trigger.started.length === 1);
		expect(telegram.webhook.url).toBe('');
		expect(texts(trigger.started)).toEqual(['Written before']);
		await trigger.unpublish();
	});

	test('takes an address away that would keep the provider from answering', async () => {
		telegram.webhook.url = 'https://elsewhere.example.test/hook';
		const trigger = n8n.trigger(polling('w1'));
		await trigger.publish();
		await until(() => calls('getUpdates').length > 0);
		expect(telegram.webhook.url).toBe('');
		await trigger.unpublish();
	});

	test('a test run can poll too', async () => {
		const trigger = n8n.trigger(polling('w1'));
		await trigger.listen();
		await writes('Hello');
		await until(() => trigger.tests.length === 1);
		await trigger.stopListening();
	});
});
