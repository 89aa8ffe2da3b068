import type { Address, Content, SendOptions } from '../../core/channel';
import type { SendPorts } from '../../core/provider';
import type { JsonObject } from '../kit/json';
import { graphSend } from '../kit/meta/graph';
import { cannotSend, envelope, fileIdOf, MEDIA_TIMEOUT_MS, partsOf, sendInOrder, type Part } from '../kit/meta/messaging-send';
import { pathOf, type InstagramCredential } from './credential';
import { CHANNEL } from './failures';

type Ports = SendPorts<InstagramCredential>;

/** Instagram's samples name no type within the window. */
const IN_WINDOW = {};

export async function send(content: Content, to: Address, ports: Ports, options: SendOptions): Promise<string[]> {
	if (content.kind === 'location' || content.kind === 'template') return cannotSend(CHANNEL, content.kind);
	// Found out before the first of them goes: where no workflow serves files, the text does not go without them.
	const parts = await Promise.all(partsOf(content).map(async (part) => await readyPart(part, ports)));
	return await sendInOrder(parts, (part, isFirst) => sendPart(part, envelope(to, options, isFirst, IN_WINDOW), ports));
}

interface ReadyPart {
	message: JsonObject;
	patience: { timeoutMs?: number };
}

async function readyPart(part: Part, ports: Ports): Promise<ReadyPart> {
	if ('message' in part) return { message: part.message, patience: {} };
	return { message: await mediaMessage(part.attachment, ports), patience: { timeoutMs: MEDIA_TIMEOUT_MS } };
}

async function sendPart({ message, patience }: ReadyPart, around: ReturnType<typeof envelope>, ports: Ports): Promise<string> {
	const json = { ...around, message };
	return await graphSend(CHANNEL, ports, { method: 'POST', url: `${pathOf(ports.credential)}/messages`, ...patience, body: { json } });
}

/** Instagram fetches files itself: nothing can be uploaded to graph.instagram.com. */
async function mediaMessage(attachment: Extract<Part, { attachment: unknown }>['attachment'], ports: Ports) {
	const url = await ports.publicUrl({ fileId: fileIdOf(CHANNEL, attachment) });
	return { attachment: { type: attachment.kind, payload: { url } } };
}
