import type { StreamEvents, WireMessage } from '../../channels/webchat/wire';

/** A stream event of ours with its data checked as far as the page relies on it. */
export type StreamEvent = { [Name in keyof StreamEvents]: { name: Name; data: StreamEvents[Name] } }[keyof StreamEvents];

/** Null for anything else: a newer server may send events that this page does not know. */
export function streamEvent(name: string, data: unknown): StreamEvent | null {
	if (typeof data !== 'object' || data === null) return null;
	const field = data as Record<string, unknown>;
	if (name === 'snapshot' && Array.isArray(field.messages) && field.messages.every(isMessage)) {
		return { name, data: data as StreamEvents['snapshot'] };
	}
	if (name === 'message' && isMessage(data)) return { name, data };
	if (name === 'conversation' && (field.status === 'open' || field.status === 'closed')) return { name, data: { status: field.status } };
	if (name === 'typing' && typeof field.on === 'boolean') return { name, data: { on: field.on } };
	if (name === 'reply' && (field.to === null || (typeof field.to === 'string' && field.to.startsWith('/')))) {
		return { name, data: { to: field.to } };
	}
	return null;
}

export function isMessage(data: unknown): data is WireMessage {
	if (typeof data !== 'object' || data === null) return false;
	const { id, at, from, attachments, choices } = data as Partial<WireMessage>;
	return typeof id === 'string' && typeof at === 'number' && (from === 'visitor' || from === 'business') && Array.isArray(attachments) && Array.isArray(choices);
}
