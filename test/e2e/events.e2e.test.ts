import { Visitor } from '../n8n/webchat/visitor';
import { N8n, type WorkflowJson } from './kit/n8n';
import { Rest } from './kit/rest';
import { node, ours, to } from './kit/workflows';

/** The Conversation Event Trigger in a real n8n, beside a workflow that answers on the website chat. */

const CHAT = '/webhook/events-chat/conversations/webchat';
const TOO_LONG = `={{ 'x'.repeat(2001) }}`;
const eventTrigger = (events: string[], more = {}) => node('Event', ours('conversationEventTrigger'), { events, ...more }, { typeVersion: 2, webhookId: `hook-${events.join('-')}` });
const workflow = (id: string, nodes: unknown[], connections = {}): WorkflowJson => ({ id, name: id, nodes, connections, settings: { executionOrder: 'v1' } });

const answering = workflow(
	'answering',
	[
		node('Opened', ours('conversationOpenedTrigger'), { channels: ['webchat'], options: { groupMessagesSeconds: 0 } }, { typeVersion: 2, webhookId: 'events-chat' }),
		node('Answer', ours('sendMessage'), { text: 'Good morning' }),
		node('Too Long', ours('sendMessage'), { text: TOO_LONG }),
	],
	{ Opened: { main: [to('Answer')] }, Answer: { main: [to('Too Long')] } },
);
/** Tells of each failure with a message that fails as well. */
const failing = workflow('failing', [eventTrigger(['message.failed']), node('Tell', ours('sendMessage'), { text: TOO_LONG })], { Event: { main: [to('Tell')] } });
const received = workflow('received', [eventTrigger(['message.received', 'message.sent'])]);
const tested = workflow('tested', [eventTrigger(['message.failed', 'conversation.closed'])]);

let n8n: N8n;
let rest: Rest;
beforeAll(async () => {
	n8n = await N8n.start({ workflows: [answering, failing, received, tested], publish: ['answering', 'failing', 'received'], readyPath: CHAT });
	rest = await Rest.signIn(n8n.url);
});
afterAll(() => n8n?.remove());

const wait = (ms: number) => new Promise((later) => setTimeout(later, ms));
const typesOf = async (id: string, count: number) =>
	(await rest.endedExecutions(id, count)).map((execution) => (execution.json('Event')[0]?.['event'] as { type: string } | undefined)?.type);

test('without channels it needs no setup, and each event starts one execution', async () => {
	const visitor = await Visitor.enter(n8n.url + CHAT);
	await visitor.says('Hello');
	await rest.endedExecutions('answering', 1);
	await visitor.says('Are you there?');
	expect((await typesOf('received', 3)).toSorted()).toEqual(['message.received', 'message.received', 'message.sent']);
});

test('P6: a message that failed comes with execution and cause; one of the workflow itself does not start it again', async () => {
	const [execution] = await rest.endedExecutions('failing', 1);
	const [sender] = await rest.endedExecutions('answering', 1);
	expect(execution?.json('Event')).toMatchObject([
		{
			event: { type: 'message.failed' },
			message: { text: 'x'.repeat(2001), status: 'failed', execution: { id: sender?.id, workflowId: 'answering', node: 'Too Long' } },
			failure: { code: 'content_unsupported', channel: 'webchat' },
		},
	]);
	expect(execution?.json('Tell', 1)).toMatchObject([{ failure: { code: 'content_unsupported' } }]);
	await wait(2_000);
	expect(await rest.executions('failing')).toHaveLength(1);
});

test('promise 8: a test run in the editor gets a copy of the next event that fits, and production goes on', async () => {
	expect(await rest.runManually('tested', 'Event')).toMatchObject({ waitingForWebhook: true });
	const visitor = await Visitor.enter(n8n.url + CHAT);
	await visitor.says('Another one');
	const [run] = await rest.endedExecutions('tested', 1);
	expect(run).toMatchObject({ mode: 'manual', status: 'success' });
	expect(run?.json('Event')).toMatchObject([{ test: true, event: { type: 'message.failed' }, contact: { id: expect.any(String) as string } }]);
	expect(await rest.endedExecutions('failing', 2)).toHaveLength(2);
});
