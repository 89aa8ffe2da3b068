import { hostname } from 'node:os';
import { addressKey } from '../../src/core/channel';
import { publish } from '../../src/core/events';
import { send } from '../../src/core/outbox';
import { EVENT_TYPES, type EventType } from '../../src/core/records';
import { Activity } from '../../src/n8n/activity';
import { Dispatcher } from '../../src/n8n/dispatcher';
import { draft, eventTypes, subscribe, testDesk, VISITOR, write, type TestDesk } from '../core/desk';
import { until } from '../until';

/** Triggers of events: what their runs show, and what a crash in one of them does. */

/** A process of this machine that is gone: no process has this id here. */
const GONE = `${hostname()}/4194999/0`;

let desk: TestDesk;
let activity: Activity;
let dispatcher: Dispatcher;
let runs: { type: unknown; end(): void }[];
beforeEach(async () => {
	desk = await testDesk();
	activity = new Activity();
	dispatcher = new Dispatcher(desk, activity);
	runs = [];
});
afterEach(async () => {
	await dispatcher.stop();
	await desk.dispose();
});

async function serve(types: EventType[]): Promise<void> {
	await subscribe(desk, { types, channels: [], accounts: undefined, sources: [] });
	const subscription = await desk.store.records.subscriptions.get('trigger-1');
	if (!subscription) throw new Error('no subscription');
	dispatcher.serve({
		subscription,
		since: desk.now(),
		emit: (items) => new Promise((end) => void runs.push({ type: (items[0]?.[0]?.json['event'] as { type?: string }).type, end })),
	});
}

test('a contact sees that an answer is being worked on for what they wrote, not for what becomes of our messages', async () => {
	await serve(['message.received', 'message.sent']);
	const seen: boolean[] = [];
	activity.onWorking(addressKey(VISITOR), (on) => void seen.push(on));
	const { contactId } = await write(desk, 'Hello');
	await until(() => runs.length === 1);
	runs[0]?.end();
	await until(() => seen.length === 2);
	await send(desk, draft(contactId, 'Hi'));
	await until(() => runs.length === 2);
	runs[1]?.end();
	await write(desk, 'Thank you');
	await until(() => runs.length === 3 && seen.length === 3);
	expect([runs.map(({ type }) => type), seen]).toEqual([['message.received', 'message.sent', 'message.received'], [true, false, true]]);
});

test('the events of one contact start in their order, each when the one before has ended', async () => {
	await serve([...EVENT_TYPES]);
	const { contactId } = await write(desk, 'Hello');
	await send(desk, draft(contactId, 'Hi'));
	const told = ['contact.created', 'conversation.opened', 'message.received', 'message.sent'];
	for (const [index] of told.entries()) {
		await until(() => runs.length === index + 1);
		runs[index]?.end();
	}
	expect(runs.map(({ type }) => type)).toEqual(told);
});

describe('an execution that is cut off', () => {
	/** Begun by a process that died, and found by the next one. */
	async function cutOff(type: EventType): Promise<void> {
		await subscribe(desk, { types: [type], channels: [], accounts: undefined, sources: [] });
		const { contactId, conversationId, id: messageId } = await write(desk, 'Hello');
		if (type === 'workflow.interrupted') {
			const about = { type, source: 'system', contactId, conversationId, messageId, channel: 'webchat', account: VISITOR.account } as const;
			await desk.store.atomically((records) => publish(desk, records, about));
		}
		const [mine] = await desk.store.atomically((records) =>
			records.deliveries.claimDue({
				subscriptions: [{ id: 'trigger-1', orderMs: 0 }], now: desk.now(), fetchesSince: desk.now(), claimedBy: GONE, claimUntil: desk.now() + 30_000, limit: 1,
			}),
		);
		await desk.store.records.deliveries.start(mine?.id ?? '', '4', true);
		await serve([type, 'workflow.interrupted']);
		await dispatcher.heartbeat();
		expect((await desk.store.records.deliveries.get(mine?.id ?? ''))?.state).toBe('interrupted');
	}
	const told = async () => (await eventTypes(desk)).filter((type) => type === 'workflow.interrupted').length;

	test('starts whoever asks for that', async () => {
		await cutOff('message.received');
		await until(() => runs.length === 1);
		expect([runs[0]?.type, await told()]).toEqual(['workflow.interrupted', 1]);
	});

	test('starts nobody when it was begun by such an event itself: what takes n8n down does not do so over and over', async () => {
		await cutOff('workflow.interrupted');
		expect([runs.length, await told()]).toEqual([0, 1]);
	});
});
