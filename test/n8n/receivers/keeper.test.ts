import type { IDataObject } from 'n8n-workflow';
import { testDesk, type TestDesk } from '../../core/desk';
import { callPorts } from '../../../src/n8n/calls/accounts';
import { channels } from '../../../src/channels';
import { InputError } from '../../../src/core/failure';
import { ReceiverKeeper, type Kept } from '../../../src/n8n/receivers/keeper';
import { BOT_ID, fakeTelegram, refused, type FakeTelegram } from '../../fakes/telegram';
import { until } from '../../until';

/** Who looks after an address at a provider: what is repaired, what is told, how often, and what is left alone. */

const MINUTE = 60_000;
const URL = 'https://n8n.example.test/webhook/hook-1/conversations/telegram';
const ELSEWHERE = 'https://elsewhere.example.test/hook';
const KEY = `telegram/${BOT_ID}`;

let desk: TestDesk;
let telegram: FakeTelegram;
let keeper: ReceiverKeeper;
let told: string[];
let secret: string;

beforeEach(async () => {
	desk = await testDesk();
	telegram = await fakeTelegram();
	keeper = new ReceiverKeeper(desk);
	told = [];
	secret = 'first';
	const now = desk.now();
	await desk.store.records.subscriptions.upsert({
		id: 'trigger-1',
		instanceId: 'instance',
		workflowId: 'w1',
		nodeId: 'node',
		filter: { types: [], channels: ['telegram'], accounts: {}, sources: [], contactType: 'any', oncePerContact: false, activityOpens: false, groupMs: 0, orderMs: 0 },
		baseUrl: null,
		endedAt: null,
		seenAt: now,
		createdAt: now,
	});
	await desk.store.records.receivers.upsert({ key: KEY, subscriptionId: 'trigger-1', channel: 'telegram', account: String(BOT_ID), url: URL, by: 'webhook', owner: true, createdAt: now });
	telegram.webhook.url = URL;
});

afterEach(async () => {
	await keeper.stop();
	await telegram.server.close();
	await desk.dispose();
});

const calls = (method: string) => telegram.server.requests.filter(({ path }) => path.endsWith(`/${method}`)).length;

function kept(fields: IDataObject = telegram.fields): Kept {
	const { provider } = channels.telegram;
	if (!provider) throw new Error('none');
	const ports = callPorts(provider, fields);
	const chosen = () => ({ channel: 'telegram' as const, provider, account: String(BOT_ID), credential: ports.credential, ports, key: KEY, secret });
	return { ...chosen(), subscriptionId: 'trigger-1', by: 'webhook', choose: () => Promise.resolve(chosen()), report: (sentence) => void told.push(sentence) };
}

/** One round, `ms` later. What is awaited comes last in it. */
async function round(ms = MINUTE): Promise<void> {
	desk.pass(ms);
	const over = ended();
	keeper.wake();
	await over;
}

async function keeps(one: Kept): Promise<void> {
	const over = ended();
	keeper.keep(one);
	await over;
}

function ended(): Promise<void> {
	return new Promise((resolve) => keeper.awaits({ subscriptionId: 'none', serve: () => Promise.resolve(resolve()) }));
}

describe('an address that was taken', () => {
	test('is registered again, three times in an hour; then the user is told, once; after an hour it is tried again', async () => {
		await keeps(kept());
		for (let times = 0; times < 3; times += 1) {
			telegram.webhook.url = ELSEWHERE;
			await round(10 * MINUTE);
			expect(telegram.webhook.url).toBe(URL);
		}
		telegram.webhook.url = ELSEWHERE;
		for (let times = 0; times < 5; times += 1) await round(times === 0 ? 10 * MINUTE : MINUTE);
		expect(telegram.webhook.url).toBe(ELSEWHERE);
		expect(told).toEqual([expect.stringContaining('to elsewhere.example.test: something else sets that address again and again')]);
		await round(60 * MINUTE);
		expect(telegram.webhook.url).toBe(URL);
		expect(told).toHaveLength(1);
	});

	test('is tried again after a minute when the provider is away just then, and that is no reason to tell', async () => {
		await keeps(kept());
		await round();
		telegram.webhook.url = ELSEWHERE;
		for (let times = 0; times < 5; times += 1) {
			telegram.server.next(/setWebhook/, { status: 503, text: 'down' });
			await round(times === 0 ? 10 * MINUTE : MINUTE);
		}
		expect(telegram.webhook.url).toBe(ELSEWHERE);
		await round();
		expect([telegram.webhook.url, told]).toEqual([URL, []]);
	});
});

