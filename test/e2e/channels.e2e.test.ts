import type { IDataObject } from 'n8n-workflow';
import { until } from '../until';
import { N8n, type WorkflowJson } from './kit/n8n';
import type { Provider } from './kit/provider';
import { startProviders } from './kit/providers';
import { Rest, type Execution } from './kit/rest';
import { credentialsOf, importable, node, openedTrigger, ours, receiver, to } from './kit/workflows';

/** The walk of each channel in a real n8n, with its provider on this machine: opened → sent → delivered → assigned → closed. */

jest.setTimeout(180_000);

const PUBLIC = 'https://n8n.example.test';
const LIMIT_MS = 30_000;
/** These never tell that a message has arrived. */
const WITHOUT_RECEIPTS = ['telegram', 'line', 'email', 'wechat'];

let n8n: N8n;
let rest: Rest;
let providers: Provider[] = [];

const provider = (channel: string): Provider => {
	const found = providers.find((each) => each.channel === channel);
	if (!found) throw new Error(`no provider ${channel}`);
	return found;
};

const CHANNELS = ['telegram', 'whatsapp', 'messenger', 'instagram', 'line', 'viber', 'sms', 'email', 'wechat', 'tiktok', 'custom'];
const POSTING = CHANNELS.filter((channel) => channel !== 'email');
const contact = "={{ $('Opened').item.json.contact.id }}";

/** Welcomes, waits for the receipt where there is one, gives the conversation to Ann, closes it. */
function walk(): WorkflowJson {
	const send = { contact, connectedChannels: CHANNELS, messageType: 'text', text: "=🤖 Hello {{ $('Opened').item.json.contact.firstName }}!" };
	return {
		id: 'walk',
		name: 'Walk',
		settings: { executionOrder: 'v1' },
		nodes: [
			openedTrigger('walk-hook', providers),
			node('Tells', 'n8n-nodes-base.if', {
				conditions: { boolean: [{ value1: `={{ ${JSON.stringify(WITHOUT_RECEIPTS)}.includes($json.conversation.channel) }}`, value2: true }] },
			}),
			node('Send', ours('sendMessage'), send, { credentials: credentialsOf(providers) }),
			node('Send and Wait', ours('sendMessage'), { ...send, waitFor: 'delivery', waitLimit: 5 }, { credentials: credentialsOf(providers) }),
			node('Ann', ours('conversations'), { resource: 'agent', operation: 'createOrUpdate', email: 'ann@example.com', additionalFields: {}, name: 'Ann', status: 'online' }),
			node('Assign', ours('assignConversation'), { contact, assignTo: 'agent', agent: { __rl: true, mode: 'email', value: 'ann@example.com' } }),
			node('Close', ours('closeConversation'), { contact, summary: 'Said hello' }),
		],
		connections: {
			Opened: { main: [to('Tells')] },
			Tells: { main: [to('Send'), to('Send and Wait')] },
			Send: { main: [to('Ann')] },
			'Send and Wait': { main: [to('Ann')] },
			Ann: { main: [to('Assign')] },
			Assign: { main: [to('Close')] },
		},
	};
}

/** A second workflow on the Telegram bot. */
function second(): WorkflowJson {
	return { id: 'second', name: 'Second', settings: { executionOrder: 'v1' }, nodes: [openedTrigger('second-hook', [provider('telegram')])], connections: {} };
}

const address = (hook: string, channel: string) => receiver(PUBLIC, hook, channel);

beforeAll(async () => {
	n8n = await N8n.prepare({ env: { WEBHOOK_URL: `${PUBLIC}/` } });
	providers = await startProviders(n8n.url);
	n8n.importCredentials(importable(providers));
	n8n.import([walk(), second()]);
	await n8n.start();
	rest = await Rest.signIn(n8n.url);
	await rest.publish('walk');
	for (const { channel, enter } of providers) if (enter) await until(() => enter(address('walk-hook', channel)), LIMIT_MS);
	await until(() => providers.every(({ registered, isAsked }) => (registered() ?? '') !== '' || isAsked?.()), LIMIT_MS);
});

afterAll(async () => {
	await n8n?.remove();
	for (const { close } of providers) await close();
});

async function executionOf(channel: string): Promise<Execution> {
	let found: Execution | undefined;
	await until(async () => {
		const done = (await rest.executions('walk')).filter(({ status }) => status === 'success' || status === 'error');
		for (const { id } of done) {
			const execution = await rest.execution(id);
			const conversation = execution.json('Opened')[0]?.['conversation'] as IDataObject | undefined;
			if (conversation?.['channel'] === channel) found = execution;
		}
		return found !== undefined;
	}, LIMIT_MS);
	if (!found) throw new Error('no execution');
	return found;
}

test.each(POSTING.filter((channel) => !['wechat', 'custom'].includes(channel)))('%s: its address is registered at the provider when the workflow is published', (channel) => {
	expect(provider(channel).registered()).toBe(address('walk-hook', channel));
});

