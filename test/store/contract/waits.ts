import type { Question, WaitResult } from '../../../src/core/records';
import { eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aWait, aWaitItem, NOW } from './rows';

const ANSWERED: WaitResult = { outcome: 'settled', messageId: 'reply', conversationId: 'c' };
const ASKED: Question = {
	expects: { kind: 'choice', choices: [{ id: 'y', label: 'Yes ✓' }] },
	triesMax: 3,
	prompt: { text: '🤖 Yes or no?', choices: [{ id: 'y', label: 'Yes ✓' }] },
};

export function waitsContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;

	test('a wait comes back with its items, whatever they hold', async () => {
		const wait = aWait();
		const items = [
			aWaitItem(wait.id, 0, { contactId: 'a', messageId: 'm', item: { json: { text: 'ä', n: [1, null] }, binary: {} } }),
			aWaitItem(wait.id, 1, { result: ANSWERED }),
			aWaitItem(wait.id, 2, { item: null, question: ASKED, tries: 2, refused: 'answer' }),
		];
		await records().waits.insert(wait, items);
		expect(await records().waits.get(wait.id)).toEqual(wait);
		expect(await records().waits.items(wait.id)).toEqual(items);
		expect(await records().waits.find(wait.executionId, wait.nodeId)).toEqual(wait);
		expect(await records().waits.find(wait.executionId, 'other')).toBeUndefined();
		expect(await records().waits.unsettled(wait.id)).toBe(2);
		expect(await records().waits.get('nothing')).toBeUndefined();
		expect(await records().waits.items('nothing')).toEqual([]);

		// A node in a loop waits again.
		const again = aWait({ executionId: wait.executionId, createdAt: NOW + 1 });
		await records().waits.insert(again, []);
		expect((await records().waits.find(wait.executionId, wait.nodeId))?.id).toBe(again.id);
		await records().waits.finish(again.id, 'resumed');
		expect((await records().waits.find(wait.executionId, wait.nodeId))?.id).toBe(wait.id);
		await records().waits.finish(wait.id, 'gone');
		expect(await records().waits.find(wait.executionId, wait.nodeId)).toBeUndefined();
		await records().waits.finish(wait.id, 'resumed');
		expect((await records().waits.get(wait.id))?.state).toBe('gone');
	});

	test('who waits for a reply of a contact or for a message’s delivery', async () => {
		const [second, first] = [aWait({ createdAt: NOW }), aWait({ createdAt: NOW - 1 })];
		const delivery = aWait({ kind: 'delivery' });
		await records().waits.insert(second, [aWaitItem(second.id, 0, { contactId: 'a', messageId: 'm1' })]);
		await records().waits.insert(first, [
			aWaitItem(first.id, 0, { contactId: 'b', messageId: 'm2' }),
			aWaitItem(first.id, 1, { contactId: 'a', messageId: 'm3' }),
			aWaitItem(first.id, 2, { contactId: 'a', messageId: 'm4', result: ANSWERED }),
		]);
		await records().waits.insert(delivery, [aWaitItem(delivery.id, 0, { contactId: 'a', messageId: 'm5' })]);
		const forReply = async (contactId: string) =>
			(await records().waits.openForReply(contactId)).map(({ waitId, index }) => [waitId, index]);

		expect(await forReply('a')).toEqual([[first.id, 1], [second.id, 0]]);
		expect(await records().waits.openForDelivery('m5')).toEqual(await records().waits.items(delivery.id));
		expect(await records().waits.openForDelivery('m1')).toEqual([]);
		await records().waits.settle(first.id, 1, ANSWERED);
		await records().waits.markDue(second.id, NOW);
		expect(await forReply('a')).toEqual([]);
	});

	test('an item is settled once', async () => {
		const wait = aWait();
		await records().waits.insert(wait, [aWaitItem(wait.id, 0), aWaitItem(wait.id, 1)]);
		const other = await opened().reopen();
		const answered = (messageId: string): WaitResult => ({ outcome: 'settled', messageId, conversationId: null });
		const [one, two] = [answered('one'), answered('two')];
		const won = await Promise.all([
			records().waits.settle(wait.id, 0, one),
			other.records.waits.settle(wait.id, 0, two),
		]);
		expect([...won].sort()).toEqual([false, true]);
		expect((await records().waits.items(wait.id))[0]?.result).toEqual(won[0] ? one : two);
		expect(await records().waits.unsettled(wait.id)).toBe(1);
		expect(await records().waits.settle(wait.id, 7, one)).toBe(false);
	});

	test('due waits are claimed once for each time they are due', async () => {
		const [late, due, open] = [aWait({ createdAt: NOW - 1 }), aWait(), aWait({ until: NOW + 700 })];
		for (const wait of [late, due, open]) await records().waits.insert(wait, []);
		expect(await records().waits.nextAt()).toBe(NOW + 700);
		expect(await records().waits.markDue(due.id, NOW)).toBe(true);
		expect(await records().waits.markDue(due.id, NOW)).toBe(false);
		expect(await records().waits.markDue(late.id, NOW + 5)).toBe(true);
		expect(await records().waits.nextAt()).toBe(NOW);

		const other = await opened().reopen();
		const claims = await Promise.all([
			records().waits.claimDue(NOW, NOW + 100, 10),
			other.records.waits.claimDue(NOW, NOW + 100, 10),
		]);
		expect(claims.flat()).toEqual([{ ...due, state: 'due', attempts: 1, nextAttemptAt: NOW + 100 }]);
		expect(await records().waits.nextAt()).toBe(NOW + 5);
		expect(idsOf(await records().waits.claimDue(NOW + 100, NOW + 200, 10))).toEqual([late.id, due.id]);
		await records().waits.retryAt(due.id, NOW + 150);
		await records().waits.retryAt(open.id, NOW + 1);
		expect(await records().waits.nextAt()).toBe(NOW + 150);
		expect(idsOf(await records().waits.claimDue(NOW + 200, NOW + 300, 1))).toEqual([due.id]);
		await records().waits.finish(due.id, 'resumed');
		await records().waits.finish(late.id, 'gone');
		expect(await records().waits.claimDue(NOW + 999, NOW + 999, 10)).toEqual([]);
		expect(await records().waits.nextAt()).toBe(NOW + 700);
	});

	test('R19: an answer that did not do is asked for again once', async () => {
		const wait = aWait({ until: NOW + 700 });
		await records().waits.insert(wait, [aWaitItem(wait.id, 0), aWaitItem(wait.id, 1), aWaitItem(wait.id, 2, { result: ANSWERED })]);
		const { waits } = records();
		const other = (await opened().reopen()).records.waits;
		const refused = await Promise.all([waits.refuse(wait.id, 0, 'one', NOW + 5), other.refuse(wait.id, 0, 'two', NOW + 5)]);
		expect([...refused].sort()).toEqual([false, true]);
		const answer = refused[0] ? 'one' : 'two';
		expect((await waits.items(wait.id))[0]).toMatchObject({ refused: answer, tries: 1, result: null });
		expect(await waits.refuse(wait.id, 2, 'late', NOW)).toBe(false);
		expect(await waits.nextAt()).toBe(NOW + 5);
		expect(await waits.claimDue(NOW + 4, NOW + 50, 10)).toEqual([]);

		const claims = await Promise.all([waits.claimDue(NOW + 5, NOW + 50, 10), other.claimDue(NOW + 5, NOW + 50, 10)]);
		expect(claims.flat()).toEqual([{ ...wait, attempts: 1, nextAttemptAt: NOW + 50 }]);
		await waits.retryAt(wait.id, NOW + 60);
		expect(await waits.nextAt()).toBe(NOW + 60);

		// The other item has its own answer to ask for.
		await waits.refuse(wait.id, 1, 'three', NOW + 6);
		expect(await waits.askedAgain(wait.id, 0, 'another')).toBe(false);
		const asked = await Promise.all([waits.askedAgain(wait.id, 0, answer), other.askedAgain(wait.id, 0, answer)]);
		expect([...asked].sort()).toEqual([false, true]);
		expect(idsOf(await waits.claimDue(NOW + 6, NOW + 50, 10))).toEqual([wait.id]);
		expect(await waits.askedAgain(wait.id, 1, 'three')).toBe(true);
		expect(await waits.nextAt()).toBe(NOW + 700);
		expect(await waits.refuse(wait.id, 0, 'four', NOW)).toBe(true);
		expect((await waits.items(wait.id))[0]).toMatchObject({ refused: 'four', tries: 2 });
	});

	test('what is settled, out of time or ended is not asked for again', async () => {
		const { waits } = records();
		const [settled, late, gone] = [aWait(), aWait({ until: NOW + 1 }), aWait()];
		for (const wait of [settled, late, gone]) {
			await waits.insert(wait, [aWaitItem(wait.id, 0), aWaitItem(wait.id, 1)]);
			await waits.refuse(wait.id, 0, 'answer', NOW);
		}
		await waits.settle(settled.id, 0, ANSWERED);
		await waits.markDue(late.id, NOW + 5);
		await waits.finish(gone.id, 'gone');
		expect(await waits.claimDue(NOW, NOW + 50, 10)).toEqual([]);
		expect(idsOf(await waits.claimDue(NOW + 5, NOW + 50, 10))).toEqual([late.id]);
	});

	test('of what is to be posted, no more than asked for is claimed', async () => {
		const { waits } = records();
		const [due, asking] = [aWait(), aWait()];
		for (const wait of [due, asking]) await waits.insert(wait, [aWaitItem(wait.id, 0)]);
		await waits.refuse(asking.id, 0, 'answer', NOW - 1);
		await waits.markDue(due.id, NOW);
		expect(idsOf(await waits.claimDue(NOW, NOW + 50, 1))).toEqual([due.id]);
		expect(idsOf(await waits.claimDue(NOW, NOW + 50, 1))).toEqual([asking.id]);
		expect(await waits.claimDue(NOW, NOW + 50, 1)).toEqual([]);
	});

	test('waits whose time is up', async () => {
		const [second, first, later] = [NOW, NOW - 1, NOW + 1].map((until) => aWait({ until }));
		if (!second || !first || !later) throw new Error('three were made');
		for (const wait of [second, first, later]) await records().waits.insert(wait, []);
		expect(idsOf(await records().waits.outOfTime(NOW, 10))).toEqual([first.id, second.id]);
		expect(idsOf(await records().waits.outOfTime(NOW, 1))).toEqual([first.id]);
		await records().waits.markDue(first.id, NOW);
		expect(idsOf(await records().waits.outOfTime(NOW + 1, 10))).toEqual([second.id, later.id]);
		for (const { id } of [first, second, later]) await records().waits.finish(id, 'resumed');
		expect(await records().waits.nextAt()).toBeUndefined();
	});

	test('items that wait for a deleted contact stay with their execution and name nobody', async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		const wait = aWait();
		const item = aWaitItem(wait.id, 0, { contactId: contact.id, messageId: 'm' });
		await records().waits.insert(wait, [item]);
		await records().contacts.delete(contact.id);
		expect(await records().waits.items(wait.id)).toEqual([{ ...item, contactId: null, messageId: null }]);
		expect(idsOf(await records().waits.outOfTime(wait.until, 10))).toEqual([wait.id]);
	});
}
