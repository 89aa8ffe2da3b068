import { askAgain, type Asker } from '../../src/core/asking';
import type { Channel, Choice, Content } from '../../src/core/channel';
import { close } from '../../src/core/conversation';
import { ConversationsError, failure } from '../../src/core/failure';
import { send } from '../../src/core/outbox';
import { park } from '../../src/core/parking';
import type { Question, Wait } from '../../src/core/records';
import { endOutOfTime } from '../../src/core/waits';
import { channels } from '../../src/channels';
import { addAgent, CONNECTED, draft, testDesk, VISITOR, write, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const NUMBER: Question = { expects: { kind: 'number', min: 1, max: 10 }, triesMax: 3, prompt: { text: '🤖 A number, please.', choices: [] } };
const CHOICES: Choice[] = [{ id: 'y', label: 'Yes' }, { id: 'n', label: 'No' }];
const YES_OR_NO: Question = { expects: { kind: 'choice', choices: CHOICES }, triesMax: 2, prompt: { text: '🤖 Yes or no?', choices: CHOICES } };

const ASKER: Asker = { connections: { webchat: CONNECTED }, skipWhenAssigned: false, execution: { id: '7', workflowId: 'w', node: 'Ask' } };

async function asked(question: Question | null, user = 'v') {
	const { contactId } = await write(desk, 'Hello', { ...VISITOR, user });
	const sent = await send(desk, draft(contactId, 'How many?'));
	return { contactId, messageId: sent.message?.id ?? '', item: { json: {} }, result: null, question };
}

type Asked = Awaited<ReturnType<typeof asked>>;

async function parked(...items: Asked[]): Promise<Wait> {
	const { wait } = await park(desk, {
		executionId: '7', nodeId: 'node', workflowId: 'w', kind: 'reply', resumeUrl: 'http://localhost/r', until: desk.now() + 3_600_000, items,
	});
	if (!wait) throw new Error('nothing was parked');
	return wait;
}

const replies = (text: string, user = 'v') => write(desk, text, { ...VISITOR, user });
const itemsOf = (wait: Wait) => desk.store.records.waits.items(wait.id);
const stateOf = async ({ id }: Wait) => (await desk.store.records.waits.get(id))?.state;
const said = async (contactId: string) =>
	(await desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 50, offset: 0 })).toReversed().flatMap(({ text, status }) => (status === 'sent' ? [text] : []));

/** As the node does when it is posted to: whether there was something to post. */
async function posted(asker: Asker = ASKER): Promise<boolean> {
	const due = await desk.store.records.waits.claimDue(desk.now(), desk.now() + 30_000, 10);
	for (const wait of due) await askAgain(desk, wait, asker);
	return due.length > 0;
}

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

describe('the prompt goes once', () => {
	/** A provider that holds each message back until told. */
	function slowly() {
		const held: (() => void)[] = [];
		const seen: Content[] = [];
		desk.sendWith(async (content) => {
			seen.push(content);
			await new Promise<void>((resolve) => held.push(resolve));
			return [`provider-${seen.length}`];
		});
		return { seen, release: () => held.splice(0).forEach((go) => go()), reached: async () => { while (held.length === 0) await new Promise(setImmediate); } };
	}

	async function refusedOnce() {
		const item = await asked(NUMBER);
		const wait = await parked(item);
		desk.pass(1_000);
		await replies('many');
		return { item, wait: (await desk.store.records.waits.get(wait.id)) ?? wait };
	}

	test('though two posts come at once', async () => {
		const { item, wait } = await refusedOnce();
		const provider = slowly();
		const asking = Promise.all([askAgain(desk, wait, ASKER), askAgain(desk, wait, ASKER)]);
		await provider.reached();
		provider.release();
		await asking;
		expect(provider.seen).toHaveLength(1);
		expect(await said(item.contactId)).toHaveLength(2);
		expect(await itemsOf(wait)).toMatchObject([{ refused: null, tries: 1 }]);
	});

	test('while another process sends it, it is looked at again later', async () => {
		const { wait } = await refusedOnce();
		const provider = slowly();
		const first = askAgain(desk, wait, ASKER);
		await provider.reached();
		await askAgain(desk, wait, ASKER);
		expect(await itemsOf(wait)).toMatchObject([{ refused: expect.any(String) as string, result: null }]);
		provider.release();
		await first;
		expect(await itemsOf(wait)).toMatchObject([{ refused: null, result: null }]);
		expect(provider.seen).toHaveLength(1);
	});

	test('though the process died between sending it and noting that', async () => {
		const { item, wait } = await refusedOnce();
		const [{ refused } = { refused: null }] = await itemsOf(wait);
		await askAgain(desk, wait, ASKER);
		// As it was before the note.
		await desk.store.records.waits.refuse(wait.id, 0, refused ?? '', desk.now());
		expect(await posted()).toBe(true);
		expect(await said(item.contactId)).toHaveLength(2);
		expect(await posted()).toBe(false);
	});

	test('when it may have gone, the answer is waited for', async () => {
		const { wait } = await refusedOnce();
		desk.sendWith(() => Promise.reject(new Error('cut off')));
		expect(await posted()).toBe(true);
		expect(await posted()).toBe(false);
		expect(await itemsOf(wait)).toMatchObject([{ refused: null, result: null }]);
	});

	test('what the contact answers while it is on its way is not lost', async () => {
		const { item, wait } = await refusedOnce();
		const provider = slowly();
		const asking = askAgain(desk, wait, ASKER);
		await provider.reached();
		await replies('still many');
		provider.release();
		await asking;
		expect(await itemsOf(wait)).toMatchObject([{ tries: 2, refused: expect.any(String) as string }]);
		const again = desk.store.records.waits.claimDue(desk.now(), desk.now() + 30_000, 10);
		const [due] = await again;
		const second = askAgain(desk, due ?? wait, ASKER);
		await provider.reached();
		provider.release();
		await second;
		expect(await said(item.contactId)).toHaveLength(3);
	});
});

