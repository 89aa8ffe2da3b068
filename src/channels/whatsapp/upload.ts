import type { Attachment } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import { textAt } from '../kit/json';
import type { WhatsAppCredential } from './credential';
import { TRANSFER_TIMEOUT_MS, UPLOAD_MIME, WHATSAPP } from './facts';
import { ask } from './graph';

/** Gives WhatsApp the bytes; the id it answers works for 30 days. */
export async function upload(attachment: Attachment, ports: SendPorts<WhatsAppCredential>): Promise<string> {
	if (attachment.fileId === null) throw missing(attachment);
	const bytes = await ports.file(attachment.fileId);
	const mime = UPLOAD_MIME[attachment.mime] ?? attachment.mime;
	const answer = await ask(ports, {
		method: 'POST',
		url: `/${ports.credential.phoneNumberId}/media`,
		timeoutMs: TRANSFER_TIMEOUT_MS,
		body: {
			multipart: [
				{ name: 'messaging_product', value: 'whatsapp' },
				{ name: 'type', value: mime },
				{ name: 'file', filename: attachment.name, mime, bytes },
			],
		},
	});
	const id = textAt(answer, 'id');
	if (id === undefined) throw notTaken();
	return id;
}

/** An uploaded file is sent by nobody yet: whatever was answered, the message did not go. */
function notTaken(): ConversationsError {
	return new ConversationsError(
		failure('provider_unavailable', "WhatsApp did not say that it took the file, so the message was not sent. Check 'Base URL' of the credential, and try again.", {
			channel: WHATSAPP.id,
		}),
	);
}

function missing({ name, missing: why }: Attachment): ConversationsError {
	return new ConversationsError(
		failure('content_unsupported', `The file '${name}' cannot be sent, since its content is not here. ${why ?? 'Send it again later.'}`, {
			channel: WHATSAPP.id,
		}),
	);
}