test.each(CHANNELS)('%s: opened, sent, delivered, assigned, closed', async (channel) => {
	const { writes, texts, arrives, account } = provider(channel);
	expect(await writes('Hello')).toBe(200);
	await until(() => texts().some((text) => text.startsWith('🤖 Hello')), LIMIT_MS);
	if (arrives) {
		// As soon as the run is parked, or before: both count.
		expect(await arrives()).toBe(200);
	}
	const execution = await executionOf(channel);
	expect(execution.error).toBeUndefined();
	expect(execution.json('Opened')[0]).toMatchObject({
		event: { type: 'conversation.opened', source: 'contact' },
		conversation: { channel, account, status: 'open' },
		message: { direction: 'in', type: 'text', text: 'Hello', status: 'received' },
	});
	const [sent] = [...execution.json('Send'), ...execution.json('Send and Wait')];
	expect(sent).toMatchObject({ message: { direction: 'out', channel, account, status: expect.stringMatching(arrives ? /^(delivered|read)$/ : /^sent$/) } });
	expect(execution.json('Assign')[0]).toMatchObject({ conversation: { assignee: { email: 'ann@example.com' } } });
	expect(execution.json('Close')[0]).toMatchObject({ closed: true, conversation: { status: 'closed' } });
	expect(texts().filter((text) => text.startsWith('🤖 Hello'))).toHaveLength(1);
});

test.each([
	['telegram', 'Ann'],
	['whatsapp', 'Sheena'],
	['messenger', 'Mia'],
	['instagram', 'Ida'],
	['viber', 'Ann'],
	['email', 'Ann'],
	['custom', 'Ann'],
])('%s: the person was greeted by name (%s), also where the name has to be asked for', (channel, name) => {
	expect(provider(channel).texts()).toContain(`🤖 Hello ${name}!`);
});

test.each(CHANNELS)('%s: a message that the provider did not sign is answered 401, and starts nothing', async (channel) => {
	const before = (await rest.executions('walk')).length;
	const url = address('walk-hook', channel).replace(PUBLIC, n8n.url);
	const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"object":"page","entry":[]}' });
	expect([response.status, await response.text()]).toEqual([401, '']);
	expect(await rest.executions('walk')).toHaveLength(before);
});

test.each(CHANNELS)('%s: the credential says what it is connected to, and what is wrong with a wrong token', async (channel) => {
	const { credentialType, fields, wrongFields } = provider(channel);
	const tried = (data: IDataObject) =>
		rest.call<{ status: string; message: string }>('POST', '/credentials/test', { credentials: { id: '', name: 'Tried', type: credentialType, data } });
	expect(await tried(fields as IDataObject)).toMatchObject({ status: 'OK', message: expect.stringMatching(/^Connected|answers and did not refuse the token/) });
	expect(await tried(wrongFields as IDataObject)).toMatchObject({ status: 'Error', message: expect.stringMatching(/token|secret|password/i) });
});

describe('one webhook a bot', () => {
	test('a second workflow on it runs too, and takes the address over when the first is taken back', async () => {
		const telegram = provider('telegram');
		await rest.publish('second');
		// Once its trigger is served, both are started by one message.
		await new Promise((later) => setTimeout(later, 2_000));
		const before = { walk: (await rest.executions('walk')).length, second: (await rest.executions('second')).length };
		expect(telegram.registered()).toBe(address('walk-hook', 'telegram'));
		expect(await telegram.writes('Hello both')).toBe(200);
		await rest.endedExecutions('second', before.second + 1, LIMIT_MS);
		await rest.endedExecutions('walk', before.walk + 1, LIMIT_MS);

		await rest.unpublish('walk');
		await until(() => telegram.registered() === address('second-hook', 'telegram'), LIMIT_MS);
		for (const { channel, registered } of providers.filter((each) => !['telegram', 'line', 'messenger', 'instagram', 'email', 'wechat', 'custom'].includes(each.channel))) {
			// LINE keeps its address, Meta's app as well: they are told to stop in other ways, or cannot be told. Some are told by hand only.
			await until(() => (registered() ?? '') === '', LIMIT_MS).catch(() => {
				throw new Error(`${channel} still posts to ${registered()}`);
			});
		}
	});

	test('a test run gets a copy, and the live address stays where it is', async () => {
		const telegram = provider('telegram');
		const before = (await rest.executions('second')).length;
		await rest.runManually('walk', 'Opened').catch(() => undefined);
		expect(telegram.registered()).toBe(address('second-hook', 'telegram'));
		expect(await telegram.writes('For the test')).toBe(200);
		await until(async () => (await rest.executions('walk')).some(({ mode }) => mode === 'manual'), LIMIT_MS);
		expect(telegram.registered()).toBe(address('second-hook', 'telegram'));
		expect((await rest.executions('second')).length).toBeGreaterThanOrEqual(before);
	});
});

test('no secret stands in the log of n8n', () => {
	const secrets = providers.flatMap(({ fields }) =>
		Object.entries(fields).flatMap(([name, value]) => (/token|secret/i.test(name) && typeof value === 'string' && value !== '' ? [value] : [])),
	);
	expect(secrets.filter((secret) => n8n.log.includes(secret))).toEqual([]);
});
