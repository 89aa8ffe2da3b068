import { receive } from '../../src/core/inbox';
import { deleteContact } from '../../src/core/contact';
import { close } from '../../src/core/conversation';
import { failure, type Failure } from '../../src/core/failure';
import { send } from '../../src/core/outbox';
import type { WaitKind } from '../../src/core/records';
import { park } from '../../src/core/parking';
import { endOutOfTime } from '../../src/core/waits';
import { draft, START, testDesk, VISITOR, write, type TestDesk } from './desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

async function asked(user: string) {
	const { contactId } = await write(desk, 'Hello', { ...VISITOR, user });
	const sent = await send(desk, draft(contactId, 'How can we help?'));
	return { contactId, messageId: sent.message?.id ?? '', item: { json: {} }, result: null };
}

const parked = async (kind: WaitKind, items: Parameters<typeof park>[1]['items']) =>
	await park(desk, {
		executionId: '7', nodeId: 'node', workflowId: 'w', kind, resumeUrl: 'http://localhost/r', until: desk.now() + 60_000, items,
	});

const state = async (id: string | undefined) => (await desk.store.records.waits.get(id ?? ''))?.state;
const results = async (id: string | undefined) =>
	(await desk.store.records.waits.items(id ?? '')).map(({ result }) =>
		result?.outcome === 'failed' ? result.failure.code : (result?.outcome ?? null),
	);

test('a reply ends the wait', async () => {
	const { wait } = await parked('reply', [await asked('v')]);
	const reply = await write(desk, 'Prices, please', { ...VISITOR, user: 'v' });
	expect(await state(wait?.id)).toBe('due');
	expect(await desk.store.records.waits.items(wait?.id ?? '')).toMatchObject([{ result: { outcome: 'settled', messageId: reply.id } }]);
});

test('several items: due when the last one has its reply, later replies change nothing', async () => {
	const { wait } = await parked('reply', [await asked('v'), await asked('w')]);
	const first = await write(desk, 'one', { ...VISITOR, user: 'v' });
	expect(await state(wait?.id)).toBe('open');
	await write(desk, 'two', { ...VISITOR, user: 'v' });
	await write(desk, 'three', { ...VISITOR, user: 'w' });
	expect(await state(wait?.id)).toBe('due');
	expect((await desk.store.records.waits.items(wait?.id ?? ''))[0]?.result).toMatchObject({ messageId: first.id });
});

test('a reply that came before the node was parked counts: nothing is parked', async () => {
	const item = await asked('v');
	const reply = await write(desk, 'Quick answer', { ...VISITOR, user: 'v' });
	await write(desk, 'and more', { ...VISITOR, user: 'v' });
	const outcome = await parked('reply', [item]);
	expect(outcome.wait).toBeNull();
	expect(outcome.items).toMatchObject([{ result: { outcome: 'settled', messageId: reply.id } }]);
});

test('what the contact wrote before we asked is no reply', async () => {
	const { wait } = await parked('reply', [await asked('v')]);
	expect(await state(wait?.id)).toBe('open');
});

test('items that could not be sent are settled from the start', async () => {
	const gone = { outcome: 'failed', failure: failure('no_channel', 'No channel.'), messageId: null } as const;
	const only = await parked('reply', [{ contactId: null, messageId: null, item: {}, result: gone }]);
	expect(only.wait).toBeNull();
});

test('without a reply the limit ends it as reply_timeout', async () => {
	const { wait } = await parked('reply', [await asked('v')]);
	expect(await endOutOfTime(desk, 10)).toBe(false);
	desk.pass(60_000);
	expect(await endOutOfTime(desk, 10)).toBe(true);
	expect(await state(wait?.id)).toBe('due');
	expect(await results(wait?.id)).toEqual(['reply_timeout']);
	expect(await endOutOfTime(desk, 10)).toBe(false);
});

