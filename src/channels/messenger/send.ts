import type { Address, Content, SendOptions } from '../../core/channel';
import type { SendPorts } from '../../core/provider';
import { graphSend } from '../kit/meta/graph';
import { cannotSend, envelope, fileIdOf, MEDIA_TIMEOUT_MS, partsOf, sendInOrder, type Part } from '../kit/meta/messaging-send';
import type { MessengerCredential } from './credential';
import { CHANNEL, OF_TEMPLATES } from './failures';
import { templateMessage } from './templates';

const IN_WINDOW = { messaging_type: 'RESPONSE' } as const;
/** An approved template may be sent at any time. */
const UTILITY = { messaging_type: 'UTILITY' } as const;

type Ports = SendPorts<MessengerCredential>;

export async function send(content: Content, to: Address, ports: Ports, options: SendOptions): Promise<string[]> {
	if (content.kind === 'location') return cannotSend(CHANNEL, content.kind);
	if (content.kind === 'template') return [await sendTemplate(content, to, ports)];
	return await sendInOrder(partsOf(content), (part, isFirst) => sendPart(part, envelope(to, options, isFirst, IN_WINDOW), ports, options));
}

const messagesOf = ({ pageId }: MessengerCredential) => `/${pageId}/messages`;

/** `metadata` comes back in the echo, so that it is known as ours even if it comes before the answer. */
async function sendPart(part: Part, around: ReturnType<typeof envelope>, ports: Ports, { messageId }: SendOptions): Promise<string> {
	const url = messagesOf(ports.credential);
	if ('message' in part) {
		const json = { ...around, message: { ...part.message, metadata: messageId } };
		return await graphSend(CHANNEL, ports, { method: 'POST', url, body: { json } });
	}
	const { attachment } = part;
	const bytes = await ports.file(fileIdOf(CHANNEL, attachment));
	const [mime = attachment.mime] = attachment.mime.split(';');
	const message = { attachment: { type: attachment.kind, payload: {} }, metadata: messageId };
	const fields = Object.entries({ ...around, message }).map(([name, value]) => ({
		name,
		value: typeof value === 'string' ? value : JSON.stringify(value),
	}));
	const filedata = { name: 'filedata', filename: attachment.name, mime, bytes };
	return await graphSend(CHANNEL, ports, { method: 'POST', url, timeoutMs: MEDIA_TIMEOUT_MS, body: { multipart: [...fields, filedata] } });
}

async function sendTemplate(content: Extract<Content, { kind: 'template' }>, to: Address, ports: Ports): Promise<string> {
	const json = { recipient: { id: to.user }, ...UTILITY, message: { template: templateMessage(content) } };
	return await graphSend(OF_TEMPLATES, ports, { method: 'POST', url: messagesOf(ports.credential), body: { json } });
}
