import type { Address, Attachment, Content, SendOptions } from '../../core/channel';
import { ConversationsError } from '../../core/failure';
import { AnswerTooLarge } from '../../core/http';
import type { SendPorts } from '../../core/provider';
import { call } from '../kit/call';
import { objectsAt, parseAnswer, textAt, type JsonObject } from '../kit/json';
import { graphRefusal } from '../kit/meta/refusal';
import type { WhatsAppCredential } from './credential';
import { BUTTONS_MAX, can, LIST_BUTTON, SCOPED_USER_ID, WHATSAPP } from './facts';
import { refused, unreadable } from './failures';
import { templateOf } from './template-message';
import { upload } from './upload';
import type { ChoiceList, OutgoingContent, OutgoingMessage, ReplyButtons } from './wire';

type Ports = SendPorts<WhatsAppCredential>;
/** One message of WhatsApp's; made when its turn comes, since its file is uploaded then. */
type Part = () => Promise<OutgoingContent>;

export async function send(content: Content, to: Address, ports: Ports, options: SendOptions): Promise<string[]> {
	const accepted: string[] = [];
	const parts = partsOf(content, ports);
	for (const [index, part] of parts.entries()) {
		try {
			const quote = index === 0 ? options.quote : null;
			// What becomes of an earlier part, told before the last one went, must not count for the whole message.
			const messageId = index === parts.length - 1 ? options.messageId : null;
			accepted.push(await deliver(await part(), to, { ...options, quote, messageId }, ports));
		} catch (error) {
			const known = error instanceof AnswerTooLarge ? unreadable() : error;
			throw known instanceof ConversationsError ? new ConversationsError(known.failure, accepted) : known;
		}
	}
	return accepted;
}

type PartOptions = Pick<SendOptions, 'quote' | 'alsoKnownAs'> & { messageId: string | null };

async function deliver(content: OutgoingContent, to: Address, options: PartOptions, ports: Ports): Promise<string> {
	const { quote, messageId } = options;
	const message: OutgoingMessage = {
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		...recipientOf(to.user),
		...(quote !== null && { context: { message_id: quote } }),
		...(messageId !== null && { biz_opaque_callback_data: messageId }),
		...content,
	};
	const url = `/${ports.credential.phoneNumberId}/messages`;
	const response = await call(WHATSAPP, ports, { method: 'POST', url, body: { json: message } });
	const refusal = graphRefusal(response);
	if (refusal) throw refused(refusal, ports.credential);
	const answer = parseAnswer(response.bytes);
	const id = textAt(objectsAt(answer, 'messages')[0], 'id');
	if (id === undefined) throw unreadable();
	for (const user of idsOf(objectsAt(answer, 'contacts')[0])) if (user !== to.user) options.alsoKnownAs?.(user);
	return id;
}

/** By which the person's messages will come: numbers of Mexico, Argentina and Brazil have two spellings. */
function idsOf(contact: JsonObject | undefined): string[] {
	const [number, scoped] = [textAt(contact, 'wa_id') ?? '', textAt(contact, 'user_id') ?? ''];
	return [...(/^\d+$/.test(number) ? [number] : []), ...(SCOPED_USER_ID.test(scoped) ? [scoped] : [])];
}

/** Without '+' WhatsApp may take the number for one of our own country. */
function recipientOf(user: string): { to: string } | { recipient: string } {
	if (SCOPED_USER_ID.test(user)) return { recipient: user };
	return { to: user.startsWith('+') ? user : `+${user}` };
}

function partsOf(content: Content, ports: Ports): Part[] {
	if (content.kind === 'media') return mediaParts(content, ports);
	if (content.kind === 'text') return [ready(textMessage(content.text))];
	if (content.kind === 'choices') return [ready({ type: 'interactive', interactive: choicesOf(content) })];
	if (content.kind === 'location') return [ready(locationMessage(content))];
	return [async () => ({ type: 'template', template: await templateOf(content, ports) })];
}

const ready =
	(content: OutgoingContent): Part =>
	() =>
		Promise.resolve(content);

function textMessage(body: string): OutgoingContent {
	return { type: 'text', text: { body, ...(/https?:\/\//.test(body) && { preview_url: true }) } };
}

function choicesOf({ text, options }: Extract<Content, { kind: 'choices' }>): ReplyButtons | ChoiceList {
	const body = { text };
	const entries = options.map(({ id, label }) => ({ id, title: label }));
	if (entries.length > BUTTONS_MAX) return { type: 'list', body, action: { button: LIST_BUTTON, sections: [{ rows: entries }] } };
	return { type: 'button', body, action: { buttons: entries.map((reply) => ({ type: 'reply', reply })) } };
}

/** WhatsApp documents coordinates as texts. */
function locationMessage({ latitude, longitude, name, address }: Extract<Content, { kind: 'location' }>): OutgoingContent {
	return {
		type: 'location',
		location: { latitude: String(latitude), longitude: String(longitude), ...(name && { name }), ...(address && { address }) },
	};
}

/** The text goes with the first file that can carry it, else before the files. */
function mediaParts({ attachments, text }: Extract<Content, { kind: 'media' }>, ports: Ports): Part[] {
	const words = text?.trim() ? text : undefined;
	const fits = words !== undefined && [...words].length <= can.caption.max;
	const carrier = fits ? attachments.findIndex(({ kind }) => kind !== 'audio') : -1;
	const files = attachments.map((attachment, index): Part => () => fileMessage(attachment, index === carrier ? words : undefined, ports));
	return words !== undefined && carrier < 0 ? [ready(textMessage(words)), ...files] : files;
}

async function fileMessage(attachment: Attachment, words: string | undefined, ports: Ports): Promise<OutgoingContent> {
	const id = await upload(attachment, ports);
	const caption = words === undefined ? {} : { caption: words };
	if (attachment.kind === 'image') return { type: 'image', image: { id, ...caption } };
	if (attachment.kind === 'video') return { type: 'video', video: { id, ...caption } };
	if (attachment.kind === 'audio') return { type: 'audio', audio: { id, ...(attachment.voice && { voice: true }) } };
	return { type: 'document', document: { id, ...caption, filename: attachment.name } };
}
