import { InputError } from '../../core/failure';

/** What expressions make of parameters, as the values that are wanted. Each refusal names the parameter. */

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

/** A list of texts, or one text with `separator` between them. @throws InputError */
export function listOf(parameter: string, value: unknown, separator: RegExp): string[] {
	const parts = Array.isArray(value) ? value.map((part) => textOf(parameter, part)) : [textOf(parameter, value)];
	return parts.flatMap((part) => part.split(separator)).map((part) => part.trim()).filter((part) => part !== '');
}

/** A number, also written as text; `example` is one that would do. @throws InputError */
export function numberOf(parameter: string, value: unknown, example: string): number {
	const text = textOf(parameter, value).trim();
	const number = Number(text);
	if (text !== '' && Number.isFinite(number)) return number;
	throw new InputError(
		parameter,
		text === '' ? `'${parameter}' is empty. Give a number, e.g. ${example}.` : `'${parameter}' is not a number. Give one like ${example}.`,
	);
}
