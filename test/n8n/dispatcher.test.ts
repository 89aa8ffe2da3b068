import type { INodeExecutionData } from 'n8n-workflow';
import { close } from '../../src/core/conversation';
import { Activity } from '../../src/n8n/activity';
import { Dispatcher } from '../../src/n8n/dispatcher';
import { PROCESS_ID } from '../../src/n8n/processes';
import { hostname } from 'node:os';
import { claim, eventTypes, subscribe, testDesk, VISITOR, write, type TestDesk } from '../core/desk';

/** A process of this machine that is gone: no process has this id here. */
const GONE = `${hostname()}/4194999/0`;

interface Run {
	item: INodeExecutionData;
	key: string;
	end(): void;
	fail(error: Error): void;
}

let desk: TestDesk;
let dispatcher: Dispatcher;
let runs: Run[];
beforeEach(async () => {
	desk = await testDesk();
	dispatcher = new Dispatcher(desk, new Activity());
	runs = [];
});
afterEach(async () => {
	await dispatcher.stop();
	await desk.dispose();
});

async function serve(filter: Parameters<typeof subscribe>[1] = {}): Promise<void> {
	const id = await subscribe(desk, filter);
	const subscription = await desk.store.records.subscriptions.get(id);
	if (!subscription) throw new Error('no subscription');
	dispatcher.serve({
		subscription,
		since: desk.now(),
		emit: (items, key) =>
			new Promise((resolve, reject) => {
				const [item] = items[0] ?? [];
				if (item) runs.push({ item, key, end: resolve, fail: reject });
			}),
	});
}

