import { Visitor } from '../n8n/webchat/visitor';
import { until } from '../until';
import { workflow } from './kit/flow';
import { N8n } from './kit/n8n';
import { Rest } from './kit/rest';
import { node, openedTrigger, ours, to } from './kit/workflows';

const CHAT = '/webhook/asking-chat/conversations/webchat';

const asking = workflow(
	'asking',
	[
		{ ...openedTrigger('asking-chat', []), parameters: { channels: ['webchat'], options: { groupMessagesSeconds: 0 } } },
		node('Ask', ours('sendMessage'), {
			text: 'How many?', waitFor: 'reply', waitLimit: 10, expectedReply: 'number', replyMaximum: '10', repeatPrompt: 'A number up to 10, $contact.firstname|please!', replyTries: 3,
		}),
		node('Answered', ours('sendMessage'), { text: '=You said {{ $json.answer.value }} at try {{ $json.answer.tries }}' }),
		node('Not Answered', ours('sendMessage'), { text: '={{ $json.failure.code }}' }),
	],
	{ Opened: { main: [to('Ask')] }, Ask: { main: [to('Answered'), to('Not Answered')] } },
);

describe('R19: a step that asks until the answer does', () => {
	let n8n: N8n;
	let rest: Rest;
	beforeAll(async () => {
		// A public address that cannot be reached from inside.
		n8n = await N8n.start({ workflows: [asking], readyPath: CHAT, env: { WEBHOOK_URL: 'http://127.0.0.1:9/' } });
		rest = await Rest.signIn(n8n.url);
	});
	afterAll(() => n8n?.remove());

	/** What the business has said. */
	const heard = async (visitor: Visitor) => (await visitor.sees()).filter(({ from }) => from === 'business').map(({ text }) => text);
	const hears = async (visitor: Visitor, count: number) => {
		let texts: (string | null)[] = [];
		await until(async () => (texts = await heard(visitor)).length >= count);
		return texts;
	};

	test('asks again from the waiting execution, and goes on with the value', async () => {
		const visitor = await Visitor.enter(n8n.url + CHAT);
		await visitor.says('Hello');
		await hears(visitor, 1);
		await visitor.says('a few');
		expect(await hears(visitor, 2)).toEqual(['How many?', 'A number up to 10, please!']);
		await visitor.says('11');
		await hears(visitor, 3);
		await visitor.says('7, please');
		expect((await hears(visitor, 4)).at(-1)).toBe('You said 7 at try 3');
	});

	test('gives up after the last try', async () => {
		const visitor = await Visitor.enter(n8n.url + CHAT);
		await visitor.says('Hello');
		for (const count of [1, 2, 3]) {
			await hears(visitor, count);
			await visitor.says('a few');
		}
		expect((await hears(visitor, 4)).at(-1)).toBe('reply_invalid');
	});

	test('promise 9: goes on asking after kill -9, once for each answer', async () => {
		const visitor = await Visitor.enter(n8n.url + CHAT);
		await visitor.says('Hello');
		await hears(visitor, 1);
		await visitor.says('a few');
		await n8n.kill();
		await n8n.start();
		await hears(visitor, 2);
		await visitor.says('3');
		expect(await hears(visitor, 3)).toEqual(['How many?', 'A number up to 10, please!', 'You said 3 at try 2']);
		rest = await Rest.signIn(n8n.url);
		const executions = await rest.endedExecutions('asking', 3);
		expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
	});
});
