import type { Answer } from './server';

/** What the Cloud API refuses, as its documentation says; not taken from the code under test. */

export type Json = Record<string, unknown>;

export interface FakeTemplate {
	name: string;
	language: string;
	status: string;
	category: string;
	parameter_format?: 'NAMED' | 'POSITIONAL';
	components: Json[];
}

/** What the rules must know of the fake's state. */
export interface Known {
	media: ReadonlyMap<string, { mime: string }>;
	templates: readonly FakeTemplate[];
}

const HTTP: Record<number, number> = { 0: 401, 1: 400, 2: 503, 3: 500, 10: 403, 190: 401, 200: 403, 368: 403, 131031: 403, 130497: 403, 132001: 404, 131000: 500, 131016: 500, 131045: 500, 131057: 500, 133000: 500, 133004: 503, 2494100: 500, 131005: 403 };

/** Meta's envelope of a refusal. */
export function graphError(code: number, message = `(#${code}) Refused`, more: { details?: string; subcode?: number; status?: number; headers?: Record<string, string> } = {}): Answer {
	return {
		status: more.status ?? HTTP[code] ?? 400,
		headers: more.headers ?? {},
		json: {
			error: {
				message,
				type: 'OAuthException',
				code,
				...(more.subcode !== undefined && { error_subcode: more.subcode }),
				...(more.details !== undefined && { error_data: { messaging_product: 'whatsapp', details: more.details } }),
				fbtrace_id: 'Az8or2yhqkZ',
			},
		},
	};
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, max: number, min = 1): value is string =>
	typeof value === 'string' && [...value].length >= min && [...value].length <= max;
const invalid = (what: string) => graphError(131009, '(#131009) Parameter value is not valid', { details: what });
const onlyKeys = (value: Json, keys: readonly string[]) => Object.keys(value).find((key) => !keys.includes(key));

