import type { IDataObject } from 'n8n-workflow';
import { Visitor } from '../n8n/webchat/visitor';
import { fakeMailServers, type FakeMail } from '../fakes/mail';
import { BOT_ID, fakeTelegram, refused, type FakeTelegram } from '../fakes/telegram';
import { until } from '../until';
import { keeping, ranManually, START, startingWith, workflow } from './kit/flow';
import { DONE, fakeModel, type FakeModel } from './kit/model';
import { N8n } from './kit/n8n';
import { Rest, type Execution } from './kit/rest';
import { slowed, type Slow } from './kit/slow';
import { node, ours, to } from './kit/workflows';

/** Send Message in a real n8n, where n8n's own engine has a say: sub-workflows, agents, On Error, cancelling, restarts. */

jest.setTimeout(120_000);

const LIMIT_MS = 30_000;
/** Cannot be reached from anywhere, as a public address often cannot from inside. */
const PUBLIC = 'https://n8n.example.test';
const ANN = 'email:ann@example.test';
const GONE = 'email:gone@example.test';
/** Nobody, and email reaches no phone number. */
const STRANGER = 'phone:+447700900999';

let n8n: N8n;
let rest: Rest;
let mail: FakeMail;
let telegram: FakeTelegram;
let slow: Slow;
let model: FakeModel;
let accounts: Record<'email' | 'telegram' | 'model', IDataObject>;

beforeAll(async () => {
	[n8n, mail, telegram, model] = await Promise.all([N8n.prepare({ env: { WEBHOOK_URL: `${PUBLIC}/` } }), fakeMailServers(), fakeTelegram(), fakeModel()]);
	slow = await slowed(telegram.server.url, 300);
	await n8n.start();
	rest = await Rest.signIn(n8n.url);
	const account = async (type: string, data: object) => ({ [type]: { id: await rest.createCredential(type, type, data), name: type } });
	accounts = {
		email: await account('conversationsEmailApi', mail.sendOnlyFields),
		telegram: await account('conversationsTelegramApi', { ...telegram.fields, baseUrl: slow.url }),
		model: await account('openAiApi', { apiKey: 'none', url: model.url }),
	};
});

afterAll(async () => {
	await n8n?.remove();
	await Promise.all([mail, telegram.server, slow, model].map((each) => each.close()));
});

const textsTo = (address: string) => mail.mails.filter(({ to: [first] }) => first === address).map(({ mail: { text } }) => text?.trim());
const byMail = (name: string, parameters: IDataObject, more: IDataObject = {}) =>
	node(name, ours('sendMessage'), { contact: '={{ $json.who }}', connectedChannels: ['email'], channel: 'email', messageType: 'text', ...parameters }, { credentials: accounts.email, ...more });

