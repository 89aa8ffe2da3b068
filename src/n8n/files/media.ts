import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { mayReadFile } from '../../channels/kit/file-link';
import type { Desk } from '../../core/desk';
import { mediaKindOf, sniffedType } from './stored-files';
import { ANSWERED, type Route } from '../route';
import { webchatKey } from '../webchat/key';

/** Some providers look at the end of an address's path to learn what it leads to. */
const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/gif': 'gif', 'video/mp4': 'mp4' };

/** The path of a file of this type, below `…/conversations/`. */
export function mediaPath(mime: string): string {
	const ending = ENDINGS[mime];
	return ending === undefined ? 'media' : `media.${ending}`;
}

/** Answered whatever channels a trigger has: pages and providers fetch here. */
export const mediaRoutes: readonly Route[] = ['', ...Object.keys(ENDINGS)].map(mediaPath).flatMap((path) =>
	// Twilio asks for the head first.
	(['GET', 'HEAD'] as const).map((method) => ({
		channel: null,
		name: `${path.replace('.', '')}${method === 'HEAD' ? 'Head' : ''}`,
		method,
		path,
		shown: false,
		handle: async (ctx, host) => serveFile(ctx, host.desk, await webchatKey(host.desk.store)),
	})),
);

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * Gives a stored file to whoever has its signed address: a visitor's page, or a provider that fetches what it is to send.
 * `key`: what addresses are signed with. It is served on n8n's own origin, beside the editor, so a browser is told to treat
 * it as nothing but data: only what is by its own bytes an image, video or audio is shown.
 */
export async function serveFile(ctx: IWebhookFunctions, desk: Desk, key: Uint8Array): Promise<IWebhookResponseData> {
	const req = ctx.getRequestObject();
	const res = ctx.getResponseObject();
	const { searchParams } = new URL(req.url, 'http://localhost');
	const query = Object.fromEntries(searchParams);
	const { files } = desk.store.records;
	const id = mayReadFile(query, key, desk.now()) ? query['id'] : undefined;
	const file = id === undefined ? undefined : await files.get(id);
	const bytes = file && (await files.bytes(file.id));
	res.setHeader('X-Content-Type-Options', 'nosniff');
	res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
	if (!file || !bytes) {
		res.status(404).end();
		return ANSWERED;
	}
	const sniffed = await sniffedType(bytes);
	const inline = sniffed !== undefined && mediaKindOf(sniffed) !== 'file';
	res.setHeader('Content-Type', inline ? sniffed : (query['as'] ?? 'application/octet-stream'));
	const name = encodeURIComponent(file.name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
	res.setHeader('Content-Disposition', `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`);
	res.setHeader('Cache-Control', 'private, max-age=86400, immutable');
	res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
	res.setHeader('Accept-Ranges', 'bytes');
	// Safari plays video only from servers that answer ranges.
	const range = rangeOf(req.headers.range, bytes.length);
	if (range === 'unsatisfiable') {
		res.status(416).setHeader('Content-Range', `bytes */${bytes.length}`).end();
	} else if (range) {
		res.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`);
		res.end(Buffer.from(bytes.subarray(range.start, range.end + 1)));
	} else res.status(200).setHeader('Content-Length', bytes.length).end(Buffer.from(bytes));
	return ANSWERED;
}

function rangeOf(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
	const match = RANGE.exec(header ?? '');
	if (!match || (match[1] === '' && match[2] === '')) return null;
	const [first, last] = [match[1] ?? '', match[2] ?? ''];
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
	return start >= size || start > end ? 'unsatisfiable' : { start, end };
}
