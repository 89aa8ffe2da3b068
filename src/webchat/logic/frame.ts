import type { FrameMessage } from '../../channels/webchat/wire';

/** A message between page and launcher, or null for anything else that a window is sent. */
export function frameMessage(data: unknown): FrameMessage | null {
	if (typeof data !== 'object' || data === null) return null;
	const field = data as Record<string, unknown>;
	switch (field.conversations) {
		case 'ready':
		case 'close':
			return { conversations: field.conversations };
		case 'start':
			return field.token === null || isToken(field.token) ? { conversations: 'start', token: field.token } : null;
		case 'token':
			return isToken(field.token) ? { conversations: 'token', token: field.token } : null;
		case 'unread':
			return typeof field.count === 'number' && field.count >= 0 ? { conversations: 'unread', count: Math.floor(field.count) } : null;
		case 'visible':
			return typeof field.visible === 'boolean' ? { conversations: 'visible', visible: field.visible } : null;
		default:
			return null;
	}
}

/** Goes into a header: visible ASCII only. */
function isToken(value: unknown): value is string {
	return typeof value === 'string' && /^[\x21-\x7e]{1,4096}$/.test(value);
}
