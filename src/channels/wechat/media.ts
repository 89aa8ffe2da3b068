import { ConversationsError, failure } from '../../core/failure';
import type { HttpRequest, HttpResponse } from '../../core/http';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import { call } from '../kit/call';
import { harmless } from '../kit/harmless';
import { textAt, type JsonObject } from '../kit/json';
import { answerOf, API_PATH, codeOf } from './api';
import { TRANSFER_TIMEOUT_MS, WECHAT } from './facts';
import { NO_MEDIA, unknownOutcome } from './failures';

type Ports = Pick<CallPorts, 'http'>;

/** Of the JSON that comes instead of a file: a refusal, or the address of a video. */
const JSON_MAX_BYTES = 16 * 1024;

/** A file that WeChat keeps for three days. A video may be elsewhere, open to whoever has the address. */
export async function fetchMedia(source: MediaSource, maxBytes: number, ports: Ports): Promise<FetchedFile> {
	const more = { maxBytes, timeoutMs: TRANSFER_TIMEOUT_MS };
	return await harmless(WECHAT, async () => {
		const query = { media_id: source['mediaId'] ?? '' };
		const response = await call(WECHAT, ports, { method: 'GET', url: `${API_PATH}media/get`, query, ...more });
		if (isFile(response)) return fileIn(response);
		const url = textAt(answerInstead(response), 'video_url');
		if (url === undefined) throw unknownOutcome();
		return fileIn(await elsewhere({ method: 'GET', url, ...more }, ports));
	});
}

/** Errors come as text, with the status of all that is well. */
function isFile({ status, headers, bytes }: HttpResponse): boolean {
	const isText = /^(text\/|application\/json)/.test(headers['content-type'] ?? '');
	const isJson = bytes.length <= JSON_MAX_BYTES && bytes[0] === '{'.charCodeAt(0);
	return status < 300 && !isText && !isJson;
}

function fileIn({ bytes, headers }: HttpResponse): FetchedFile {
	return { bytes, mime: headers['content-type'] ?? null, name: null };
}

function answerInstead(response: HttpResponse): JsonObject {
	try {
		return answerOf(response);
	} catch (error) {
		if (codeOf(error) === NO_MEDIA) throw gone(NO_MEDIA);
		throw error;
	}
}

async function elsewhere(request: HttpRequest, ports: Ports): Promise<HttpResponse> {
	const response = await call(WECHAT, ports, request);
	if (response.status < 300) return response;
	throw response.status >= 500 || response.status === 429 ? unknownOutcome() : gone(String(response.status));
}

function gone(providerCode: string): ConversationsError {
	const reason = 'WeChat no longer has the file: it keeps files for three days. Ask the contact to send it again.';
	return new ConversationsError(failure('content_unsupported', reason, { channel: WECHAT.id, providerCode }));
}
