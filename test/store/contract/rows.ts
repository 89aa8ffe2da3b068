import type {
	Agent,
	ClosingNoteCategory,
	Contact,
	ContactAddress,
	Conversation,
	ConversationEvent,
	Delivery,
	Message,
	StoredFile,
	Subscription,
	Team,
	Wait,
	WaitItem,
} from '../../../src/core/records';

/** A time that needs more than 32 bits, as real ones do. */
export const NOW = 1_795_000_000_000;

let made = 0;
/** Ids ascend in the order in which they are made. */
export function id(kind: string): string {
	made += 1;
	return `${kind}-${String(made).padStart(8, '0')}`;
}

export function aContact(given: Partial<Contact> = {}): Contact {
	return {
		id: id('contact'),
		name: null,
		firstName: null,
		lastName: null,
		phone: null,
		email: null,
		language: null,
		tags: [],
		fields: {},
		assigneeId: null,
		createdAt: NOW,
		updatedAt: NOW,
		...given,
	};
}

export function anAddress(contactId: string, given: Partial<ContactAddress> = {}): ContactAddress {
	return {
		id: id('address'),
		contactId,
		channel: 'webchat',
		account: 'page',
		user: id('visitor'),
		lastInboundAt: null,
		sentSinceInbound: 0,
		lastInteractionAt: NOW,
		blockedAt: null,
		reply: null,
		createdAt: NOW,
		...given,
	};
}

export function aConversation(contactId: string, given: Partial<Conversation> = {}): Conversation {
	return {
		id: id('conversation'),
		contactId,
		status: 'open',
		openedAt: NOW,
		openedBy: 'contact',
		channel: 'webchat',
		account: 'page',
		assigneeId: null,
		teamId: null,
		closedAt: null,
		closedBy: null,
		closingCategory: null,
		closingSummary: null,
		handledById: null,
		firstResponseAt: null,
		lastMessageAt: null,
		takenOverAt: null,
		...given,
	};
}

export function aMessage(contactId: string, given: Partial<Message> = {}): Message {
	return {
		id: id('message'),
		contactId,
		conversationId: null,
		addressId: 'address',
		channel: 'webchat',
		account: 'page',
		direction: 'in',
		source: 'contact',
		type: 'text',
		text: 'Hi',
		attachments: [],
		choices: [],
		choice: null,
		details: null,
		status: 'received',
		providerId: null,
		failure: null,
		unfilled: [],
		idempotencyKey: null,
		at: NOW,
		sentAt: null,
		deliveredAt: null,
		readAt: null,
		execution: null,
		...given,
	};
}

export function anOutgoing(contactId: string, given: Partial<Message> = {}): Message {
	return aMessage(contactId, { direction: 'out', source: 'workflow', status: 'queued', ...given });
}

export function anEvent(contactId: string | null, given: Partial<ConversationEvent> = {}): ConversationEvent {
	return {
		id: id('event'),
		type: 'message.received',
		source: 'contact',
		at: NOW,
		contactId,
		conversationId: null,
		messageId: null,
		channel: 'webchat',
		account: 'page',
		data: {},
		...given,
	};
}

export function aSubscription(given: Partial<Subscription> = {}): Subscription {
	return {
		id: id('subscription'),
		instanceId: 'instance',
		workflowId: 'workflow',
		nodeId: 'node',
		filter: {
			types: ['conversation.opened'],
			channels: ['webchat'],
			sources: [],
			contactType: 'any',
			oncePerContact: false,
			groupMs: 0,
			orderMs: 0,
		},
		baseUrl: null,
		endedAt: null,
		seenAt: NOW,
		createdAt: NOW,
		...given,
	};
}

export function aDelivery(contactId: string, subscriptionId: string, given: Partial<Delivery> = {}): Delivery {
	return {
		id: id('delivery'),
		subscriptionId,
		eventId: id('event'),
		contactId,
		conversationId: null,
		state: 'pending',
		dueAt: NOW,
		attempt: 0,
		claimedBy: null,
		claimUntil: null,
		executionId: null,
		watched: true,
		emittedAt: null,
		createdAt: NOW,
		...given,
	};
}

export function aWait(given: Partial<Wait> = {}): Wait {
	return {
		id: id('wait'),
		executionId: id('execution'),
		nodeId: 'node',
		workflowId: 'workflow',
		kind: 'reply',
		resumeUrl: 'http://localhost/webhook-waiting/1',
		until: NOW + 60_000,
		state: 'open',
		attempts: 0,
		nextAttemptAt: NOW + 60_000,
		createdAt: NOW,
		...given,
	};
}

export function aWaitItem(waitId: string, index: number, given: Partial<WaitItem> = {}): WaitItem {
	return {
		waitId,
		index,
		contactId: null,
		messageId: null,
		item: { json: { index }, pairedItem: { item: index } },
		result: null,
		question: null,
		tries: 0,
		refused: null,
		...given,
	};
}

export function anAgent(given: Partial<Agent> = {}): Agent {
	const agentId = id('agent');
	return {
		id: agentId,
		name: agentId,
		email: `${agentId}@example.com`,
		status: 'online',
		lastAssignedAt: null,
		createdAt: NOW,
		...given,
	};
}

export function aTeam(given: Partial<Team> = {}): Team {
	const teamId = id('team');
	return { id: teamId, name: teamId, memberIds: [], createdAt: NOW, ...given };
}

export function aCategory(given: Partial<ClosingNoteCategory> = {}): ClosingNoteCategory {
	const categoryId = id('category');
	return { id: categoryId, name: categoryId, description: null, createdAt: NOW, ...given };
}

export function aFile(given: Partial<StoredFile> = {}): StoredFile {
	return { id: id('file'), name: 'a.png', mime: 'image/png', sizeBytes: 0, owner: null, createdAt: NOW, ...given };
}
