import { ALL, eachWithStore, idsOf, type StoreEngine } from './harness';
import { aContact, aMessage, anEvent, anOutgoing, NOW } from './rows';

export function messagesContract(engine: StoreEngine): void {
	const opened = eachWithStore(engine);
	const records = () => opened().store.records;
	const newContact = async () => {
		const contact = aContact();
		await records().contacts.insert(contact);
		return contact;
	};

	test('a message comes back as it was given', async () => {
		const { id } = await newContact();
		const message = aMessage(id, {
			conversationId: 'conversation',
			type: 'choices',
			attachments: [{ fileId: 'f', kind: 'image', name: 'ä.png', mime: 'image/png', sizeBytes: 3 }],
			choices: [{ id: '1', label: 'Yes' }],
			choice: { id: '1', label: 'Yes' },
			providerId: 'p',
			failure: {
				code: 'rejected',
				reason: 'No.',
				channel: 'webchat',
				retryable: false,
				retryAfterMs: null,
				providerCode: '1',
				providerMessage: 'no',
			},
			unfilled: ['$contact.x'],
			idempotencyKey: 'k',
			sentAt: NOW + 1,
			deliveredAt: NOW + 2,
			readAt: NOW + 3,
		});
		expect(await records().messages.insert(message)).toBe(true);
		expect(await records().messages.get(message.id)).toEqual(message);
		expect(await records().messages.byIdempotencyKey('k')).toEqual(message);
		expect(await records().messages.byProviderId('webchat', 'page', 'p')).toEqual(message);
		expect(await records().messages.byProviderId('webchat', 'other', 'p')).toBeUndefined();
		await records().messages.update(message.id, { text: null, attachments: [], failure: null, choices: [] });
		expect(await records().messages.get(message.id)).toEqual({
			...message,
			text: null,
			attachments: [],
			failure: null,
			choices: [],
		});
	});

	test('promise 4: one message per idempotency key, and one per provider id of an account', async () => {
		const { id } = await newContact();
		const other = await opened().reopen();
		const same = () => anOutgoing(id, { idempotencyKey: 'run-1/item-0' });
		const won = await Promise.all([
			records().messages.insert(same()),
			other.records.messages.insert(same()),
			other.atomically((inside) => inside.messages.insert(same())),
		]);
		expect(won.filter(Boolean)).toHaveLength(1);
		expect(await records().messages.insert(aMessage(id, { providerId: 'p' }))).toBe(true);
		expect(await records().messages.insert(aMessage(id, { providerId: 'p' }))).toBe(false);
		expect(await records().messages.insert(aMessage(id, { providerId: 'p', account: 'other' }))).toBe(true);
		expect(await records().messages.insert(aMessage(id))).toBe(true);
		expect(await records().messages.insert(aMessage(id))).toBe(true);
		expect(await records().messages.list({ contactId: id }, ALL)).toHaveLength(5);
	});

	test('a state moves on only from where it is said to be', async () => {
		const { id } = await newContact();
		const message = anOutgoing(id);
		await records().messages.insert(message);
		const other = await opened().reopen();
		const { messages } = records();
		const won = await Promise.all([
			messages.advance(message.id, ['queued'], 'sending'),
			other.records.messages.advance(message.id, ['queued'], 'sending'),
		]);
		expect([...won].sort()).toEqual([false, true]);
		expect(await messages.advance(message.id, ['sending'], 'sent', { providerId: 'p', sentAt: NOW + 1 })).toBe(true);
		expect(await messages.advance(message.id, ['sending', 'sent'], 'delivered', { deliveredAt: NOW + 2 })).toBe(true);
		expect(await messages.advance(message.id, ['sending', 'sent'], 'failed', { sentAt: 0 })).toBe(false);
		expect(await messages.advance(message.id, [], 'failed')).toBe(false);
		expect(await messages.advance('nothing', ['queued'], 'sending')).toBe(false);
		expect(await messages.get(message.id)).toEqual({
			...message,
			status: 'delivered',
			providerId: 'p',
			sentAt: NOW + 1,
			deliveredAt: NOW + 2,
		});
	});

	test('an address’s messages: the newest, oldest first, and page by page backwards', async () => {
		const { id } = await newContact();
		const [a, b, c, d] = [5, 5, 6, 7].map((at) => aMessage(id, { addressId: 'one', at: NOW + at }));
		const elsewhere = aMessage(id, { addressId: 'two', at: NOW + 8 });
		// Brought late by the provider.
		const late = aMessage(id, { addressId: 'one', at: NOW + 1 });
		for (const message of [a, b, c, d, elsewhere, late]) if (message) await records().messages.insert(message);
		const ofAddress = async (limit: number, before?: string) =>
			idsOf(await records().messages.ofAddress('one', { limit, before }));

		expect(await ofAddress(2)).toEqual([c?.id, d?.id]);
		expect(await ofAddress(2, c?.id)).toEqual([a?.id, b?.id]);
		expect(await ofAddress(2, b?.id)).toEqual([late.id, a?.id]);
		expect(await ofAddress(2, late.id)).toEqual([]);
		expect(await ofAddress(2, 'nothing')).toEqual([]);
		const failed = await records().messages.ofAddress('one', { limit: 2, statuses: ['failed'] });
		expect(failed).toEqual([]);
		await records().messages.update(c?.id ?? '', { status: 'failed' });
		expect(idsOf(await records().messages.ofAddress('one', { limit: 2, statuses: ['failed'] }))).toEqual([c?.id]);
		expect(await ofAddress(9_999)).toEqual([late.id, a?.id, b?.id, c?.id, d?.id]);
	});

	test('lists newest first; a burst oldest first; what a dead process left', async () => {
		const [ann, bob] = [await newContact(), await newContact()];
		const hello = aMessage(ann.id, { conversationId: 'c1', at: NOW });
		const answer = anOutgoing(ann.id, { conversationId: 'c1', at: NOW + 1, status: 'sent' });
		const more = aMessage(ann.id, { conversationId: 'c1', at: NOW + 2 });
		const sending = anOutgoing(bob.id, { conversationId: 'c2', at: NOW + 3, status: 'sending' });
		const queued = anOutgoing(bob.id, { conversationId: 'c2', at: NOW + 4 });
		for (const message of [hello, answer, more, sending, queued]) await records().messages.insert(message);
		const { messages } = records();

		expect(idsOf(await messages.list({}, ALL))).toEqual([queued, sending, more, answer, hello].map(({ id }) => id));
		expect(idsOf(await messages.list({ contactId: ann.id }, ALL))).toEqual([more.id, answer.id, hello.id]);
		expect(idsOf(await messages.list({ conversationId: 'c2' }, ALL))).toEqual([queued.id, sending.id]);
		expect(idsOf(await messages.list({ conversationId: 'c1', direction: 'out' }, ALL))).toEqual([answer.id]);
		expect(idsOf(await messages.list({ direction: 'in' }, { limit: 1, offset: 1 }))).toEqual([hello.id]);
		expect(idsOf(await messages.receivedSince('c1', NOW, 10))).toEqual([hello.id, more.id]);
		expect(idsOf(await messages.receivedSince('c1', NOW + 1, 10))).toEqual([more.id]);
		expect(idsOf(await messages.receivedSince('c1', NOW, 1))).toEqual([hello.id]);
		expect(idsOf(await messages.leftBehind(NOW + 4, 10))).toEqual([sending.id]);
		expect(idsOf(await messages.leftBehind(NOW + 5, 10))).toEqual([sending.id, queued.id]);
		expect(idsOf(await messages.leftBehind(NOW + 5, 1))).toEqual([sending.id]);
	});

	test('events come back as they were given, newest first', async () => {
		const { id } = await newContact();
		const { events } = records();
		const received = anEvent(id, { conversationId: 'c', messageId: 'm', data: { n: 1, list: ['ä'] } });
		const openedEvent = anEvent(id, { type: 'conversation.opened', conversationId: 'c' });
		const nobodys = anEvent(null, { type: 'workflow.interrupted', source: 'system', channel: null, account: null });
		for (const event of [received, openedEvent, nobodys]) await events.append(event);
		expect(await events.get(received.id)).toEqual(received);
		expect(await events.get('nothing')).toBeUndefined();
		expect(await events.list({}, ALL)).toEqual([nobodys, openedEvent, received]);
		expect(await events.list({ contactId: id }, ALL)).toEqual([openedEvent, received]);
		expect(await events.list({ conversationId: 'c', type: 'message.received' }, ALL)).toEqual([received]);
		expect(await events.list({ type: 'workflow.interrupted' }, ALL)).toEqual([nobodys]);
		expect(await events.list({}, { limit: 1, offset: 1 })).toEqual([openedEvent]);
	});

	test('promise 7: a fact is claimed once, also by two who bring it at once', async () => {
		const other = await opened().reopen();
		const claims = await Promise.all(
			[records(), other.records, records(), other.records].map(({ keys }) =>
				keys.claimInbound('webchat', 'page', 'fact-1', NOW),
			),
		);
		expect(claims.filter(Boolean)).toHaveLength(1);
		expect(await records().keys.claimInbound('webchat', 'page', 'fact-1', NOW + 5)).toBe(false);
		expect(await records().keys.claimInbound('webchat', 'other', 'fact-1', NOW)).toBe(true);
		expect(await records().keys.claimInbound('webchat', 'page', 'fact-2', NOW)).toBe(true);
	});
}
