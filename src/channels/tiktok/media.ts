import { ConversationsError, failure } from '../../core/failure';
import { Unanswered, type HttpResponse } from '../../core/http';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { askFor } from './api';
import type { TikTokCredential } from './credential';
import { FILE_TOKEN_HEADER, PATHS, TIKTOK, TRANSFER_TIMEOUT_MS } from './facts';
import { MEDIA_FAILURES } from './failures';

type Ports = CallPorts<TikTokCredential>;

const ENDINGS: Readonly<Record<string, string>> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'image/gif': 'gif',
	'video/mp4': 'mp4',
};

/** Pictures and videos are asked for by id and want the token; stickers lie open at an address. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: Ports): Promise<FetchedFile> {
	const { url, type = 'sticker' } = source;
	const { status, headers, bytes } = url === undefined ? await fetchStored(source, maxBytes, ports) : await get(url, maxBytes, {}, ports);
	if (status < 200 || status >= 300) throw refusedFile(status);
	const mime = headers['content-type'] ?? null;
	const ending = ENDINGS[mime?.split(';')[0]?.trim() ?? ''];
	return { bytes, mime, name: ending === undefined ? null : `${type.toLowerCase()}.${ending}` };
}

/** The id gives an address that works for 24 hours. */
async function fetchStored({ mediaId, type, conversationId, messageId }: MediaSource, maxBytes: number, ports: Ports): Promise<HttpResponse> {
	const json = {
		business_id: ports.credential.businessId,
		conversation_id: conversationId,
		message_id: messageId,
		media_id: mediaId,
		media_type: type,
	};
	const url = await askFor('download_url', ports, { method: 'POST', url: PATHS.download, body: { json } }, MEDIA_FAILURES);
	// An empty header keeps the place for the token, which it gets on TikTok's own hosts only.
	return await get(url, maxBytes, { [FILE_TOKEN_HEADER]: '' }, ports);
}

async function get(url: string, maxBytes: number, headers: Readonly<Record<string, string>>, { http }: Ports): Promise<HttpResponse> {
	try {
		return await http({ method: 'GET', url, headers, maxBytes, timeoutMs: TRANSFER_TIMEOUT_MS });
	} catch (error) {
		if (!(error instanceof Unanswered)) throw error;
		throw new ConversationsError(failure('provider_unavailable', "TikTok's server for files cannot be reached. Try again later.", { channel: TIKTOK.id }));
	}
}

function refusedFile(status: number): ConversationsError {
	const about = { channel: TIKTOK.id, providerCode: String(status) };
	return new ConversationsError(
		status >= 500 || status === 429
			? failure('provider_unavailable', `TikTok cannot hand over the file now (status ${status}). Try again later.`, about)
			: failure('rejected', `TikTok does not hand over the file (status ${status}). Look at it in the TikTok app, or ask the contact to send it again.`, about),
	);
}
