import type { WireAttachment } from '../../channels/webchat/wire';
import { parsedJson, uploadedIn, type Api } from '../logic/api';
import { judge, UNREACHABLE, type Outcome } from '../logic/answers';

/** A connection that moves no byte for this long is given up and the file sent again. */
const STALLED_AFTER_MS = 60_000;

/** Uploads one file. XMLHttpRequest, because fetch does not tell how far an upload has come. */
export function putFile(api: Api, token: string, file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<Outcome<WireAttachment>> {
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		let watchdog = setTimeout(() => request.abort(), STALLED_AFTER_MS);
		const end = (outcome: Outcome<WireAttachment>) => {
			clearTimeout(watchdog);
			resolve(outcome);
		};
		request.open('POST', api.fileAddress);
		request.setRequestHeader('authorization', `Bearer ${token}`);
		request.setRequestHeader('content-type', 'application/octet-stream');
		request.setRequestHeader('x-file-name', encodedName(file.name));
		request.upload.onprogress = (event) => {
			clearTimeout(watchdog);
			watchdog = setTimeout(() => request.abort(), STALLED_AFTER_MS);
			// The last percent is the server's answer.
			if (event.lengthComputable && event.total > 0) onProgress(Math.min(0.99, event.loaded / event.total));
		};
		request.onload = () => end(judge(request.status, parsedJson(request.responseText), api.test, uploadedIn));
		request.onerror = () => end(UNREACHABLE);
		request.onabort = () => end(UNREACHABLE);
		signal.addEventListener('abort', () => request.abort());
		request.send(file);
	});
}

/** Half a surrogate pair, as some file systems have it in names, cannot be percent-encoded. */
function encodedName(name: string): string {
	return encodeURIComponent((name || 'file').replace(/\p{Surrogate}/gu, '\uFFFD'));
}
