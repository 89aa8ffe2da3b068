import type { Choice, Content } from '../../core/channel';
import type { Attachment } from '../../core/message-parts';
import type { SendPorts } from '../../core/provider';
import { MENU_TAIL, VOICE_MAX_MS } from './facts';
import { unsupported } from './failures';
import { upload } from './upload';
import { VIDEO_THUMB } from './video-thumb';
import type { MessageBody } from './wire';

type Ports = Pick<SendPorts, 'http' | 'file' | 'durationMs'>;
/** A file whose bytes are there. */
type Stored = Attachment & { fileId: string };

/** A content as WeChat's messages, in the order in which they go. Its files are with WeChat then. @throws ConversationsError */
export async function bodiesOf(content: Content, ports: Ports): Promise<MessageBody[]> {
	switch (content.kind) {
		case 'text':
			return [textMessage(content.text)];
		case 'choices':
			return [menu(content.text, content.options)];
		case 'media': {
			const files = await fileMessages(content.attachments, ports);
			return content.text?.trim() ? [textMessage(content.text), ...files] : files;
		}
		case 'location':
			throw unsupported('WeChat has no locations to send. Send a link to a map.');
		case 'template':
			throw unsupported('WeChat has no templates here. Send a text.');
	}
}

function textMessage(content: string): MessageBody {
	return { msgtype: 'text', text: { content } };
}

/** Each choice is a line that can be tapped. */
function menu(text: string, options: readonly Choice[]): MessageBody {
	const list = options.map(({ id, label }) => ({ id, content: label }));
	return { msgtype: 'msgmenu', msgmenu: { head_content: text, list, tail_content: MENU_TAIL } };
}

/** What WeChat would not take is found before anything is uploaded. */
async function fileMessages(attachments: readonly Attachment[], ports: Ports): Promise<MessageBody[]> {
	const stored = attachments.map(storedFile);
	for (const file of stored) await checkLength(file, ports);
	const hasVideo = stored.some(({ kind }) => kind === 'video');
	const thumb = hasVideo ? await upload('thumb', { mime: 'image/jpeg', bytes: VIDEO_THUMB }, ports) : '';
	const messages: MessageBody[] = [];
	for (const file of stored) messages.push(await fileMessage(file, thumb, ports));
	return messages;
}

function storedFile(attachment: Attachment): Stored {
	const { fileId, name, kind } = attachment;
	if (fileId === null) throw unsupported(`The file '${name}' is not there. Attach it again.`);
	if (kind === 'file') throw unsupported(`WeChat does not take files like '${name}'. Send a link.`);
	return { ...attachment, fileId };
}

/** AMR does not say how long it plays: then WeChat finds out. */
async function checkLength({ kind, name, fileId }: Stored, ports: Ports): Promise<void> {
	const lengthMs = kind === 'audio' ? ((await ports.durationMs(fileId)) ?? 0) : 0;
	if (lengthMs <= VOICE_MAX_MS) return;
	throw unsupported(`'${name}' plays for ${Math.ceil(lengthMs / 1000)} seconds; WeChat takes voice messages of at most 60. Shorten it, or send a link.`);
}

async function fileMessage({ kind, mime, fileId }: Stored, thumb: string, ports: Ports): Promise<MessageBody> {
	const file = { mime, bytes: await ports.file(fileId) };
	if (kind === 'image') return { msgtype: 'image', image: { media_id: await upload('image', file, ports) } };
	if (kind === 'audio') return { msgtype: 'voice', voice: { media_id: await upload('voice', file, ports) } };
	return { msgtype: 'video', video: { media_id: await upload('video', file, ports), thumb_media_id: thumb } };
}
