import type { Content } from '../../src/core/channel';
import { askAgain } from '../../src/core/asking';
import { send } from '../../src/core/outbox';
import { park } from '../../src/core/parking';
import { CONNECTED, draft, testDesk, write, type TestDesk } from './desk';
import { ASKER, CHOICES, NUMBER, waitingOn, YES_OR_NO } from './waiting';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const { asked, parked, replies, itemsOf, stateOf, said, posted } = waitingOn(() => desk);

describe('R19: an answer that does not do', () => {
	test('is asked for again, on and on while there are tries left; one that does ends the wait', async () => {
		const item = await asked(NUMBER);
		const wait = await parked(item);
		desk.pass(1_000);
		expect(await posted()).toBe(false);
		for (const text of ['many', '11']) {
			await replies(text);
			expect(await posted()).toBe(true);
			expect(await posted()).toBe(false);
			expect(await stateOf(wait)).toBe('open');
		}
		expect(await said(item.contactId)).toEqual(['How many?', '🤖 A number, please.', '🤖 A number, please.']);
		const reply = await replies('7, please');
		expect(await itemsOf(wait)).toMatchObject([
			{ result: { outcome: 'settled', messageId: reply.id, answer: { kind: 'number', value: 7, tries: 3 } } },
		]);
		expect(await stateOf(wait)).toBe('due');
	});

	test('the last one ends the wait as reply_invalid, with that answer as the message', async () => {
		const wait = await parked(await asked(NUMBER));
		desk.pass(1_000);
		for (const text of ['many', 'some']) {
			await replies(text);
			await posted();
		}
		const last = await replies('none of these');
		expect(await itemsOf(wait)).toMatchObject([{ result: { outcome: 'failed', messageId: last.id, failure: { code: 'reply_invalid', retryable: false } } }]);
		const [{ result } = { result: null }] = await itemsOf(wait);
		const reason = result?.outcome === 'failed' ? result.failure.reason : '';
		expect(reason).toContain('The contact answered 3 times, and never with a number from 1 to 10.');
		expect(reason).not.toContain('none of these');
		expect(await stateOf(wait)).toBe('due');
	});

	test('with one try nothing is asked again', async () => {
		const item = await asked({ ...NUMBER, triesMax: 1 });
		const wait = await parked(item);
		await replies('many');
		expect(await itemsOf(wait)).toMatchObject([{ result: { failure: { code: 'reply_invalid' } } }]);
		expect(await said(item.contactId)).toHaveLength(1);
	});

	test('what follows before the contact is asked again is no further try, but counts when it does', async () => {
		const item = await asked(NUMBER);
		const wait = await parked(item);
		desk.pass(1_000);
		for (const text of ['Well', 'let me', 'think']) await replies(text);
		expect(await itemsOf(wait)).toMatchObject([{ tries: 1, result: null }]);
		await replies('5');
		expect(await itemsOf(wait)).toMatchObject([{ result: { answer: { value: 5, tries: 2 } } }]);
		for (const due of await desk.store.records.waits.claimDue(desk.now() + 1_000, desk.now() + 2_000, 10)) await askAgain(desk, due, ASKER);
		expect(await said(item.contactId)).toEqual(['How many?']);
	});

	test('a choice may be pressed, its prompt has the buttons again', async () => {
		const item = await asked(YES_OR_NO);
		const wait = await parked(item);
		desk.pass(1_000);
		await replies('Perhaps');
		await posted();
		const [prompt] = await desk.store.records.messages.list({ contactId: item.contactId, direction: 'out' }, { limit: 1, offset: 0 });
		expect(prompt).toMatchObject({ type: 'choices', text: '🤖 Yes or no?', choices: CHOICES, source: 'workflow', execution: { id: '7', workflowId: 'w', node: 'Ask' } });
		await replies('no!');
		expect(await itemsOf(wait)).toMatchObject([{ result: { answer: { kind: 'choice', value: 'n', label: 'No', tries: 2 } } }]);
	});

	test('where the channel has no buttons, the prompt lists the choices', async () => {
		const from = { channel: 'sms', account: '+15550001', user: '+447900900000' } as const;
		const { contactId } = await write(desk, 'Hello', from);
		const sent: Content[] = [];
		desk.sendWith((content) => Promise.resolve([`SM${sent.push(content)}`]));
		const question = await send(desk, draft(contactId, 'Yes or no?'));
		await parked({ contactId, messageId: question.message?.id ?? '', item: { json: {} }, result: null, question: YES_OR_NO });
		desk.pass(1_000);
		await write(desk, 'Perhaps', from);
		await posted({ ...ASKER, connections: { sms: CONNECTED } });
		expect(sent.at(-1)).toEqual({ kind: 'text', text: '🤖 Yes or no?\n\n1. Yes\n2. No' });
	});

	test('any message does when nothing is expected', async () => {
		const wait = await parked(await asked(null));
		await replies('🙂');
		const [item] = await itemsOf(wait);
		expect(item?.result).toMatchObject({ outcome: 'settled' });
		expect(item?.result).not.toHaveProperty('answer');
	});

	test('each contact is asked for themselves', async () => {
		const [ann, bob] = [await asked(NUMBER, 'ann'), await asked(NUMBER, 'bob')];
		const wait = await parked(ann, bob);
		desk.pass(1_000);
		await replies('many', 'ann');
		await replies('3', 'bob');
		expect(await posted()).toBe(true);
		expect(await said(ann.contactId)).toHaveLength(2);
		expect(await said(bob.contactId)).toHaveLength(1);
		expect(await stateOf(wait)).toBe('open');
		await replies('4', 'ann');
		expect(await stateOf(wait)).toBe('due');
	});
});

describe('answers that came before the node was parked', () => {
	test('are looked at in order: the first that does counts', async () => {
		const item = await asked(NUMBER);
		await replies('Let me see');
		const reply = await replies('4');
		await replies('or 5');
		const { wait, items } = await park(desk, {
			executionId: '7', nodeId: 'node', workflowId: 'w', kind: 'reply', resumeUrl: 'http://localhost/r', until: desk.now() + 1_000, items: [item],
		});
		expect(wait).toBeNull();
		expect(items).toMatchObject([{ result: { messageId: reply.id, answer: { value: 4, tries: 2 } } }]);
	});

	test('when none does, it is asked again', async () => {
		const item = await asked(NUMBER);
		await replies('Let me see');
		await replies('hm');
		const wait = await parked(item);
		expect(await itemsOf(wait)).toMatchObject([{ tries: 1, result: null }]);
		// n8n would not take a post yet.
		expect(await posted()).toBe(false);
		desk.pass(400);
		expect(await posted()).toBe(true);
		expect(await said(item.contactId)).toHaveLength(2);
	});

	test('with one try, it failed', async () => {
		const item = await asked({ ...NUMBER, triesMax: 1 });
		const early = await replies('Let me see');
		const { wait, items } = await park(desk, {
			executionId: '7', nodeId: 'node', workflowId: 'w', kind: 'reply', resumeUrl: 'http://localhost/r', until: desk.now() + 1_000, items: [item],
		});
		expect(wait).toBeNull();
		expect(items).toMatchObject([{ result: { outcome: 'failed', messageId: early.id, failure: { code: 'reply_invalid' } } }]);
	});
});
