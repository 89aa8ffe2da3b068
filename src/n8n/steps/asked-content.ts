import type { IExecuteFunctions } from 'n8n-workflow';
import type { Choice, MailParts, Place } from '../../core/channel';
import { InputError } from '../../core/failure';
import { nameIn } from '../fields/section';
import { mailPartsOf } from './asked-mail';
import { listOf, numberOf, textOf } from './values';

/** A value of a template's field: a text, or the name of the input data field with its file. */
export type AskedParameter = { id: string; text: string } | { id: string; field: string };

/** What the author of a workflow asks to send, before files are fetched. */
export type AskedContent =
	| { kind: 'text'; text: string; mail?: MailParts }
	| { kind: 'choices'; text: string; options: Choice[] }
	| {
			kind: 'media';
			text: string | null;
			mail?: MailParts;
			/** Input data fields with files. */
			fields: string[];
			urls: string[];
			/** They go as voice notes, where the channel takes them so. */
			voice: boolean;
	  }
	| ({ kind: 'location'; text: null } & Place)
	| { kind: 'template'; text: null; name: string; language: string; parameters: AskedParameter[] };

/** One message's parameters by their names without the channel. */
type Parameters = (name: string, fallback: unknown) => unknown;

const READERS: Readonly<Record<string, (parameters: Parameters) => AskedContent>> = {
	text: (parameters) => ({ kind: 'text', text: textOf('Text', parameters('text', '')) }),
	choices: (parameters) => ({
		kind: 'choices',
		text: textOf('Text', parameters('text', '')),
		options: choicesOf(parameters('choices', {})),
	}),
	media: (parameters) => {
		const text = textOf('Caption', parameters('text', ''));
		return { kind: 'media', text: text.trim() === '' ? null : text, ...filesOf(parameters), voice: false };
	},
	voice: (parameters) => ({ kind: 'media', text: null, ...filesOf(parameters), voice: true }),
	location: placeOf,
	template: templateOf,
};

/**
 * `prefix`: a channel's id for its own response, '' for the default message. `isMail`: that channel's messages are mails.
 * @throws InputError
 */
export function askedContent(ctx: IExecuteFunctions, index: number, prefix: string, isMail = false): AskedContent {
	const parameters: Parameters = (name, fallback) => ctx.getNodeParameter(nameIn({ prefix }, name), index, fallback);
	const type = String(parameters('messageType', 'text'));
	const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
	if (!reader) throw new InputError('Message Type', `'Message Type' is '${type}', which is no type of message.`);
	const asked = reader(parameters);
	return isMail && (asked.kind === 'text' || asked.kind === 'media') ? { ...asked, mail: mailPartsOf(parameters) } : asked;
}

function filesOf(parameters: Parameters): { fields: string[]; urls: string[] } {
	return {
		fields: listOf('Attachments', parameters('attachments', ''), /,/),
		urls: listOf('Attachment URLs', parameters('attachmentUrls', []), /\s+/),
	};
}

function choicesOf(value: unknown): Choice[] {
	const rows = (value as { values?: unknown }).values;
	if (!Array.isArray(rows)) return [];
	return rows.map((row: { id?: unknown; label?: unknown }) => {
		const label = textOf('Label', row.label).trim();
		return { label, id: textOf('ID', row.id).trim() || label };
	});
}

function placeOf(parameters: Parameters): AskedContent {
	return {
		kind: 'location',
		text: null,
		latitude: numberOf('Latitude', parameters('latitude', ''), '52.5163'),
		longitude: numberOf('Longitude', parameters('longitude', ''), '13.3777'),
		name: textOf('Location Name', parameters('locationName', '')).trim() || null,
		address: textOf('Location Address', parameters('locationAddress', '')).trim() || null,
	};
}

/** 'order_update|en_US', as the list of templates has it. */
function templateOf(parameters: Parameters): AskedContent {
	const chosen = textOf('Template', parameters('template', '')).trim();
	const [name = '', language = '', ...more] = chosen.split('|').map((part) => part.trim());
	if (chosen !== '' && (name === '' || language === '' || more.length > 0)) {
		throw new InputError(
			'Template',
			"'Template' is not a name and a language with | between them. Pick a template from the list, or write e.g. order_update|en_US.",
		);
	}
	return { kind: 'template', text: null, name, language, parameters: parametersOf(parameters('templateParameters', {})) };
}

/** Fields of templates that take a file. */
const MEDIA_FIELD = /^header\.(image|video|document)$/;
const WEB_ADDRESS = /^https?:\/\//i;

interface Mapped {
	value?: Record<string, unknown> | null;
	/** The template's fields, as they were when the editor loaded them. */
	schema?: { id?: unknown }[];
}

/** The values of the resource mapper. Empty ones are left out, as are those of a template that was chosen before. */
function parametersOf(mapper: unknown): AskedParameter[] {
	const { value, schema } = (mapper ?? {}) as Mapped;
	const known = new Set(Array.isArray(schema) ? schema.map(({ id }) => id) : []);
	return Object.entries(value ?? {}).flatMap(([id, given]): AskedParameter[] => {
		const text = textOf(id, given);
		if (text.trim() === '' || (known.size > 0 && !known.has(id))) return [];
		const isField = MEDIA_FIELD.test(id) && !WEB_ADDRESS.test(text.trim());
		return [isField ? { id, field: text.trim() } : { id, text }];
	});
}
