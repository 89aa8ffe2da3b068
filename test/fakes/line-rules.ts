/**
 * What LINE refuses in a message, as its reference documents it ('Message objects', 'Action objects', 'Flex Message',
 * 'Error messages'; developers.line.biz/en/reference/messaging-api, read 2026-11-21).
 */

export interface Detail {
	message: string;
	property: string;
}

/** A property that LINE does not know, or one of the wrong type. */
export class InvalidProperty extends Error {
	constructor(readonly property: string) {
		super(`The property, '${property}', in the request body is invalid (line: -, column: -)`);
	}
}

/** Adds to the details what is out of range; throws for what has no place there. */
type Rule = (value: unknown, at: string, details: Detail[]) => void;

interface Field {
	rule: Rule;
	optional?: true;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const text =
	(max: number): Rule =>
	(value, at, details) => {
		if (typeof value !== 'string') throw new InvalidProperty(at);
		if (value === '') details.push({ message: 'May not be empty', property: at });
		if (value.length > max) details.push({ message: `Length must be between 0 and ${max}`, property: at });
	};

const web =
	(max: number, schemes: RegExp): Rule =>
	(value, at, details) => {
		text(max)(value, at, details);
		if (!schemes.test(String(value)) || !URL.canParse(String(value))) details.push({ message: 'invalid uri scheme', property: at });
	};

const number =
	(low: number, high: number): Rule =>
	(value, at, details) => {
		if (typeof value !== 'number' || !Number.isFinite(value)) throw new InvalidProperty(at);
		if (value < low || value > high) details.push({ message: `must be between ${low} and ${high}`, property: at });
	};

const whole: Rule = (value, at) => {
	if (!Number.isSafeInteger(value) || Number(value) <= 0) throw new InvalidProperty(at);
};

const flag: Rule = (value, at) => {
	if (typeof value !== 'boolean') throw new InvalidProperty(at);
};

const one =
	(...values: string[]): Rule =>
	(value, at, details) => {
		if (!values.includes(String(value))) details.push({ message: `Must be one of the following values: [${values.join(', ')}]`, property: at });
	};

const list =
	(min: number, max: number, item: Rule): Rule =>
	(value, at, details) => {
		if (!Array.isArray(value)) throw new InvalidProperty(at);
		if (value.length < min || value.length > max) details.push({ message: `Size must be between ${min} and ${max}`, property: at });
		value.forEach((each, index) => item(each, `${at}[${index}]`, details));
	};

const object =
	(fields: Record<string, Rule | Field>): Rule =>
	(value, at, details) => {
		if (!isRecord(value)) throw new InvalidProperty(at);
		const path = (name: string) => (at === '' ? name : `${at}.${name}`);
		for (const name of Object.keys(value)) if (!(name in fields)) throw new InvalidProperty(path(name));
		for (const [name, field] of Object.entries(fields)) {
			const { rule, optional } = typeof field === 'function' ? { rule: field, optional: undefined } : field;
			if (value[name] !== undefined) rule(value[name], path(name), details);
			else if (!optional) details.push({ message: 'must be specified', property: path(name) });
		}
	};

/** The rule of an object goes by its type. */
const typed =
	(rules: Record<string, Rule>): Rule =>
	(value, at, details) => {
		if (!isRecord(value)) throw new InvalidProperty(at);
		const rule = rules[String(value['type'])];
		if (rule) rule(value, at, details);
		else one(...Object.keys(rules))(value['type'], `${at}.type`, details);
	};

const optional = (rule: Rule): Field => ({ rule, optional: true });
const any: Rule = () => undefined;

const HTTPS = /^https:\/\//;
const FILE_URL = web(2000, HTTPS);

const action = (labelMax: number) =>
	typed({
		postback: object({ type: any, label: text(labelMax), data: text(300), displayText: optional(text(300)) }),
		message: object({ type: any, label: text(labelMax), text: text(300) }),
		uri: object({ type: any, label: text(labelMax), uri: web(1000, /^(https?:\/\/|line:|tel:)/) }),
	});

const quickReply = optional(object({ items: list(1, 13, object({ type: one('action'), imageUrl: optional(FILE_URL), action: action(20) })) }));

const flexText = object({ type: any, text: text(Infinity), weight: optional(one('regular', 'bold')), wrap: optional(flag), size: optional(any), color: optional(any) });
const flexButton = object({ type: any, action: action(40), style: optional(one('primary', 'secondary', 'link')), height: optional(one('sm', 'md')), color: optional(any) });
const box = object({
	type: one('box'),
	layout: one('horizontal', 'vertical', 'baseline'),
	contents: list(0, Infinity, typed({ text: flexText, button: flexButton })),
	spacing: optional(any),
});
const bubble = object({ type: one('bubble'), size: optional(any), header: optional(box), body: optional(box), footer: optional(box) });

const message = typed({
	text: object({ type: any, text: text(5000), quoteToken: optional(text(Infinity)), quickReply }),
	image: object({ type: any, originalContentUrl: FILE_URL, previewImageUrl: FILE_URL, quickReply }),
	video: object({ type: any, originalContentUrl: FILE_URL, previewImageUrl: FILE_URL, trackingId: optional(text(100)), quickReply }),
	audio: object({ type: any, originalContentUrl: FILE_URL, duration: whole, quickReply }),
	location: object({ type: any, title: text(100), address: text(100), latitude: number(-90, 90), longitude: number(-180, 180), quickReply }),
	flex: object({ type: any, altText: text(1500), contents: bubble, quickReply }),
});

const messages = list(1, 5, message);
const notificationDisabled = optional(flag);

export const BODIES = {
	reply: object({ replyToken: text(Infinity), messages, notificationDisabled }),
	push: object({ to: text(Infinity), messages, notificationDisabled, customAggregationUnits: optional(list(0, 1, text(30))) }),
	endpoint: object({ endpoint: text(Infinity) }),
	test: object({ endpoint: optional(text(Infinity)) }),
};

/** The body that LINE refuses with, or null: it takes this one. */
export function refusalOf(rule: Rule, body: unknown): { message: string; details?: Detail[] } | null {
	const details: Detail[] = [];
	try {
		rule(body, '', details);
	} catch (error) {
		if (error instanceof InvalidProperty) return { message: error.message };
		throw error;
	}
	return details.length === 0 ? null : { message: `The request body has ${details.length} error(s)`, details };
}