test('closing the conversation ends it as conversation_closed', async () => {
	const item = await asked('v');
	const { wait } = await parked('reply', [item]);
	await close(desk, { contactId: item.contactId, category: null, summary: null, unassign: true, source: 'agent' });
	expect(await results(wait?.id)).toEqual(['conversation_closed']);
});

test('deleting the contact ends it too: nobody will reply', async () => {
	const item = await asked('v');
	const { wait } = await parked('reply', [item]);
	await deleteContact(desk, item.contactId);
	expect(await state(wait?.id)).toBe('due');
	expect(await results(wait?.id)).toEqual(['conversation_closed']);
});

/** News of a message of ours. */
const receipt = async (user: string, externalId: string, news: { state: 'delivered' | 'read' } | { state: 'failed'; failure: Failure }) =>
	await receive(desk, [
		{ kind: 'receipt', channel: 'webchat', account: VISITOR.account, key: 'k', at: START, externalId, to: { ...VISITOR, user }, ...news },
	]);

test.each(['delivered', 'read'] as const)('that a message was %s ends a wait for delivery; what comes later changes nothing', async (which) => {
	const item = await asked('v');
	const { wait } = await parked('delivery', [item]);
	await receipt('v', item.messageId, { state: which });
	expect(await results(wait?.id)).toEqual(['settled']);
	await receipt('v', item.messageId, { state: 'read' });
	await receipt('v', item.messageId, { state: 'failed', failure: failure('not_delivered', 'No.') });
	expect(await results(wait?.id)).toEqual(['settled']);
	expect(await state(wait?.id)).toBe('due');
});

test.each(['recipient_unreachable', 'not_delivered'] as const)('P6: that it failed ends it with the cause: %s', async (code) => {
	const item = await asked('v');
	const { wait } = await parked('delivery', [item]);
	await receipt('v', item.messageId, { state: 'failed', failure: failure(code, 'It did not arrive.') });
	expect(await results(wait?.id)).toEqual([code]);
	expect(await state(wait?.id)).toBe('due');
});

test('a receipt that came before the node was parked counts: nothing is parked', async () => {
	const [ann, bob] = [await asked('ann'), await asked('bob')];
	await receipt('ann', ann.messageId, { state: 'delivered' });
	await receipt('bob', bob.messageId, { state: 'failed', failure: failure('not_delivered', 'No.') });
	const outcome = await parked('delivery', [ann, bob]);
	expect(outcome.wait).toBeNull();
	expect(outcome.items).toMatchObject([{ result: { outcome: 'settled', messageId: ann.messageId } }, { result: { failure: { code: 'not_delivered' } } }]);
});

test('several messages are one resume, when the last is known of', async () => {
	const [ann, bob, cem] = [await asked('ann'), await asked('bob'), await asked('cem')];
	const { wait } = await parked('delivery', [ann, bob, cem]);
	await receipt('cem', cem.messageId, { state: 'delivered' });
	await receipt('ann', ann.messageId, { state: 'failed', failure: failure('not_delivered', 'No.') });
	expect(await state(wait?.id)).toBe('open');
	desk.pass(60_000);
	await endOutOfTime(desk, 10);
	expect(await results(wait?.id)).toEqual(['not_delivered', 'delivery_timeout', 'settled']);
	expect(await desk.store.records.waits.claimDue(desk.now(), desk.now() + 1_000, 10)).toHaveLength(1);
});

test('another contact’s receipt says nothing of it', async () => {
	const [ann] = [await asked('ann'), await asked('bob')];
	const { wait } = await parked('delivery', [ann]);
	await receipt('bob', ann.messageId, { state: 'delivered' });
	expect(await state(wait?.id)).toBe('open');
});

test('without a receipt the limit ends it as delivery_timeout', async () => {
	const { wait } = await parked('delivery', [await asked('v')]);
	desk.pass(60_000);
	await endOutOfTime(desk, 10);
	expect(await results(wait?.id)).toEqual(['delivery_timeout']);
});
