import { Visitor } from '../n8n/webchat/visitor';
import { N8n, type WorkflowJson } from './kit/n8n';
import { Rest } from './kit/rest';

const CHAT = '/webhook/trust-chat/conversations/webchat';

/** Opens, answers, and takes `seconds` over it. */
function workflow(seconds: number): WorkflowJson {
	const main = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		id: 'trustWorkflow',
		name: 'Answer every conversation',
		nodes: [
			{
				id: 'n1', name: 'Conversation Opened', type: 'n8n-nodes-conversations.conversationOpenedTrigger', typeVersion: 2,
				position: [0, 0], parameters: { channels: ['webchat'] }, webhookId: 'trust-chat',
			},
			{
				id: 'n2', name: 'Take Time', type: 'n8n-nodes-base.wait', typeVersion: 1.1, position: [200, 0],
				parameters: { amount: seconds, unit: 'seconds' }, webhookId: 'trust-wait',
			},
			{
				id: 'n3', name: 'Send Message', type: 'n8n-nodes-conversations.sendMessage', typeVersion: 1,
				position: [400, 0], parameters: { text: '=🤖 You wrote: {{ $json.message.text }}' },
			},
		],
		connections: { 'Conversation Opened': main('Take Time'), 'Take Time': main('Send Message') },
		settings: { executionOrder: 'v1' },
	};
}

const wait = (ms: number) => new Promise((later) => setTimeout(later, ms));

async function answered(visitor: Visitor, text: string): Promise<number> {
	const stream = await visitor.listens();
	const { messages } = await stream.next('snapshot');
	let seen = messages.filter((message) => message.from === 'business');
	while (seen.length === 0) {
		const message = await stream.next('message');
		if (message.from === 'business') seen = [message];
	}
	await stream.close();
	// Whatever would come twice comes now.
	await wait(1_000);
	return (await visitor.sees()).filter((message) => message.text === `🤖 You wrote: ${text}`).length;
}

/** Executions that did the work; one that came second gets no item from the trigger. */
async function worked(rest: Rest): Promise<number> {
	const all = await rest.executions('trustWorkflow');
	const executions = await Promise.all(all.map(({ id }) => rest.execution(id)));
	return executions.filter((execution) => execution.items('Conversation Opened').length > 0).length;
}

describe('promises 2 and 9: kill -9', () => {
	let n8n: N8n;
	let rest: Rest;
	beforeAll(async () => {
		n8n = await N8n.start({ workflows: [workflow(0)], readyPath: CHAT });
	});
	afterAll(() => n8n?.remove());

	test('between the message and the execution: the workflow runs exactly once', async () => {
		await n8n.hasActivated();
		const visitors = await Promise.all(Array.from({ length: 4 }, () => Visitor.enter(n8n.url + CHAT)));
		const statuses = await Promise.all(visitors.map(async (visitor, index) => (await visitor.says(`message ${index}`)).status));
		await n8n.kill();
		expect(statuses).toEqual([200, 200, 200, 200]);
		await n8n.start();
		rest = await Rest.signIn(n8n.url);
		const counts = await Promise.all(visitors.map((visitor, index) => answered(visitor, `message ${index}`)));
		expect(counts).toEqual([1, 1, 1, 1]);
		expect(await worked(rest)).toBe(4);
	});

	test('a token, the history and an open conversation live on after it', async () => {
		const visitor = await Visitor.enter(n8n.url + CHAT);
		await visitor.says('before');
		expect(await answered(visitor, 'before')).toBe(1);
		await n8n.hasActivated();
		await n8n.kill();
		await n8n.start();
		await visitor.says('after');
		expect((await visitor.sees()).map(({ text }) => text)).toEqual(['before', '🤖 You wrote: before', 'after']);
	});

	test('ten identical posts at once: one message, one execution', async () => {
		const before = await worked(rest);
		const visitor = await Visitor.enter(n8n.url + CHAT);
		const same = { type: 'message', id: 'exactly-the-same', text: 'ten times' };
		await Promise.all(Array.from({ length: 10 }, () => visitor.post(same)));
		expect(await answered(visitor, 'ten times')).toBe(1);
		expect((await visitor.sees()).filter(({ from }) => from === 'visitor')).toHaveLength(1);
		expect(await worked(rest)).toBe(before + 1);
	});
});

describe('promise 2: a concurrency limit of 1 with a backlog', () => {
	let n8n: N8n;
	beforeAll(async () => {
		n8n = await N8n.start({ workflows: [workflow(2)], readyPath: CHAT, env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } });
	});
	afterAll(() => n8n?.remove());

	test('nothing is lost or doubled, not even with a kill -9 in the middle', async () => {
		await n8n.hasActivated();
		const visitors = await Promise.all(Array.from({ length: 8 }, () => Visitor.enter(n8n.url + CHAT)));
		await Promise.all(visitors.map((visitor, index) => visitor.says(`message ${index}`)));
		const answers = async () =>
			await Promise.all(visitors.map(async (visitor) => (await visitor.sees()).filter(({ from }) => from === 'business').length));
		// The first has ended and is saved, and the second is in the middle of its pause.
		while (Math.max(...(await answers())) === 0) await wait(100);
		await wait(1_000);
		await n8n.kill();
		await n8n.start();
		const rest = await Rest.signIn(n8n.url);
		const executions = async () => {
			const all = await rest.executions('trustWorkflow');
			return await Promise.all(all.map(({ id }) => rest.execution(id)));
		};
		// At most one was running, with this limit: it had begun, so it is cut off and told, never run again.
		const cutOff = (await executions()).filter(({ status }) => status === 'crashed').length;
		expect(cutOff).toBeLessThanOrEqual(1);
		const ended = async () => (await executions()).filter(({ status }) => status === 'success').length;
		while ((await ended()) < visitors.length - cutOff) await wait(3_000);
		await wait(3_000);
		expect(await executions()).toHaveLength(visitors.length);
		const counts = await answers();
		expect(Math.max(...counts)).toBe(1);
		expect(counts.filter((count) => count === 0).length).toBeLessThanOrEqual(cutOff);
		expect(n8n.log.split('was cut off when n8n stopped').length - 1).toBe(cutOff);
	});
});
