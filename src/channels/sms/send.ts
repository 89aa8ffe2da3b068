import type { Address, Attachment, Content } from '../../core/channel';
import type { SendPorts } from '../../core/provider';
import { createMessage } from './api';
import type { SmsCredential } from './credential';
import { MMS_MAX_BYTES, RETRIES } from './facts';
import { unsupported } from './failures';

type Ports = SendPorts<SmsCredential>;

/** A text, or a text with all its files, is one message: it goes as a whole or not at all. */
export async function send(content: Content, to: Address, ports: Ports): Promise<string[]> {
	if (content.kind !== 'text' && content.kind !== 'media') throw unsupported('SMS carries texts and files only. Send one of these.');
	const mediaUrls = content.kind === 'media' ? await addressesOf(content.attachments, ports) : [];
	const { from, messagingServiceSid } = ports.credential;
	const news = await ports.receiverUrl(to.account, 'status');
	const sid = await createMessage(ports, {
		To: to.user,
		// Both: the service sends, from this one of its numbers.
		...(from !== '' && { From: from }),
		...(messagingServiceSid !== '' && { MessagingServiceSid: messagingServiceSid }),
		...(content.text?.trim() && { Body: content.text }),
		...(mediaUrls.length > 0 && { MediaUrl: mediaUrls }),
		...(news !== null && { StatusCallback: news + RETRIES }),
	});
	return [sid];
}

/** Twilio fetches files itself. */
async function addressesOf(attachments: readonly Attachment[], ports: Ports): Promise<string[]> {
	const stored = attachments.map(({ fileId, name, sizeBytes }) => {
		if (fileId === null) throw unsupported(`The file '${name}' is not there. Attach it again.`);
		return { fileId, sizeBytes };
	});
	let total = 0;
	for (const { fileId, sizeBytes } of stored) total += sizeBytes > 0 ? sizeBytes : (await ports.file(fileId)).byteLength;
	if (total > MMS_MAX_BYTES) {
		throw unsupported('The files have more than 5 MB together, which is all that a message may carry. Send them one by one, smaller ones, or a link.');
	}
	const urls: string[] = [];
	for (const { fileId } of stored) urls.push(await ports.publicUrl({ fileId }));
	return urls;
}
