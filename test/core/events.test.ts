import { addressKey, type ChannelEvent } from '../../src/core/channel';
import { close } from '../../src/core/conversation';
import { fits, wants, type EventFacts } from '../../src/core/events';
import { ConversationsError, failure } from '../../src/core/failure';
import { receive } from '../../src/core/inbox';
import { send } from '../../src/core/outbox';
import { EVENT_TYPES, type ConversationEvent, type EventType, type MessageExecution, type SubscriptionFilter } from '../../src/core/records';
import { claim, draft, OPENED, START, subscribe, testAccount, testDesk, VISITOR, write, type TestDesk } from './desk';

const event: ConversationEvent = {
	id: 'e', type: 'conversation.opened', source: 'contact', at: 0, contactId: 'c', conversationId: 'v', messageId: 'm',
	channel: 'webchat', account: 'page-1', data: {},
};
const wish = (filter: Partial<SubscriptionFilter>) => ({ workflowId: 'workflow', filter: { ...OPENED, ...filter } });
const facts = (more: Partial<EventFacts> = {}): EventFacts => ({ contactIsNew: true, sentBy: null, ...more });

test.each<[string, Partial<SubscriptionFilter>, Partial<ConversationEvent>, boolean, boolean]>([
	['all conditions hold', {}, {}, true, true],
	['another type', {}, { type: 'conversation.closed' }, true, false],
	['another account', {}, { account: 'page-2' }, true, false],
	['any account', { accounts: undefined }, { account: 'page-2' }, true, true],
	['any channel', { channels: [] }, {}, true, true],
	['another source', {}, { source: 'agent' }, true, false],
	['any source', { sources: [] }, { source: 'agent' }, true, true],
	['new contacts only, and it is', { contactType: 'new' }, {}, true, true],
	['new contacts only, and it is not', { contactType: 'new' }, {}, false, false],
	['returning contacts only, and it is', { contactType: 'returning' }, {}, false, true],
	['returning contacts only, and it is not', { contactType: 'returning' }, {}, true, false],
	['a test run, even when any account counts', { accounts: undefined }, { account: testAccount('page-1') }, true, false],
	['an event of no channel', { types: ['contact.created'] }, { type: 'contact.created', channel: null, account: null }, true, true],
])('R2: %s', (_name, filter, changes, contactIsNew, wanted) => {
	expect(wants(wish(filter), { ...event, ...changes }, facts({ contactIsNew }))).toBe(wanted);
});

test.each<[string, EventType, EventFacts['sentBy'], Partial<SubscriptionFilter>, boolean]>([
	['its own message', 'message.failed', 'workflow', {}, false],
	['its own message, asked for', 'message.failed', 'workflow', { includeOwn: true }, true],
	['the message of another workflow', 'message.failed', 'another', {}, true],
	['a message that no workflow sent', 'message.sent', null, {}, true],
])('a workflow and %s', (_name, type, sentBy, filter, wanted) => {
	expect(wants(wish({ types: [type], sources: [], ...filter }), { ...event, type }, facts({ sentBy }))).toBe(wanted);
});

test('an editor that listens may also get what happens on a test page', () => {
	const own = { ...event, account: testAccount('page-1') };
	expect([fits(wish({ accounts: undefined }), own, facts()), fits(wish({ types: [] }), own, facts())]).toEqual([true, false]);
});

