import type { Answer } from './server';

/** What TikTok is said to refuse in a message: the fact sheet, and github.com/bububa/tiktok-business, whose comments quote TikTok. */

export interface SentMessage {
	business_id: string;
	recipient_type: string;
	recipient: string;
	message_type: string;
	text?: { body: string };
	image?: { media_id: string };
	template?: { type: string; title: string; buttons: { type: string; title: string; id: string }[] };
	referenced_message_info?: { referenced_message_id: string };
}

type Rule = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (max: number): Rule => (value) => typeof value === 'string' && value !== '' && [...value].length <= max;
const only = (word: string): Rule => (value) => value === word;
/** An object with these fields and no others. */
const object = (rules: Record<string, Rule>): Rule => (value) =>
	isObject(value) && Object.keys(value).every((name) => name in rules) && Object.entries(rules).every(([name, rule]) => rule(value[name]));
const list = (min: number, max: number, rule: Rule): Rule => (value) => Array.isArray(value) && value.length >= min && value.length <= max && value.every(rule);

const COMMON: Record<string, Rule> = { business_id: text(200), recipient_type: only('CONVERSATION'), recipient: text(500) };

const button = object({ type: only('REPLY'), title: text(20), id: text(40) });

const TYPES: Record<string, Record<string, Rule>> = {
	TEXT: { text: object({ body: text(6000) }), 'referenced_message_info?': object({ referenced_message_id: text(500) }) },
	IMAGE: { image: object({ media_id: text(500) }) },
	TEMPLATE: { template: object({ type: only('QA_BUTTON_CARD'), title: text(40), buttons: list(1, 3, button) }) },
};

/** What is wrong with it, in TikTok's words; undefined: nothing. */
export function wrongIn(message: Record<string, unknown>): string | undefined {
	const own = TYPES[String(message['message_type'])];
	if (!own) return 'Param message_type is invalid.';
	const rules: Record<string, Rule> = { ...COMMON, ...own, message_type: () => true };
	for (const [field, rule] of Object.entries(rules)) {
		const name = field.replace('?', '');
		if (message[name] === undefined && field.endsWith('?')) continue;
		if (!rule(message[name])) return `Param ${name} is invalid.`;
	}
	const unknown = Object.keys(message).find((name) => !(name in rules) && !(`${name}?` in rules));
	return unknown === undefined ? undefined : `Param ${unknown} is not supported.`;
}

export function refusal(code: number, message = 'refused'): Answer {
	return { json: { code, message, request_id: REQUEST_ID, data: {} } };
}

export function ok(data: Record<string, unknown>): Answer {
	return { json: { code: 0, message: 'OK', request_id: REQUEST_ID, data } };
}

export const REQUEST_ID = '20261122061015295501023125104093';
