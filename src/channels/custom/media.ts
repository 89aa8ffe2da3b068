import { ConversationsError, failure } from '../../core/failure';
import { Unanswered, type HttpResponse } from '../../core/http';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { CUSTOM, DOWNLOAD_TIMEOUT_MS } from './facts';

/** The file behind an address that the server gave: open to whoever has it, so no secret goes along. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: Pick<CallPorts, 'http'>): Promise<FetchedFile> {
	const { status, headers, bytes } = await get(source['url'] ?? '', maxBytes, ports);
	if (status >= 200 && status < 300) {
		return { bytes, mime: headers['content-type'] ?? null, name: nameIn(headers['content-disposition'] ?? '') };
	}
	if (status >= 500 || status === 429) throw later(`The file cannot be fetched from the address in the message now (status ${status}).`);
	throw new ConversationsError(
		failure(
			'rejected',
			`The file is not at the address in the message (status ${status}), or not open to everybody who has the address. Ask the contact to send it again.`,
			{ channel: CUSTOM.id, providerCode: String(status) },
		),
	);
}

async function get(url: string, maxBytes: number, ports: Pick<CallPorts, 'http'>): Promise<HttpResponse> {
	try {
		return await ports.http({ method: 'GET', url, maxBytes, timeoutMs: DOWNLOAD_TIMEOUT_MS });
	} catch (error) {
		if (!(error instanceof Unanswered)) throw error;
		throw later('The server that has the file cannot be reached.');
	}
}

/** `attachment; filename="invoice.pdf"` */
function nameIn(disposition: string): string | null {
	return /(?:^|;)\s*filename\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(disposition)?.slice(1).find((name) => name !== undefined) ?? null;
}

function later(what: string): ConversationsError {
	return new ConversationsError(failure('provider_unavailable', `${what} Try again later.`, { channel: CUSTOM.id }));
}
