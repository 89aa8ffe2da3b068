import { wants } from '../../src/core/events';
import type { ConversationEvent, SubscriptionFilter } from '../../src/core/records';
import { OPENED, testAccount } from './desk';

const event: ConversationEvent = {
	id: 'e', type: 'conversation.opened', source: 'contact', at: 0, contactId: 'c', conversationId: 'v', messageId: 'm',
	channel: 'webchat', account: 'page-1', data: {},
};

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
	expect(wants({ ...OPENED, ...filter }, { ...event, ...changes }, { contactIsNew })).toBe(wanted);
});