describe('two triggers with one address', () => {
	const state = async () => await desk.store.records.receiverStates.get(KEY);

	test('have the condition that its owner finds, whatever the other one finds', async () => {
		const { subscriptions, receivers } = desk.store.records;
		const first = await subscriptions.get('trigger-1');
		if (first) await subscriptions.upsert({ ...first, id: 'trigger-2' });
		await receivers.upsert({ key: KEY, subscriptionId: 'trigger-2', channel: 'telegram', account: String(BOT_ID), url: ELSEWHERE, by: 'webhook', owner: false, createdAt: desk.now() });
		telegram.webhookInfo = { last_error_date: Math.floor(Date.now() / 1000) + 600, last_error_message: 'Connection timed out', pending_update_count: 3 };
		await keeps(kept());
		await keeps({ ...kept(), subscriptionId: 'trigger-2' });
		for (let times = 0; times < 3; times += 1) await round(10 * MINUTE);
		expect(await state()).toMatchObject({ problem: expect.stringContaining('Connection timed out') as string });

		telegram.webhookInfo = {};
		await keeps({ ...kept(), subscriptionId: 'trigger-2', choose: () => Promise.reject(new InputError('Credential', 'It is gone.')) });
		for (let times = 0; times < 3; times += 1) await round(10 * MINUTE);
		expect(await state()).toMatchObject({ problem: null });
		expect(told).toContain('It is gone.');
	});
});

describe('a provider that does not say where it sends', () => {
	test('is given the address once more, and nobody is told', async () => {
		for (let times = 0; times < 20; times += 1) telegram.server.next(/getWebhookInfo/, refused(404, 'Not Found'));
		await keeps(kept());
		for (let times = 0; times < 20; times += 1) await round(10 * MINUTE);
		expect([calls('setWebhook'), calls('getWebhookInfo'), told]).toEqual([1, 1, []]);
	});

	test('and does not take it either: the user is told once', async () => {
		await keeps(kept(telegram.wrongFields));
		for (let times = 0; times < 5; times += 1) await round();
		expect(told).toEqual([expect.stringContaining('token')]);
	});
});

describe('webhooks that do not arrive', () => {
	const fails = () => {
		telegram.webhookInfo = { last_error_date: Math.floor(Date.now() / 1000) + 600, last_error_message: 'Connection timed out', pending_update_count: 3 };
	};

	test('for a moment, as while n8n starts, are not told', async () => {
		fails();
		await keeps(kept());
		await round();
		telegram.webhookInfo = {};
		await round();
		await round(20 * MINUTE);
		expect(told).toEqual([]);
	});

	test('for ten minutes are told once, whatever the numbers, and when it comes back within an hour', async () => {
		await keeps(kept());
		await round();
		fails();
		for (let times = 0; times < 30; times += 1) await round(times === 0 ? 10 * MINUTE : MINUTE);
		expect(told).toHaveLength(1);
		telegram.webhookInfo = {};
		await round();
		fails();
		for (let times = 0; times < 15; times += 1) await round(times === 0 ? 10 * MINUTE : MINUTE);
		expect(told).toHaveLength(1);
	});
});

describe('a credential that was changed', () => {
	test('gives the provider the word that counts now', async () => {
		await keeps(kept());
		await round();
		secret = 'second';
		await round();
		await round();
		expect([telegram.webhook.secret, calls('setWebhook')]).toEqual(['second', 1]);
	});

	test('to another bot is told', async () => {
		const other = kept();
		await keeps({ ...other, choose: () => Promise.resolve({ ...other, key: 'telegram/1', account: '1' }) });
		await round();
		await round();
		expect(told).toEqual([expect.stringMatching(/another account now\. Publish this workflow again/)]);
	});
});

test('polls of a bot whose server does not know the question take an address away first', async () => {
	telegram.server.next(/getWebhookInfo/, refused(404, 'Not Found'));
	await desk.store.records.receivers.upsert({ key: KEY, subscriptionId: 'trigger-1', channel: 'telegram', account: String(BOT_ID), url: URL, by: 'polling', owner: true, createdAt: desk.now() });
	await keeps({ ...kept(), by: 'polling' });
	await until(() => calls('getUpdates') > 0);
	expect([telegram.webhook.url, told]).toEqual(['', []]);
});
