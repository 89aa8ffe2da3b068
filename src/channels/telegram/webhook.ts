import { MalformedPayload, type ChannelEvent, type WebhookRequest } from '../../core/channel';
import { numberAt, objectAt, objectsAt, parseBody, textAt, type JsonObject } from '../kit/json';
import { isSame } from '../kit/signature';
import { contentOf, otherContentOf } from './content';
import type { TelegramCredential } from './credential';
import { externalId } from './ids';
import { addressIn, detailsOf, nameOf, profileOf, strangerIn, type About } from './person';

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** Telegram signs nothing; it hands back the word we gave it with our address. */
export function isAuthentic({ headers }: WebhookRequest, _credential: TelegramCredential, _account: string, receiverSecret: string): boolean {
	return isSame(headers[SECRET_HEADER], receiverSecret);
}

/** One request is one update; core.telegram.org/bots/api#update. @throws MalformedPayload */
export function parse({ body, receivedAt }: WebhookRequest, _credential: TelegramCredential, account: string): ChannelEvent[] {
	const update = parseBody(body);
	const id = textAt(update, 'update_id');
	if (id === undefined) throw new MalformedPayload('The body is not an update of the Telegram Bot API: it has no update_id.');
	const about: About = { channel: 'telegram', account, key: `update:${id}`, at: receivedAt };
	const types = Object.keys(update).filter((key) => key !== 'update_id');
	const type = types.find((key) => READERS.has(key)) ?? types[0] ?? 'none';
	const reader = READERS.get(type);
	return [reader ? reader(objectAt(update, type), about) : ignored(about, `an update of the type '${type.slice(0, 64)}'`)];
}

type Reader = (item: JsonObject, about: About) => ChannelEvent;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	['message', message],
	['edited_message', edit],
	['callback_query', press],
	['my_chat_member', consent],
	['message_reaction', reaction],
]);

function ignored(about: About, why: string): ChannelEvent {
	return { ...about, kind: 'ignored', why };
}

function message(item: JsonObject, about: About): ChannelEvent {
	const stranger = strangerIn(item, objectAt(item, 'from'));
	if (stranger !== null) return ignored(about, stranger);
	const content = contentOf(item);
	if (content === null) return ignored(about, `nothing that can be read as a message: ${otherContentOf(item)}`);
	const from = addressIn(item, about);
	const [name, profile, details] = [nameOf(objectAt(item, 'from')), profileOf(item), detailsOf(item)];
	const answered = textAt(objectAt(item, 'reply_to_message'), 'message_id');
	return {
		...about,
		at: atOf(item, 'date', about),
		kind: 'message',
		from,
		content,
		externalId: idOf(item),
		...(name !== undefined && { name }),
		...(profile !== undefined && { profile }),
		...(answered !== undefined && { replyTo: externalId(from.user, answered) }),
		...(details !== undefined && { details }),
		...(details?.story !== undefined && { opens: false }),
	};
}

/** Also comes for a live place that moves, and then changes nothing that is kept. */
function edit(item: JsonObject, about: About): ChannelEvent {
	const stranger = strangerIn(item, objectAt(item, 'from'));
	if (stranger !== null) return ignored(about, stranger);
	const content = contentOf(item);
	if (content?.kind !== 'text' && content?.kind !== 'media') return ignored(about, `a change of what is not text: ${otherContentOf(item)}`);
	const at = atOf(item, 'edit_date', about);
	return { ...about, at, kind: 'edit', from: addressIn(item, about), externalId: idOf(item), text: content.text };
}

/** The press has no time of its own: the date in it is that of the message with the button. */
function press(item: JsonObject, about: About): ChannelEvent {
	const [offer, person] = [objectAt(item, 'message'), objectAt(item, 'from')];
	if (!('chat' in offer)) return ignored(about, 'a button of a message that was not sent in the chat with the bot');
	const stranger = strangerIn(offer, person);
	if (stranger !== null) return ignored(about, stranger);
	const [pressId, id] = [textAt(item, 'id'), textAt(item, 'data')];
	if (pressId === undefined || id === undefined) return ignored(about, 'the press of a button that hands nothing back');
	const [label, name, profile] = [labelIn(offer, id), nameOf(person), profileOf(item)];
	return {
		...about,
		kind: 'message',
		from: addressIn(offer, about),
		content: { kind: 'choice', choice: { id, label }, text: label },
		externalId: `callback:${pressId}`,
		...(name !== undefined && { name }),
		...(profile !== undefined && { profile }),
		replyTo: idOf(offer),
		acknowledge: pressId,
	};
}

/** What stood on the button; null when Telegram no longer has the message. */
function labelIn(offer: JsonObject, data: string): string | null {
	const rows: unknown = objectAt(offer, 'reply_markup')['inline_keyboard'];
	const buttons = Array.isArray(rows) ? rows.flatMap((row: unknown) => objectsAt({ row }, 'row')) : [];
	const pressed = buttons.find((button) => textAt(button, 'callback_data') === data);
	return textAt(pressed, 'text') ?? null;
}

/** In a private chat 'kicked' means blocked, and 'member' that the person started the bot (again). */
function consent(item: JsonObject, about: About): ChannelEvent {
	const stranger = strangerIn(item, objectAt(item, 'from'));
	if (stranger !== null) return ignored(about, stranger);
	const status = textAt(objectAt(item, 'new_chat_member'), 'status') ?? 'none';
	if (status !== 'kicked' && status !== 'member') return ignored(about, `the bot's state in the chat is now '${status.slice(0, 64)}'`);
	return { ...about, at: atOf(item, 'date', about), kind: 'consent', from: addressIn(item, about), allowed: status === 'member' };
}

function reaction(item: JsonObject, about: About): ChannelEvent {
	const stranger = strangerIn(item, objectAt(item, 'user'));
	if (stranger !== null) return ignored(about, stranger);
	const [now, before] = [emojisIn(item, 'new_reaction'), emojisIn(item, 'old_reaction')];
	const newest = now.findLast((emoji) => emoji !== null) ?? null;
	// One of a person's own emoji has no character that could be shown.
	if (newest === null && now.length > 0 && before.every((emoji) => emoji === null)) return ignored(about, 'a reaction with an emoji that is not a character');
	return { ...about, at: atOf(item, 'date', about), kind: 'reaction', from: addressIn(item, about), externalId: idOf(item), emoji: newest };
}

function emojisIn(item: JsonObject, field: string): (string | null)[] {
	return objectsAt(item, field).map((each) => textAt(each, 'emoji') ?? null);
}

function idOf(item: JsonObject): string {
	return externalId(textAt(objectAt(item, 'chat'), 'id') ?? '', textAt(item, 'message_id') ?? '');
}

function atOf(item: JsonObject, field: string, about: About): number {
	const seconds = numberAt(item, field);
	return seconds === undefined ? about.at : seconds * 1000;
}
