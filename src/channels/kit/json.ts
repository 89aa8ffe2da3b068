import { MalformedPayload } from '../../core/channel';

/** A JSON object whose content nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one for anything else. */
export function objectAt(value: unknown, key: string): JsonObject {
	const found = isObject(value) ? value[key] : undefined;
	return isObject(found) ? found : {};
}

/** The list's objects; empty for anything else. */
export function objectsAt(value: unknown, key: string): JsonObject[] {
	const found = isObject(value) ? value[key] : undefined;
	return Array.isArray(found) ? found.filter(isObject) : [];
}

/** A text that is not empty, or a number as text. */
export function textAt(value: unknown, key: string): string | undefined {
	const found = isObject(value) ? value[key] : undefined;
	if (typeof found === 'string') return found === '' ? undefined : found;
	return typeof found === 'number' && Number.isFinite(found) ? String(found) : undefined;
}

/** A number, also one written as text. */
export function numberAt(value: unknown, key: string): number | undefined {
	const found = isObject(value) ? value[key] : undefined;
	const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * Whole numbers of more than 15 digits, which a JSON parser would round, become texts: ids stay what they are.
 * Digits within texts and fractions are left alone.
 */
function quoteLongNumbers(json: string): string {
	return json.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g, (match) => (match.startsWith('"') ? match : `"${match}"`));
}

/** The body of a webhook as a JSON object. @throws MalformedPayload */
export function parseBody(body: Uint8Array): JsonObject {
	const parsed = parseJson(body);
	if (parsed === undefined) throw new MalformedPayload('The body is not valid JSON.');
	if (!isObject(parsed)) throw new MalformedPayload('The body must be a JSON object.');
	return parsed;
}

/** The body of an answer; an empty object when it is no JSON object. */
export function parseAnswer(body: Uint8Array): JsonObject {
	const parsed = parseJson(body);
	return isObject(parsed) ? parsed : {};
}

function parseJson(body: Uint8Array): unknown {
	try {
		return JSON.parse(quoteLongNumbers(Buffer.from(body).toString('utf8')));
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
