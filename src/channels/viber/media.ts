import { ConversationsError, failure } from '../../core/failure';
import { Unanswered, type HttpResponse } from '../../core/http';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { VIBER } from './facts';

const TIMEOUT_MS = 120_000;

/** The file behind an address that Viber gave: open to whoever has it, so no secret goes along. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: Pick<CallPorts, 'http'>): Promise<FetchedFile> {
	const { status, headers, bytes } = await get(source['url'] ?? '', maxBytes, ports);
	if (status >= 200 && status < 300) return { bytes, mime: headers['content-type'] ?? null, name: null };
	if (status >= 500 || status === 429) throw later(`Viber cannot hand over the file now (status ${status}).`);
	throw new ConversationsError(
		failure(
			'rejected',
			`Viber does not hand over the file any more (status ${status}): its addresses work for about an hour. Ask the contact to send it again.`,
			{ channel: VIBER.id, providerCode: String(status) },
		),
	);
}

async function get(url: string, maxBytes: number, ports: Pick<CallPorts, 'http'>): Promise<HttpResponse> {
	try {
		return await ports.http({ method: 'GET', url, maxBytes, timeoutMs: TIMEOUT_MS });
	} catch (error) {
		if (!(error instanceof Unanswered)) throw error;
		throw later("Viber's server for files cannot be reached.");
	}
}

function later(what: string): ConversationsError {
	return new ConversationsError(failure('provider_unavailable', `${what} Try again later.`, { channel: VIBER.id }));
}
