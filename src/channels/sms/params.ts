import type { WebhookRequest } from '../../core/channel';
import { parseAnswer, textAt, type JsonObject } from '../kit/json';

/** What a request of Twilio's says, by name; a name may be there several times. */
export type Params = ReadonlyMap<string, readonly string[]>;

/** Messages and their news come as forms; JSON is read as well, should Twilio ever send it. */
export function paramsOf({ headers, body }: WebhookRequest): Params {
	return /^application\/json\b/i.test(headers['content-type'] ?? '') ? fromJson(parseAnswer(body)) : fromForm(body);
}

/** The first value that is not empty. */
export function param(params: Params, name: string): string | undefined {
	return params.get(name)?.find((value) => value !== '');
}

function fromForm(body: Uint8Array): Params {
	const params = new Map<string, string[]>();
	for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) params.set(name, [...(params.get(name) ?? []), value]);
	return params;
}

function fromJson(object: JsonObject): Params {
	return new Map(Object.keys(object).flatMap((name) => {
		const text = textAt(object, name);
		return text === undefined ? [] : [[name, [text]]];
	}));
}
