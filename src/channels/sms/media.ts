import { ConversationsError, failure } from '../../core/failure';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { DOWNLOAD_TIMEOUT_MS, SMS } from './facts';
import { refused } from './failures';

/** Twilio asks for the secret, then sends us on to where the bytes are; the secret stays behind. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: Pick<CallPorts, 'http'>): Promise<FetchedFile> {
	const url = source['url'] ?? '';
	return await harmless(SMS, async () => {
		const response = await call(SMS, ports, { method: 'GET', url, maxBytes, timeoutMs: DOWNLOAD_TIMEOUT_MS });
		const { status, bytes, headers } = response;
		if (status >= 200 && status < 300) return { bytes, mime: headers['content-type'] ?? null, name: null };
		// Not found is the file, not the account; the store it stands in says 403 for what it does not have.
		if (status === 404 || status === 410 || status === 403) throw gone(status);
		throw refused(response);
	});
}

function gone(status: number): ConversationsError {
	const reason = 'Twilio does not have the file any more. Ask the contact to send it again.';
	return new ConversationsError(failure('rejected', reason, { channel: SMS.id, providerCode: String(status) }));
}