describe('a prompt that cannot be sent', () => {
	const failing = (cause: ConversationsError): Channel['send'] => () => Promise.reject(cause);

	test('ends the wait of its item with that failure, when it is for good', async () => {
		const wait = await parked(await asked(NUMBER, 'ann'), await asked(NUMBER, 'bob'));
		desk.pass(1_000);
		desk.sendWith(failing(new ConversationsError(failure('recipient_unreachable', 'Blocked.'))));
		await replies('many', 'ann');
		await posted();
		expect(await itemsOf(wait)).toMatchObject([{ result: { outcome: 'failed', failure: { code: 'recipient_unreachable' } } }, { result: null }]);
		expect(await stateOf(wait)).toBe('open');
		expect(await posted()).toBe(false);
	});

	test('is tried again when it may pass, with growing pauses, and as one message', async () => {
		const item = await asked(NUMBER);
		const wait = await parked(item);
		desk.pass(1_000);
		await replies('many');
		desk.sendWith(failing(new ConversationsError(failure('provider_unavailable', 'Down.'))));
		const pauses: number[] = [];
		for (let tries = 0; tries < 3; tries += 1) {
			expect(await posted()).toBe(true);
			expect(await posted()).toBe(false);
			const nextAt = await desk.store.records.waits.nextAt();
			pauses.push((nextAt ?? 0) - desk.now());
			desk.pass(pauses.at(-1) ?? 0);
		}
		expect(pauses).toEqual([2_000, 4_000, 8_000]);
		expect(await stateOf(wait)).toBe('open');
		desk.sendWith(channels.webchat.send);
		expect(await posted()).toBe(true);
		expect(await said(item.contactId)).toEqual(['How many?', '🤖 A number, please.']);
		expect(await posted()).toBe(false);
		const failed = await desk.store.records.events.list({ type: 'message.failed' }, { limit: 10, offset: 0 });
		expect(failed).toEqual([]);
	});

	test('as long as the provider asks for', async () => {
		await parked(await asked(NUMBER));
		desk.pass(1_000);
		await replies('many');
		desk.sendWith(failing(new ConversationsError(failure('rate_limited', 'Slowly.', { retryAfterMs: 90_000 }))));
		await posted();
		expect(await desk.store.records.waits.nextAt()).toBe(desk.now() + 90_000);
	});

	test('never past the limit', async () => {
		const wait = await parked(await asked(NUMBER));
		desk.pass(1_000);
		await replies('many');
		desk.pass(3_600_000);
		const [late] = await desk.store.records.waits.claimDue(desk.now(), desk.now() + 30_000, 10);
		const sent: Content[] = [];
		desk.sendWith((content) => Promise.resolve([String(sent.push(content))]));
		await askAgain(desk, late ?? wait, ASKER);
		expect(sent).toEqual([]);
		expect(await endOutOfTime(desk, 10)).toBe(true);
		expect(await itemsOf(wait)).toMatchObject([{ result: { outcome: 'failed', failure: { code: 'reply_timeout' } } }]);
		await askAgain(desk, (await desk.store.records.waits.get(wait.id)) ?? wait, ASKER);
		expect(sent).toEqual([]);
	});

	test('a person has the conversation now, and the step keeps out of it', async () => {
		const item = await asked(NUMBER);
		const wait = await parked(item);
		desk.pass(1_000);
		const agentId = await addAgent(desk, 'Kim');
		const open = await desk.store.records.conversations.openOf(item.contactId);
		await desk.store.records.conversations.update(open?.id ?? '', { assigneeId: agentId });
		await replies('many');
		await posted({ ...ASKER, skipWhenAssigned: true });
		expect(await said(item.contactId)).toEqual(['How many?']);
		expect(await itemsOf(wait)).toMatchObject([{ result: { failure: { code: 'human_active' } } }]);
	});

	test('the step has no credential where the contact answered: it asks where it asked first', async () => {
		const item = await asked(NUMBER);
		await parked(item);
		desk.pass(1_000);
		const elsewhere = { channel: 'telegram', account: 'bot', user: 'ann' } as const;
		const other = await write(desk, 'Hello', elsewhere);
		await desk.store.records.addresses.insert({
			id: desk.newId(), contactId: item.contactId, channel: 'telegram', account: 'bot', user: 'of-v', lastInboundAt: null, sentSinceInbound: 0,
			lastInteractionAt: desk.now(), blockedAt: null, reply: null, createdAt: desk.now(),
		});
		expect(other.contactId).not.toBe(item.contactId);
		await write(desk, 'many', { ...elsewhere, user: 'of-v' });
		await posted();
		const [prompt] = await desk.store.records.messages.list({ contactId: item.contactId, direction: 'out' }, { limit: 1, offset: 0 });
		expect(prompt).toMatchObject({ channel: 'webchat', text: '🤖 A number, please.', status: 'sent' });
	});
});

test('a conversation that is closed is not asked again', async () => {
	const item = await asked(NUMBER);
	const wait = await parked(item);
	desk.pass(1_000);
	await replies('many');
	await close(desk, { contactId: item.contactId, category: null, summary: null, unassign: true, source: 'agent' });
	expect(await itemsOf(wait)).toMatchObject([{ result: { failure: { code: 'conversation_closed' } } }]);
	await askAgain(desk, wait, ASKER);
	expect(await said(item.contactId)).toHaveLength(1);
});
