import { ConversationsError, failure } from '../../core/failure';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { ask } from './ask';
import { DOWNLOAD_TIMEOUT_MS, LINE, PREPARING_RETRY_MS } from './facts';
import { refused } from './failures';

/** `source.messageId`: a file that LINE keeps for a while; `source.url`: one that a LINE app has elsewhere. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: CallPorts): Promise<FetchedFile> {
	const { messageId, url } = source;
	const elsewhere = messageId === undefined;
	const where = elsewhere
		? { url: url ?? '' }
		: { url: `/v2/bot/message/${encodeURIComponent(messageId)}/content`, base: 'dataBaseUrl' };
	const response = await ask(ports, { method: 'GET', ...where, maxBytes, timeoutMs: DOWNLOAD_TIMEOUT_MS });
	if (response.status === 200) return { bytes: response.bytes, mime: response.headers['content-type'] ?? null, name: null };
	if (response.status === 202) {
		throw new ConversationsError(
			failure('provider_unavailable', 'LINE is still preparing the file. It is asked for again.', { channel: LINE.id, retryAfterMs: PREPARING_RETRY_MS }),
		);
	}
	if (response.status === 404 || response.status === 410) throw gone('LINE no longer has the file.', response.status);
	// What another server says is not in LINE's table.
	if (elsewhere && response.status < 500) throw gone('The file is not at the address that LINE gave for it.', response.status);
	throw refused(response, 'other');
}

function gone(reason: string, status: number): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: LINE.id, providerCode: String(status) }));
}
