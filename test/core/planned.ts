import type { Address, ChannelId, Content } from '../../src/core/channel';
import { ConversationsError, failure, type FailureCode } from '../../src/core/failure';
import type { Sent } from '../../src/core/handover';
import type { Plan } from '../../src/core/plan';
import { draft, type TestDesk } from './desk';

/** Messages that may go several ways. */

const TEMPLATE: Content = { kind: 'template', text: null, name: 'order', language: 'en', parameters: [] };

/** A text that names its channel, or a template. */
export function plan(contactId: string, more: Partial<Plan> = {}): Plan {
	const { content: _content, unfilled: _unfilled, notes: _notes, attempts: _attempts, goesOn: _goesOn, ...rest } = draft(contactId, '');
	return {
		...rest,
		fallbackChannels: [],
		ifWindowClosed: 'fail',
		templates: [],
		isTemplate: () => false,
		write: (channel, form) =>
			Promise.resolve({ content: form === 'template' ? TEMPLATE : { kind: 'text', text: `Hi on ${channel}` }, unfilled: [], notes: [] }),
		...more,
	};
}

export const codeOf = (sent: Sent) => (sent.ok ? 'sent' : sent.failure.code);
export const tried = (sent: Sent) => sent.message?.details?.attempts?.map(({ channel, code }) => `${channel ?? 'none'} ${code}`) ?? [];

/** The contact has written there too, before. */
export async function alsoOn(desk: TestDesk, contactId: string, address: Address, agoMs = 3_600_000): Promise<string> {
	const [id, at] = [desk.newId(), desk.now() - agoMs];
	await desk.store.records.addresses.insert({
		id, contactId, ...address, lastInboundAt: at, sentSinceInbound: 0, lastInteractionAt: at, blockedAt: null, reply: null, createdAt: at,
	});
	return id;
}

export const refused = (channel: ChannelId, code: FailureCode) => new ConversationsError(failure(code, 'Refused.', { channel, retryable: false }));
