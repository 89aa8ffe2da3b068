import type { EpochMs } from '../../core/channel';
import type { Message } from '../../core/records';
import { fileQuery } from '../kit/file-link';
import type { WireMessage } from './wire';

/** Only what reached the visitor is shown: not what is queued, failed or uncertain. */
export const SHOWN: readonly WireMessage['status'][] = ['received', 'sent', 'delivered', 'read'];

/** A stored message with one of the `SHOWN` states, as its visitor sees it. */
export function wireMessage(message: Message, key: Uint8Array, now: EpochMs): WireMessage {
	return {
		id: message.id,
		clientId: message.direction === 'in' ? (message.providerId?.split(':')[1] ?? null) : null,
		from: message.direction === 'in' ? 'visitor' : 'business',
		at: message.direction === 'in' ? message.at : (message.sentAt ?? message.at),
		text: message.text,
		attachments: message.attachments.flatMap(({ fileId, kind, name, mime, sizeBytes }) =>
			fileId === null ? [] : [{ fileId, kind, name, mime, sizeBytes, url: `media?${fileQuery(fileId, key, now)}` }],
		),
		choices: message.choices,
		choice: message.choice,
		status: message.status as WireMessage['status'],
	};
}