/** Waits until `condition` holds; what never comes fails by jest's own time limit. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Gives whatever is under way the time to show itself. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));
const visitor = (user: string) => ({ ...VISITOR, user });
const delivery = async () => {
	const [event] = await desk.store.records.events.list({ type: 'conversation.opened' }, { limit: 1, offset: 0 });
	return await desk.store.records.deliveries.byEvent('trigger-1', event?.id ?? '');
};
const restart = async () => {
	await dispatcher.stop();
	dispatcher = new Dispatcher(desk, new Activity());
	await serve();
};

test('D4, D5: an opened conversation starts one execution with the item of the interface', async () => {
	await serve();
	await write(desk, 'Hello');
	await until(() => runs.length > 0);
	expect(runs[0]?.item.json).toMatchObject({
		event: { type: 'conversation.opened', source: 'contact', at: new Date(desk.now()).toISOString() },
		conversation: { status: 'open', openedBy: 'contact', assignee: null, closingNote: null },
		contact: { isNew: true, tags: [], fields: {} },
		message: { text: 'Hello', direction: 'in', channel: 'webchat' },
	});
	await write(desk, 'Hello?');
	await settled();
	expect(runs).toHaveLength(1);
});

test('different contacts start at once, one contact in order', async () => {
	await serve();
	const { contactId } = await write(desk, 'one', visitor('a'));
	await write(desk, 'two', visitor('b'));
	await until(() => runs.length === 2);
	await close(desk, { contactId, category: null, summary: null, unassign: true, source: 'agent' });
	await write(desk, 'three', visitor('a'));
	await settled();
	expect(runs).toHaveLength(2);
	runs[0]?.end();
	await until(() => runs.length === 3);
	expect(runs[2]?.item.json['message']).toMatchObject({ text: 'three' });
});

test('what was stored before the trigger came is started then', async () => {
	await subscribe(desk);
	await write(desk, 'You were away');
	await serve();
	await until(() => runs.length === 1);
});

test('an execution that n8n could not start is tried again under another key', async () => {
	await serve();
	await write(desk, 'Hello');
	await until(() => runs.length === 1);
	runs[0]?.fail(new Error('no workers'));
	await until(() => runs.length === 2);
	expect(runs[1]?.key).not.toBe(runs[0]?.key);
	// Tried again with the next regular look, after five seconds.
}, 20_000);

test('an execution that failed after it began is not started again', async () => {
	await serve();
	await write(desk, 'Hello');
	await until(() => runs.length === 1);
	const mine = await delivery();
	await desk.store.records.deliveries.start(mine?.id ?? '', '17', true);
	runs[0]?.fail(new Error('cancelled'));
	await until(async () => (await delivery())?.state === 'done');
	expect(runs).toHaveLength(1);
});

describe('promise 2: after a process died', () => {
	beforeEach(async () => {
		await subscribe(desk);
		await write(desk, 'Hello');
	});

	const dieHolding = async () => {
		const [mine] = await desk.store.atomically((records) =>
			records.deliveries.claimDue({
				subscriptions: [{ id: 'trigger-1', orderMs: 0 }], now: desk.now(), fetchesSince: desk.now(), claimedBy: GONE, claimUntil: desk.now() + 30_000, limit: 1,
			}),
		);
		return mine?.id ?? '';
	};

	test('handed to n8n and never begun: emitted again, but only after n8n had time to recover it', async () => {
		await dieHolding();
		await restart();
		await dispatcher.heartbeat();
		await settled();
		expect(runs).toHaveLength(0);
		desk.pass(10_001);
		await dispatcher.heartbeat();
		await until(() => runs.length === 1);
		expect(runs[0]?.key).toMatch(/-2$/);
	});

	test('recovered by n8n in the meantime: not emitted again', async () => {
		const id = await dieHolding();
		await restart();
		await desk.store.records.deliveries.start(id, '4', false);
		desk.pass(120_000);
		await dispatcher.heartbeat();
		await settled();
		expect(runs).toHaveLength(0);
		expect((await delivery())?.state).toBe('done');
	});

	test('begun and cut off: not run again, but told', async () => {
		const id = await dieHolding();
		await desk.store.records.deliveries.start(id, '4', true);
		await restart();
		await dispatcher.heartbeat();
		await settled();
		expect(runs).toHaveLength(0);
		expect((await delivery())?.state).toBe('interrupted');
		expect(await eventTypes(desk)).toContain('workflow.interrupted');
	});

	test('while the process that holds it lives, nobody else emits it, however long the queue', async () => {
		const living = `${hostname()}/${process.ppid}/0`;
		await desk.store.atomically((records) =>
			records.deliveries.claimDue({
				subscriptions: [{ id: 'trigger-1', orderMs: 0 }], now: desk.now(), fetchesSince: desk.now(), claimedBy: living, claimUntil: desk.now() + 600_000, limit: 1,
			}),
		);
		await restart();
		desk.pass(300_000);
		await dispatcher.heartbeat();
		await settled();
		expect(runs).toHaveLength(0);
	});
});

test('a delivery that is being run stays ours: the claim is renewed', async () => {
	await serve();
	await write(desk, 'Hello');
	await until(() => runs.length === 1);
	desk.pass(25_000);
	await dispatcher.heartbeat();
	expect(await delivery()).toMatchObject({ claimedBy: PROCESS_ID, claimUntil: desk.now() + 30_000, state: 'emitted' });
});

test('what is older than a day is not started but ends', async () => {
	await subscribe(desk, { groupMs: 2 * 24 * 60 * 60 * 1000 });
	await write(desk, 'Hello');
	await serve({ groupMs: 2 * 24 * 60 * 60 * 1000 });
	desk.pass(24 * 60 * 60 * 1000 + 1);
	await dispatcher.heartbeat();
	expect((await delivery())?.state).toBe('expired');
	expect(await claim(desk)).toEqual([]);
});

test('a trigger that did not come back within ten minutes of a start ends', async () => {
	await subscribe(desk, {}, 'deleted-trigger');
	await serve();
	desk.pass(10 * 60 * 1000 + 1);
	await dispatcher.heartbeat();
	expect((await desk.store.records.subscriptions.active()).map(({ id }) => id)).toEqual(['trigger-1']);
});
