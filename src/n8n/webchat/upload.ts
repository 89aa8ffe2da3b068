import { can } from '../../channels/webchat/facts';
import { fileQuery } from '../../channels/kit/file-link';
import type { Visitor } from '../../channels/webchat/token';
import type { WireAttachment } from '../../channels/webchat/wire';
import { addressKey } from '../../core/channel';
import { cleanFileName, storeFile } from '../files/stored-files';
import { limits, take, UNSENT_BYTES_MAX } from './limits';
import { Refused } from './refused';
import type { ChatRequest } from './request';

const MEGABYTES = can.attachments.maxBytes / 1_048_576;
const NAME_MAX = 200;

/** Stores what a visitor attached, before the message that uses it. The length is checked before a byte is read. */
export async function upload(request: ChatRequest, visitor: Visitor): Promise<WireAttachment> {
	const { ctx, host, key, network } = request;
	const req = ctx.getRequestObject();
	await take(limits.postsPerNetwork, network);
	await take(limits.filesPerVisitor, `${visitor.account}/${visitor.user}`);
	if (!/^application\/octet-stream\b/.test(req.headers['content-type'] ?? '')) {
		throw new Refused(415, 'bad_request', 'Files are sent as application/octet-stream.');
	}
	const announced = Number(req.headers['content-length'] ?? Number.NaN);
	if (!Number.isSafeInteger(announced)) throw new Refused(411, 'bad_request', 'The size of the file is not given.');
	if (announced > can.attachments.maxBytes) {
		throw new Refused(413, 'too_large', `The file is too large: at most ${MEGABYTES} MB.`);
	}
	const owner = addressKey({ channel: 'webchat', ...visitor });
	const { files } = host.desk.store.records;
	if ((await files.unusedBytesOf(owner)) + announced > UNSENT_BYTES_MAX) {
		throw new Refused(413, 'too_large', 'Too many files are attached and not sent. Send or remove some first.');
	}
	await req.readRawBody();
	const bytes = Buffer.isBuffer(req.rawBody) ? req.rawBody : Buffer.alloc(0);
	if (bytes.length === 0) throw new Refused(400, 'bad_request', 'The file is empty.');
	if (bytes.length > can.attachments.maxBytes) {
		throw new Refused(413, 'too_large', `The file is too large: at most ${MEGABYTES} MB.`);
	}
	const attachment = await storeFile(host.desk, { name: fileName(req.headers['x-file-name']), bytes, owner });
	return { ...attachment, url: `media?${fileQuery(attachment.fileId, key, host.desk.now())}` };
}

/** The name that the page gives, if it can be read. */
function fileName(header: string | string[] | undefined): string {
	let name = '';
	try {
		name = decodeURIComponent(String(header ?? ''));
	} catch {
		// Not percent-encoded UTF-8: the file counts, its name does not.
	}
	return [...cleanFileName(name)].slice(0, NAME_MAX).join('') || 'file';
}
