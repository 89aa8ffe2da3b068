import type { INodeExecutionData } from 'n8n-workflow';
import { assign } from '../../src/core/assignment';
import { close } from '../../src/core/conversation';
import { failure } from '../../src/core/failure';
import { send } from '../../src/core/outbox';
import type { Delivery, Message } from '../../src/core/records';
import { describeMessage, eventItem, outcomeKeys, passOn, passOnFailed, testItem, triggerItem } from '../../src/n8n/items';
import { addAgent, claim, draft, START, subscribe, testDesk, write, type TestDesk } from '../core/desk';

let desk: TestDesk;
beforeEach(async () => {
	desk = await testDesk();
});
afterEach(() => desk.dispose());

const AT = '2026-11-21T10:00:00.000Z';

async function openedEvent(contactId: string) {
	const [event] = await desk.store.records.events.list({ contactId, type: 'conversation.opened' }, { limit: 1, offset: 0 });
	if (!event) throw new Error('Nothing was opened.');
	return event;
}

test('the item of a trigger, key by key', async () => {
	const message = await write(desk, 'Hi');
	const event = await openedEvent(message.contactId);
	expect(START).toBe(Date.parse(AT));
	expect(await eventItem(desk.store.records, event)).toEqual({
		json: {
			event: { id: event.id, type: 'conversation.opened', source: 'contact', at: AT },
			conversation: {
				id: event.conversationId,
				status: 'open',
				openedAt: AT,
				openedBy: 'contact',
				channel: 'webchat',
				account: 'page-1',
				assignee: null,
				teamId: null,
				takenOverAt: null,
				closedAt: null,
				closedBy: null,
				closingNote: null,
			},
			contact: {
				id: message.contactId,
				name: null,
				firstName: null,
				lastName: null,
				phone: null,
				email: null,
				language: null,
				tags: [],
				fields: {},
				isNew: true,
				channels: [{ channel: 'webchat', account: 'page-1', user: 'visitor-1', lastInboundAt: AT }],
			},
			message: {
				id: message.id,
				direction: 'in',
				channel: 'webchat',
				account: 'page-1',
				type: 'text',
				text: 'Hi',
				attachments: [],
				status: 'received',
				providerId: message.providerId,
				at: AT,
			},
		},
	});
});

test('later: the agent who has it, the closing note, and a contact who is not new', async () => {
	const { contactId } = await write(desk, 'Hi');
	const bo = await addAgent(desk, 'Bo');
	await assign(desk, { contactId, to: { kind: 'agent', agent: bo }, source: 'agent' });
	const first = await openedEvent(contactId);
	expect((await eventItem(desk.store.records, first))?.json['conversation']).toMatchObject({
		assignee: { id: bo, name: 'Bo', email: 'bo@example.com' },
	});
	await close(desk, { contactId, category: null, summary: 'Done', unassign: true, source: 'workflow' });
	expect((await eventItem(desk.store.records, first))?.json).toMatchObject({
		conversation: { status: 'closed', assignee: null, closedAt: AT, closedBy: 'workflow', closingNote: { category: null, summary: 'Done' } },
	});
	await write(desk, 'Me again');
	expect((await eventItem(desk.store.records, await openedEvent(contactId)))?.json['contact']).toMatchObject({ isNew: false });
});

test('a burst comes as one item with all its messages, oldest first', async () => {
	await subscribe(desk, { groupMs: 5_000 });
	const { contactId } = await write(desk, 'One');
	desk.pass(1_000);
	await write(desk, 'Two');
	desk.pass(10_000);
	const [delivery] = await claim(desk);
	const item = await triggerItem(desk.store.records, delivery as Delivery, true);
	expect(item?.json).toMatchObject({ message: { text: 'One' }, messages: [{ text: 'One' }, { text: 'Two', at: '2026-11-21T10:00:01.000Z' }] });
	expect((await triggerItem(desk.store.records, delivery as Delivery, false))?.json).not.toHaveProperty('messages');
	await desk.store.records.contacts.delete(contactId);
	expect(await triggerItem(desk.store.records, delivery as Delivery, true)).toBeNull();
});

test('the item of a test run is marked', async () => {
	const { contactId } = await write(desk, 'Hi');
	const item = await testItem(desk.store.records, (await openedEvent(contactId)).id);
	expect(item.json).toMatchObject({ test: true, message: { text: 'Hi' } });
});

