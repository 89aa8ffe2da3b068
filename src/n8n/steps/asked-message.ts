import type { IExecuteFunctions } from 'n8n-workflow';
import { CHANNEL_IDS, type ChannelId, type Choice } from '../../core/channel';
import { InputError } from '../../core/failure';

/** What the author of a workflow asks to send, before files are fetched. */
export type AskedContent =
	| { kind: 'text'; text: string }
	| { kind: 'choices'; text: string; options: Choice[] }
	| {
			kind: 'media';
			text: string | null;
			/** Input data fields with files. */
			fields: string[];
			urls: string[];
	  };

export interface AskedMessage {
	contact: string;
	channel: 'lastInteracted' | ChannelId;
	connected: ChannelId[];
	content: AskedContent;
	responses: Partial<Record<ChannelId, AskedContent>>;
	openConversation: boolean;
	skipWhenAssigned: boolean;
}

/** The parameters of Send Message for one item. @throws InputError, and what n8n throws for a faulty expression. */
export function askedMessage(ctx: IExecuteFunctions, index: number): AskedMessage {
	const options = ctx.getNodeParameter('options', index, {}) as {
		openConversation?: boolean;
		skipWhenAssigned?: boolean;
	};
	const responding = ctx.getNodeParameter('channelResponses', index, []) as string[];
	const responses: AskedMessage['responses'] = {};
	for (const id of CHANNEL_IDS) {
		if (responding.includes(id)) responses[id] = contentOf(ctx, index, id);
	}
	return {
		contact: textOf('Contact', ctx.getNodeParameter('contact', index, '')).trim(),
		channel: channelOf(ctx.getNodeParameter('channel', index, 'lastInteracted')),
		connected: (ctx.getNodeParameter('connectedChannels', index, []) as string[]).filter(isChannel),
		content: contentOf(ctx, index, ''),
		responses,
		openConversation: options.openConversation === true,
		skipWhenAssigned: options.skipWhenAssigned === true,
	};
}

const isChannel = (id: unknown): id is ChannelId => CHANNEL_IDS.some((known) => known === id);

function channelOf(value: unknown): AskedMessage['channel'] {
	if (value === 'lastInteracted' || isChannel(value)) return value;
	throw new InputError(
		'Channel',
		`'Channel' is '${String(value)}', which is no channel. Use lastInteracted or one of: ${CHANNEL_IDS.join(', ')}.`,
	);
}

/** `prefix`: a channel's id for its own response, '' for the default message. */
function contentOf(ctx: IExecuteFunctions, index: number, prefix: string): AskedContent {
	const parameter = (name: string, fallback: unknown): unknown =>
		ctx.getNodeParameter(
			prefix === '' ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
			index,
			fallback,
		);
	const type = parameter('messageType', 'text');
	const text = textOf('Text', parameter('text', ''));
	if (type === 'media') {
		return {
			kind: 'media',
			text: text.trim() === '' ? null : text,
			fields: listOf('Attachments', parameter('attachments', ''), /,/),
			urls: listOf('Attachment URLs', parameter('attachmentUrls', []), /\s+/),
		};
	}
	if (type === 'choices') return { kind: 'choices', text, options: choicesOf(parameter('choices', {})) };
	if (type === 'text') return { kind: 'text', text };
	throw new InputError('Message Type', `'Message Type' is '${String(type)}', which is no type of message.`);
}

/** @throws InputError for what an expression made that is no text. */
export function textOf(parameter: string, value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === null || value === undefined) return '';
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	throw new InputError(
		parameter,
		`'${parameter}' is not text but ${Array.isArray(value) ? 'a list' : 'an object'}. Pick the part you want, e.g. {{ $json.name }}.`,
	);
}

/** A list of texts, or one text with `separator` between them. */
export function listOf(parameter: string, value: unknown, separator: RegExp): string[] {
	const parts = Array.isArray(value) ? value.map((part) => textOf(parameter, part)) : [textOf(parameter, value)];
	return parts.flatMap((part) => part.split(separator)).map((part) => part.trim()).filter((part) => part !== '');
}

function choicesOf(value: unknown): Choice[] {
	const rows = (value as { values?: unknown }).values;
	if (!Array.isArray(rows)) return [];
	return rows.map((row: { id?: unknown; label?: unknown }) => {
		const label = textOf('Label', row.label).trim();
		return { label, id: textOf('ID', row.id).trim() || label };
	});
}