describe('as a sub-workflow', () => {
	const PEOPLE = [{ n: 1, who: STRANGER }, { n: 2, who: ANN }, { n: 3, who: GONE }];

	test('both outputs come out right in the child, with what came before, and go back to the parent', async () => {
		mail.smtp.refuse('rcpt', '550 5.1.1 No such user here', 'gone@example.test');
		const before = "={{ $('Called').item.json.n }}";
		await rest.createWorkflow(
			workflow(
				'child',
				[
					node('Called', 'n8n-nodes-base.executeWorkflowTrigger', { inputSource: 'passthrough' }, { typeVersion: 1.1 }),
					byMail('Send', { text: '=🤖 To number {{ $json.n }}' }),
					keeping('Note Sent', { n: before, status: '={{ $json.message.status }}' }),
					keeping('Note Failed', { n: before, code: '={{ $json.failure.code }}', who: '={{ $json.who }}' }),
					node('Both', 'n8n-nodes-base.merge', {}, { typeVersion: 3.2 }),
				],
				{
					Called: { main: [to('Send')] },
					Send: { main: [to('Note Sent'), to('Note Failed')] },
					'Note Sent': { main: [[{ node: 'Both', type: 'main', index: 0 }]] },
					'Note Failed': { main: [[{ node: 'Both', type: 'main', index: 1 }]] },
				},
			),
		);
		await rest.publish('child');
		const { nodes, connections, last } = startingWith(PEOPLE);
		const call = node('Call', 'n8n-nodes-base.executeWorkflow', { workflowId: { __rl: true, mode: 'id', value: 'child' }, mode: 'once', options: {} }, { typeVersion: 1.2 });
		await rest.createWorkflow(workflow('parent', [...nodes, call], { ...connections, [last]: { main: [to('Call')] } }));

		const parent = await ranManually(rest, 'parent');
		expect(parent.status).toBe('success');
		expect(parent.json('Call')).toEqual([
			{ n: '2', status: 'sent' },
			{ n: '1', code: 'no_channel', who: STRANGER },
			{ n: '3', code: 'recipient_unreachable', who: GONE },
		]);
		const [child] = await rest.endedExecutions('child', 1);
		expect(child?.status).toBe('success');
		expect(child?.items('Send', 0).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(child?.items('Send', 1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(textsTo('ann@example.test')).toEqual(['🤖 To number 2']);
	});
});

describe('as a tool of an AI agent', () => {
	/** Version 2.2 calls tools itself, 3.1 lets n8n's engine do it. */
	const agent = (version: number) =>
		workflow(
			`agent${version}`,
			[
				node(START, 'n8n-nodes-base.manualTrigger', {}),
				node('Agent', '@n8n/n8n-nodes-langchain.agent', { promptType: 'define', text: 'Tell them that it is ready.', options: {} }, { typeVersion: version }),
				node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', { model: { __rl: true, mode: 'id', value: 'fake-model' }, options: { maxRetries: 0 } }, { typeVersion: 1.2, credentials: accounts.model }),
				byMail(
					'Write to a Customer',
					{
						descriptionType: 'manual',
						toolDescription: 'Sends a message to a customer',
						contact: "={{ $fromAI('contact', 'Whom to write to', 'string') }}",
						text: "={{ $fromAI('text', 'What to say', 'string') }}",
						waitFor: 'reply',
					},
					{ type: ours('sendMessageTool') },
				),
			],
			{
				[START]: { main: [to('Agent')] },
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
				'Write to a Customer': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		);

	test.each([2.2, 3.1])('version %s of the agent is told what failed, with its code and what to do, and what was sent', async (version) => {
		await rest.createWorkflow(agent(version));
		mail.smtp.refuse('rcpt', '550 5.1.1 No such user here', 'gone@example.test');
		const text = `Ready, says version ${version}`;
		model.results.length = 0;
		model.calls.push({ contact: GONE, text }, { contact: STRANGER, text }, { contact: ANN, text });
		const execution = await ranManually(rest, `agent${version}`);
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent')).toMatchObject([{ output: DONE }]);
		expect(Object.keys(model.tools[0]?.parameters.properties ?? {}).sort()).toEqual(['contact', 'text']);

		const [gone, stranger, ann] = model.results;
		expect(gone).toContain('recipient_unreachable');
		expect(gone).toMatch(/gone@example\.test|mailbox|address/i);
		expect(stranger).toContain('no_channel');
		expect(stranger).toContain('+447700900999');
		expect(ann).toMatch(/"status":\s*"sent"/);
		expect(ann).not.toContain('failure');
		expect(model.results).toHaveLength(3);
		expect(textsTo('ann@example.test')).toContain(text);
	});
});

describe("with n8n's On Error", () => {
	const MODES = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];
	const ITEMS = [{ n: 1, who: STRANGER }, { n: 2, who: ANN }, { n: 3, who: 'broken' }, { n: 4, who: 'email:bob@example.test' }];
	/** Cannot be worked out for the third item. */
	const contact = "={{ $json.n === 3 ? $('Nowhere').first().json.who : $json.who }}";
	let execution: Execution;

	beforeAll(async () => {
		const { nodes, connections, last } = startingWith(ITEMS);
		const sends = MODES.map((mode) => byMail(mode, { contact, text: `🤖 Hello from ${mode}` }, { onError: mode }));
		const ends = MODES.flatMap((mode) => ['Sent', 'Failed', 'Error'].map((end) => node(`${mode} ${end}`, 'n8n-nodes-base.noOp', {})));
		const links = MODES.map((mode): [string, object] => [mode, { main: ['Sent', 'Failed', ...(mode === 'continueErrorOutput' ? ['Error'] : [])].map((end) => to(`${mode} ${end}`)) }]);
		await rest.createWorkflow(workflow('onError', [...nodes, ...sends, ...ends], { ...connections, [last]: { main: [to(...MODES)] }, ...Object.fromEntries(links) }));
		execution = await ranManually(rest, 'onError');
	});

	test.each(MODES)('%s: what was not sent is on Failed and nowhere else', (mode) => {
		const got = (end: string) => execution.json(`${mode} ${end}`).map(({ n }) => n);
		expect(execution.status).toBe('success');
		expect({ sent: got('Sent'), failed: got('Failed'), error: got('Error') }).toEqual({ sent: [2, 4], failed: [1, 3], error: [] });
		expect(execution.json(`${mode} Failed`).map(({ failure, error }) => [(failure as IDataObject)['code'], error])).toEqual([
			['no_channel', undefined],
			['configuration_invalid', undefined],
		]);
		expect(textsTo('bob@example.test')).toContain(`🤖 Hello from ${mode}`);
	});
});

describe('an execution that is cancelled', () => {
	const PEOPLE = ['5551001', '5551002', '5551003', '5551004', '5551005'];
	/** Eight for each. */
	const MESSAGES = Array.from({ length: 40 }, (_, index) => ({ n: index, user: PEOPLE[index % PEOPLE.length] ?? '' }));

	test('sends nothing more, and its messages say what became of them', async () => {
		for (const user of PEOPLE) telegram.started.add(user);
		const { nodes, connections, last } = startingWith(MESSAGES);
		const save = node('Save', ours('conversations'), { resource: 'contact', operation: 'createOrUpdate', matchBy: 'address', channel: 'telegram', account: String(BOT_ID), user: '={{ $json.user }}', contactFields: {} });
		const send = node('Send', ours('sendMessage'), { connectedChannels: ['telegram'], channel: 'telegram', messageType: 'text', text: '=🤖 News {{ $json.n }}' }, { credentials: accounts.telegram });
		await rest.createWorkflow(workflow('campaign', [...nodes, save, send], { ...connections, [last]: { main: [to('Save')] }, Save: { main: [to('Send')] } }));
		const list = node('Messages', ours('conversations'), { resource: 'message', operation: 'getMany', returnAll: true, filters: { direction: 'out' } });
		await rest.createWorkflow(workflow('messages', [node(START, 'n8n-nodes-base.manualTrigger', {}), list], { [START]: { main: [to('Messages')] } }));

		// So that one message waits when the execution is cancelled.
		telegram.server.next(/sendMessage$/, refused(429, 'Too Many Requests: retry after 30', { retry_after: 30 }));
		const { executionId = '' } = await rest.runManually('campaign', START);
		await until(() => telegram.sent.length >= 8, LIMIT_MS);
		await rest.stop(executionId);
		await until(async () => (await rest.execution(executionId)).status === 'canceled', LIMIT_MS);
		const rows = async () => {
			const all = (await ranManually(rest, 'messages')).json('Messages').map(({ message }) => message as IDataObject);
			return all.filter(({ channel }) => channel === 'telegram');
		};
		// What was on its way arrives; whatever would come after it comes now.
		await until(async () => !(await rows()).some(({ status }) => status === 'queued' || status === 'sending'), LIMIT_MS);
		await new Promise((later) => setTimeout(later, 1_000));
		const settled = await rows();
		const sent = settled.filter(({ status }) => status === 'sent');
		const left = settled.filter(({ status }) => status !== 'sent');
		expect(sent).toHaveLength(telegram.sent.length);
		expect(telegram.sent.length).toBeLessThan(30);
		expect(settled.length).toBeLessThan(40);
		expect(left.length).toBeGreaterThan(0);
		for (const message of left) expect(message).toMatchObject({ status: 'failed', failure: { reason: expect.stringContaining('was cancelled') } });
		expect(slow.asked()).toBe(telegram.server.requests.length);
	});
});

describe('waits, through restarts, with a public address that cannot be reached', () => {
	const page = (id: string) => `${n8n.url}/webhook/${id}-hook/conversations/webchat`;
	const waiting = (id: string, parameters: IDataObject) => {
		const opened = node('Opened', ours('conversationOpenedTrigger'), { channels: ['webchat'], options: { groupMessagesSeconds: 0 } }, { typeVersion: 2, webhookId: `${id}-hook` });
		const send = node('Send', ours('sendMessage'), { messageType: 'text', text: '🤖 Are you there?', ...parameters });
		return workflow(id, [opened, send, keeping('Went Well', { text: '={{ $json.message.text }}', name: "={{ $('Opened').item.json.message.text }}" }), keeping('Did Not', { code: '={{ $json.failure.code }}', name: "={{ $('Opened').item.json.message.text }}" })], {
			Opened: { main: [to('Send')] },
			Send: { main: [to('Went Well'), to('Did Not')] },
		});
	};
	const enters = async (id: string, text: string) => {
		const visitor = await Visitor.enter(page(id));
		expect((await visitor.says(text)).status).toBe(200);
		return visitor;
	};
	const parked = (id: string, count = 1) => until(async () => (await rest.executions(id, 'waiting')).length === count, LIMIT_MS);
	const ended = async (id: string) => {
		await until(async () => (await rest.executions(id)).every(({ status }) => status === 'success'), LIMIT_MS);
		return await Promise.all((await rest.executions(id)).map((each) => rest.execution(each.id)));
	};
	/** In minutes. */
	const SIX_SECONDS = 0.1;
	let ann: Visitor;
	let bob: Visitor;
	beforeAll(async () => {
		for (const id of ['reply', 'delivery', 'guests', 'late']) {
			const parameters = id === 'delivery' || id === 'guests' ? { waitFor: 'delivery' } : { waitFor: 'reply', waitLimit: id === 'late' ? SIX_SECONDS : 60 };
			await rest.createWorkflow(waiting(id, parameters));
			await rest.publish(id);
		}
		await enters('late', 'Too late');
		[ann, bob] = await Promise.all([enters('reply', 'Ann'), enters('delivery', 'Bob')]);
		await Promise.all(['late', 'reply', 'delivery'].map((id) => parked(id)));
		await n8n.restart();
		rest = await Rest.signIn(n8n.url);
		await n8n.hasActivated();
	});

	test('a wait whose time ended while n8n was down goes on by Failed', async () => {
		const [execution] = await ended('late');
		expect(execution?.json('Did Not')).toEqual([{ code: 'reply_timeout', name: 'Too late' }]);
		expect(execution?.json('Went Well')).toEqual([]);
	});

	test('a reply after a restart goes on where it waited', async () => {
		expect((await ann.says('Here I am')).status).toBe(200);
		const [execution] = await ended('reply');
		expect(execution?.json('Went Well')).toEqual([{ text: 'Here I am', name: 'Ann' }]);
		expect(execution?.json('Did Not')).toEqual([]);
	});

	test('so does a message that arrives after a restart', async () => {
		const stream = await bob.listens();
		const { messages } = await stream.next('snapshot');
		const message = messages.find(({ from }) => from === 'business');
		await bob.post({ type: 'receipt', delivered: [message?.id] });
		const [execution] = await ended('delivery');
		expect(execution?.json('Went Well')).toEqual([{ text: '🤖 Are you there?', name: 'Bob' }]);
		await stream.close();
	});

	test('many items in one waiting node go on together, each with what came before it', async () => {
		const [dan, eve] = [await enters('guests', 'Dan'), await enters('guests', 'Eve')];
		await parked('guests', 2);
		const opened = (await Promise.all((await rest.executions('guests', 'waiting')).map((each) => rest.execution(each.id)))).map((each) => each.json('Opened')[0] ?? {});
		const contactOf = (text: string) => (opened.find(({ message }) => (message as IDataObject)['text'] === text)?.['contact'] as IDataObject)['id'];
		const { nodes, connections, last } = startingWith([{ n: 1, who: contactOf('Eve') }, { n: 2, who: STRANGER }, { n: 3, who: contactOf('Dan') }]);
		const before = "={{ $('Items').item.json.n }}";
		const send = node('Send', ours('sendMessage'), { contact: '={{ $json.who }}', messageType: 'text', text: '🤖 Well?', waitFor: 'reply', waitLimit: SIX_SECONDS });
		const ends = [keeping('Went Well', { n: before, text: '={{ $json.message.text }}' }), keeping('Did Not', { n: before, code: '={{ $json.failure.code }}' })];
		await rest.createWorkflow(workflow('several', [...nodes, send, ...ends], { ...connections, [last]: { main: [to('Send')] }, Send: { main: [to('Went Well'), to('Did Not')] } }));
		await rest.runManually('several', START);
		await parked('several');
		expect((await dan.says('All well')).status).toBe(200);
		const [execution] = await ended('several');
		expect(execution?.json('Went Well')).toEqual([{ n: '3', text: 'All well' }]);
		expect(execution?.json('Did Not')).toEqual([
			{ n: '1', code: 'reply_timeout' },
			{ n: '2', code: 'no_channel' },
		]);
		await eve.says('Too late');
	});

	test('what is cancelled while it waits stays cancelled, whatever comes then', async () => {
		const fay = await enters('guests', 'Fay');
		await parked('guests', 3);
		const [newest] = await rest.executions('guests', 'waiting');
		await rest.stop(newest?.id ?? '');
		const [message] = (await fay.sees()).filter(({ from }) => from === 'business');
		await fay.post({ type: 'receipt', delivered: [message?.id] });
		await until(() => n8n.log.includes(`execution ${newest?.id} no longer waits`), LIMIT_MS);
		expect((await rest.execution(newest?.id ?? '')).status).toBe('canceled');
	});

	test('an answer that was taken just before a crash is not lost, and counts once', async () => {
		const cleo = await enters('reply', 'Cleo');
		await parked('reply');
		expect((await cleo.says('Quick answer')).status).toBe(200);
		await n8n.kill();
		await n8n.start();
		rest = await Rest.signIn(n8n.url);
		const executions = await ended('reply');
		expect(executions.map((each) => each.json('Went Well')[0])).toEqual([
			{ text: 'Quick answer', name: 'Cleo' },
			{ text: 'Here I am', name: 'Ann' },
		]);
	});

});

test('nothing that was said stands in the log of n8n', () => {
	expect(n8n.log).not.toMatch(/Here I am|Quick answer|Ready, says/);
});
