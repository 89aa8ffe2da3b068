import type { ConversationFilter } from '../../../src/core/store';
import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aConversation, NOW } from './rows';

const CLOSED = {
	closedAt: NOW + 9,
	closedBy: 'agent',
	closingCategory: 'Sales',
	closingSummary: 'Bought two',
	handledById: 'agent',
	assigneeId: null,
} as const;

export function conversationsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const newContact = async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		return contact;
	};

	test('promise 1, D2: of callers that open one contact’s conversation at once, one wins', async () => {
		const { id } = await newContact();
		const other = await opened().reopen();
		const asked = Array.from({ length: 10 }, () => aConversation(id));
		const won = await Promise.all(
			asked.map((conversation, index) =>
				index % 2 === 0
					? records().conversations.insertOpen(conversation)
					: other.atomically((inside) => inside.conversations.insertOpen(conversation)),
			),
		);
		expect(won.filter(Boolean)).toHaveLength(1);
		expect(await records().conversations.openOf(id)).toEqual(asked[won.indexOf(true)]);
		expect(await records().conversations.countOf(id)).toBe(1);
	});

	test('after it was closed the next one can be opened, and no second one by a change', async () => {
		const { id } = await newContact();
		const first = aConversation(id, { assigneeId: 'agent', teamId: 'team', firstResponseAt: NOW + 1, lastMessageAt: NOW + 2 });
		expect(await records().conversations.latestOf(id)).toBeUndefined();
		expect(await records().conversations.insertOpen(first)).toBe(true);
		expect(await records().conversations.get(first.id)).toEqual(first);

		expect(await records().conversations.close(first.id, CLOSED)).toBe(true);
		const closed = { ...first, ...CLOSED, status: 'closed' };
		expect(await records().conversations.get(first.id)).toEqual(closed);
		expect(await records().conversations.close(first.id, { ...CLOSED, closingSummary: 'again' })).toBe(false);
		expect(await records().conversations.get(first.id)).toEqual(closed);
		expect(await records().conversations.openOf(id)).toBeUndefined();
		expect(await records().conversations.latestOf(id)).toEqual(closed);

		const second = aConversation(id, { openedAt: NOW + 10 });
		expect(await records().conversations.insertOpen(second)).toBe(true);
		expect(await records().conversations.latestOf(id)).toEqual(second);
		await expect(records().conversations.update(first.id, { status: 'open' })).rejects.toMatchObject({
			kind: 'duplicate',
		});
		await records().conversations.close(second.id, { ...CLOSED, closedAt: NOW + 5 });
		// Closed last counts, not opened last.
		expect((await records().conversations.latestOf(id))?.id).toBe(first.id);
		expect(await records().conversations.countOf(id)).toBe(2);
		expect(await records().conversations.close('nothing', CLOSED)).toBe(false);
	});

	test('contacts are listed by the state of their conversations, however it changes', async () => {
		const { id } = await newContact();
		const contactsIn = async (status: 'open' | 'closed' | 'none') =>
			idsOf(await records().contacts.list({ status }, ALL));
		const states = async () => [await contactsIn('open'), await contactsIn('closed'), await contactsIn('none')];
		expect(await states()).toEqual([[], [], [id]]);
		const [first, second] = [aConversation(id), aConversation(id)];
		await records().conversations.insertOpen(first);
		expect(await states()).toEqual([[id], [], []]);
		await records().conversations.update(first.id, { status: 'closed', closedAt: NOW });
		expect(await states()).toEqual([[], [id], []]);
		await records().conversations.insertOpen(second);
		await records().conversations.update(first.id, { status: 'closed' });
		expect(await states()).toEqual([[id], [], []]);
		const stopped = opened().store.atomically(async (inside) => {
			await inside.conversations.close(second.id, CLOSED);
			throw new Error('stopped');
		});
		await expect(stopped).rejects.toThrow('stopped');
		expect(await states()).toEqual([[id], [], []]);
	});

	test('lists newest first, by contact, status, assignee and channel', async () => {
		const [ann, bob] = [await newContact(), await newContact()];
		const old = aConversation(ann.id, { openedAt: NOW - 100, assigneeId: 'x' });
		await records().conversations.insertOpen(old);
		await records().conversations.close(old.id, { ...CLOSED, assigneeId: 'x' });
		const current = aConversation(ann.id, { openedAt: NOW, assigneeId: 'x' });
		const unassigned = aConversation(bob.id, { openedAt: NOW - 50 });
		await records().conversations.insertOpen(current);
		await records().conversations.insertOpen(unassigned);
		const list = async (filter: ConversationFilter) => idsOf(await records().conversations.list(filter, ALL));

		expect(await list({})).toEqual([current.id, unassigned.id, old.id]);
		expect(await list({ contactId: ann.id })).toEqual([current.id, old.id]);
		expect(await list({ status: 'open' })).toEqual([current.id, unassigned.id]);
		expect(await list({ assigneeId: 'x' })).toEqual([current.id, old.id]);
		expect(await list({ assigneeId: null })).toEqual([unassigned.id]);
		expect(await list({ assigneeId: 'x', status: 'closed' })).toEqual([old.id]);
		expect(await list({ channel: 'webchat' })).toEqual([current.id, unassigned.id, old.id]);
		expect(idsOf(await records().conversations.list({}, { limit: 1, offset: 1 }))).toEqual([unassigned.id]);

		await records().conversations.update(unassigned.id, { assigneeId: 'x', lastMessageAt: NOW });
		expect(await records().conversations.get(unassigned.id)).toEqual({
			...unassigned,
			assigneeId: 'x',
			lastMessageAt: NOW,
		});
		expect(await records().conversations.openPerAgent(['x', 'y'])).toEqual(new Map([['x', 2]]));
		expect(await records().conversations.openPerAgent([])).toEqual(new Map());
	});
}
