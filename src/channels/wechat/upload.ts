import type { CallPorts } from '../../core/provider';
import { textAt } from '../kit/json';
import { API_PATH, ask } from './api';
import { TRANSFER_TIMEOUT_MS } from './facts';

/** WeChat goes by how the name ends, and stumbles over letters that are not ASCII: nobody sees the name anyway. */
const NAMES: Readonly<Record<string, string>> = {
	'image/jpeg': 'file.jpg',
	'image/png': 'file.png',
	'image/gif': 'file.gif',
	'audio/amr': 'file.amr',
	'audio/mpeg': 'file.mp3',
	'video/mp4': 'file.mp4',
};

/** Gives WeChat the bytes; the id it answers works for three days. @throws ConversationsError */
export async function upload(
	type: 'image' | 'voice' | 'video' | 'thumb',
	{ mime, bytes }: { mime: string; bytes: Uint8Array },
	ports: Pick<CallPorts, 'http'>,
): Promise<string> {
	const [bare = mime] = mime.split(';');
	const filename = NAMES[bare.trim()] ?? 'file';
	return await ask(
		ports,
		{
			method: 'POST',
			url: `${API_PATH}media/upload`,
			query: { type },
			timeoutMs: TRANSFER_TIMEOUT_MS,
			body: { multipart: [{ name: 'media', filename, mime, bytes }] },
		},
		// The second is the older name, for a thumb.
		(answer) => textAt(answer, 'media_id') ?? textAt(answer, 'thumb_media_id'),
	);
}
