import { ConversationsError, failure } from '../../core/failure';
import type { CallPorts, Template, TemplateField } from '../../core/provider';
import { objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';
import type { WhatsAppCredential } from './credential';
import { TEMPLATES_ANSWER_MAX_BYTES, TEMPLATES_MAX, TEMPLATES_PAGE, WHATSAPP } from './facts';
import { ask } from './graph';

/** Parts that only WhatsApp's own catalogues and offers fill: templates with them are not offered. */
const FOREIGN_COMPONENTS: ReadonlySet<string | undefined> = new Set(['CAROUSEL', 'LIMITED_TIME_OFFER']);
const FOREIGN_BUTTONS: ReadonlySet<string | undefined> = new Set(['MPM', 'SPM', 'CATALOG']);
const HEADER_FORMATS: ReadonlySet<string | undefined> = new Set(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', undefined]);

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

export async function templates(ports: CallPorts<WhatsAppCredential>): Promise<Template[]> {
	const { businessAccountId } = ports.credential;
	if (!businessAccountId) {
		throw new ConversationsError(
			failure('configuration_invalid', "Fill in 'Business Account ID' of the credential: WhatsApp keeps the templates there.", {
				channel: WHATSAPP.id,
			}),
		);
	}
	const found: JsonObject[] = [];
	for (let after: string | undefined = ''; after !== undefined && found.length < TEMPLATES_MAX; ) {
		const answer: JsonObject = await ask(ports, {
			method: 'GET',
			url: `/${businessAccountId}/message_templates`,
			query: {
				fields: 'name,language,status,category,parameter_format,components',
				status: 'approved',
				limit: String(TEMPLATES_PAGE),
				...(after && { after }),
			},
			maxBytes: TEMPLATES_ANSWER_MAX_BYTES,
		});
		found.push(...objectsAt(answer, 'data'));
		const paging = objectAt(answer, 'paging');
		after = textAt(paging, 'next') === undefined ? undefined : textAt(objectAt(paging, 'cursors'), 'after');
	}
	return found.slice(0, TEMPLATES_MAX).filter(isSendable).flatMap(templateOf);
}

function isSendable(template: JsonObject): boolean {
	if (textAt(template, 'status') !== 'APPROVED') return false;
	return objectsAt(template, 'components').every(
		(component) =>
			!FOREIGN_COMPONENTS.has(textAt(component, 'type')) &&
			HEADER_FORMATS.has(textAt(component, 'format')) &&
			!objectsAt(component, 'buttons').some((button) => FOREIGN_BUTTONS.has(textAt(button, 'type'))),
	);
}

function templateOf(template: JsonObject): Template[] {
	const [name, language] = [textAt(template, 'name'), textAt(template, 'language')];
	if (name === undefined || language === undefined) return [];
	const components = objectsAt(template, 'components');
	const body = components.find((component) => textAt(component, 'type') === 'BODY') ?? {};
	return [
		{
			name,
			language,
			category: textAt(template, 'category') ?? null,
			preview: filledIn(textAt(body, 'text') ?? '', examplesOf(body, 'body_text')),
			fields: components.flatMap(fieldsOf),
		},
	];
}

function fieldsOf(component: JsonObject): TemplateField[] {
	const type = textAt(component, 'type');
	if (type === 'HEADER') return headerFields(component);
	if (type === 'BODY') return textFields('body', 'Body', textAt(component, 'text'), examplesOf(component, 'body_text'));
	if (type === 'BUTTONS') return objectsAt(component, 'buttons').flatMap(buttonFields);
	return [];
}

function headerFields(component: JsonObject): TemplateField[] {
	const format = textAt(component, 'format')?.toLowerCase() ?? 'text';
	if (format === 'text') return textFields('header.text', 'Header', textAt(component, 'text'), examplesOf(component, 'header_text'));
	return [{ id: `header.${format}`, label: `Header: ${format}`, kind: 'media', example: null }];
}

type Examples = ReadonlyMap<string, string>;

/** Of named values by their names, of numbered ones by their numbers from 1. */
function examplesOf(component: JsonObject, key: 'body_text' | 'header_text'): Examples {
	const example = objectAt(component, 'example');
	const named = objectsAt(example, `${key}_named_params`).flatMap((each): [string, string][] => {
		const [name, text] = [textAt(each, 'param_name'), textAt(each, 'example')];
		return name === undefined || text === undefined ? [] : [[name, text]];
	});
	const list = example[key];
	// The body's examples are a list of lists, the header's a plain one.
	const [first] = Array.isArray(list) ? (list as unknown[]) : [];
	const numbered: unknown[] = Array.isArray(first) ? first : Array.isArray(list) ? list : [];
	return new Map([...named, ...numbered.map((text, index): [string, string] => [String(index + 1), String(text)])]);
}

function textFields(prefix: string, where: string, text: string | undefined, examples: Examples): TemplateField[] {
	const names = [...(text ?? '').matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);
	return [...new Set(names)].map((name) => ({
		id: `${prefix}.${name}`,
		label: `${where}: ${name}`,
		kind: 'text',
		example: examples.get(name) ?? null,
	}));
}

function buttonFields(button: JsonObject, index: number): TemplateField[] {
	const type = textAt(button, 'type');
	const label = `Button '${textAt(button, 'text') ?? index + 1}'`;
	const example = exampleOf(button);
	const field = (what: string, means: string, shown = example): TemplateField[] => [
		{ id: `button.${index}.${what}`, label: `${label}: ${means}`, kind: 'text', example: shown },
	];
	if (type === 'URL') {
		const [beginning = '', end] = textAt(button, 'url')?.split('{{') ?? [];
		// The example may be the whole address.
		return end === undefined ? [] : field('url', 'end of its address', example?.startsWith(beginning) ? example.slice(beginning.length) : example);
	}
	if (type === 'OTP') return field('url', 'code');
	if (type === 'COPY_CODE') return field('code', 'code to copy');
	return type === 'QUICK_REPLY' ? field('payload', 'what its press brings back') : [];
}

function exampleOf(button: JsonObject): string | null {
	const { example } = button;
	const first: unknown = Array.isArray(example) ? example[0] : example;
	return typeof first === 'string' ? first : null;
}

function filledIn(text: string, examples: Examples): string {
	return text.replace(PLACEHOLDER, (placeholder, name: string) => examples.get(name) ?? placeholder);
}
