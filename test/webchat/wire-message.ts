import type { WireMessage } from '../../src/channels/webchat/wire';

/** The n-th message of a conversation, by the business unless told otherwise. */
export function wireMessage(n: number, change: Partial<WireMessage> = {}): WireMessage {
	return {
		id: `m${String(n).padStart(4, '0')}`,
		clientId: null,
		from: 'business',
		at: 1_700_000_000_000 + n * 1_000,
		text: `text ${n}`,
		attachments: [],
		choices: [],
		choice: null,
		status: 'sent',
		...change,
	};
}
