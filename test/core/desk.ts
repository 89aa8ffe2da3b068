import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { channels } from '../../src/channels';
import { CHANNEL_IDS, testAccount, type Address, type Channel, type ChannelEvent, type Content } from '../../src/core/channel';
import type { Desk } from '../../src/core/desk';
import { receive } from '../../src/core/inbox';
import type { Draft } from '../../src/core/outbox';
import type { Usable } from '../../src/core/routing';
import type { ConversationEvent, Message, Subscription, SubscriptionFilter } from '../../src/core/records';
import { openStore } from '../../src/store';
import { freshStore } from '../setup/fresh-store';
import { readDate } from '../../src/n8n/dates';
import { NO_MAIL } from '../../src/n8n/mail/service';

/** A desk on a store of its own, with a clock that moves by hand. */
export interface TestDesk extends Desk {
	/** Moves the clock on. */
	pass(ms: number): void;
	/** What the channels do when they are asked to send; by default what the website chat always does. */
	sendWith(send: Channel['send']): void;
	/** How long it was asked to wait between tries. */
	waits: number[];
	dispose(): Promise<void>;
}

export const START = Date.parse('2026-11-21T10:00:00Z');

export async function testDesk(): Promise<TestDesk> {
	const folder = mkdtempSync(join(process.env['CONVERSATIONS_TEST_ROOT'] ?? tmpdir(), 'desk-'));
	const file = join(folder, 'test.sqlite');
	await freshStore(file);
	const store = await openStore({ kind: 'sqlite', file });
	let now = START;
	let sends: Channel['send'] = channels.webchat.send;
	const waits: number[] = [];
	return {
		store,
		channel: (id) => ({ ...channels[id], send: (...args) => sends(...args) }),
		now: () => now,
		newId: () => uuidv7(),
		waits,
		wait: async (ms) => {
			waits.push(ms);
			now += ms;
		},
		pace: () => Promise.resolve(),
		readDate,
		pass: (ms) => {
			now += ms;
		},
		sendWith: (send) => {
			sends = send;
		},
		dispose: async () => {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

export const VISITOR: Address = { channel: 'webchat', account: 'page-1', user: 'visitor-1' };

let keys = 0;

export function says(text: string, more: Partial<Extract<ChannelEvent, { kind: 'message' }>> = {}): ChannelEvent {
	const from = more.from ?? VISITOR;
	keys += 1;
	const key = more.key ?? `${from.user}:message-${keys}`;
	return {
		kind: 'message',
		channel: from.channel,
		account: from.account,
		key,
		externalId: key,
		at: START,
		from,
		content: { kind: 'text', text },
		...more,
	};
}

/** The contact writes; answers the stored message. */
export async function write(desk: Desk, text: string, from: Address = VISITOR): Promise<Message> {
	const [received] = await receive(desk, [says(text, { from, at: desk.now() })]);
	if (received?.kind !== 'message') throw new Error('not received');
	return received.message;
}

/** Every account of a channel, and nobody to call. */
export const CONNECTED: Usable = {
	accounts: null,
	monthlyQuota: null,
	messagesPerWindow: null,
	ports: {
		http: () => Promise.reject(new Error('nobody is called here')),
		mail: NO_MAIL,
		now: () => START,
		credential: {},
		file: () => Promise.reject(new Error('no file')),
		publicUrl: () => Promise.reject(new Error('no address')),
		durationMs: () => Promise.resolve(null),
		receiverUrl: () => Promise.resolve(null),
	},
};

export function draft(contactId: string, content: Content | string, more: Partial<Draft> = {}): Draft {
	keys += 1;
	return {
		contactId,
		source: 'workflow',
		channel: 'lastInteracted',
		connections: Object.fromEntries(CHANNEL_IDS.map((id) => [id, CONNECTED])),
		content: typeof content === 'string' ? { kind: 'text', text: content } : content,
		idempotencyKey: `draft-${keys}`,
		openConversation: false,
		skipWhenAssigned: false,
		humanAgent: false,
		replyTo: null,
		retries: 0,
		tryAgain: false,
		unfilled: [],
		notes: [],
		execution: null,
		attempts: [],
		goesOn: () => false,
		signal: null,
		...more,
	};
}

export const OPENED: SubscriptionFilter = {
	types: ['conversation.opened'],
	channels: ['webchat'],
	accounts: { webchat: [VISITOR.account] },
	sources: ['contact'],
	contactType: 'any',
	oncePerContact: false,
	groupMs: 0,
	orderMs: 60_000,
};

export async function subscribe(desk: Desk, filter: Partial<SubscriptionFilter> = {}, id = 'trigger-1'): Promise<string> {
	const subscription: Subscription = {
		id,
		instanceId: 'instance',
		workflowId: 'workflow',
		nodeId: id,
		filter: { ...OPENED, ...filter },
		baseUrl: null,
		endedAt: null,
		seenAt: desk.now(),
		createdAt: desk.now(),
	};
	await desk.store.atomically((records) => records.subscriptions.upsert(subscription));
	return id;
}

/** Claims what is due for a subscription, as a process that serves it would. */
export async function claim(desk: Desk, subscriptionId = 'trigger-1', orderMs = 60_000) {
	return await desk.store.atomically((records) =>
		records.deliveries.claimDue({
			subscriptions: [{ id: subscriptionId, orderMs }],
			now: desk.now(),
			fetchesSince: desk.now() - 20_000,
			claimedBy: 'process-1',
			claimUntil: desk.now() + 30_000,
			limit: 100,
		}),
	);
}

export async function eventTypes(desk: Desk): Promise<ConversationEvent['type'][]> {
	const events = await desk.store.records.events.list({}, { limit: 500, offset: 0 });
	return events.map(({ type }) => type).reverse();
}

export async function addAgent(desk: Desk, name: string, status: 'online' | 'offline' = 'online'): Promise<string> {
	const id = desk.newId();
	await desk.store.records.agents.insert({
		id,
		name,
		email: `${name.toLowerCase()}@example.com`,
		status,
		lastAssignedAt: null,
		createdAt: desk.now(),
	});
	return id;
}

export { testAccount };
