import { NodeHelpers, type IDataObject, type INodeParameters } from 'n8n-workflow';
import type { Desk } from '../../src/core/desk';
import { BOT_ID, fakeTelegram, PERSON, type FakeTelegram } from '../fakes/telegram';
import { resumeWorkflow, runWorkflow, type EngineWorkflow } from '../n8n/engine';
import { callWaitingNode } from '../n8n/waiting-node';
import { writesOn } from './channel-contacts';
import { asking, asks, reached } from './waiting';
import { closeWorkspace, messagesTo, opens, openWorkspace, types, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

describe('R19: what counts as a reply', () => {
	const prompts = async (contactId: string) => (await messagesTo(desk, contactId)).slice(1).map(({ text }) => text);

	test('a number: asked for again until it is one; the answer is beside the message', async () => {
		const { contactId, workflow, parked, posted } = await asks(desk, { expectedReply: 'number', replyMinimum: '1', replyMaximum: '10' });
		await writes(desk, 'ann', 'a few');
		expect(await posted()).toMatchObject({ webhookResponse: 'Still waiting' });
		await writes(desk, 'ann', '11');
		expect((await posted()).workflowData).toBeUndefined();
		expect(await prompts(contactId)).toEqual(Array(2).fill('🤖 Please write a number from 1 to 10, e.g. 10.'));
		await writes(desk, 'ann', 'OK, 7 then');
		const { workflowData, webhookResponse } = await posted();
		expect(webhookResponse).toBe('Continued');
		const done = await resumeWorkflow(workflow, parked, workflowData);
		expect(reached(done, 'On Sent')).toMatchObject([
			{
				json: {
					answer: { kind: 'number', value: 7, tries: 3 },
					message: { direction: 'in', text: 'OK, 7 then' },
					contact: { id: contactId },
					conversation: { status: 'open' },
					event: { type: 'conversation.opened' },
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(reached(done, 'On Failed')).toEqual([]);
	});

	test('after the last try it leaves on Failed with the last reply', async () => {
		const { contactId, workflow, parked, posted } = await asks(desk, { expectedReply: 'email', replyTries: 2, repeatPrompt: 'Your address, $contact.firstname|friend?' });
		await writes(desk, 'ann', 'no');
		await posted();
		await writes(desk, 'ann', 'really not');
		const done = await resumeWorkflow(workflow, parked, (await posted()).workflowData);
		expect(reached(done, 'On Sent')).toEqual([]);
		expect(reached(done, 'On Failed')).toMatchObject([
			{
				json: {
					failure: { code: 'reply_invalid', retryable: false, reason: expect.stringContaining('answered twice') as string },
					message: { direction: 'in', text: 'really not' },
				},
			},
		]);
		expect(reached(done, 'On Failed')[0]?.json).not.toHaveProperty('answer');
		expect(await prompts(contactId)).toEqual(['Your address, friend?']);
	});

	test('DESIGN 5.8: a prompt from an expression is not searched for variables', async () => {
		const { contactId, posted } = await asks(desk, { expectedReply: 'phone', repeatPrompt: '={{ "$contact.id" }}, $conversation.channel' });
		await writes(desk, 'ann', 'no');
		await posted();
		expect(await prompts(contactId)).toEqual(['$contact.id, webchat']);
	});

	test('a choice of the message, pressed or written', async () => {
		const parameters = {
			expectedReply: 'choice',
			channelResponses: ['webchat'],
			webchatMessageType: 'choices',
			webchatText: 'Sales or support?',
			webchatChoices: { values: [{ label: 'Sales', id: 'sales' }, { label: 'Support', id: '' }] },
		};
		const { contactId, posted } = await asks(desk, parameters);
		await writes(desk, 'ann', 'Neither');
		await posted();
		const [, prompt] = await messagesTo(desk, contactId);
		expect(prompt).toMatchObject({ type: 'choices', text: '🤖 That is not one of the answers to choose from. Please choose one:', choices: [{ id: 'sales' }, { id: 'Support' }] });
		await writes(desk, 'ann', { kind: 'choice', choice: { id: 'sales', label: 'Sales' }, text: 'Sales' });
		expect((await posted()).workflowData?.[0]).toMatchObject([
			{ json: { answer: { kind: 'choice', value: 'sales', label: 'Sales', tries: 2 }, message: { type: 'choice', choice: { id: 'sales' } } } },
		]);
	});

	test('accepted answers, where the message has no buttons', async () => {
		const { contactId, posted } = await asks(desk, { expectedReply: 'choice', acceptedAnswers: { values: [{ label: 'Yes', id: 'y' }, { label: 'No', id: 'n' }] } });
		await writes(desk, 'ann', 'Maybe');
		await posted();
		const [, prompt] = await messagesTo(desk, contactId);
		expect(prompt).toMatchObject({ type: 'choices', choices: [{ label: 'Yes' }, { label: 'No' }] });
		await writes(desk, 'ann', '2');
		expect((await posted()).workflowData?.[0]).toMatchObject([{ json: { answer: { value: 'n', label: 'No' } } }]);
	});

	test('a date, where the workflow is', async () => {
		const { posted } = await asks(desk, { expectedReply: 'date' });
		await writes(desk, 'ann', '24.12.2031');
		expect((await posted()).workflowData?.[0]).toMatchObject([{ json: { answer: { kind: 'date', value: '2031-12-24', tries: 1 } } }]);
	});

	test('each item by its own parameters', async () => {
		const [ann, bob] = [await opens(desk, 'ann'), await opens(desk, 'bob')];
		const workflow = asking({ waitFor: 'reply', expectedReply: '={{ $json.expects }}' });
		const items = [{ json: { ...ann.item.json, expects: 'phone' } }, { json: { ...bob.item.json, expects: 'any' } }];
		const parked = await runWorkflow(workflow, { input: items });
		await writes(desk, 'ann', '0044 7900 900000');
		await writes(desk, 'bob', 'whatever');
		const { workflowData } = await callWaitingNode(workflow, parked);
		expect(workflowData?.[0]).toMatchObject([{ json: { answer: { value: '+447900900000' } } }, { json: { message: { text: 'whatever' } } }]);
		expect(workflowData?.[0]?.[1]?.json).not.toHaveProperty('answer');
	});

	test.each([
		[{ expectedReply: 'smell' }, "'Expected Reply' is 'smell'"],
		[{ expectedReply: 'number', replyMinimum: 'one' }, "'Minimum' is not a number"],
		[{ expectedReply: 'number', replyMinimum: '5', replyMaximum: '1' }, "'Maximum' is 1 and 'Minimum' is 5"],
		[{ expectedReply: 'choice' }, "nothing to choose from"],
	])('%j is refused before anything is sent', async (parameters, said) => {
		const ann = await opens(desk, 'ann');
		const ran = await runWorkflow(asking({ waitFor: 'reply', ...parameters }), { input: [ann.item] });
		expect(ran.error).toContain(said);
		expect(await messagesTo(desk, ann.contactId)).toEqual([]);
	});
});

describe('on a channel with an account', () => {
	let fake: FakeTelegram;
	beforeEach(async () => {
		fake = await fakeTelegram();
	});
	afterEach(() => fake.server.close());

	const ANN = { channel: 'telegram', account: String(BOT_ID), user: String(PERSON.id) } as const;
	const CHOICES = { expectedReply: 'choice', channelResponses: ['telegram'], telegramMessageType: 'choices', telegramText: 'Cake or pie?' };

	async function asksOnTelegram(parameters: IDataObject = {}) {
		const { item } = await writesOn(desk, ANN);
		const workflow: EngineWorkflow = {
			...asking(
				{ waitFor: 'reply', connectedChannels: ['telegram'], telegramChoices: { values: [{ label: 'Cake' }, { label: 'Pie' }] }, ...CHOICES, ...parameters },
				{ credentials: { conversationsTelegramApi: { id: '1', name: 'Bot' } } },
			),
			credentials: { conversationsTelegramApi: fake.fields },
		};
		const parked = await runWorkflow(workflow, { input: [item] });
		expect(parked.status).toBe('waiting');
		return { workflow, parked, posted: (more: Partial<EngineWorkflow> = {}) => callWaitingNode({ ...workflow, ...more }, parked) };
	}

	test('it is asked again with the credential of the node, with the same buttons, once', async () => {
		const { posted } = await asksOnTelegram();
		await writesOn(desk, ANN, 'Soup');
		const answers = await Promise.all([posted(), posted(), posted()]);
		expect(answers.map(({ workflowData }) => workflowData)).toEqual([undefined, undefined, undefined]);
		await posted();
		const buttons = { reply_markup: { inline_keyboard: [[{ text: 'Cake' }], [{ text: 'Pie' }]] } };
		expect(fake.sent.map(({ method, args }) => ({ method, args }))).toMatchObject([
			{ method: 'sendMessage', args: { text: 'Cake or pie?', ...buttons } },
			{ method: 'sendMessage', args: { text: '🤖 That is not one of the answers to choose from. Please choose one:', ...buttons } },
		]);
		await writesOn(desk, ANN, 'pie!');
		expect((await posted()).workflowData?.[0]).toMatchObject([{ json: { answer: { value: 'Pie', label: 'Pie', tries: 2 } } }]);
	});

	test('when it cannot be asked again, the item leaves on Failed with the reason', async () => {
		const { workflow, parked, posted } = await asksOnTelegram();
		await writesOn(desk, ANN, 'Soup');
		fake.blocked.add(ANN.user);
		await posted();
		const done = await resumeWorkflow(workflow, parked, (await posted()).workflowData);
		expect(reached(done, 'On Sent')).toEqual([]);
		expect(reached(done, 'On Failed')).toMatchObject([{ json: { failure: { code: 'recipient_unreachable' }, message: { direction: 'out', status: 'failed' } } }]);
	});

	test('a credential that no longer works is said on Failed', async () => {
		const { posted } = await asksOnTelegram();
		await writesOn(desk, ANN, 'Soup');
		await posted({ credentials: { conversationsTelegramApi: fake.wrongFields } });
		expect((await posted()).workflowData?.[1]).toMatchObject([{ json: { failure: { code: 'credential_invalid', channel: 'telegram' } } }]);
	});

	test('while the provider is down it goes on waiting; then it is asked once', async () => {
		const { posted } = await asksOnTelegram();
		await writesOn(desk, ANN, 'Soup');
		const { url } = fake.server;
		await posted({ credentials: { conversationsTelegramApi: { ...fake.fields, baseUrl: 'http://127.0.0.1:1' } } });
		expect(await posted({ credentials: { conversationsTelegramApi: { ...fake.fields, baseUrl: url } } })).toMatchObject({ webhookResponse: 'Still waiting' });
		expect(fake.sent).toHaveLength(2);
	});

	test("with 'Skip When Assigned' a person who has the conversation is not interrupted", async () => {
		const { posted } = await asksOnTelegram({ options: { skipWhenAssigned: true } });
		const reply = await writesOn(desk, ANN, 'Soup');
		const { conversations, agents } = desk.store.records;
		await agents.insert({ id: 'kim', name: 'Kim', email: 'kim@example.com', status: 'online', lastAssignedAt: null, createdAt: 0 });
		await conversations.update(reply.message.conversationId ?? '', { assigneeId: 'kim' });
		await posted();
		expect(fake.sent).toHaveLength(1);
		expect((await posted()).workflowData?.[1]).toMatchObject([{ json: { failure: { code: 'human_active' } } }]);
	});
});

test('an AI tool is not offered to wait', () => {
	const { description } = types['sendMessage']!;
	const names = (name: string, parameters: INodeParameters) =>
		description.properties
			.filter((property) => NodeHelpers.displayParameter(parameters, property, null, { ...description, name }))
			.map((property) => property.name);
	const all = { waitFor: 'reply', expectedReply: 'number' };
	const waits = ['waitFor', 'waitLimit', 'waitLimitUnit', 'expectedReply', 'replyMinimum', 'replyMaximum', 'repeatPrompt', 'replyTries'];
	expect(names('sendMessage', all)).toEqual(expect.arrayContaining(waits));
	expect(names('sendMessageTool', all).filter((name) => waits.includes(name))).toEqual([]);
	expect(names('sendMessage', { waitFor: 'reply', expectedReply: 'any' }).filter((name) => waits.includes(name))).toEqual(waits.slice(0, 4));
	expect(names('sendMessage', { waitFor: 'nothing' }).filter((name) => waits.includes(name))).toEqual(['waitFor']);
});