test('choices, the one pressed, files, what had no value, and why it failed', async () => {
	const { contactId } = await write(desk, 'Hi');
	const sent = await send(desk, draft(contactId, { kind: 'choices', text: 'Which?', options: [{ id: 'a', label: 'A' }] }));
	if (!sent.ok) throw new Error('not sent');
	expect(describeMessage(sent.message)).toMatchObject({ type: 'choices', choices: [{ id: 'a', label: 'A' }] });
	const full: Message = {
		...sent.message,
		attachments: [{ fileId: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', sizeBytes: 3 }],
		choice: { id: 'a', label: 'A' },
		unfilled: ['contact.name'],
		failure: failure('rate_limited', 'Too fast. Wait.', { channel: 'webchat', retryAfterMs: 30_000 }),
	};
	expect(describeMessage(full)).toMatchObject({
		attachments: [{ id: 'f1', name: 'a.png', mime: 'image/png', sizeBytes: 3, kind: 'image' }],
		choice: { id: 'a', label: 'A' },
		unfilled: ['contact.name'],
		failure: {
			code: 'rate_limited',
			reason: 'Too fast. Wait.',
			channel: 'webchat',
			retryable: true,
			retryAfterMs: 30_000,
			providerCode: null,
			providerMessage: null,
		},
	});
});

test('what else belongs to a message is there only when it says something', async () => {
	const message = await write(desk, 'Hi');
	const KEYS = ['location', 'contacts', 'template', 'referral', 'story', 'replyTo', 'forwarded', 'editedAt', 'deletedAt', 'notes'];
	const plain = describeMessage({ ...message, details: {} });
	expect(Object.keys(plain).filter((key) => KEYS.includes(key))).toEqual([]);
	const place = { latitude: 52.5, longitude: 13.4, name: null, address: 'Berlin' };
	const referral = { ref: 'spring', source: 'ADS', adId: '7', headline: 'Sale', url: 'https://example.com' };
	const described = describeMessage({
		...message,
		details: {
			location: place,
			people: [{ name: 'Bo', phones: ['+4479'], emails: [] }],
			template: { name: 'order_update', language: 'en_US', parameters: { 'body.1': 'Ann' } },
			referral,
			story: { id: 's1', url: null },
			replyTo: 'wamid.1',
			forwarded: true,
			editedAt: START,
			deletedAt: START + 1_000,
			notes: ['It went without quoting.'],
		},
	});
	expect(described).toMatchObject({
		location: place,
		contacts: [{ name: 'Bo', phones: ['+4479'], emails: [] }],
		template: { name: 'order_update', language: 'en_US', parameters: { 'body.1': 'Ann' } },
		referral,
		story: { id: 's1', url: null },
		replyTo: 'wamid.1',
		forwarded: true,
		editedAt: AT,
		deletedAt: '2026-11-21T10:00:01.000Z',
		notes: ['It went without quoting.'],
	});
});

test('voice notes are marked, and files without bytes say why', async () => {
	const message = await write(desk, 'Hi');
	const file = { fileId: 'f1', kind: 'audio', name: 'a.ogg', mime: 'audio/ogg', sizeBytes: 3 } as const;
	const { attachments } = describeMessage({
		...message,
		attachments: [{ ...file, voice: true }, { ...file, fileId: null, missing: 'It is larger than 20 MB.' }, file],
	});
	const described = { id: 'f1', kind: 'audio', name: 'a.ogg', mime: 'audio/ogg', sizeBytes: 3 };
	expect(attachments).toEqual([{ ...described, voice: true }, { ...described, id: null, missing: 'It is larger than 20 MB.' }, described]);
});

test('a channel on which the contact has blocked us is marked', async () => {
	const message = await write(desk, 'Hi');
	const { addresses } = desk.store.records;
	expect(await outcomeKeys(desk.store.records, message.id)).not.toHaveProperty('contact.channels.0.blocked');
	await addresses.setBlocked(message.addressId, START);
	expect(await outcomeKeys(desk.store.records, message.id)).toMatchObject({ contact: { channels: [{ user: 'visitor-1', blocked: true }] } });
});

test('what a waiting node gives on is read when it goes on', async () => {
	const message = await write(desk, 'Yes');
	expect(await outcomeKeys(desk.store.records, message.id)).toMatchObject({
		conversation: { status: 'open' },
		contact: { id: message.contactId },
		message: { text: 'Yes', direction: 'in' },
	});
	expect(await outcomeKeys(desk.store.records, null)).toEqual({});
	expect(await outcomeKeys(desk.store.records, 'gone')).toEqual({});
});

describe('passing an item on', () => {
	const input: INodeExecutionData = {
		json: { order: 7, contact: { id: 'old' }, failure: { code: 'old' }, error: 'old', nested: { kept: true } },
		binary: { data: { data: 'aGk=', mimeType: 'text/plain' } },
		pairedItem: { item: 3 },
	};

	test('sets its keys, keeps the rest and the files, and pairs it; an old failure is over', () => {
		const copy = structuredClone(input);
		expect(passOn(input, 1, { contact: { id: 'new' } })).toEqual({
			json: { order: 7, contact: { id: 'new' }, nested: { kept: true } },
			binary: input.binary,
			pairedItem: { item: 1 },
		});
		expect(input).toEqual(copy);
	});

	test('a failed one keeps all its keys and says why, without an error of its own', () => {
		const failed = passOnFailed({ json: { order: 7 } }, 0, {}, failure('no_channel', 'Nobody.'));
		expect(failed).toEqual({
			json: { order: 7, failure: expect.objectContaining({ code: 'no_channel', reason: 'Nobody.' }) },
			pairedItem: { item: 0 },
		});
	});
});