const MEDIA_MIMES: Record<string, readonly RegExp[]> = {
	image: [/^image\/(jpeg|png)$/],
	video: [/^video\/(mp4|3gpp)$/],
	audio: [/^audio\/(aac|amr|mpeg|mp4|ogg)(; *codecs=opus)?$/],
	document: [/./],
};
const UPLOADS: readonly [RegExp, number][] = [
	[/^image\/(jpeg|png)$/, 5],
	[/^image\/webp$/, 0.5],
	[/^video\/(mp4|3gpp)$/, 16],
	[/^audio\/(aac|amr|mpeg|mp4|ogg)(; *codecs=opus)?$/, 16],
	[/^(application|text)\//, 100],
];

/** Of `POST /{phone-number-id}/media`. */
export function uploadRefusal(form: Record<string, FormDataEntryValue>): Answer | null {
	const { messaging_product: product, type, file } = form;
	if (product !== 'whatsapp') return graphError(100, '(#100) The parameter messaging_product is required.');
	if (typeof type !== 'string' || !(file instanceof File)) return graphError(131008, '(#131008) Required parameter is missing');
	const rule = UPLOADS.find(([mimes]) => mimes.test(type));
	if (!rule || file.type.toLowerCase() !== type.toLowerCase()) return graphError(131053, '(#131053) Media upload error', { details: `Unsupported type ${type}` });
	return file.size > rule[1] * 1024 * 1024 ? graphError(131053, '(#131053) Media upload error', { details: 'The file is too large' }) : null;
}

const ENVELOPE = ['messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'context', 'biz_opaque_callback_data'];

/** Of `POST /{phone-number-id}/messages`; whom it goes to is looked at before. */
export function messageRefusal(message: unknown, known: Known): Answer | null {
	if (!isObject(message)) return graphError(100, '(#100) Invalid parameter');
	const { messaging_product: product, type, to, recipient, context, biz_opaque_callback_data: word } = message;
	if (product !== 'whatsapp') return graphError(100, '(#100) The parameter messaging_product is required.');
	if (to === undefined && recipient === undefined) return graphError(131008, '(#131008) Required parameter is missing');
	if (to !== undefined && !(isText(to, 16) && /^\+[1-9]\d{6,14}$/.test(to))) return invalid('to must be a number in E.164 with +');
	if (recipient !== undefined && !(isText(recipient, 140) && /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(recipient))) return invalid('recipient');
	if (context !== undefined && !(isObject(context) && /^wamid\./.test(String(context['message_id'])))) return invalid('context.message_id');
	if (word !== undefined && !isText(word, 512)) return invalid('biz_opaque_callback_data');
	const check = Object.hasOwn(CHECKS, String(type)) ? CHECKS[String(type)] : undefined;
	if (!check) return graphError(100, "(#100) Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, TEMPLATE, TEXT, VIDEO}");
	const part = message[String(type)];
	if (!isObject(part)) return graphError(131008, '(#131008) Required parameter is missing', { details: String(type) });
	const stranger = onlyKeys(message, [...ENVELOPE, String(type)]);
	return stranger === undefined ? check(part, known) : graphError(100, `(#100) Unexpected key "${stranger}"`);
}

const CHECKS: Record<string, (part: Json, known: Known) => Answer | null> = {
	text: (part) => (onlyKeys(part, ['body', 'preview_url']) ?? (isText(part['body'], 4096) ? undefined : 'body')) === undefined ? null : invalid('text.body'),
	image: (part, known) => mediaRefusal('image', part, ['id', 'link', 'caption'], known),
	video: (part, known) => mediaRefusal('video', part, ['id', 'link', 'caption'], known),
	audio: (part, known) => mediaRefusal('audio', part, ['id', 'link', 'voice'], known),
	document: (part, known) => mediaRefusal('document', part, ['id', 'link', 'caption', 'filename'], known),
	location: (part) => {
		const coordinate = (value: unknown, max: number) => typeof value === 'string' && Math.abs(Number(value)) <= max;
		const fine = coordinate(part['latitude'], 90) && coordinate(part['longitude'], 180) && onlyKeys(part, ['latitude', 'longitude', 'name', 'address']) === undefined;
		return fine ? null : invalid('location');
	},
	interactive: (part) => (part['type'] === 'button' ? buttonsRefusal(part) : part['type'] === 'list' ? listRefusal(part) : invalid('interactive.type')),
	template: (part, { templates, media }) => templateRefusal(part, templates, media),
};

function mediaRefusal(kind: string, part: Json, keys: readonly string[], { media }: Known): Answer | null {
	const stranger = onlyKeys(part, keys);
	if (stranger !== undefined) return graphError(100, `(#100) Unexpected key "${stranger}" on param "${kind}"`);
	if (part['caption'] !== undefined && !isText(part['caption'], 1024)) return invalid('caption');
	const file = media.get(String(part['id']));
	if (!file) return typeof part['link'] === 'string' && part['link'].startsWith('https://') ? null : invalid(`${kind}.id is no id of an uploaded file`);
	if (!MEDIA_MIMES[kind]?.some((mime) => mime.test(file.mime))) return graphError(131053, '(#131053) Media upload error', { details: `${file.mime} as ${kind}` });
	return part['voice'] === true && !file.mime.startsWith('audio/ogg') ? graphError(131053, '(#131053) Media upload error', { details: 'voice' }) : null;
}

function buttonsRefusal(part: Json): Answer | null {
	const body = part['body'];
	const action = part['action'];
	if (!isObject(body) || !isText(body['text'], 1024)) return invalid('interactive.body');
	const buttons = isObject(action) ? action['buttons'] : undefined;
	if (!Array.isArray(buttons) || buttons.length < 1 || buttons.length > 3) return invalid('1 to 3 buttons');
	const replies = buttons.map((button: Json) => (button['type'] === 'reply' ? button['reply'] : undefined)).filter(isObject);
	const fine = replies.length === buttons.length && replies.every(({ id, title }) => isText(id, 256) && isText(title, 20));
	return fine && isUnique(replies, 'title') && isUnique(replies, 'id') ? null : invalid('buttons need an id and a title of their own, at most 20 characters');
}

function listRefusal(part: Json): Answer | null {
	const { body, action } = part;
	if (!isObject(body) || !isText(body['text'], 4096)) return invalid('interactive.body');
	if (!isObject(action) || !isText(action['button'], 20) || !Array.isArray(action['sections'])) return invalid('interactive.action');
	const rows = (action['sections'] as Json[]).flatMap((section) => section['rows'] as Json[]);
	const fine = rows.length >= 1 && rows.length <= 10 && rows.every(({ id, title }) => isText(id, 200) && isText(title, 24));
	return fine && isUnique(rows, 'id') ? null : invalid('1 to 10 rows with ids of their own and titles of at most 24 characters');
}

const isUnique = (list: readonly Json[], key: string) => new Set(list.map((each) => each[key])).size === list.length;

function templateRefusal(part: Json, templates: readonly FakeTemplate[], media: Known['media']): Answer | null {
	const language = isObject(part['language']) ? part['language']['code'] : undefined;
	const template = templates.find((each) => each.name === part['name'] && each.language === language && each.status === 'APPROVED');
	if (!template) return graphError(132001, '(#132001) Template name does not exist in the translation');
	const given = (Array.isArray(part['components']) ? part['components'] : []) as { type: string; sub_type?: string; index?: string; parameters: Json[] }[];
	for (const component of template.components) {
		const type = String(component['type']).toLowerCase();
		if (type !== 'header' && type !== 'body') continue;
		const parameters = given.find((each) => each.type === type)?.parameters ?? [];
		if (type === 'header' && component['format'] !== 'TEXT') {
			const format = String(component['format']).toLowerCase();
			const [first] = parameters;
			const file = first?.[format];
			if (parameters.length !== 1 || first?.['type'] !== format || !isObject(file)) return graphError(132012, '(#132012) Parameter format does not match');
			if (typeof file['link'] !== 'string' && !media.has(String(file['id']))) return graphError(132012, '(#132012) Parameter format does not match');
			continue;
		}
		const names = [...new Set([...String(component['text']).matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]))];
		if (parameters.length !== names.length) return graphError(132000, '(#132000) Number of parameters does not match');
		const isNamed = template.parameter_format === 'NAMED';
		const fits = parameters.every((each) => each['type'] === 'text' && isText(each['text'], 1024) && (isNamed ? names.includes(String(each['parameter_name'])) : each['parameter_name'] === undefined));
		if (!fits) return graphError(132012, '(#132012) Parameter format does not match');
	}
	const buttons = (template.components.find((each) => each['type'] === 'BUTTONS')?.['buttons'] ?? []) as Json[];
	const kinds: Record<string, string> = { url: 'URL', quick_reply: 'QUICK_REPLY', copy_code: 'COPY_CODE' };
	const stray = given.filter(({ type }) => type === 'button').find(({ index, sub_type: sub }) => buttons[Number(index)]?.['type'] !== kinds[sub ?? '']);
	return stray ? graphError(132012, '(#132012) Parameter format does not match', { details: 'button' }) : null;
}
