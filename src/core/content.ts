import type { Attachment, Channel, Content, TextLimit, TextUnit } from './channel';
import { failure, type Failure } from './failure';
import { takes } from './fitting';

/** The longest text a message may have on any channel, in Unicode code points after filling in (A10). */
export const TEXT_MAX = 2000;

const UNIT_NAME: Record<TextUnit, string> = { codepoint: 'characters', utf16: 'characters', byte: 'bytes' };

export function textLength(text: string, unit: TextUnit): number {
	if (unit === 'byte') return Buffer.byteLength(text, 'utf8');
	return unit === 'utf16' ? text.length : [...text].length;
}

/** Why this content cannot go on this channel, found without asking the provider; null: it can. */
export function contentRefusal(content: Content, channel: Channel): Failure | null {
	const refuse = (reason: string) => failure('content_unsupported', reason, { channel: channel.id });
	const { can, name } = channel;
	if (!can.contents.includes(content.kind)) {
		return refuse(`${name} cannot send messages of the type '${content.kind}'. Choose another message type for it.`);
	}
	const hasBody = content.kind === 'text' && content.mail?.html !== undefined;
	if ((content.kind === 'text' || content.kind === 'choices') && content.text.trim() === '' && !hasBody) {
		return refuse("The message is empty. Fill in 'Text'; if it is an expression, check that it gives a value.");
	}
	const text = content.text ?? '';
	const length = textLength(text, 'codepoint');
	if (length > TEXT_MAX) {
		return refuse(
			`The text has ${length} characters; a message can have at most ${TEXT_MAX}. Shorten it, or send it in parts.`,
		);
	}
	const limit = textLimit(content, channel);
	const ownLength = textLength(text, limit.unit);
	if (ownLength > limit.max) {
		return refuse(
			`The text has ${ownLength} ${UNIT_NAME[limit.unit]}; ${name} takes at most ${limit.max}${WHERE[content.kind] ?? ''}. Shorten it, or give ${name} a response of its own.`,
		);
	}
	if (content.kind === 'location') return placeRefusal(content, refuse);
	if (content.kind === 'template' && content.name.trim() === '') {
		return refuse("No template is chosen. Pick one under 'Template'.");
	}
	if (content.kind === 'choices') return choicesRefusal(content, channel, refuse);
	if (content.kind === 'media') return attachmentsRefusal(content, channel, refuse);
	return null;
}

/** Where a shorter limit than that of plain text holds. */
const WHERE: Partial<Record<Content['kind'], string>> = { media: ' with a file', choices: ' above choices' };

function textLimit(content: Content, { can }: Channel): TextLimit {
	if (content.kind === 'media') return can.caption ?? can.text;
	return (content.kind === 'choices' ? can.choices?.text : undefined) ?? can.text;
}

type Refuse = (reason: string) => Failure;

function placeRefusal({ latitude, longitude }: Extract<Content, { kind: 'location' }>, refuse: Refuse): Failure | null {
	if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return null;
	return refuse("The location is nowhere on earth. 'Latitude' is a number from -90 to 90, 'Longitude' from -180 to 180.");
}

function choicesRefusal(content: Extract<Content, { kind: 'choices' }>, { can, name }: Channel, refuse: Refuse) {
	const { options } = content;
	const max = can.choices?.max ?? 0;
	const labelMax = can.choices?.labelMax ?? 0;
	if (options.length === 0) return refuse("The message offers no choices. Add at least one under 'Choices'.");
	if (options.length > max) {
		return refuse(`The message offers ${options.length} choices; ${name} takes at most ${max}. Offer fewer, or give ${name} a response of its own.`);
	}
	const tooLong = options.findIndex(({ label }) => textLength(label, 'codepoint') > labelMax);
	if (tooLong >= 0) {
		return refuse(`The label of choice ${tooLong + 1} is too long; ${name} takes at most ${labelMax} characters. Shorten it.`);
	}
	const empty = options.findIndex(({ label, id }) => label.trim() === '' || id.trim() === '');
	if (empty >= 0) return refuse(`Choice ${empty + 1} needs a label.`);
	const { id: idLimit } = can.choices ?? {};
	const longId = idLimit ? options.findIndex(({ id }) => textLength(id, idLimit.unit) > idLimit.max) : -1;
	if (idLimit && longId >= 0) {
		return refuse(`The ID of choice ${longId + 1} is too long; ${name} takes at most ${idLimit.max} ${UNIT_NAME[idLimit.unit]}. Shorten it.`);
	}
	if (new Set(options.map(({ id }) => id)).size < options.length) {
		return refuse('Two choices have the same ID. Give each choice an ID of its own.');
	}
	return null;
}

function attachmentsRefusal(content: Extract<Content, { kind: 'media' }>, { can, name }: Channel, refuse: Refuse) {
	const { attachments } = content;
	const max = can.attachments?.max ?? 0;
	const maxBytes = can.attachments?.maxBytes ?? 0;
	if (attachments.length === 0) {
		return refuse("The message has no file. Name an input data field under 'Attachments', or add an attachment URL.");
	}
	if (attachments.length > max) {
		return refuse(`The message has ${attachments.length} attachments; ${name} takes at most ${max} in one message. Send the rest in another one.`);
	}
	for (const attachment of attachments) {
		const reason = fileRefusal(attachment, maxBytes, can, name);
		if (reason) return refuse(reason);
	}
	return null;
}

const megabytes = (bytes: number) => `${Math.ceil((bytes / 1_048_576) * 10) / 10} MB`;

function fileRefusal(attachment: Attachment, maxBytes: number, can: Channel['can'], channel: string): string | null {
	const { name, sizeBytes, kind, mime } = attachment;
	const limit = can.media[attachment.voice ? 'voice' : kind];
	const most = Math.min(maxBytes, limit?.maxBytes ?? maxBytes);
	if (sizeBytes > most) {
		return `The file '${name}' has ${megabytes(sizeBytes)}; ${channel} takes at most ${megabytes(most)} of its kind. Use a smaller one, or send a link.`;
	}
	if (takes(limit, attachment)) return null;
	return `${channel} does not take files like '${name}' (${mime}). Use another format, or send a link.`;
}
