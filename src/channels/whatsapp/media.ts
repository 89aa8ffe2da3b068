import { ConversationsError, failure } from '../../core/failure';
import type { MediaSource } from '../../core/message-parts';
import type { CallPorts, FetchedFile } from '../../core/provider';
import type { FailureRow } from '../kit/call';
import { textAt } from '../kit/json';
import type { WhatsAppCredential } from './credential';
import { TRANSFER_TIMEOUT_MS, WHATSAPP } from './facts';
import { ask, download } from './graph';

type Ports = CallPorts<WhatsAppCredential>;

const GONE = 'WhatsApp no longer has the file: it keeps what people send for 7 days. Ask the contact to send it again.';

const ROWS: readonly FailureRow[] = [
	{ code: ['100', '33', '131052'], is: 'rejected', reason: GONE },
	{ status: 404, is: 'rejected', reason: GONE },
];

/** The id gives an address that works for 5 minutes; the file there is for whoever has the token. */
export async function fetchMedia({ id }: MediaSource, maxBytes: number, ports: Ports): Promise<FetchedFile> {
	if (id === undefined) throw gone();
	const file = (await fetchOnce(id, maxBytes, ports)) ?? (await fetchOnce(id, maxBytes, ports));
	if (!file) throw gone();
	return file;
}

async function fetchOnce(id: string, maxBytes: number, ports: Ports): Promise<FetchedFile | null> {
	const query = { phone_number_id: ports.credential.phoneNumberId };
	const answer = await ask(ports, { method: 'GET', url: `/${encodeURIComponent(id)}`, query }, ROWS);
	const url = textAt(answer, 'url');
	if (url === undefined || !URL.canParse(url)) throw gone();
	const file = await download(ports, { method: 'GET', url, maxBytes, timeoutMs: TRANSFER_TIMEOUT_MS }, ROWS);
	return file && { bytes: file.bytes, mime: textAt(answer, 'mime_type') ?? file.headers['content-type'] ?? null, name: null };
}

function gone(): ConversationsError {
	return new ConversationsError(failure('rejected', GONE, { channel: WHATSAPP.id }));
}
