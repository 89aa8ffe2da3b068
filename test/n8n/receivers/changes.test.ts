import { openHost } from '../../../src/n8n/host';
import { fakeServer } from '../../fakes/server';
import { BOT_ID, fakeTelegram, refused, type FakeTelegram } from '../../fakes/telegram';
import { fakeViber, type FakeViber } from '../../fakes/viber';
import { until } from '../../until';
import { testN8n, type TestN8n, type TriggerSetup } from './n8n';

/** What changes while triggers are active: credentials, tests that are cut short, providers that come and go. */

const KEY = `telegram/${BOT_ID}`;

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
const calls = (method: string) => telegram.server.requests.filter(({ path }) => path.endsWith(`/${method}`)).length;

test('a workflow that is taken back while its test listens tells the provider to stop', async () => {
	const trigger = n8n.trigger(setup('w1'));
	await trigger.publish();
	await trigger.listen();
	await trigger.unpublish();
	expect(telegram.webhook.url).toBe('');
});

test('one that is published while its test listens keeps the address when the test ends', async () => {
	const trigger = n8n.trigger(setup('w1'));
	await trigger.listen();
	await trigger.publish();
	await trigger.stopListening();
	expect(telegram.webhook.url).toBe(trigger.address('telegram'));
});

test('a credential that cannot be used after a restart is the condition of its address, until it can', async () => {
	const own = setup('w1');
	const trigger = n8n.trigger(own);
	const problem = async () => (await n8n.desk.store.records.receiverStates.get(KEY))?.problem ?? null;
	await trigger.publish();
	await n8n.restart();
	own.credentials = {};
	await trigger.publish('init');
	expect(await problem()).toContain('No credential is chosen');
	own.credentials = { conversationsTelegramApi: telegram.fields };
	await n8n.restart();
	await trigger.publish('init');
	await until(async () => (await problem()) === null);
});

test('another credential, published without taking back: the new bot is never told to stop', async () => {
	const other = await fakeServer(() => ({ json: { ok: true, result: { url: '' } } }));
	const own = setup('w1');
	const trigger = n8n.trigger(own);
	await trigger.publish();
	own.credentials['conversationsTelegramApi'] = { botToken: '7000000002:AAOtherBotTokenForTests_0123456789-abc', baseUrl: other.url };
	await trigger.publish('update');
	expect(other.requests.map(({ path }) => path.split('/').at(-1))).toContain('setWebhook');
	expect(other.requests.map(({ path }) => path.split('/').at(-1))).not.toContain('deleteWebhook');
	await other.close();
});

test('a publishing that a wrong token stops leaves nothing in the way of others, and no failed execution besides', async () => {
	const trigger = n8n.trigger(setup('w1', { credentials: { conversationsTelegramApi: telegram.wrongFields } }));
	await expect(trigger.publish()).rejects.toThrow(/token/i);
	const { receivers } = n8n.desk.store.records;
	expect(await receivers.ofKey('telegram/7000000001')).toEqual([]);
	const other = n8n.trigger(setup('w2'));
	await other.publish();
	expect(telegram.webhook.url).toBe(other.address('telegram'));
	expect(trigger.reports).toEqual([]);
});

test('a Telegram server without getWebhookInfo: registered after a restart all the same, and nothing to tell', async () => {
	for (let times = 0; times < 9; times += 1) telegram.server.next(/getWebhookInfo/, refused(404, 'Not Found'));
	const trigger = n8n.trigger(setup('w1'));
	await trigger.publish();
	await n8n.restart();
	telegram.webhook.url = '';
	await trigger.publish('init');
	expect(telegram.webhook.url).toBe(trigger.address('telegram'));
	expect(trigger.reports).toEqual([]);
});

test('channels that were not chosen cost no call when a workflow is taken back, and none when it never was published', async () => {
	const trigger = n8n.trigger(setup('w1'));
	await trigger.publish();
	telegram.server.requests.length = 0;
	await trigger.unpublish();
	expect([telegram.server.requests.length, calls('deleteWebhook')]).toEqual([1, 1]);
	telegram.server.requests.length = 0;
	await n8n.trigger(setup('w2')).unpublish();
	expect(telegram.server.requests).toEqual([]);
});

describe('a provider that is asked for the account', () => {
	let viber: FakeViber;
	beforeEach(async () => {
		viber = await fakeViber({ receiverOrigin: n8n.origin });
	});
	afterEach(() => viber.close());

	test('and is away while the workflow is published: it is registered, and counts, as soon as it is back', async () => {
		for (let times = 0; times < 20; times += 1) viber.server.next(/get_account_info/, { status: 503, text: 'down' });
		const trigger = n8n.trigger(setup('w1', { channels: ['viber'], credentials: { conversationsViberApi: viber.fields } as TriggerSetup['credentials'] }));
		await trigger.publish();
		expect([viber.webhook.url, trigger.reports]).toEqual(['', []]);
		const { receivers, desk } = await openHost();
		await until(() => {
			receivers.wake();
			return viber.webhook.url === trigger.address('viber');
		});
		const [subscription] = await desk.store.records.subscriptions.active();
		expect(subscription?.filter.accounts?.viber).toEqual([viber.account]);
		expect(trigger.reports).toEqual([]);
		await trigger.unpublish();
		expect(viber.webhook.url).toBe('');
	});
});

describe('an address never fails an execution', () => {
	const at = (path: string, init?: RequestInit) => fetch(`${n8n.origin}/webhook/hook-w1/conversations/${path}`, init);

	test.each([
		['nothing', ''],
		['no JSON', '{"update_id":'],
		['null', 'null'],
		['a list', '[1]'],
		['odd types', '{"update_id":"x","message":{"chat":7,"from":[]}}'],
		['bytes', '\u0000\u0001\ufffd'],
	])('%s, with the right secret', async (_name, body) => {
		await n8n.trigger(setup('w1')).publish();
		const response = await at('telegram', { method: 'POST', headers: telegram.sign(telegram.webhook.secret), body });
		expect([200, 400]).toContain(response.status);
		expect(await n8n.desk.store.records.contacts.list({}, { limit: 1, offset: 0 })).toEqual([]);
	});

	test('without its credential, by GET, or for a channel that is not chosen', async () => {
		const own = setup('w1');
		await n8n.trigger(own).publish();
		expect((await at('whatsapp', { method: 'POST', body: '{}' })).status).toBe(404);
		expect((await at('telegram')).status).toBe(403);
		own.credentials = {};
		expect((await at('telegram', { method: 'POST', headers: telegram.sign(telegram.webhook.secret), body: '{}' })).status).toBe(503);
		expect((await at('telegram')).status).toBe(503);
	});

	test.each(['id=a', 'id=../../x&until=9999999999999&signature=a', 'id=a&until=-1&signature=%00', ''])('media: %s', async (query) => {
		await n8n.trigger(setup('w1')).publish();
		expect((await at(`media?${query}`)).status).toBe(404);
	});
});
