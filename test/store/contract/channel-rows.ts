import type { EarlyReceipt, Fetch, Message, MessagePart, Receiver, TestListener } from '../../../src/core/records';
import { id, NOW } from './rows';

export function aPart(message: Message, position: number, given: Partial<MessagePart> = {}): MessagePart {
	const { id: messageId, channel, account } = message;
	return { messageId, position, channel, account, providerId: id('part'), status: 'sent', ...given };
}

export function aReceiver(key: string, given: Partial<Receiver> = {}): Receiver {
	const subscriptionId = id('subscription');
	return {
		key,
		subscriptionId,
		channel: 'telegram',
		account: 'bot',
		url: `https://n8n.example/webhook/${subscriptionId}/conversations`,
		by: 'webhook',
		owner: false,
		createdAt: NOW,
		...given,
	};
}

export function aTestListener(given: Partial<TestListener> = {}): TestListener {
	return {
		subscriptionId: id('subscription'),
		channels: ['telegram'],
		accounts: { telegram: ['bot'] },
		url: 'https://n8n.example/webhook-test/1/conversations',
		until: NOW + 60_000,
		...given,
	};
}

export function aFetch(contactId: string, given: Partial<Fetch> = {}): Fetch {
	return {
		id: id('fetch'),
		kind: 'media',
		channel: 'telegram',
		account: 'bot',
		contactId,
		addressId: 'address',
		messageId: null,
		position: 0,
		source: { id: 'ä/1' },
		attempts: 0,
		nextAt: NOW,
		createdAt: NOW,
		...given,
	};
}

export function anEarlyReceipt(given: Partial<EarlyReceipt> = {}): EarlyReceipt {
	return { channel: 'whatsapp', account: 'number', externalId: id('external'), state: 'sent', failure: null, at: NOW, ...given };
}