describe('deliveries', () => {
	let desk: TestDesk;
	let contactId: string;
	let keys = 0;
	beforeEach(async () => {
		desk = await testDesk();
		contactId = (await write(desk, 'Hello', ANN)).contactId;
	});
	afterEach(() => desk.dispose());

	const ANN = { channel: 'sms', account: '+15550001', user: '+15550002' } as const;
	const ALL: Partial<SubscriptionFilter> = { types: [...EVENT_TYPES], channels: [], accounts: undefined, sources: [] };
	const sender = (workflowId: string): MessageExecution => ({ id: '7', workflowId, node: 'Send Message' });

	/** Sends as a step of a workflow does; the provider gives these ids. */
	async function sends(ids: string[], workflowId = 'another') {
		desk.sendWith(() => Promise.resolve(ids));
		return await send(desk, draft(contactId, 'Your parcel', { execution: sender(workflowId) }));
	}
	const told = async (externalId: string, state: 'delivered' | 'read' | 'failed') => {
		const about = { channel: ANN.channel, account: ANN.account, at: START, key: `news-${(keys += 1)}`, externalId } as const;
		const fact: ChannelEvent = state === 'failed' ? { ...about, kind: 'receipt', state, failure: failure('not_delivered', 'No.') } : { ...about, kind: 'receipt', state };
		await receive(desk, [fact]);
	};
	/** Types of the events that start a trigger now. */
	async function started(id = 'trigger-1'): Promise<(string | undefined)[]> {
		const claimed = await claim(desk, id, 0);
		return await Promise.all(claimed.map(async ({ eventId }) => (await desk.store.records.events.get(eventId))?.type));
	}

	test('promise 2: what becomes of a message starts nothing unless a trigger asks for it', async () => {
		await subscribe(desk, { channels: [], accounts: undefined, sources: [] }, 'opened');
		await sends(['mid-1']);
		await told('mid-1', 'delivered');
		await told('mid-1', 'read');
		expect(await started('opened')).toEqual([]);
	});

	test('P6: each step of a message is one event, once for each trigger that asks for it, and only forward', async () => {
		await subscribe(desk, ALL, 'all');
		await subscribe(desk, { ...ALL, types: ['message.read'] }, 'reads');
		await sends(['mid-1']);
		for (const state of ['delivered', 'delivered', 'read', 'delivered', 'read', 'failed'] as const) await told('mid-1', state);
		expect(await started('all')).toEqual(['message.sent', 'message.delivered', 'message.read']);
		expect(await started('reads')).toEqual(['message.read']);
		expect([await started('all'), await started('reads')]).toEqual([[], []]);
	});

	test('P6: a late failure is one event, also of a message in parts, and it is not sent again as a whole', async () => {
		await subscribe(desk, { ...ALL, types: ['message.failed'] });
		const { message } = await sends(['part-1', 'part-2']);
		await told('part-1', 'delivered');
		await told('part-2', 'failed');
		await told('part-2', 'failed');
		expect(await started()).toEqual(['message.failed']);
		expect((await desk.store.records.messages.get(message?.id ?? ''))?.failure).toMatchObject({ retryable: false, reason: 'Part of the message did not arrive. No.' });
	});

	test('a failure at once is an event, too; one that is settled by a later try is told when it goes', async () => {
		await subscribe(desk, { ...ALL, types: ['message.failed', 'message.sent'] });
		desk.sendWith(() => Promise.reject(new ConversationsError(failure('rate_limited', 'Slower.'))));
		const same = draft(contactId, 'Hi', { execution: sender('another') });
		await send(desk, same);
		desk.sendWith(() => Promise.resolve(['mid-2']));
		await send(desk, same);
		expect(await started()).toEqual(['message.failed', 'message.sent']);
	});

	test('a workflow is not started by what becomes of its own messages, unless it asks for that', async () => {
		await subscribe(desk, ALL, 'guarded');
		await subscribe(desk, { ...ALL, includeOwn: true }, 'asking');
		await sends(['mid-3'], 'workflow');
		await told('mid-3', 'failed');
		expect(await started('guarded')).toEqual([]);
		expect(await started('asking')).toEqual(['message.sent', 'message.failed']);
	});

	test('what a contact does with such a message starts it: that comes to an end by itself', async () => {
		await subscribe(desk, ALL);
		await sends(['mid-4'], 'workflow');
		const about = { channel: ANN.channel, account: ANN.account, at: START, externalId: 'mid-4' } as const;
		await receive(desk, [{ ...about, kind: 'reaction', key: 'heart', from: ANN, emoji: '❤️' }]);
		await write(desk, 'Thank you', ANN);
		expect(await started()).toEqual(['message.reacted', 'message.received']);
	});

	test('with a workflow whose message fails each time, nothing goes on forever', async () => {
		await subscribe(desk, { ...ALL, types: ['message.failed'] });
		await sends(['mid-5']);
		await told('mid-5', 'failed');
		let runs = 0;
		while ((await started()).length > 0) {
			runs += 1;
			desk.sendWith(() => Promise.reject(new ConversationsError(failure('rejected', 'No.'))));
			await send(desk, draft(contactId, 'Your message failed', { execution: sender('workflow') }));
		}
		expect(runs).toBe(1);
	});

	describe('of messages that are grouped', () => {
		const GROUPED: Partial<SubscriptionFilter> = { ...ALL, types: ['message.received', 'message.sent'], groupMs: 5_000 };

		test('a burst is one run, which waits for its end; what comes later is another', async () => {
			await subscribe(desk, GROUPED);
			for (const text of ['One', 'Two', 'Three']) {
				await write(desk, text, ANN);
				desk.pass(2_000);
			}
			expect(await started()).toEqual([]);
			desk.pass(3_000);
			expect(await started()).toEqual(['message.received']);
			await write(desk, 'Later', ANN);
			desk.pass(5_000);
			expect(await started()).toEqual(['message.received']);
		});

		test('contacts and conversations are kept apart, and what is no message of theirs waits for nothing', async () => {
			await subscribe(desk, GROUPED);
			await write(desk, 'Ann', ANN);
			await write(desk, 'Bo', { ...ANN, user: '+15550003' });
			await close(desk, { contactId, category: null, summary: null, unassign: true, source: 'agent' });
			await write(desk, 'Ann again', ANN);
			await sends(['mid-6']);
			expect(await started()).toEqual(['message.sent']);
			desk.pass(5_000);
			expect(await started()).toEqual(['message.received', 'message.received', 'message.received']);
		});

		test('a trigger that does not group them gets each', async () => {
			await subscribe(desk, { ...GROUPED, groupMs: 0 });
			for (const text of ['One', 'Two']) await write(desk, text, ANN);
			expect(await started()).toEqual(['message.received', 'message.received']);
		});
	});

	test('the visitor of another page is another account', async () => {
		await subscribe(desk, { ...ALL, types: ['message.received'], channels: ['webchat'], accounts: { webchat: [VISITOR.account] } });
		for (const account of [VISITOR.account, 'page-2']) await write(desk, addressKey({ ...VISITOR, account }), { ...VISITOR, account });
		expect(await started()).toEqual(['message.received']);
	});
});
