import { askAgain } from '../../src/core/asking';
import { channels } from '../../src/channels';
import type { Channel, Content } from '../../src/core/channel';
import { close } from '../../src/core/conversation';
import { ConversationsError, failure } from '../../src/core/failure';
import { endOutOfTime } from '../../src/core/waits';
import { addAgent, testDesk, write, type TestDesk } from './desk';
import { ASKER, NUMBER, waitingOn } from './waiting';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const { asked, parked, replies, itemsOf, stateOf, said, posted } = waitingOn(() => desk);

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
