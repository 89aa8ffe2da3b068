import type { Content } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { TemplateParameter } from '../../core/message-parts';
import type { CallPorts, Template, TemplateField } from '../../core/provider';
import { objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';
import { graph } from '../kit/meta/graph';
import type { MessengerCredential } from './credential';
import { CHANNEL } from './failures';

/**
 * Utility messages: texts that Meta approved beforehand. Parameters: 'body.1' or 'body.order_id' for the placeholders of the
 * text, 'button.0.url' for the end of a button's address.
 */
const BODY = /^body\.(.+)$/;
const BUTTON = /^button\.(\d+)\.url$/;
const PLACEHOLDER = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** As many as anybody has; each page of the list is one call. */
const PAGE_SIZE = '100';
const PAGES_MAX = 10;

export function templateMessage({ name, language, parameters }: Extract<Content, { kind: 'template' }>): JsonObject {
	const body = parameters.flatMap((parameter) => bodyParameter(parameter)).sort((a, b) => a.position - b.position);
	const buttons = parameters.flatMap((parameter) => buttonParameter(parameter)).sort((a, b) => a.position - b.position);
	const components = [
		...(body.length > 0 ? [{ type: 'body', parameters: body.map(({ value }) => value) }] : []),
		...(buttons.length > 0 ? [{ type: 'buttons', parameters: buttons.map(({ value }) => value) }] : []),
	];
	return { name, language: { code: language }, ...(components.length > 0 && { components }) };
}

interface Placed {
	position: number;
	value: JsonObject;
}

function bodyParameter(parameter: TemplateParameter): Placed[] {
	const name = BODY.exec(parameter.id)?.[1];
	if (name === undefined) {
		if (!BUTTON.test(parameter.id)) throw unknownField(parameter.id);
		return [];
	}
	const text = textOf(parameter);
	// Numbered placeholders are told by their order, named ones by their names.
	if (/^\d+$/.test(name)) return [{ position: Number(name), value: { type: 'text', text } }];
	return [{ position: 0, value: { type: 'text', parameter_name: name, text } }];
}

function buttonParameter(parameter: TemplateParameter): Placed[] {
	const index = BUTTON.exec(parameter.id)?.[1];
	return index === undefined ? [] : [{ position: Number(index), value: { type: 'URL', url: textOf(parameter) } }];
}

function textOf(parameter: TemplateParameter): string {
	if ('text' in parameter) return parameter.text;
	throw new ConversationsError(
		failure('content_unsupported', `The template field '${parameter.id}' takes a text, not a file. Messenger templates have no files.`, { channel: CHANNEL.id }),
	);
}

function unknownField(id: string): ConversationsError {
	return new ConversationsError(
		failure('content_unsupported', `Messenger templates have no field '${id}'. Choose the template again, so that its fields are listed anew.`, { channel: CHANNEL.id }),
	);
}

/** @throws ConversationsError */
export async function templates(ports: CallPorts<MessengerCredential>): Promise<Template[]> {
	const found: Template[] = [];
	let after: string | undefined;
	for (let page = 0; page < PAGES_MAX; page += 1) {
		const answer = await graph(CHANNEL, ports, {
			method: 'GET',
			url: `/${ports.credential.pageId}/message_templates`,
			query: { fields: 'name,language,status,category,components', limit: PAGE_SIZE, ...(after !== undefined && { after }) },
		});
		found.push(...objectsAt(answer, 'data').flatMap(approved));
		const paging = objectAt(answer, 'paging');
		after = textAt(paging, 'next') === undefined ? undefined : textAt(objectAt(paging, 'cursors'), 'after');
		if (after === undefined) break;
	}
	return found;
}

function approved(listed: JsonObject): Template[] {
	const [name, language] = [textAt(listed, 'name'), textAt(listed, 'language')];
	if (textAt(listed, 'status') !== 'APPROVED' || name === undefined || language === undefined) return [];
	const components = objectsAt(listed, 'components');
	const ofType = (type: string) => components.find((each) => textAt(each, 'type')?.toUpperCase() === type);
	const body = ofType('BODY');
	return [
		{
			name,
			language,
			category: textAt(listed, 'category') ?? null,
			preview: textAt(body, 'text') ?? '',
			fields: [...bodyFields(body), ...buttonFields(ofType('BUTTONS'))],
		},
	];
}

function bodyFields(body: JsonObject | undefined): TemplateField[] {
	const names = [...(textAt(body, 'text') ?? '').matchAll(PLACEHOLDER)].flatMap(([, name]) => (name === undefined ? [] : [name]));
	const example = objectAt(body, 'example');
	const named = objectsAt(example, 'body_text_named_params');
	const [first] = Array.isArray(example['body_text']) ? (example['body_text'] as unknown[]) : [];
	const numbered: unknown[] = Array.isArray(first) ? first : [];
	return [...new Set(names)].map((name) => {
		const given = /^\d+$/.test(name)
			? numbered[Number(name) - 1]
			: textAt(named.find((each) => textAt(each, 'param_name') === name), 'example');
		return { id: `body.${name}`, label: `Body: ${name}`, kind: 'text', example: typeof given === 'string' ? given : null };
	});
}

function buttonFields(buttons: JsonObject | undefined): TemplateField[] {
	return objectsAt(buttons, 'buttons').flatMap((button, index) => {
		if (!/\{\{.*\}\}/.test(textAt(button, 'url') ?? '')) return [];
		const [example] = Array.isArray(button['example']) ? (button['example'] as unknown[]) : [];
		const label = `Button: end of the address of '${textAt(button, 'text') ?? index + 1}'`;
		return [{ id: `button.${index}.url`, label, kind: 'text', example: typeof example === 'string' ? example : null }];
	});
}
