/** What an integration server finds wrong with a message, from respond.io's page about custom channels and public servers made for it. */

export interface Posted {
	channelId: string;
	contactId: string;
	message: Record<string, unknown> & { type: string };
}

type Rule = (value: unknown) => boolean;

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text: Rule = (value) => typeof value === 'string' && value.trim() !== '';
const id: Rule = (value) => text(value) && [...(value as string)].length <= 50;
const address: Rule = (value) => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
const number = (max: number): Rule => (value) => typeof value === 'number' && Math.abs(value) <= max;

/** '?' at the end: may be missing. */
type Rules = Record<string, Rule>;

const ATTACHMENT: Rules = {
	type: (value) => ['image', 'video', 'audio', 'file'].includes(value as string),
	url: address,
	mimeType: (value) => typeof value === 'string' && /^[a-z]+\/[\w.+-]+$/.test(value),
	fileName: text,
};

const MESSAGES: Record<string, Rules> = {
	text: { text },
	attachment: { attachment: (value) => isObject(value) && wrongIn(value, ATTACHMENT) === undefined },
	location: { latitude: number(90), longitude: number(180), 'address?': text },
	quick_reply: { title: text, replies: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 10 && value.every(text) },
};

/** Undefined: nothing is wrong with it. */
export function wrongWith(body: unknown): string | undefined {
	if (!isObject(body)) return 'the body must be a JSON object';
	const { message } = body;
	const outer = wrongIn(body, { channelId: id, contactId: id, message: isObject });
	if (outer !== undefined || !isObject(message)) return outer;
	const rules = MESSAGES[String(message['type'])];
	return rules ? wrongIn(message, { type: text, ...rules }) : `unsupported message type ${String(message['type'])}`;
}

function wrongIn(value: Record<string, unknown>, rules: Rules): string | undefined {
	for (const [field, rule] of Object.entries(rules)) {
		const given = value[field.replace('?', '')];
		if (given === undefined && field.endsWith('?')) continue;
		if (!rule(given)) return `${field.replace('?', '')} is not valid`;
	}
	const unknown = Object.keys(value).find((name) => !(name in rules) && !(`${name}?` in rules));
	return unknown === undefined ? undefined : `${unknown} is not known`;
}
