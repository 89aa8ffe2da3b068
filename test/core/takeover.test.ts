import { assign } from '../../src/core/assignment';
import type { Address, ChannelEvent } from '../../src/core/channel';
import { close } from '../../src/core/conversation';
import { ConversationsError, failure } from '../../src/core/failure';
import { receive } from '../../src/core/inbox';
import { send } from '../../src/core/outbox';
import { addAgent, draft, eventTypes, testDesk, write, type TestDesk } from './desk';

/** R6: a person answers in the provider's own app, and workflows that are asked to keep out do. */

const ANN: Address = { channel: 'messenger', account: 'page-1', user: 'psid-1' };

let desk: TestDesk;
let contactId: string;
let calls: number;
let keys = 0;

beforeEach(async () => {
	desk = await testDesk();
	calls = 0;
	desk.sendWith(() => Promise.resolve([`sent-${(calls += 1)}`]));
	contactId = (await write(desk, 'Hello', ANN)).contactId;
});

afterEach(() => desk.dispose());

type Echo = Extract<ChannelEvent, { kind: 'echo' }>;
const hears = (text: string, more: Partial<Echo> = {}) => {
	const { channel, account } = more.to ?? ANN;
	const key = `echo-${(keys += 1)}`;
	return receive(desk, [{ kind: 'echo', channel, account, key, externalId: key, at: desk.now(), to: ANN, content: { kind: 'text', text }, ...more }]);
};
const asks = () => send(desk, draft(contactId, 'Hi', { skipWhenAssigned: true, openConversation: true }));
const codeOf = async () => {
	const sent = await asks();
	return sent.ok ? 'sent' : sent.failure.code;
};
const open = () => desk.store.records.conversations.openOf(contactId);
const unassign = () => assign(desk, { contactId, to: { kind: 'unassign' }, source: 'workflow' });
const closes = () => close(desk, { contactId, category: null, summary: null, unassign: false, source: 'workflow' });

test('R6: from the first answer on nobody is called, and the sentence says where it was and what to do', async () => {
	expect(await open()).toMatchObject({ takenOverAt: null });
	desk.pass(1_000);
	const first = desk.now();
	await hears('I will look into it');
	desk.pass(60_000);
	await hears('Found it');
	expect(await open()).toMatchObject({ takenOverAt: first, assigneeId: null });
	expect(await asks()).toMatchObject({
		ok: false,
		failure: { code: 'human_active', retryable: false, reason: expect.stringMatching(/^A person has answered on Messenger .*'Skip When Assigned'.*Close.*unassign/) },
		message: { status: 'failed' },
	});
	expect(calls).toBe(0);
});

test('a step that does not ask for it sends all the same', async () => {
	await hears('I will look into it');
	expect(await send(desk, draft(contactId, 'Hi'))).toMatchObject({ ok: true });
});

test('it ends when the conversation is unassigned, and begins again with the next answer', async () => {
	await hears('I will look into it');
	const told = (await eventTypes(desk)).length;
	expect(await unassign()).toMatchObject({ ok: true, conversation: { takenOverAt: null } });
	// Nobody was assigned: there is nothing to tell.
	expect((await eventTypes(desk)).length).toBe(told);
	expect(await codeOf()).toBe('sent');
	await hears('One more thing');
	expect(await codeOf()).toBe('human_active');
});

test('it ends with the conversation; the next one starts without', async () => {
	await hears('I will look into it');
	await closes();
	expect(await codeOf()).toBe('sent');
	expect(await open()).toMatchObject({ takenOverAt: null });
	await closes();
	await write(desk, 'Hello again', ANN);
	expect(await codeOf()).toBe('sent');
});

test('an answer after the conversation was closed marks none', async () => {
	await closes();
	await hears('Bye');
	expect(await desk.store.records.conversations.latestOf(contactId)).toMatchObject({ status: 'closed', takenOverAt: null });
	await write(desk, 'Hello again', ANN);
	expect(await codeOf()).toBe('sent');
});

test('an agent who has it is named, also when somebody answered in the app; to assign it gives nothing back', async () => {
	await hears('I will look into it');
	const agent = await addAgent(desk, 'Bo');
	await assign(desk, { contactId, to: { kind: 'agent', agent }, source: 'workflow' });
	expect(await open()).toMatchObject({ assigneeId: agent, takenOverAt: expect.any(Number) });
	expect(await asks()).toMatchObject({ failure: { code: 'human_active', reason: expect.stringMatching(/assigned to Bo .*'Skip When Assigned'/) } });
	await unassign();
	expect(await codeOf()).toBe('sent');
});

test('the channel is the one where the person answered, not the one where it was opened', async () => {
	const number = { channel: 'whatsapp', account: 'phone-1', user: '16505551234' } as const;
	await desk.store.records.addresses.insert({
		...number, id: desk.newId(), contactId, lastInboundAt: null, sentSinceInbound: 0, lastInteractionAt: 0, blockedAt: null, reply: null, createdAt: 0,
	});
	await hears('I am here', { to: number });
	expect(await asks()).toMatchObject({ failure: { reason: expect.stringContaining('on WhatsApp') } });
});

describe('what we sent ourselves takes nothing over', () => {
	test('by its id, and by our own', async () => {
		const { message } = await asks();
		await hears('Hi', { externalId: 'sent-1' });
		await hears('Hi', { externalId: 'heard', messageId: message?.id ?? '' });
		expect(await open()).toMatchObject({ takenOverAt: null });
		expect(await codeOf()).toBe('sent');
	});

	test('by the id that we are told afterwards, though it came back in other words', async () => {
		desk.sendWith(async () => {
			await hears('HI 👋', { externalId: 'sent-9' });
			return ['sent-9'];
		});
		expect(await codeOf()).toBe('sent');
		expect(await open()).toMatchObject({ takenOverAt: null });
		// A person who answers at the same time has it all the same.
		desk.sendWith(async () => {
			await hears('HI 👋', { externalId: 'sent-10' });
			desk.pass(5);
			await hears('Let me');
			return ['sent-10'];
		});
		expect(await codeOf()).toBe('sent');
		expect(await open()).toMatchObject({ takenOverAt: desk.now() });
		expect(await codeOf()).toBe('human_active');
	});

	test('by its words, while the answer is out', async () => {
		desk.sendWith(async () => {
			await hears('Hi', { externalId: 'sent-9' });
			return ['sent-9'];
		});
		expect(await codeOf()).toBe('sent');
		expect(await open()).toMatchObject({ takenOverAt: null });
	});
});

test.each([
	['still under way', 'ours', () => Promise.resolve(['ours'])],
	['not known to have gone', null, () => Promise.reject(new ConversationsError(failure('outcome_unknown', 'No clear answer.')))],
])("the same words as in a message of ours that is %s, by somebody who is surely not us, are a person's", async (_name, providerId, answer) => {
	desk.sendWith(async () => {
		await hears('Hi', { foreign: true, externalId: 'theirs' });
		return await answer();
	});
	await asks();
	expect(await open()).toMatchObject({ takenOverAt: expect.any(Number) });
	const said = await desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 10, offset: 0 });
	expect(said.map((message) => [message.source, message.providerId]).sort()).toEqual([['agent', 'theirs'], ['workflow', providerId]]);
	expect(await codeOf()).toBe('human_active');
});
